"""The matcher against a slow, obvious reading of the language, on queries and texts that hypothesis makes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from obvious_queries import (
    BREAKS,
    NOTHING,
    TEXT,
    TITLE,
    VOCABULARY,
    Part,
    a_label,
    a_term,
    both,
    either,
    in_title,
    known_article,
    neither,
    spelled,
)

from schemas.errors import ConfigError

words = st.sampled_from(VOCABULARY)
stems = st.builds(lambda word, length: f"{word[:length]}*", words, st.integers(2, 5))


@st.composite
def terms(draw):
    """A bare or quoted term."""
    length = draw(st.sampled_from([1, 1, 2, 2, 3]))
    wanted = draw(st.lists(words | stems, min_size=length, max_size=length))
    exact = draw(st.booleans())
    within = draw(st.none() | st.integers(len(wanted) - 1, 5)) if len(wanted) > 1 else None
    bare = len(wanted) == 1 and not exact and draw(st.booleans())
    return a_term(wanted, exact, within, "" if bare else draw(st.sampled_from(['""', "“”"])))


fields = st.sampled_from(["entity", "lang", "source"])
labels = st.builds(a_label, fields, st.lists(st.sampled_from(["en", "sq", "EN"]), min_size=1, max_size=2))


def joined(parts):
    """Larger queries of smaller ones."""
    return st.one_of(
        st.builds(either, parts, parts),
        st.builds(both, parts, st.sampled_from([" AND ", " ", "\n"]), parts),
        st.builds(neither, parts),
        st.builds(in_title, parts),
    )


queries: st.SearchStrategy[Part] = st.recursive(terms() | terms() | labels, joined, max_leaves=6)


def texts(least, most):
    """Some words, and how they are written with all kinds of breaks."""
    drawn = st.text(alphabet="0123", min_size=least, max_size=most)
    return st.builds(spelled, drawn.map(lambda digits: [VOCABULARY[int(digit)] for digit in digits]), shifts)


shifts = st.integers(0, len(BREAKS) - 1)
articles = st.builds(
    known_article, texts(0, 2), texts(1, 8), st.sampled_from([None, "en", "sq"]), st.booleans()
)


@settings(max_examples=100)
@given(query=queries, read=st.tuples(*[articles] * 4))
def test_matches_agree_with_the_obvious_reading(hits_of, query, read):
    """A query that needs a term matches exactly where it holds, with hits to show; any other is refused."""
    if query.holds(NOTHING, (TITLE, TEXT)):
        with pytest.raises(ConfigError, match="a term that must occur"):
            hits_of(query.written, read[0][0])
        return
    for claimed, known in read:
        assert bool(hits_of(query.written, claimed)) == query.holds(known, (TITLE, TEXT))
