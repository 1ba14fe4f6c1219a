"""The config: what a good one becomes, and every mistake in a bad one, with its line."""

from __future__ import annotations

import os
import pickle
import tomllib
from datetime import timedelta
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import ConfigError
from db.model import ChangeKind
from monitor.config import MailChannel, WebhookChannel
from monitor.config_file import load
from monitor.secrets import Secret
from monitor.toml_lines import key_lines

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.config import Config

CANARY = "whsec_Y2FuYXJ5N2YzYTlj"
SOURCE = '[source.tass]\nkind = "tass"\nurls = ["https://tass.com/world"]\n'
WEBHOOK = '[channel.hook]\nkind = "webhook"\nurl = "https://example.org/in"\n'
MAIL = '[channel.desk]\nkind = "mail"\nhost = "mx"\nfrom = "a@b.org"\nto = ["c@d.org"]\n'


def read(folder: Path, text: str | bytes, **environ: str) -> Config:
    """Load a config of this text, with nothing but `environ` in the environment."""
    path = folder / "dateline.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path, environ=environ)


def mistakes(folder: Path, text: str | bytes, **environ: str) -> tuple[str, ...]:
    """Return the mistakes of a config, without the folder's name."""
    with pytest.raises(ConfigError) as caught:
        read(folder, text, **environ)
    return tuple(line.replace(f"{folder}/", "") for line in caught.value.mistakes)


def test_the_starter_is_a_config_without_mistakes(tmp_path: Path) -> None:
    """What `dateline init` writes watches the four live sites and can be used at once."""
    config = read(tmp_path, files("monitor").joinpath("starter.toml").read_bytes())
    assert [source.name for source in config.sources] == ["secretariat", "belta", "tass", "openkg"]
    assert len(config.watches) == 2
    assert config.var == tmp_path / "var"


def test_every_value_arrives(tmp_path: Path) -> None:
    """Times become lengths, lists tuples, names enums, pointers secrets, addresses one spelling."""
    secret = tmp_path / "hook.secret"
    secret.write_text(f"{CANARY}\n")
    secret.chmod(0o600)
    config = read(
        tmp_path,
        f"""
[dateline]
var = "state"
contact = "desk@example.org"
[fetch]
delay = "500ms"
allow = ["LOCALHOST:8080", "[::1]:81"]
[feeds]
base_url = "https://example.org/feeds/"
[serve]
bind = "[::1]:9000"
{SOURCE}every = "2h"
language = "ru"
[watch.border]
query = '"Tajik-Afghan border"'
channels = ["desk", "hook"]
on = ["new", "edited"]
{MAIL}username = "u"
password = "env:SMTP_PASSWORD"
{WEBHOOK}secret = "file:hook.secret"
""",
        SMTP_PASSWORD=CANARY,
    )
    assert config.var == tmp_path / "state"
    assert "desk@example.org" in config.user_agent
    assert config.fetch.delay == timedelta(milliseconds=500)
    assert config.fetch.allow == {"localhost:8080", "[::1]:81"}
    assert config.feeds.base_url == "https://example.org/feeds"
    assert (config.serve.host, config.serve.port) == ("::1", 9000)
    assert config.sources[0].every == timedelta(hours=2)
    assert config.watches[0].on == (ChangeKind.NEW, ChangeKind.EDITED)
    mail, hook = config.channels
    assert isinstance(mail, MailChannel)
    assert isinstance(hook, WebhookChannel)
    assert mail.password == hook.secret == Secret(CANARY)


def test_a_source_has_its_site_s_zone_unless_told_otherwise(tmp_path: Path) -> None:
    """A clock printed in Minsk is Minsk's, whether or not the config says so."""
    plain = '[source.belta]\nkind = "belta"\nurls = ["https://eng.belta.by/all_news/"]\n'
    assert read(tmp_path, plain).sources[0].timezone == "Europe/Minsk"
    assert read(tmp_path, plain + 'timezone = "UTC"\n').sources[0].timezone == "UTC"


