"""The headings of a page, and their kickers."""

import pytest
from lxml.html import document_fromstring

from pipelines.text.headings import line_of, read_headings


def headings(body, level=1, most=9):
    """Text and headline of each heading of a page."""
    return [(head.text, head.headline) for head in read_headings(document_fromstring(body), level, most)]


@pytest.mark.parametrize(
    ("inner", "text", "headline"),
    [
        ("Bridge <b>closed</b>", "Bridge closed", "Bridge closed"),
        ("<b>B</b>ridge “<i>closed</i>”<br>again", "Bridge “closed” again", "Bridge “closed” again"),
        ("<span>Traffic</span> <span>Bridge closed</span>", "Traffic Bridge closed", "Bridge closed"),
        ("<a><i>Traffic</i><em>Bridge closed</em></a>", "Traffic Bridge closed", "Bridge closed"),
        ("<span>Traffic</span><span> – </span>\n<b>Bridge</b><i></i>", "Traffic – Bridge", "Bridge"),
        ("<span>Traffic</span>: Bridge closed", "Traffic: Bridge closed", "Traffic: Bridge closed"),
        ("<span>Bridge closed</span><!-- no kicker -->", "Bridge closed", "Bridge closed"),
    ],
)
def test_a_kicker_is_an_element_before_the_last(inner, text, headline):
    """Where words stand outside of the elements, these only mark words."""
    assert headings(f"<h1>{inner}</h1>") == [(text, headline)]


def test_headings_of_one_level_in_order():
    """Empty ones are left out, and no more than asked for are read."""
    body = "<h2>One</h2><h1>Title</h1><h2> </h2><h2>Two</h2><h2>Three</h2>"
    assert headings(body, level=2, most=2) == [("One", "One"), ("Two", "Two")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  Bridge \n closed", "Bridge closed"),
        ("Bed &amp; Board", "Bed & Board"),
        ("\u200b", None),
        ("x" * 501, None),
    ],
)
def test_line_of(text, line):
    """One line of readable characters."""
    assert line_of(text) == line
