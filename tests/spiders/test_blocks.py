"""HTML and plain text become the same blocks in reading order."""

from hypothesis import given
from hypothesis import strategies as st

from spiders.blocks import Link, Page, words_of
from spiders.parsing import absolute


def texts(body, media="html"):
    return [block.text for block in Page("https://a.test/x/", body, media).blocks]


def test_block_elements_part_and_inline_elements_join():
    """What a reader sees as one line is one block."""
    assert texts("<div>One <b>two</b> <i>three</i><p>four</p>five<br>six</div>") == [
        "One two three", "four", "five", "six",
    ]  # fmt: skip


def test_list_items_carry_the_mark_that_text_has():
    """A list item begins with `- `, even when its words stand in a paragraph of their own."""
    assert texts("<ul><li>a<li><p>b</p><li></ul>") == ["- a", "- b"]


def test_a_heading_in_a_list_is_no_item_of_it():
    """Layouts hold their parts in lists: a title never begins with a mark."""
    body = "<ul><li>\n <div>\n <h1><span>Title</span></h1></div><p>text</p></li><li>item<h2>Part</h2></li></ul>"
    assert texts(body) == ["Title", "text", "- item", "Part"]


def test_words_nobody_reads_are_no_blocks():
    """Scripts, styles, forms' options and comments are silent; the text behind them is not."""
    body = "<p>a<script>x()</script>b<!-- c --><style>p{}</style>d<?pi e?>f</p><select><option>g</select>"
    assert texts(body) == ["abdf"]


def test_plain_text_gives_a_block_for_each_line_with_words():
    """Non-breaking spaces are spaces, empty lines are nothing."""
    assert texts("a\u00a0 b\n\n \t\nc\r\nd", "text") == ["a b", "c", "d"]


def test_a_block_knows_its_links_and_what_it_stands_in():
    """Links are absolute and keep their words; tags, classes and ids around a block are found."""
    body = '<div id=inner class="news big"><p>See <a href="../y">that <b>page</b></a>.</p></div>'
    (block,) = Page("https://a.test/x/z", body).blocks
    assert [(link.url, link.text) for link in block.links] == [("https://a.test/y", "that page")]
    assert block.inside(".news")
    assert block.inside("#inner")
    assert block.inside("p", "h1")
    assert not block.inside(".new")


def test_an_element_has_fifty_classes_at_most() -> None:
    """What is remembered of names is no larger than a template's; those in front count."""
    many = " ".join(f"c{number}" for number in range(1000))
    (block,) = Page(None, f"<p id=own hidden class='first {many}'>Words</p>").blocks
    assert block.scope is not None
    assert {".first", ".c48", "#own", ".hidden"} <= block.scope.names
    assert len(block.scope.names) == 52


def test_a_link_around_blocks_belongs_to_each_of_them_and_to_nothing_after():
    """A card wrapped in one link keeps that link on its paragraphs only."""
    body = '<a href="/c"><h3>T</h3><p>S</p></a><p>after</p>'
    links = {b.text: [k.url for k in b.links] for b in Page("https://a.test/", body).blocks}
    assert links == {"T": ["https://a.test/c"], "S": ["https://a.test/c"], "after": []}


def test_a_link_goes_on_behind_white_space_and_one_that_leads_nowhere_is_none():
    """Layouts put every element of a card on a line of its own, and buttons into `<a>`."""
    (head, lead) = Page(
        "https://e.test/",
        "<a href=/1>\n <div>\n<h3>Head</h3>\n</div>\n<a><p>Lead</p></a></a>",
    ).blocks
    assert head.links == (Link("Head", "/1", "https://e.test/"),)
    assert lead.links == ()


def test_a_link_ends_where_the_next_begins() -> None:
    """No link holds another, whatever markup says: what stands behind the inner one is no link's."""
    page = Page(
        "https://a.test/", "<div><a href=/1>One<div><a href=/2>Two</a> behind</div><p>End</p></a>"
    )
    links = {b.text: [(k.text, k.url[-1]) for k in b.links] for b in page.blocks}
    assert links == {"One": [("One", "1")], "Two behind": [("Two", "2")], "End": []}
    assert [words_of(node) for node in page.select("a")] == ["One", "Two"]


def test_a_list_in_an_item_without_words_keeps_both_marks():
    """What stands between the marks is white space only."""
    page = Page(None, "<ul><li>\n<ul><li>\n<p>Inner</p></li></ul></li></ul>")
    assert [block.text for block in page.blocks] == ["- -", "Inner"]


def test_a_picture_link_belongs_to_the_line_it_stands_in():
    """A link without words still tells where a card leads."""
    (block,) = Page("https://a.test/", '<p><a href="/c"><img></a> <a name=top></a>Words</p>').blocks
    assert [(link.url, link.text) for link in block.links] == [("https://a.test/c", "")]


def test_a_block_states_the_times_of_its_elements():
    """What `<time datetime=…>` says is kept with the line it stands in; one that says nothing not."""
    body = "<p>At <time datetime='2025-12-15'>noon</time><time>?</time></p><p>x</p>"
    assert [block.times for block in Page(None, body).blocks] == [("2025-12-15",), ()]


def test_selecting_finds_elements_and_their_words():
    """`line` is the first selected element with words."""
    page = Page(None, "<h2> </h2><h2>A <b>b</b></h2>")
    assert page.line("h2") == "A b"
    assert page.line("h3") == ""
    assert [words_of(node) for node in page.select("h2")] == ["", "A b"]


def test_an_address_that_cannot_be_joined_stays_as_written():
    """A malformed link costs nothing."""
    assert absolute("https://a.test/", "http://[bad") == "http://[bad"
    assert absolute(None, " /x ") == "/x"


def test_damage_and_depth_are_survived():
    """Empty, cut and absurdly nested pages give blocks or nothing, never an exception."""
    assert texts("") == []
    assert texts("<!-- only a comment -->") == []
    assert texts("\0<p>a") == ["a"]
    assert texts('<?xml version="1.0" encoding="utf-16"?><html><p>ж</html>') == ["ж"]
    deep = Page(None, "<div>" * 200_000 + "x" + "<p>y")
    assert len(deep.blocks) <= 2


@given(st.text(alphabet="<>/abp =\"'!-&;#x0\0\n\ud800", max_size=200))
def test_no_markup_makes_the_reader_fail(body):
    """Any bytes a server calls HTML are blocks of clean, non-empty lines."""
    for block in Page("https://a.test/", body).blocks:
        assert block.text.strip()
        assert "\n" not in block.text