def test_the_feeds_are_all_items_each_source_and_each_watch(tmp_path: Path) -> None:
    """A watch's feed holds what its query and its sources allow."""
    config = read(
        tmp_path,
        SOURCE + '[watch.border]\nquery = "border"\nsources = ["tass"]\n[feeds]\nlimit = 7',
    )
    everything, source, watch = config.feed_specs()
    assert (everything.name, source.name, watch.name) == ("all", "source-tass", "watch-border")
    assert (source.source, watch.query, watch.sources) == ("tass", "border", ("tass",))
    assert {spec.limit for spec in config.feed_specs()} == {7}


MISTAKES = {
    "unknown key": (SOURCE + 'evry = "1h"', "4: [source.tass] evry: ", 'did you mean "every"?'),
    "unknown table": (SOURCE + "[fetsh]", "4: [fetsh] unknown table", 'did you mean "fetch"?'),
    "text for a number": (SOURCE + 'pages = "3"', "4: [source.tass] pages: ", "whole number"),
    "number for text": (SOURCE + "timezone = 3", "4: [source.tass] timezone: ", "in quotes"),
    "text for a list": (
        '[source.a]\nkind = "tass"\nurls = "https://x.org"',
        "3: [source.a] urls: ",
        "list in brackets",
    ),
    "missing key": ('[source.a]\nkind = "tass"', "1: [source.a] urls: ", "is missing"),
    "empty list": ('[source.a]\nkind = "tass"\nurls = []', "3: [source.a] urls: ", "at least one"),
    "bad zone": (
        SOURCE + 'timezone = "Europe/Moskow"',
        "4: [source.tass] timezone: ",
        'did you mean "Europe/Moscow"?',
    ),
    "no zone at all": (SOURCE + 'timezone = "../etc"', "4: [source.tass] timezone: ", "IANA"),
    "bad interval": (SOURCE + 'every = "15 min"', "4: [source.tass] every: ", '"15m"'),
    "number for an interval": (SOURCE + "every = 15", "4: [source.tass] every: ", "in quotes"),
    "endless interval": (SOURCE + 'every = "99999999d"', "4: [source.tass] every: ", "366d"),
    "no interval": (SOURCE + 'every = "0s"', "4: [source.tass] every: ", "longer than nothing"),
    "impolite interval": (SOURCE + 'every = "10s"', "4: [source.tass] every: ", "once a minute"),
    "unknown kind": (
        '[source.a]\nkind = "tas"\nurls = ["https://x.org"]',
        "2: [source.a] kind: ",
        'did you mean "tass"?',
    ),
    "address of another kind": (
        '[source.a]\nkind = "tass"\nurls = [\n"https://x.org",\n"ftp://x.org"]',
        "5: [source.a] urls[1]: ",
        "http:// or https://",
    ),
    "address without host": (
        '[source.a]\nkind = "tass"\nurls = ["https://"]',
        "3: [source.a] urls[0]: ",
        "no web address",
    ),
    "address with a bad port": (
        '[source.a]\nkind = "tass"\nurls = ["https://x.org:99999"]',
        "3: [source.a] urls[0]: ",
        "no address",
    ),
    "address with a space": (
        '[source.a]\nkind = "tass"\nurls = ["https://x.org/a b"]',
        "3: [source.a] urls[0]: ",
        "white space",
    ),
    "address twice": (
        '[source.a]\nkind = "tass"\nurls = ["https://x.org", "https://x.org"]',
        "3: [source.a] urls: ",
        "stands twice",
    ),
    "odd name": (
        '[source."a/b"]\nkind = "tass"\nurls = ["https://x.org"]',
        "1: [source.a/b] 'a/b' cannot be a name",
        "small letters",
    ),
    "bad language": (SOURCE + 'language = "English"', "4: [source.tass] language: ", '"en"'),
    "too many pages": (SOURCE + "pages = 1000", "4: [source.tass] pages: ", "the most is 50"),
    "too little memory": (SOURCE + "[fetch]\nmemory_mb = 1", "5: [fetch] memory_mb: ", "256"),
    "bad query": (
        SOURCE + '[watch.w]\nquery = "(border"',
        "5: [watch.w] query: ",
        "(column ",
    ),
    "unknown channel": (
        SOURCE + WEBHOOK + '[watch.w]\nquery = "a"\nchannels = ["hok"]',
        '9: [watch.w] channels[0]: there is no channel "hok"',
        'did you mean "hook"?',
    ),
    "no channel at all": (
        SOURCE + '[watch.w]\nquery = "a"\nchannels = ["hook"]',
        "6: [watch.w] channels[0]: ",
        "there is none yet",
    ),
    "unknown source": (
        SOURCE + '[watch.w]\nquery = "a"\nsources = ["tas"]',
        "6: [watch.w] sources[0]: ",
        'did you mean "tass"?',
    ),
    "unknown change": (
        SOURCE + '[watch.w]\nquery = "a"\non = ["edit"]',
        "6: [watch.w] on[0]: ",
        'did you mean "edited"?',
    ),
    "unknown kind of channel": (
        SOURCE + '[channel.c]\nkind = "webhok"',
        "5: [channel.c] kind: ",
        'did you mean "webhook"?',
    ),
    "channel without kind": (SOURCE + "[channel.c]", "4: [channel.c] kind: ", "is missing"),
    "variable not set": (
        SOURCE + WEBHOOK + 'secret = "env:HOOK"',
        "7: [channel.hook] secret: ",
        "HOOK is not set",
    ),
    "secret file not there": (
        SOURCE + WEBHOOK + 'secret = "file:none"',
        "7: [channel.hook] secret: ",
        "No such file",
    ),
    "secret that cannot sign": (
        SOURCE + WEBHOOK + 'secret = "env:PASSWORD"',
        "7: [channel.hook] secret: ",
        "followed by base64",
    ),
    "login in clear": (
        SOURCE + MAIL + 'security = "none"\nusername = "u"\npassword = "env:PASSWORD"',
        "10: [channel.desk] username: ",
        "in clear",
    ),
    "user without password": (
        SOURCE + MAIL + 'username = "u"',
        "4: [channel.desk] username and password",
        "give both",
    ),
    "unknown security": (
        SOURCE + MAIL + 'security = "ssl"',
        "9: [channel.desk] security: ",
        "'starttls'",
    ),
    "bad mail address": (
        SOURCE + MAIL.replace("c@d.org", "C <c@d.org>"),
        "8: [channel.desk] to[0]: ",
        "no mail address",
    ),
    "webhook in clear": (
        SOURCE + WEBHOOK.replace("https", "http"),
        "6: [channel.hook] url: ",
        "use https",
    ),
    "bad address to listen at": (
        SOURCE + '[serve]\nbind = "localhost"',
        "5: [serve] bind: ",
        "host:port",
    ),
    "bare IPv6 address": (SOURCE + '[serve]\nbind = "::1:80"', "5: [serve] bind: ", "brackets"),
    "bad port": (SOURCE + '[serve]\nbind = "x:70000"', "5: [serve] bind: ", "65535"),
    "open to all without a name": (
        SOURCE + '[serve]\nbind = "0.0.0.0:80"',
        "5: [serve] bind: ",
        "hosts",
    ),
    "host with a port": (SOURCE + '[serve]\nhosts = ["a:80"]', "5: [serve] hosts: ", "host name"),
    "contact that is no header": (
        '[dateline]\ncontact = "редакция"\n' + SOURCE,
        "2: [dateline] contact: ",
        "ASCII",
    ),
    "folder that is no name": (
        '[dateline]\nvar = "a\\nb"\n' + SOURCE,
        "2: [dateline] var: ",
        "folder",
    ),
    "table as a list": (SOURCE + "[[fetch]]", "4: [fetch] must be one table", "single brackets"),
    "table as a value": ("source = 3", "1: [source] must be a table", "line of its own"),
    "entry as a value": (
        SOURCE + "[watch]\nborder = 'x'",
        "5: [watch.border] must be a table",
        "[watch.border]",
    ),
    "nothing to watch": ("[dateline]", "1: [source] nothing to watch", "[source.NAME]"),
    "empty file": ("", "1: [source] nothing to watch", "[source.NAME]"),
    "table twice": (SOURCE + SOURCE, "4: ", "stood above already"),
    "key twice": (SOURCE + 'kind = "tass"', "4: ", "stood above already"),
    "invalid TOML": (SOURCE + "every 15m", "4: this is no TOML: Expected '='", "column 7"),
    "unclosed string": (SOURCE + 'every = "15m', "4: this is no TOML", "correct it"),
    "not UTF-8": (SOURCE.encode() + b'# \xe0\nx = "y"', "4: this is not UTF-8", "as UTF-8"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_line_and_what_to_do(tmp_path: Path, name: str) -> None:
    """One mistake gives one message: file, line, table, key, what is wrong, what to do."""
    text, begins, holds = MISTAKES[name]
    (found,) = mistakes(tmp_path, text, PASSWORD="not base64!")
    assert found.startswith(f"dateline.toml:{begins}")
    assert holds in found


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Ten mistakes in one file need one run, not ten."""
    found = mistakes(
        tmp_path,
        """[dateline]
titel = "x"
[source.tass]
kind = "tas"
urls = ["gopher://x.org", "mailto:a@b.org"]
every = "soon"
timezone = "Moscow"
[watch.border]
query = "("
channels = ["mail", "hook"]
on = ["news"]
[feeds]
limit = 0
""",
    )
    assert [int(line.split(":")[1]) for line in found] == [2, 4, 5, 5, 6, 7, 9, 10, 10, 11, 13]


def test_a_file_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    """The first thing a newcomer meets names `dateline init`."""
    with pytest.raises(ConfigError, match=r"no such file; `dateline init`"):
        load(tmp_path / "none.toml", environ={})


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    """An editor's habits are no mistakes, and lines are still counted right."""
    assert read(tmp_path, b"\xef\xbb\xbf" + SOURCE.encode()).sources[0].name == "tass"
    found = mistakes(tmp_path, b"\xef\xbb\xbf" + (SOURCE + "x = 1").replace("\n", "\r\n").encode())
    assert found[0].startswith("dateline.toml:4: [source.tass] x:")


def test_this_machine_and_allowed_addresses_may_be_visited_often(tmp_path: Path) -> None:
    """Politeness is owed to strangers: a press room at home may be asked each second."""
    config = read(
        tmp_path,
        '[fetch]\nallow = ["10.0.0.7:8080"]\n'
        '[source.a]\nkind = "tass"\nurls = ["http://127.0.0.1:1/", "http://10.0.0.7:8080/"]\n'
        'every = "1s"',
    )
    assert config.sources[0].every == timedelta(seconds=1)


@pytest.mark.parametrize(
    "given",
    [
        f'password = "{CANARY}"',
        f'password = "env:NONE"\n# {CANARY}',
        f"password = ['{CANARY}']",
        'password = "file:open"',
        'password = "file:folder"',
        'password = "file:empty"',
        'password = "file:binary"',
    ],
)
def test_no_mistake_repeats_a_secret(tmp_path: Path, given: str) -> None:
    """A secret typed where a pointer belongs, or in a file others can read, is not shown."""
    (tmp_path / "open").write_text(CANARY)
    (tmp_path / "open").chmod(0o644)
    (tmp_path / "folder").mkdir(mode=0o700)
    for name, data in (("empty", b"\n"), ("binary", b"\xff" + CANARY.encode())):
        (tmp_path / name).write_bytes(data)
        (tmp_path / name).chmod(0o600)
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, SOURCE + MAIL + 'username = "u"\n' + given)
    assert "[channel.desk] password: " in str(caught.value)
    assert CANARY not in repr(caught.value)
    assert CANARY not in repr(caught.value.__cause__)


def test_a_secret_shows_itself_only_when_asked() -> None:
    """Printing, formatting, joining and pickling do not give it away; equality works."""
    secret = Secret(CANARY)
    assert CANARY not in f"{secret} {secret!r} {[secret]}"
    assert secret.reveal() == CANARY
    assert secret == Secret(CANARY) != Secret("other")
    assert secret != CANARY
    assert len({secret, Secret(CANARY)}) == 1
    with pytest.raises(TypeError, match="not written"):
        pickle.dumps(secret)


def test_the_environment_is_the_default_place_for_secrets(tmp_path: Path) -> None:
    """Without a word about it, `env:` means this process's own environment."""
    name = next(name for name, value in os.environ.items() if value and name.isidentifier())
    path = tmp_path / "dateline.toml"
    path.write_text(SOURCE + MAIL + f'username = "u"\npassword = "env:{name}"')
    (channel,) = load(path).channels
    assert isinstance(channel, MailChannel)
    assert channel.password == Secret(os.environ[name])


KEYS = st.sampled_from(["a", "b-c", '"d.e"', "f", "'g h'"])
VALUES = st.recursive(
    st.sampled_from(
        [
            "1",
            "true",
            '"x # y"',
            "'[z]'",
            '"""a\n[b]\n"""',
            "'''c\n'''",
            '""',
            "1979-05-27 07:32:00",
        ]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[ # c\n" + ",\n".join(items) + "\n]"),
        st.dictionaries(KEYS, inner, max_size=2).map(
            lambda table: "{" + ", ".join(f"{key} = {value}" for key, value in table.items()) + "}"
        ),
    ),
    max_leaves=6,
)
TABLES = st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES, max_size=3), max_size=4)


