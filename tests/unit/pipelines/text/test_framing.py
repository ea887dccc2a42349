"""Lines above and below a text that are not its own."""

import pytest

from pipelines.text.framing import without_frame
from pipelines.text.metadata import PageMetadata

SAID = PageMetadata(
    headline="Bridge closed",
    page_title=None,
    headings=("Bridge closed",),
    authors=("Ida Brem",),
    published_at=None,
    updated_at=None,
    language=None,
)
TEXT = "The Veldar bridge closed on Monday after engineers found cracks.\nIt carried 2,900 cars a day."
LONG = "The council met on Tuesday " + "and talked about the state of the bridge " * 5 + "until late."


@pytest.mark.parametrize(
    "above",
    [
        "BRIDGE CLOSED!",
        "Ida Brem",
        "By Ida Brem, Torvel",
        "5 min read",
        "May 2, 2024",
        "2 May 2024",
        "- Home",
    ],
)
def test_what_stands_above(above):
    """Titles that the page gives anyway, bylines, dates of issue and reading times are not text."""
    assert without_frame(f"{above}\n{TEXT}", SAID) == TEXT


@pytest.mark.parametrize(
    "below",
    [
        "Ida Brem is a reporter in Torvel.",
        "Sign up for our newsletter and get the news in your inbox.",
        "CLICK HERE TO GET THE APP",
        "Copyright 2024 The Courier. All rights reserved.",
        "You may also like\nFerry fares rise\nA day at the lake",
        "More from The Courier\n- Ferry fares rise",
        "Read more:",
        "Also read: Ferry fares rise",
        "This post contains affiliate links.",
    ],
)
def test_what_stands_below(below):
    """Who the author is, calls, notices and other stories are not text."""
    assert without_frame(f"{TEXT}\n{LONG}\n{below}", SAID) == f"{TEXT}\n{LONG}"


@pytest.mark.parametrize(
    "text",
    [
        f"{TEXT}\nMay is the month in which Ida Brem was born.",
        f"Ida Brem is the mayor of Torvel.\n{LONG}\n{LONG}" + "\nShe left." * 8,
        "Bridge closed",
        "By Friday the bridge will be open again, the mayor of Torvel said, and nobody believed it.",
    ],
)
def test_what_is_text(text):
    """Sentences that only look like a frame stay, and a text is never emptied."""
    assert without_frame(text, SAID) == text


def test_text_after_a_pointer_stays():
    """A heading of other stories in the middle goes alone: a paragraph below it is text."""
    assert without_frame(f"{TEXT}\nRead more\n{LONG}", SAID) == f"{TEXT}\n{LONG}"
