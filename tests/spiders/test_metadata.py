"""What a page states of itself for machines is read, and damage to it survived."""

from spiders.blocks import Page


def test_structured_data_unfolds_graphs_and_survives_damage():
    """JSON-LD objects come out of lists and graphs; broken scripts are left out."""
    body = (
        '<script type="application/ld+json">{"@graph":[{"@type":"A"},{"@type":"B"}]}</script>'
        '<script type="application/ld+json">[[{"@type":"C","@graph":[{"@type":"D"}]}, 5], {"@type":"E"}]</script>'
        '<script type="application/ld+json">{"@type":</script>'
        f'<script type="application/ld+json">{"[" * 100_000}</script>'
        '<script type="application/ld+json"></script><script>{"@type":"F"}</script>'
    )
    page = Page(None, body)
    assert [found.get("@type") for found in page.structured] == [None, "A", "B", "C", "D", "E"]


def test_metas_keep_the_first_of_each_name():
    """Properties, names and item properties are one namespace, lower-cased."""
    page = Page(
        None,
        '<meta property="OG:title" content=" T "><meta name=a content=1><meta name=a content=2><meta content=3>',
    )
    assert page.metas == {"og:title": "T", "a": "1"}


def test_canonical_and_language_are_read_where_stated():
    """A page's own address is made absolute; its language is the primary subtag."""
    page = Page(
        "https://a.test/x",
        '<html lang="ru-RU"><link rel=stylesheet href=s><link rel=Canonical href="/y">',
    )
    assert (page.canonical, page.language) == ("https://a.test/y", "ru")
    bare = Page(None, "<p>x")
    assert (bare.canonical, bare.language) == (None, None)


def test_a_text_has_no_markup_to_ask():
    """Plain text states no meta data, no address and no language."""
    page = Page(None, "<meta name=a content=b>", "text")
    assert (page.metas, page.structured, page.canonical, page.language) == ({}, (), None, None)
