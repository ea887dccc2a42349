"""The matcher against a slow, obvious reading of the language, on random queries and texts."""

from itertools import product
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.testing import a_claimed_article, a_mention, a_tagged_article, an_article
from schemas.errors import ConfigError

VOCABULARY = ("alba", "albân", "Alban", "US")
PLAIN = str.maketrans("âé", "ae")
BREAKS = (" ", ", ", "-", "\n", "’s ", " … ")
TITLE, TEXT = 0, 1
NOTHING: Any = None
"""An article that has none of a query's terms."""


class Part(NamedTuple):
    """A query, how tightly it binds, and when it holds in some fields of an article."""

    written: str
    tight: int
    holds: Any

    def within(self, tight):
        """The query as it is written where something that binds so tightly stands around it."""
        return self.written if self.tight >= tight else f"({self.written})"


def fits(wanted, word, exact):
    """Whether a word of the text is the one that is wanted."""
    wanted, word = wanted.translate(PLAIN), word.translate(PLAIN)
    if not exact:
        wanted, word = wanted.lower(), word.lower()
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def occurs(wanted, words, exact, within):
    """Whether the wanted words stand in a row, or all near each other where `within` is given."""
    places = [[at for at, word in enumerate(words) if fits(each, word, exact)] for each in wanted]
    for chosen in product(*places):
        if within is None and all(at == chosen[0] + nth for nth, at in enumerate(chosen)):
            return True
        if within is not None and max(chosen) - min(chosen) <= within:
            return True
    return False


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
    opening, closing = draw(st.sampled_from(['""', "“”"]))
    written = wanted[0] if bare else f"{'=' if exact else ''}{opening}{' '.join(wanted)}{closing}"
    return Part(
        written if within is None else f"{written}~{within}",
        3,
        lambda article, fields: (
            article is not NOTHING
            and any(occurs(wanted, article["fields"][field], exact, within) for field in fields)
        ),
    )


@st.composite
def labels(draw):
    """A label, or a choice of labels behind one field."""
    field = draw(st.sampled_from(["entity", "lang", "source"]))
    values = draw(st.lists(st.sampled_from(["en", "sq", "EN"]), min_size=1, max_size=2))
    written = f"{field}:{values[0]}" if len(values) == 1 else f"{field}:({' OR '.join(values)})"
    return Part(
        written,
        3,
        lambda article, _: (
            article is not NOTHING and any(value.lower() in article[field] for value in values)
        ),
    )


def either(one, other):
    """One query or the other."""
    written = f"{one.within(0)} OR {other.within(0)}"
    return Part(written, 0, lambda *at: one.holds(*at) or other.holds(*at))


def both(one, joint, other):
    """One query and the other."""
    written = f"{one.within(1)}{joint}{other.within(1)}"
    return Part(written, 1, lambda *at: one.holds(*at) and other.holds(*at))


def neither(part):
    """Not the query."""
    return Part(f"NOT {part.within(2)}", 2, lambda *at: not part.holds(*at))


def in_title(part):
    """The query, with unfielded terms sought in the title only."""
    return Part(f"title:({part.written})", 3, lambda article, _: part.holds(article, [TITLE]))


def joined(parts):
    """Larger queries of smaller ones."""
    return st.one_of(
        st.builds(either, parts, parts),
        st.builds(both, parts, st.sampled_from([" AND ", " ", "\n"]), parts),
        st.builds(neither, parts),
        st.builds(in_title, parts),
    )


queries = st.recursive(terms() | terms() | labels(), joined, max_leaves=6)


def texts(least, most):
    """Some words, and how they are written with all kinds of breaks."""
    drawn = st.text(alphabet="0123", min_size=least, max_size=most)
    return st.builds(spelled, drawn.map(lambda digits: [VOCABULARY[int(digit)] for digit in digits]), shifts)


def spelled(chosen, shift):
    """The words and their text."""
    return chosen, "".join(word + BREAKS[(at + shift) % len(BREAKS)] for at, word in enumerate(chosen))


def known_article(title, text, label, titled):
    """An article, and what the obvious reading needs to know of it; everything is labelled alike."""
    labels = (label,) if label else ()
    tagged = a_tagged_article(
        article=an_article(title=title[1], text=text[1], language=label, source=label or ""),
        mentions=() if titled else tuple(a_mention(entity=each, text="", start=0) for each in labels),
        title_entities=labels if titled else (),
    )
    known = {"fields": (title[0], text[0]), "entity": labels, "lang": labels, "source": labels}
    return a_claimed_article(tagged=tagged), known


shifts = st.integers(0, len(BREAKS) - 1)
articles = st.builds(
    known_article, texts(0, 2), texts(1, 8), st.sampled_from([None, "en", "sq"]), st.booleans()
)


@settings(max_examples=100, deadline=None)
@given(query=queries, read=st.tuples(*[articles] * 4))
def test_matches_agree_with_the_obvious_reading(hits_of, query, read):
    """A query that needs a term matches exactly where it holds, with hits to show; any other is refused."""
    if query.holds(NOTHING, (TITLE, TEXT)):
        with pytest.raises(ConfigError, match="a term that must occur"):
            hits_of(query.written, read[0][0])
        return
    for claimed, known in read:
        assert bool(hits_of(query.written, claimed)) == query.holds(known, (TITLE, TEXT))
