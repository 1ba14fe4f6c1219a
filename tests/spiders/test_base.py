"""A visit: what is asked for, what is stored, and what the report says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from db.model import TextBasis
from db.visiting import State
from monitor.newsroom.wire import JSON, Answer, Ending, text_answer
from tests.spiders.conftest import Script

if TYPE_CHECKING:
    from db.visiting import Report, Source
    from monitor.newsroom.server import Loopback
    from monitor.newsroom.wire import Request
    from tests.spiders.conftest import Visitor


def _stored(visitor: Visitor) -> dict[str | None, str]:
    with visitor.store() as store:
        return {
            change.value.article.url: change.value.article.text
            for change in store.changes(1000)
            if change.value.kind != "gone"
        }


def test_a_first_visit_reads_the_page_of_every_card(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """Each card leads to its page, and the page's words are stored."""
    script.show("/list", "one", "two")
    script.article("one")
    script.article("two")
    report = visitor.visit(source, script.allow)
    assert (report.state, report.listed, report.read, report.new) == (State.OK, 2, 2, 2)
    assert _stored(visitor)[f"{script.base}/a/one"] == "Words of the article. one"
    assert dict(report.coverage) == {"title": 2, "text": 2}


def test_an_unchanged_list_costs_one_conditional_request(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """The second visit asks for the list alone, conditionally, and robots.txt from the store."""
    script.show("/list", "one")
    script.article("one")
    visitor.visit(source, script.allow)
    script.seen.clear()
    report = visitor.visit(source, script.allow)
    assert (report.state, report.requests, report.unchanged) == (State.UNCHANGED, 1, 1)
    assert [seen.path for seen in script.seen] == ["/list"]
    assert report.list_read


def test_known_cards_are_not_asked_for_again(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """A changed list leads only to the page that is new."""
    script.show("/list", "one")
    script.article("one")
    script.article("two")
    visitor.visit(source, script.allow)
    script.show("/list", "two", "one")
    report = visitor.visit(source, script.allow)
    assert (report.read, report.new) == (1, 1)
    assert len(script.asked("/a/one")) == 1


def test_a_card_whose_words_changed_is_read_again_unconditionally(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """A new title in the list is better evidence than a validator."""
    script.show("/list", "one")
    script.article("one")
    visitor.visit(source, script.allow)
    card = {"url": f"{script.base}/a/one", "title": "Title one, corrected", "summary": "Lead one"}
    script.reply("/list", text_answer(json.dumps({"cards": [card]}), JSON))
    script.article("one", "Corrected words.")
    report = visitor.visit(source, script.allow)
    assert report.edited == 1
    assert "if-none-match" not in script.asked("/a/one")[-1].headers


def test_a_due_page_is_asked_for_conditionally(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """A page on the schedule is asked "has it changed?", and a 304 stores nothing."""
    script.show("/list", "one")
    script.article("one")
    visitor.visit(source, script.allow)
    visitor.now += timedelta(hours=11)
    report = visitor.visit(source, script.allow)
    assert "if-none-match" in script.asked("/a/one")[-1].headers
    assert (report.read, report.unchanged, report.edited) == (0, 2, 0)


def test_an_item_is_kept_from_its_card_until_its_page_can_be_had(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """A page that fails leaves the item with the list's words, and is completed later."""
    script.show("/list", "one")
    report = visitor.visit(source, script.allow)
    assert (report.state, report.failed, report.new) == (State.ERRORING, 1, 1)
    assert report.reason == "1 of 1 article pages could not be had: the page is gone (404)"
    with visitor.store() as store:
        (change,) = store.changes(10)
    assert change.value.article.text_basis is TextBasis.LISTING
    assert change.value.article.title == "Title one"
    script.article("one")
    visitor.now += timedelta(days=1)
    visitor.visit(source, script.allow)
    assert _stored(visitor)[f"{script.base}/a/one"] == "Words of the article. one"


def test_a_fault_in_the_rules_costs_one_record(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """An exception on one page keeps that item from its card and leaves the others alone."""
    script.show("/list", "bad", "good")
    script.reply("/a/bad", text_answer("<h1>BUG</h1>"))
    script.article("good")
    report = visitor.visit(source, script.allow)
    assert (report.state, report.new, report.read, report.failed) == (State.OK, 2, 1, 1)
    assert report.reason == "1 of 2 article pages could not be had: not read: ZeroDivisionError"


def test_a_list_that_broke_the_rules_is_read_in_full_next_time(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """After a list that could not be read, its validator is forgotten."""
    script.show("/list", "one")
    script.article("one")
    visitor.visit(source, script.allow)
    script.reply("/list", script.validated(text_answer("BUG", JSON)))
    report = visitor.visit(source, script.allow)
    assert (report.state, report.reason) == (State.ERRORING, "not read: ZeroDivisionError")
    visitor.visit(source, script.allow)
    assert "if-none-match" not in script.asked("/list")[-1].headers


def test_a_list_is_confirmed_only_after_all_its_items_are_stored(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """If an item never arrived, the list is asked for unconditionally until it does."""
    card = {"url": f"{script.base}/a/mute"}
    script.reply("/list", script.validated(text_answer(json.dumps({"cards": [card]}), JSON)))

    def mute(_request: Request) -> Answer:
        visitor.give_up()
        return Answer(status=0, raw=b"", ending=Ending.HANG)

    script.reply("/a/mute", mute)
    report = visitor.visit(source, script.allow)
    assert (report.state, report.reason) == (State.KILLED, "not over in time")
    visitor.visit(source, script.allow)
    assert len(script.asked("/list")) == 2
    assert all("if-none-match" not in seen.headers for seen in script.asked("/list"))


def test_older_pages_of_a_list_are_followed_while_they_hold_news(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """Following stops at the source's limit, and at a page with nothing new."""
    source = replace(source, pages=2)
    script.show("/list", "one", more=("/list2",))
    script.show("/list2", "two", more=("/list3",))
    script.show("/list3", "three")
    for item in ("one", "two", "three", "four"):
        script.article(item)
    report = visitor.visit(source, script.allow)
    assert report.new == 2
    assert not script.asked("/list3")
    visitor.visit(source, script.allow)
    assert len(script.asked("/list2")) == 1


def test_a_post_list_is_spared_for_an_hour_where_a_feed_of_its_host_covers_it(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """A POST cannot be conditional: a 304 of the site's own feed stands for it, but not for long."""
    source = replace(source, urls=(f"{script.base}/whole", f"{script.base}/post"))
    script.show("/whole", "one")
    script.show("/post", "one")
    script.article("one")
    visitor.visit(source, script.allow)
    visitor.visit(source, script.allow)
    visitor.now += timedelta(minutes=59)
    visitor.visit(source, script.allow)
    assert [seen.method for seen in script.asked("/post")] == ["POST"]
    visitor.now += timedelta(minutes=2)
    visitor.visit(source, script.allow)
    assert len(script.asked("/post")) == 2


def test_a_post_list_without_a_baseline_is_never_spared(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """Nobody knows what it may show: a feed that says "nothing new" says nothing of it."""
    source = replace(source, urls=(f"{script.base}/whole", f"{script.base}/post"))
    script.show("/whole", "one")
    script.article("one")
    script.show("/post")
    visitor.visit(source, script.allow)
    script.show("/post", "one", "two")
    script.article("two")
    report = visitor.visit(source, script.allow)
    assert (report.unchanged, report.new) == (1, 1)


def test_a_post_list_that_no_unchanged_list_covers_is_asked_each_time(
    script: Script, visitor: Visitor, source: Source, loopback: Loopback
) -> None:
    """What a section's list, or another host's feed, says stands for no other list."""
    elsewhere = Script(loopback, script.changed)
    elsewhere.open()
    elsewhere.show("/whole", "two")
    elsewhere.article("two")
    urls = (f"{script.base}/list", f"{elsewhere.base}/whole", f"{script.base}/post")
    source = replace(source, urls=urls)
    script.show("/list", "one")
    script.article("one")
    script.reply("/post", text_answer(json.dumps({"cards": []}), JSON))
    for _ in range(3):
        report = visitor.visit(source, script.allow | elsewhere.allow)
    assert report.unchanged == 2
    assert len(script.asked("/post")) == 3


def test_a_card_without_an_address_is_stored_as_it_is(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """An item the list gives no link for is recorded from its words."""
    card = {"url": None, "title": "Only here", "summary": "A preview without a page of its own."}
    script.reply("/list", text_answer(json.dumps({"cards": [card]}), JSON))
    report = visitor.visit(source, script.allow)
    assert (report.state, report.new, report.requests) == (State.OK, 1, 2)


def test_items_beside_an_article_are_visited_a_few_a_round(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """Links beside an article lead to items no list showed, ten at most."""
    script.show("/list", "one")
    links = "".join(f'<a href="{script.base}/a/beside{n}">' for n in range(15))
    script.reply("/a/one", text_answer(f"<h1>One</h1><p>Words of one.</p>{links}"))
    for number in range(15):
        script.article(f"beside{number}", f"Quite other words, number {number}.")
    report = visitor.visit(source, script.allow)
    assert report.read == 11


def test_a_redirected_article_is_known_by_both_addresses(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """The final address is the identity; the listed one is not asked for again."""
    script.show("/list", "old")
    script.reply("/a/old", Answer(status=301, headers=(("Location", "/a/new"),)))
    script.article("new")
    visitor.visit(source, script.allow)
    assert list(_stored(visitor)) == [f"{script.base}/a/new"]
    script.show("/list", "new", "old")
    report = visitor.visit(source, script.allow)
    assert (report.new, report.read) == (0, 0)


def test_a_page_cannot_pass_itself_off_as_another_hosts_article(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """A canonical address on another host is not believed."""
    script.show("/list", "one")
    page = (
        '<link rel="canonical" href="http://elsewhere.example/a/theirs"><h1>One</h1><p>Words.</p>'
    )
    script.reply("/a/one", text_answer(page))
    visitor.visit(source, script.allow)
    assert list(_stored(visitor)) == [f"{script.base}/a/one"]


def test_a_list_without_items_is_empty_each_time(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """An empty list is a state, and its validator is not kept to hide it."""
    script.show("/list")
    assert visitor.visit(source, script.allow).state is State.EMPTY
    assert visitor.visit(source, script.allow).state is State.EMPTY


def test_a_guard_page_is_a_blocked_source(script: Script, visitor: Visitor, source: Source) -> None:
    """A 403 whose page names servicepipe says that we are blocked, and by what."""
    page = "<html><head><script src=https://servicepipe.ru/x.js></script></head></html>"
    script.reply("/list", text_answer(page, status=403))
    report = visitor.visit(source, script.allow)
    assert (report.state, report.reason) == (
        State.BLOCKED,
        "HTTP 403, a page that asks for servicepipe",
    )
    assert not report.list_read


def test_sources_in_trouble_leave_the_others_alone(
    script: Script, visitor: Visitor, source: Source
) -> None:
    """One source answers 500, one hangs, one sends garbage; the good one has all its items."""
    for name in ("broken", "silent", "garbage"):
        script.article(name)
    script.show("/list", "one")
    script.article("one")
    script.reply("/broken", text_answer("no", status=500))
    script.reply("/silent", Answer(status=0, raw=b"HTTP/1.1 200 OK\r\n", ending=Ending.HANG))
    script.reply(
        "/garbage", Answer(raw=b"\x00\xff\x00 not http at all\r\n\r\n", ending=Ending.CLOSE)
    )
    troubled = tuple(
        replace(source, name=name, urls=(f"{script.base}/{name}",))
        for name in ("broken", "silent", "garbage")
    )

    def end_the_silence(_report: Report) -> None:
        if len(visitor.ended) == 3:
            visitor.give_up()

    visitor.told = end_the_silence
    reports = visitor.visit_all((source, *troubled), script.allow)
    assert [report.state for report in reports] == [
        State.OK,
        State.ERRORING,
        State.KILLED,
        State.UNREACHABLE,
    ]
    assert len(script.asked("/broken")) == 3
    assert (reports[0].new, reports[1].reason) == (1, "HTTP 500 Internal Server Error")


def test_a_list_that_is_gone_is_told_with_its_address(
    visitor: Visitor, script: Script, source: Source
) -> None:
    """A moved section is the config's business: the report says which address is missing."""
    source = replace(source, urls=(f"{script.base}/moved",))
    report = visitor.visit(source, script.allow)
    assert report.state is State.ERRORING
    assert report.reason == f"the page is gone (404): {script.base}/moved"
