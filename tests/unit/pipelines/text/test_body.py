"""The running text of a page."""

import pytest

from pipelines.text.body import body_text, parse_page
from pipelines.text.metadata import read_metadata

URL = "https://courier.example/bridge"
FIRST = "The Veldar bridge closed on Monday after engineers found cracks in its second pillar. " * 3
SECOND = "Buses take the road by the weir until further notice, which adds forty minutes to the trip. " * 3


def text_of(body):
    """The text of a page with this body."""
    tree = parse_page(f"<html><head><title>Bridge closed</title></head><body>{body}</body></html>")
    return body_text(tree, URL, read_metadata(tree, URL))


@pytest.mark.parametrize("name", ["", " class='x7 css-1q2w'", " class='article-body'"])
def test_headings_are_kept_whatever_the_container_is_called(name):
    """Headings between the paragraphs are part of the text, and the menu beside it is not."""
    text = text_of(
        f"<div><ul><li>Home</li></ul></div><div{name}><p>{FIRST}</p><h2>Detours</h2><p>{SECOND}</p></div>"
        "<div><p>Imprint</p></div>"
    )
    assert text.split("\n") == [FIRST.strip(), "Detours", SECOND.strip()]
