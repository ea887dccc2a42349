"""The query language, row by row: what matches what, and what is said of a query that cannot be read."""

import re
from pathlib import Path

import pytest

from connectors.testing import a_claimed_article, a_mention, a_tagged_article, an_article
from schemas.errors import ConfigError

FOLDER = Path(__file__).parent


def rows(name):
    """The rows of a table, as lists of as many columns as the widest has."""
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    cut = [re.split(r"\s+\|(?=\s|$)", line) for line in lines if line.strip() and not line.startswith("#")]
    width = max(map(len, cut))
    return [[plain(column) for column in row] + [""] * (width - len(row)) for row in cut]


def plain(column):
    """The column with its escapes resolved."""
    column = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), column.strip())
    return column.replace("⏎", "\n")


def labelled(text, title, labels):
    """An article with this text, title and labels."""
    given = [label.partition(":")[::2] for label in labels.split()]
    language = dict(given).get("lang", "en")
    article = an_article(
        text=text,
        title=title or None,
        language=None if language == "none" else language,
        source=dict(given).get("source", "courier"),
    )
    mentions = [a_mention(entity=value, text="", start=0) for kind, value in given if kind == "entity"]
    titled = [value for kind, value in given if kind == "titled"]
    tagged = a_tagged_article(article=article, mentions=tuple(mentions), title_entities=tuple(titled))
    return a_claimed_article(tagged=tagged)


@pytest.mark.parametrize(("expected", "query", "text", "title", "labels"), rows("matches.txt"))
def test_queries_match_what_they_say(hits_of, expected, query, text, title, labels):
    """A query matches the article, or does not, as its row says; a match shows at least one term."""
    hits = hits_of(query, labelled(text, title, labels))
    assert {"yes": bool(hits), "no": hits is None}[expected]


@pytest.mark.parametrize(("column", "query", "expected", "hint"), rows("faults.txt"))
def test_a_wrong_query_says_where_and_what(hits_of, column, query, expected, hint):
    """The error names the topic, the column and what was expected there, and hints at the remedy."""
    with pytest.raises(ConfigError) as caught:
        hits_of(query, a_claimed_article())
    first = str(caught.value).splitlines()[0]
    place = re.fullmatch(r'topic "t": cannot read the query at (?:line \d+, )?column (\d+): (.*)', first)
    assert place is not None
    assert (place[1], place[2][: len(expected)]) == (column, expected)
    assert hint in caught.value.hint
