"""How a fault is shown, and what queries may cost."""

import pytest

from connectors.testing import a_claimed_article
from pipelines.topics.parser import parse_query
from schemas.errors import ConfigError

LONG = "fire OR " * 30 + "drill) OR " + "blast OR " * 30 + "gas"

SHOWN = [
    ("fire AND", ["  fire AND", "          ^"]),
    ("\tfire (gas", ["   fire (gas", "            ^"]),
    ("fire\nOR ) gas\nOR blast", ["  OR ) gas", "     ^"]),
]

TOO_MUCH = [
    ("fire " * 4_001, "expected at most 20,000 characters"),
    ("(" * 51 + "fire" + ")" * 51, "expected at most 50 parentheses within each other"),
    ("(" * 20_000, "expected at most 50 parentheses within each other"),
    ("title:" * 3_000, "expected a term or a ("),
    ('"' * 20_000, "expected a word"),
    ("fire OR NOT " * 1_500, "expected a term or a ("),
    ("*" * 20_000, "expected a word"),
]

COSTLY = [
    "fire OR " * 2_000 + "bridge",
    "NOT NOT " * 2_000 + "bridge",
    "(" * 50 + "bridge" + ")" * 50,
    "NOT (NOT (" * 24 + "bridge" + "))" * 24,
    '"' + "bridge " * 2_500 + '" OR bridge',
    "bridge" + " NOT fire*" * 1_500,
    "fire-" * 3_000 + "x OR bridge",
]


@pytest.mark.parametrize(("query", "shown"), SHOWN)
def test_the_place_is_shown(query, shown):
    """The line of the query stands below the message, with a caret under the column."""
    with pytest.raises(ConfigError) as caught:
        parse_query(query, "t")
    assert str(caught.value).splitlines()[1:] == shown


def test_a_long_query_is_shown_in_part():
    """Only what stands around the column is shown."""
    with pytest.raises(ConfigError) as caught:
        parse_query(LONG, "t")
    _, line, caret = str(caught.value).splitlines()
    assert len(line) < 110
    assert line[caret.index("^")] == ")"


@pytest.mark.parametrize(("query", "said"), TOO_MUCH)
def test_a_query_has_limits(query, said):
    """A query beyond a limit, or a long one that is wrong, is refused in words."""
    with pytest.raises(ConfigError) as caught:
        parse_query(query, "t")
    assert said in str(caught.value)


@pytest.mark.parametrize("query", COSTLY)
def test_long_and_deep_queries_work(hits_of, query):
    """A query may use all of its limits."""
    assert hits_of(query, a_claimed_article())
