"""Parts of a page that are the site's own."""

import pytest
from lxml.html import document_fromstring

from pipelines.text.chrome import prune_chrome

TEXT = "<p>" + "The Veldar bridge closed on Monday after engineers found cracks. " * 5 + "</p>"


def words_left(part):
    """The text of a page with this part below its own."""
    tree = document_fromstring(f"<html><body><div class='post'>{TEXT}{part}</div></body></html>")
    prune_chrome(tree)
    return "".join(tree.itertext())


@pytest.mark.parametrize(
    "part",
    [
        "<div class='c-related-posts'><p>Ferry</p></div>",
        "<section id='newsletter'>Ferry</section>",
        "<blockquote class='twitter-tweet'><p>Ferry</p></blockquote>",
        "<div class='text-g other-opinion-columns'><p>Ferry</p></div>",
        "<div class='vjs-control'>Ferry</div>",
        "<p hidden>Ferry</p>",
        "<div STYLE='color:red; DISPLAY : none'><p>Fares</p><div hidden>Ferry</div></div>",
        "<p><a href='/ferry'>Ferry fares rise again</a></p>",
        "<p>Also read: <a href='/ferry'>Ferry fares rise again in May</a></p>",
    ],
)
def test_what_goes(part):
    """Boxes by their names, hidden parts, embedded posts, and paragraphs that are a link to another story."""
    assert "Ferry" not in words_left(part)


@pytest.mark.parametrize(
    "part",
    [
        "<div class='correlated'><p>Ferry</p></div>",
        f"<div class='related'>{TEXT * 2}<p>Ferry</p></div>",
        "<div class='share'><h1>Ferry</h1></div>",
        f"<div style='display:none'>{TEXT * 4}<p>Ferry</p></div>",
        "<p style='display:inline'>Ferry</p>",
        "<p>The ferry company said in <a href='/f'>Ferry Notes</a> that fares would rise again in May.</p>",
        "<p><a href='#ferry'>Ferry fares rise again</a></p>",
    ],
)
def test_what_stays(part):
    """Other names, large parts, text that waits to be shown, headings, and sentences with a link in them."""
    assert "erry" in words_left(part)
