"""Which of a page's titles is the article's own."""

import pytest

from pipelines.text.headings import Heading
from pipelines.text.titles import Titles, headline_of

URL = "https://www.torvelpost.example/bridge"


def heading(text, kicker=""):
    """A heading, under a kicker or not."""
    return Heading(text=f"{kicker} {text}".strip(), headline=text)


def headline(url=URL, **titles):
    """The headline of a page that gives these titles and no others."""
    nothing = {"described": None, "shared": None, "tab": None, "headings": (), "subheadings": (), "sites": ()}
    return headline_of(Titles(**nothing | titles), url)


@pytest.mark.parametrize(
    ("shared", "told", "sites", "title"),
    [
        ("Bridge closed | The Post", ["Bridge closed"], [], "Bridge closed"),
        ("Bridge closed | The Post | by Ida Brem", ["Bridge closed"], [], "Bridge closed"),
        ("Bridge closed - The Post", [], ["The Post"], "Bridge closed"),
        ("Bridge closed - Politics - The Post", [], ["The Post"], "Bridge closed - Politics"),
        ("Bridge closed – Torvel Post", [], [], "Bridge closed"),
        ("Bridge closed | The Post", [], ["The Post of Torvel"], "Bridge closed"),
        ("Bridge closed - and nobody knows why", [], ["The Post"], "Bridge closed - and nobody knows why"),
        ("Minister: “Bridge is closed”", [], [], "Minister: “Bridge is closed”"),
        ("The Post", [], ["The Post"], None),
        (None, [], ["The Post"], None),
    ],
)
def test_the_name_of_the_site_goes(shared, told, sites, title):
    """What names the site goes from the shared title; what may be part of the title stays."""
    assert headline(shared=shared, headings=tuple(map(heading, told)), sites=tuple(sites)) == title


def test_the_host_is_a_name_of_the_site():
    """Without what stands before its domain as well."""
    assert headline("https://local.post.example/", shared="Bridge closed - Post") == "Bridge closed"
    assert headline("http://[half/", shared="Bridge closed - Post") == "Bridge closed - Post"


@pytest.mark.parametrize(
    ("titles", "title"),
    [
        ({"described": "Bridge is shut", "shared": "Why it is shut"}, "Bridge is shut"),
        ({"described": "Bridge is shut", "headings": (heading("Orle Bridge shut"),)}, "Bridge is shut"),
        (
            {"shared": "Bridge is shut: all you need", "headings": (heading("Orle Bridge shut"),)},
            "Orle Bridge shut",
        ),
        ({"shared": "Bridge is shut", "headings": (heading("Our valley"),)}, "Bridge is shut"),
        ({"shared": "Bridge is shut", "headings": (heading("ORLE BRIDGE SHUT"),)}, "Bridge is shut"),
        (
            {"tab": "Bridge is shut | Post", "headings": (heading("Weather"), heading("Bridge shut"))},
            "Bridge shut",
        ),
        ({"headings": (heading("Torvel Post"), heading("Bridge shut"))}, "Bridge shut"),
        ({"headings": (heading("Weather"), heading("Bridge shut"))}, None),
        ({"headings": (heading("..."),), "subheadings": (heading("..."),)}, "..."),
    ],
)
def test_which_title_is_taken(titles, title):
    """The described one, else the heading that says what the page's title says, else the shared one."""
    assert headline(**titles) == title


@pytest.mark.parametrize(
    ("heads", "title"),
    [
        ((heading("Bridge at Orle stays shut for weeks"),), "Bridge at Orle stays shut for weeks"),
        ((heading("Orle bridge shut", kicker="Traffic"),), "Orle bridge shut"),
        ((heading("Our valley"),), "Orle bridge shut"),
        ((), "Orle bridge shut"),
    ],
)
def test_a_described_title_of_the_tab_yields_to_the_heading(heads, title):
    """It was made for search engines where a heading says the same in other words."""
    assert headline(described="Orle bridge shut", tab="Orle bridge shut | Post", headings=heads) == title


@pytest.mark.parametrize(
    ("below", "title"),
    [
        (heading("Nobody crosses the Orle today"), "Nobody crosses the Orle today"),
        (heading("Nobody crosses the Orle today", kicker="Traffic"), "Nobody crosses the Orle today"),
        (heading("Detours"), "Orle bridge shut"),
    ],
)
def test_the_shared_title_that_stands_below_is_the_shown_one(below, title):
    """A first heading like the described title is for search engines where the second has the shared one."""
    shared, described = "Nobody crosses the Orle today", "Orle bridge shut"
    heads = (heading(described),)
    assert headline(described=described, shared=shared, headings=heads, subheadings=(below,)) == title
    assert headline(described=described, headings=(*heads, heading(shared)), shared=shared) == described


@pytest.mark.parametrize(
    ("described", "shared", "title"),
    [
        (
            "Traffic: Nobody crosses the Orle today",
            "Nobody crosses the Orle today",
            "Nobody crosses the Orle today",
        ),
        ("Traffic – Nobody crosses the Orle", "Nobody crosses the Orle", "Nobody crosses the Orle"),
        ("Traffic: Nobody crosses the Orle", "Orle: the bridge", "Traffic: Nobody crosses the Orle"),
        ("Bridge shut: Live", "Live", "Bridge shut: Live"),
    ],
)
def test_a_kicker_goes_where_another_title_has_none(described, shared, title):
    """What follows the kicker must be a whole title of the page, and more than a word."""
    assert headline(described=described, shared=shared) == title
