"""Which of a page's titles is the article's own."""

import pytest

from pipelines.text.titles import own_title

URL = "https://www.torvelpost.example/bridge"


@pytest.mark.parametrize(
    ("shared", "told", "sites", "title"),
    [
        ("Bridge closed | The Post", ["Bridge closed"], [], "Bridge closed"),
        ("Bridge closed | The Post | by Ida Brem", ["Bridge closed"], [], "Bridge closed"),
        ("Bridge closed - The Post", [], ["The Post"], "Bridge closed"),
        ("Bridge closed - Politics - The Post", [], ["The Post"], "Bridge closed - Politics"),
        ("Bridge closed – Torvel Post", [], [], "Bridge closed"),
        ("Bridge closed - and nobody knows why", [], ["The Post"], "Bridge closed - and nobody knows why"),
        ("Minister: “Bridge is closed”", [], [], "Minister: “Bridge is closed”"),
        ("The Post", [], ["The Post"], None),
        (None, ["Bridge closed"], [], None),
    ],
)
def test_own_title(shared, told, sites, title):
    """What names the site goes; what may be part of the title stays."""
    assert own_title(shared, told, sites, URL) == title
