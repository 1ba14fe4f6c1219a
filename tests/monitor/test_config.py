"""What a good config becomes."""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from db.model import ChangeKind
from monitor.config import MailChannel, WebhookChannel
from monitor.secrets import Secret
from spiders.addresses import posting_refusal

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Paper

CANARY = "whsec_Y2FuYXJ5N2YzYTlj"
SOURCE = '[source.tass]\nkind = "tass"\nurls = ["https://tass.com/world"]\n'
WEBHOOK = '[channel.hook]\nkind = "webhook"\nurl = "https://example.org/in"\n'
MAIL = '[channel.desk]\nkind = "mail"\nhost = "mx"\nfrom = "a@b.org"\nto = ["c@d.org"]\n'


def test_the_starter_is_a_config_without_mistakes(tmp_path: Path, paper: Paper) -> None:
    """What `dateline init` writes watches the four live sites and can be used at once."""
    config = paper.read(files("monitor").joinpath("starter.toml").read_bytes())
    assert [source.name for source in config.sources] == ["secretariat", "belta", "tass", "openkg"]
    assert len(config.watches) == 2
    assert config.var == tmp_path / "var"


def test_every_value_arrives(tmp_path: Path, paper: Paper) -> None:
    """Times become lengths, lists tuples, names enums, pointers secrets, addresses one spelling."""
    secret = tmp_path / "hook.secret"
    secret.write_text(f"{CANARY}\n")
    secret.chmod(0o600)
    config = paper.read(
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


def test_a_source_has_its_site_s_zone_unless_told_otherwise(paper: Paper) -> None:
    """A clock printed in Minsk is Minsk's, whether or not the config says so."""
    plain = '[source.belta]\nkind = "belta"\nurls = ["https://eng.belta.by/all_news/"]\n'
    assert paper.read(plain).sources[0].timezone == "Europe/Minsk"
    assert paper.read(plain + 'timezone = "UTC"\n').sources[0].timezone == "UTC"


def test_the_feeds_are_all_items_each_source_and_each_watch(paper: Paper) -> None:
    """A watch's feed holds what its query and its sources allow."""
    config = paper.read(
        SOURCE + '[watch.border]\nquery = "border"\nsources = ["tass"]\n[feeds]\nlimit = 7',
    )
    everything, source, watch = config.feed_specs()
    assert (everything.name, source.name, watch.name) == ("all", "source-tass", "watch-border")
    assert (source.source, watch.query, watch.sources) == ("tass", "border", ("tass",))
    assert {spec.limit for spec in config.feed_specs()} == {7}


def test_this_machine_and_allowed_addresses_may_be_visited_often(paper: Paper) -> None:
    """Politeness is owed to strangers: a press room at home may be asked each second."""
    config = paper.read(
        '[fetch]\nallow = ["10.0.0.7:8080"]\n'
        '[source.a]\nkind = "tass"\nurls = ["http://127.0.0.1:1/", "http://10.0.0.7:8080/"]\n'
        'every = "1s"',
    )
    assert config.sources[0].every == timedelta(seconds=1)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://127.0.0.1:9/x", "127.0.0.1:9"),
        ("http://LocalHost.:9/x", "LOCALHOST:9"),
        ("http://hooks.example/x", "hooks.example.:80"),
        ("https://[::1]/x", "[::1]:443"),
    ],
)
def test_a_webhook_that_the_config_accepts_is_one_that_delivery_tries(
    paper: Paper, url: str, allowed: str
) -> None:
    """However host and entry are written, the config and delivery spell them alike."""
    hook = SOURCE + f'[channel.hook]\nkind = "webhook"\nurl = "{url}"\n'
    (mistake,) = paper.mistakes(hook)
    assert mistake.endswith("to allow in [fetch]")
    config = paper.read(hook + f'[fetch]\nallow = ["{allowed}"]')
    (channel,) = config.channels
    assert isinstance(channel, WebhookChannel)
    assert posting_refusal(channel.url, config.fetch.allow) is None