@given(TABLES)
def test_every_key_of_any_text_is_found_on_its_line(tables: dict[str, dict[str, str]]) -> None:
    """The scanner agrees with tomllib on which keys there are, and with the eye on where."""
    lines: list[str] = []
    expected: dict[tuple[str, ...], int] = {}
    for heading, content in tables.items():
        expected[_bare(heading),] = len(lines) + 1
        lines.append(f"[{heading}]  # heading")
        for key, value in content.items():
            expected[_bare(heading), _bare(key)] = len(lines) + 1
            lines.extend(f"{key} = {value}".split("\n"))
    text = "\n".join(lines)
    found = key_lines(text)
    assert {path: found[path] for path in expected} == expected
    assert set(found) == set(_paths(tomllib.loads(text)))


def _bare(key: str) -> str:
    return key.strip("\"'")


def _paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [found for key, inner in items for found in ((*path, key), *_paths(inner, (*path, key)))]


def test_a_list_may_be_described(tmp_path: Path) -> None:
    """Selectors and paths arrive as written."""
    config = read(
        tmp_path,
        """
[source.paper]
kind = "listing"
urls = ["https://example.org/news"]
[source.paper.selectors]
card = "div.item"
title = ".//h3"
[source.agency]
kind = "api"
urls = ["https://example.org/api"]
[source.agency.api]
items = "data.news"
link = "url"
method = "POST"
""",
    )
    paper, agency = config.sources
    assert paper.selectors is not None
    assert (paper.selectors.card, paper.selectors.title) == ("div.item", ".//h3")
    assert agency.api is not None
    assert (agency.api.items, agency.api.method) == ("data.news", "POST")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('kind = "listing"\n[source.x.selectors]\ncard = "div[["', "neither CSS nor XPath"),
        ('kind = "listing"\n[source.x.selectors]\ncard = "//div["', "neither CSS nor XPath"),
        ('kind = "feed"\n[source.x.selectors]\ncard = "div"', 'set kind = "listing"'),
        ('kind = "feed"\n[source.x.api]\nlink = "url"', 'set kind = "api"'),
        ('kind = "api"', "says where its items are"),
    ],
)
def test_a_description_that_cannot_be_used_is_a_mistake(
    tmp_path: Path, text: str, said: str
) -> None:
    """A selector that cannot be read, or stands where it is not used, is told."""
    source = f'[source.x]\nurls = ["https://example.org/"]\n{text}\n'
    assert any(said in mistake for mistake in mistakes(tmp_path, source))


def test_revisits_and_kept_pages(tmp_path: Path) -> None:
    """When pages are asked for again, and which are kept for how long; defaults that do no harm."""
    plain = read(tmp_path, SOURCE)
    assert plain.sources[0].recheck[0] == timedelta(hours=1)
    assert not plain.sources[0].keep_pages
    assert plain.pages.max_bytes == 500 * 1024 * 1024
    told = f'{SOURCE}recheck = ["30m", "2d"]\nkeep_pages = true\n[pages]\nkeep = "7d"\nmax_mb = 1\n'
    config = read(tmp_path, told)
    assert config.sources[0].recheck == (timedelta(minutes=30), timedelta(days=2))
    assert config.sources[0].keep_pages
    assert (config.pages.keep, config.pages.max_bytes) == (timedelta(days=7), 1024 * 1024)
    assert read(tmp_path, f"{SOURCE}recheck = []\n").sources[0].recheck == ()
    (mistake,) = mistakes(tmp_path, f'{SOURCE}recheck = ["1d", "1h"]\n')
    assert "rising order" in mistake
