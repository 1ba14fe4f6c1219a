"""Scrapy's settings: politeness is the default, and every value has its reason.

`scrapy` commands read this file through scrapy.cfg; a round overrides what its config says.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

try:
    _VERSION = version("dateline")
except PackageNotFoundError:  # run from a bare tree
    _VERSION = "0"

BOT_NAME = "dateline"
SPIDER_MODULES = ["spiders.crawlers"]

# Who we are. A round adds the user's contact: "Dateline/1.0 (+mail@example.org)".
USER_AGENT = f"Dateline/{_VERSION}"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/json,*/*;q=0.5"
}  # no Accept-Language: an edition is chosen by its address, and a header could change it
COOKIES_ENABLED = False  # nothing we read needs a session
REFERRER_POLICY = "no-referrer"  # which list led to a page is nobody's business
HTTPPROXY_ENABLED = False  # a proxy would resolve names for us, behind the address guard

# Spacing and Retry-After are the gate's, which sees all crawlers of the process.
DATELINE_DELAY = 1.0  # seconds between two requests to one host
CONCURRENT_REQUESTS_PER_DOMAIN = 2  # as many as the gate has places
DOWNLOAD_DELAY = 0
AUTOTHROTTLE_ENABLED = False
ROBOTSTXT_OBEY = False  # spiders.courtesy_robots obeys; Scrapy's own reads a 503's body as rules

# What one answer may cost.
DOWNLOAD_TIMEOUT = 30  # a total deadline with the Twisted handler, not one per read
DOWNLOAD_MAXSIZE = 5 * 1024 * 1024  # packed, and again unpacked
DOWNLOAD_WARNSIZE = 0  # too large is a state of the source, not a line in the log
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False  # pages redirect by HTTP; the tag is how guards and loops work
URLLENGTH_LIMIT = 2083

# What is tried again: a server's own stumble and a broken connection, never a 4xx, and not a
# time-out, which would triple what a hanging host costs.
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524]
RETRY_EXCEPTIONS = [
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.ResponseDataLossError",
]
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the report says it

# Whom we speak to.
DATELINE_ALLOW: list[str] = []  # "host:port" pairs that may be private addresses
TWISTED_DNS_RESOLVER = "spiders.courtesy_resolver.GuardedResolver"
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {
    "http": "spiders.courtesy_download.PoliteHandler",
    "https": "spiders.courtesy_download.PoliteHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}

# The whole chain, engine first: Scrapy's own list is emptied, because it would import what is
# off (a cookie jar with its list of domains), which costs as much as a small round.
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES = {
    "spiders.courtesy_robots.ObeyRobots": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "spiders.courtesy_answers.Unpack": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
}
HTTPERROR_ALLOW_ALL = True  # 304 and 403 are answers the spider reads
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
ITEM_PIPELINES = {"spiders.pipeline.Record": 100}
CONCURRENT_ITEMS = 1  # the store takes one at a time; 100 would be 100 idle tasks per answer
WARN_ON_GENERATOR_RETURN_VALUE = False  # a lint for authors that parses the source at each start

# Nobody controls a crawl from outside: the first is a shell, the second executes code. Neither
# is loaded (see EXTENSIONS); should somebody load them, they stay off.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# The report says what these would log.
LOGSTATS_INTERVAL = 0
STATS_DUMP = False
LOG_LEVEL = "INFO"
LOG_VERSIONS: list[str] = []

# Of Scrapy's extensions only the one behind `-O items.jsonl`; a round has none.
EXTENSIONS_BASE: dict[str, int] = {}
EXTENSIONS = {"scrapy.extensions.feedexport.FeedExporter": 0}
FEED_EXPORT_ENCODING = "utf-8"  # Cyrillic stays readable in `-O items.jsonl`

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
