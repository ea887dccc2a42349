"""What an article has and what a query asks for, as strings that are compared without looking further."""

import json
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from pipelines.topics.query import LabelTerm, TextTerm, Word

_TERMS_KEPT: Final = 50_000


def label_key(field: str, value: str) -> str:
    """A label as one string that no word is equal to; `value` is folded."""
    return f"{field}:{value}"


def pair_keys(words: Sequence[str]) -> list[str]:
    """Each word with the one behind it, as one string that no word is equal to."""
    return list(map("\n".join, pairwise(words)))


def key_of(term: TextTerm | LabelTerm) -> str:
    """What an article has exactly where it has the term.

    A word, a pair of words or a label as it is, with a `*` behind it where it may go on. Any other term has
    to be looked for in the text: its key is the term itself, written so that `term_of` can read it.
    """
    if isinstance(term, LabelTerm):
        return _stem(label_key(term.field, term.value), term.prefix)
    folded = [word.folded for word in term.words]
    if all(word.exact is None for word in term.words):
        if len(folded) == 1:
            word = label_key(term.field, folded[0]) if term.field else folded[0]
            return _stem(word, term.words[0].prefix)
        if len(folded) == 2 and not (term.field or term.within or any(word.prefix for word in term.words)):
            return "\n".join(folded)
    words = [(word.folded, word.exact, word.prefix) for word in term.words]
    return json.dumps([term.field, term.within, words], ensure_ascii=False)


def is_sought(key: str) -> bool:
    """True where the key stands for a term that has to be looked for in the text."""
    return key.startswith("[")


@lru_cache(maxsize=_TERMS_KEPT)
def term_of(key: str) -> TextTerm:
    """The term of a key that `is_sought`; how it was written is not known any more."""
    field, within, words = json.loads(key)
    return TextTerm(
        written=key,
        field=field,
        words=tuple(Word(folded=folded, exact=exact, prefix=prefix) for folded, exact, prefix in words),
        within=within,
    )


def trigger_of(term: TextTerm) -> str:
    """The key, never a sought one, that an article must have to be searched for the term: a rare one."""
    words = term.words
    if term.within is None:
        pairs = [(one, other) for one, other in pairwise(words) if not one.prefix and not other.prefix]
        if pairs:
            one, other = max(pairs, key=lambda pair: min(len(word.folded) for word in pair))
            return f"{one.folded}\n{other.folded}"
    rarest = max(words, key=_length)
    return _stem(rarest.folded, rarest.prefix)


def cost_of(key: str) -> float:
    """A guess at the share of articles that have the key, 0..1."""
    if is_sought(key):
        return cost_of(trigger_of(term_of(key)))
    for field, cost in (("lang:", 1.0), ("source:", 0.05), ("entity:", 0.01)):
        if key.startswith(field):
            return cost
    # Long words are rare words, pairs rarer still; a stem stands for many.
    words = key.removeprefix("title:").split("\n")
    return min(1 / max(1, len(word) - 3 * word.endswith("*")) ** 3 for word in words) / len(words) ** 2


def _length(word: Word) -> int:
    return len(word.folded) - (2 if word.prefix else 0)


def _stem(key: str, prefix: bool) -> str:
    return f"{key}*" if prefix else key
