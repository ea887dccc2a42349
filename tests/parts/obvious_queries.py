"""A slow, obvious reading of the query language: a query comes with the function that tells when it holds."""

import random
from itertools import product
from typing import Any, NamedTuple

from connectors.testing import a_claimed_article, a_mention, a_tagged_article, an_article

VOCABULARY = ("alba", "albân", "Alban", "US")
"""So few words that most queries find some."""

LARGER = (*VOCABULARY, "us", "gas", "Gasket", "tank", "tänker", "port", "2009", "ash-shaq", "O’Brien")
"""More words, some of which are two."""

PLAIN = str.maketrans("âéä", "aea")
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


def single_words(chosen):
    """The words that these are in a text: some are two."""
    return [word for each in chosen for word in each.replace("-", " ").replace("’", " ").split()]


def a_term(wanted, exact, within, quotes):
    """A term; bare where `quotes` is empty."""
    opening, closing = quotes or ("", "")
    written = f"{'=' if exact else ''}{opening}{' '.join(wanted)}{closing}"
    sought = single_words(wanted)
    return Part(
        written if within is None else f"{written}~{within}",
        3,
        lambda article, fields: (
            article is not NOTHING
            and any(occurs(sought, article["fields"][field], exact, within) for field in fields)
        ),
    )


def a_label(field, values):
    """A label, or a choice of labels behind one field."""
    written = f"{field}:{values[0]}" if len(values) == 1 else f"{field}:({' OR '.join(values)})"
    return Part(
        written,
        3,
        lambda article, _: (
            article is not NOTHING
            and any(fits(value, label, exact=False) for value in values for label in article[field])
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


def spelled(chosen, shift):
    """The words and their text."""
    text = "".join(word + BREAKS[(at + shift) % len(BREAKS)] for at, word in enumerate(chosen))
    return single_words(chosen), text


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


def a_random_query(chance: random.Random) -> Part:
    """A query of the whole language that needs a term."""
    while True:
        query = _grown(chance, chance.choice([0, 1, 1, 2, 2, 3, 4]))
        if not query.holds(NOTHING, (TITLE, TEXT)):
            return query


def a_random_article(chance: random.Random) -> Any:
    """An article of up to forty words, and what the obvious reading needs to know of it."""
    title, text = (
        spelled(chance.choices(LARGER, k=chance.randint(least, most)), chance.randrange(len(BREAKS)))
        for least, most in ((0, 4), (1, 40))
    )
    return known_article(title, text, chance.choice([None, "en", "sq"]), chance.random() < 0.5)


def _grown(chance, depth):
    if depth == 0:
        return _random_label(chance) if chance.random() < 0.1 else _random_term(chance)
    grow = chance.choice([either, either, both, both, neither, in_title])
    if grow in (neither, in_title):
        return grow(_grown(chance, depth - 1))
    one, other = (_grown(chance, chance.randrange(depth)) for _ in range(2))
    return either(one, other) if grow is either else both(one, chance.choice([" AND ", " ", "\n"]), other)


def _random_term(chance):
    wanted = chance.choices(LARGER, k=chance.choice([1, 1, 1, 2, 2, 3]))
    wanted = [
        f"{word[: chance.randint(2, 5)]}*" if word.isalnum() and chance.random() < 0.2 else word
        for word in wanted
    ]
    exact = chance.random() < 0.2
    count = len(single_words(wanted))
    within = chance.randint(count - 1, 9) if count > 1 and chance.random() < 0.4 else None
    bare = len(wanted) == 1 and not exact and within is None and chance.random() < 0.7
    return a_term(wanted, exact, within, "" if bare else chance.choice(['""', "“”"]))


def _random_label(chance):
    field = chance.choice(["entity", "lang", "source"])
    values = chance.choices(
        ["en", "sq", "EN"] if field == "lang" else ["en", "sq", "EN", "en*"], k=chance.choice([1, 1, 2])
    )
    return a_label(field, values)
