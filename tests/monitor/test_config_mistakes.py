"""Every mistake in a bad config is told with its line, and all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from db.errors import ConfigError
from monitor.config_file import load

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Paper

SOURCE = '[source.tass]\nkind = "tass"\nurls = ["https://tass.com/world"]\n'
WEBHOOK = '[channel.hook]\nkind = "webhook"\nurl = "https://example.org/in"\n'
MAIL = '[channel.desk]\nkind = "mail"\nhost = "mx"\nfrom = "a@b.org"\nto = ["c@d.org"]\n'


MISTAKES = {
    "a value of many lines": (
        SOURCE + 'every = """half a\n\nfile ' + 400 * "x" + '"""',
        '4: [source.tass] every: "half a file xxx',
        'xxx" is no length of time; write a number and s, m, h or d: "15m"',
    ),
    "unknown key": (SOURCE + 'evry = "1h"', "4: [source.tass] evry: ", 'did you mean "every"?'),
    "key of a channel": (
        SOURCE + '[watch.w]\nquery = "x"\nquiet = "22:00..07:00"',
        "6: [watch.w] quiet: ",
        "belongs under [channel.NAME]",
    ),
    "keys without their heading": (
        SOURCE + 'delay = "2s"',
        "4: [source.tass] delay: belongs under [fetch]; write it there, and take the #",
        "from before that heading",
    ),
    "key above all headings": (
        'contact = "me@example.org"\n' + SOURCE,
        "1: [contact] contact belongs under [dateline]",
        "write it there",
    ),
    "key of several tables": (
        SOURCE + '[source.tass.selectors]\ncard = "li"\ntimezone = "UTC"',
        "6: [source.tass] selectors.timezone: ",
        "belongs under [source.NAME] or [channel.NAME]",
    ),
    "value without quotes": (
        "[source.tass]\nkind = tass  # mine",
        "2: kind: the value is not in quotes",
        'write kind = "tass"',
    ),
    "quotes of a word processor": (
        "[source.tass]\nkind = “tass”  # mine",
        "2: kind: the value is not in straight quotes",
        'write kind = "tass"',
    ),
    "list in quotes of a word processor": (
        '[source.a]\nkind = "tass"\nurls = [„https://x.org“, „https://y.org“]',
        "3: urls: the values are not in straight quotes",
        'urls = ["https://x.org"]',
    ),
    "list of lines in quotes of a word processor": (
        '[source.a]\nkind = "tass"\nurls = [\n  «https://x.org/?a=1»,\n]',
        "4: a value is not in straight quotes",
        'write "https://x.org/?a=1"',
    ),
    "length of time without quotes": (SOURCE + "every = 30m", "4: every: ", 'every = "30m"'),
    "truth in capitals": (SOURCE + "adaptive = True", "4: adaptive: ", "adaptive = true"),
    "list without quotes": (
        '[source.a]\nkind = "tass"\nurls = [https://x.org]',
        "3: urls: the values are not in quotes",
        'urls = ["https://x.org"]',
    ),
    "list of lines without quotes": (
        '[source.a]\nkind = "tass"\nurls = [\n  https://x.org/?a=1,\n]',
        "4: a value is not in quotes",
        'write "https://x.org/?a=1"',
    ),
    "nothing near": (SOURCE + "colour = 1", "4: [source.tass] colour: ", "unknown key; known: "),
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
    "no zone at all": (
        SOURCE + 'timezone = "../etc"',
        "4: [source.tass] timezone: ",
        "Europe/Moscow",
    ),
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
    "address with a login": (
        '[source.a]\nkind = "tass"\nurls = ["https://me:secret@x.org"]',
        "3: [source.a] urls[0]: ",
        "remove it",
    ),
    "address twice": (
        '[source.a]\nkind = "tass"\nurls = ["https://x.org", "https://x.org"]',
        "3: [source.a] urls: ",
        "stands twice",
    ),
    "odd name": (
        '[source."a/b"]\nkind = "tass"\nurls = ["https://x.org"]',
        '1: [source.a/b] "a/b" cannot be a name',
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
        "add [channel.hook], or uncomment the example",
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
        "6: [channel.hook] url: plain http to example.org:80 is refused",
        'use https, or add "example.org:80" to allow in [fetch]',
    ),
    "webhook in clear to this machine": (
        SOURCE + WEBHOOK.replace("https://example.org", "http://127.0.0.1:9"),
        "6: [channel.hook] url: 127.0.0.1:9 is not a public address",
        'add "127.0.0.1:9" to allow in [fetch]',
    ),
    "webhook in clear to this machine's name": (
        SOURCE + WEBHOOK.replace("https://example.org", "http://LocalHost.:9"),
        "6: [channel.hook] url: plain http to localhost:9 is refused",
        'add "localhost:9" to allow in [fetch]',
    ),
    "webhook to a private address": (
        SOURCE + WEBHOOK.replace("example.org", "[fd00::1]:8443"),
        "6: [channel.hook] url: [fd00::1]:8443 is not a public address",
        'add "[fd00::1]:8443" to allow in [fetch]',
    ),
    "webhook and a list that is none": (
        SOURCE + WEBHOOK.replace("https", "http") + '[fetch]\nallow = ["example.org:80", 3]',
        "8: [fetch] allow[1]: ",
        "in quotes",
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
    "empty file": ("", "1: [source] nothing to watch", "or say: dateline sources add URL"),
    "table twice": (SOURCE + SOURCE, "4: ", "stood above already"),
    "key twice": (SOURCE + 'kind = "tass"', "4: ", "stood above already"),
    "invalid TOML": (SOURCE + "every 15m", "4: this is no TOML: Expected '='", "column 7"),
    "unclosed string": (SOURCE + 'every = "15m', "4: this is no TOML", "correct it"),
    "not UTF-8": (SOURCE.encode() + b'# \xe0\nx = "y"', "4: this is not UTF-8", "as UTF-8"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_line_and_what_to_do(paper: Paper, name: str) -> None:
    """One mistake gives one message: file, line, table, key, what is wrong, what to do."""
    text, begins, holds = MISTAKES[name]
    (found,) = paper.mistakes(text, PASSWORD="not base64!")
    assert found.startswith(f"dateline.toml:{begins}")
    assert holds in found


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(paper: Paper) -> None:
    """Ten mistakes in one file need one run, not ten."""
    found = paper.mistakes(
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


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(paper: Paper) -> None:
    """An editor's habits are no mistakes, and lines are still counted right."""
    assert paper.read(b"\xef\xbb\xbf" + SOURCE.encode()).sources[0].name == "tass"
    found = paper.mistakes(b"\xef\xbb\xbf" + (SOURCE + "x = 1").replace("\n", "\r\n").encode())
    assert found[0].startswith("dateline.toml:4: [source.tass] x:")
