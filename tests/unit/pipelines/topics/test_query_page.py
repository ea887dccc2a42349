"""The reference page of the query language tells the truth."""

import re
from pathlib import Path

import pytest

from connectors.testing import a_claimed_article, a_tagged_article, an_article

PAGE = Path(__file__).resolve().parents[4] / "docs/reference/query-language.md"
ROWS = re.findall(r"^\| `(.+?)` \| (.+?) \| (.*?) ?\|$", PAGE.read_text("utf-8"), re.MULTILINE)


def article(written: str):
    """The article of an example: `*title*` and `{entity in the title}` may stand before the text."""
    title, entity, text = re.fullmatch(r"(?:\*(.+?)\* )?(?:\{(.+?)\} )?(.*)", written).groups()
    tagged = a_tagged_article(
        article=an_article(title=title, text=text, language="en"),
        mentions=(),
        title_entities=(entity,) if entity else (),
    )
    return a_claimed_article(tagged=tagged, claims=())


def test_the_page_has_examples():
    """The table is found where it is looked for."""
    assert len(ROWS) >= 13


@pytest.mark.parametrize(("query", "matching", "other"), ROWS)
def test_an_example_of_the_page_holds(hits_of, query, matching, other):
    """What the page says of a query is what the matcher does."""
    assert hits_of(query, article(matching)) is not None
    assert not other or hits_of(query, article(other)) is None
