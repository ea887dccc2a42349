"""Names of entities in another spelling or order than the configured ones. Pure logic."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pipelines.text.aliases import Alias, Hit, Use
from pipelines.text.names import LINKING, surname
from pipelines.text.spelling import latin, same_sound, sound_key
from schemas.watch import Entity

_SHORTEST: Final = 10
"""Letters of the shortest name that is found by sound; shorter ones are too often somebody else's."""
_MOST_WORDS: Final = 8
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’`ʼ][^\W\d_]+)*")
_CAPITALISED: Final = r"[A-ZÀ-ÖØ-ÞĀ-ŽЀ-Я][^\W\d_]*(?:['’`ʼ][^\W\d_]+)*"
_RUN: Final = re.compile(
    rf"(?<!\w){_CAPITALISED}(?:(?:\.?[ \u00a0]|[-‐-–])(?:{_CAPITALISED}|(?:{'|'.join(sorted(LINKING))})\b))+"
)
_POSSESSIVE: Final = re.compile(r"['’]s?$")


class VariantIndex:
    """Finds names of two words or more by how they sound. Built once, safe to share."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        """Files each name under its sounds, in time linear in the length of all names."""
        self._filed: Final[dict[str, list[Alias]]] = {}
        for entity in entities:
            for name in (entity.name, *entity.aliases):
                use = Use.NAME if name == entity.name else Use.ALIAS
                for words in _orders(name):
                    self._filed.setdefault(_key(words), []).append(Alias(entity, use, name))

    def hits(self, text: str) -> Iterator[Hit]:
        """Every run of capitalised words that sounds like one of the names; they may overlap."""
        for found in _RUN.finditer(text):
            run = list(_WORD.finditer(text, found.start(), found.end()))
            words = [_telling(word) for word in run]
            for first in range(len(run)):
                for last in range(first + 1, min(len(run), first + _MOST_WORDS)):
                    yield from self._hits(run[first : last + 1], words[first : last + 1])

    def _hits(self, run: Sequence[re.Match[str]], words: Sequence[str | None]) -> Iterator[Hit]:
        telling = [word for word in words if word]
        if words[0] and words[-1] and (found := self._filed.get(_key(telling))):
            for alias in found:
                if any(_all_sound_alike(telling, order) for order in _orders(alias.written)):
                    end = run[-1].start() + len(_POSSESSIVE.sub("", run[-1][0]))
                    yield Hit(run[0].start(), end, alias)


def _orders(name: str) -> Iterator[list[str]]:
    """The telling words of a name; of a person's name also with the surname first."""
    words = [word for match in _WORD.finditer(name) if (word := _telling(match))]
    if len(words) > 1 and sum(map(len, words)) >= _SHORTEST:
        yield words
        if surname(name):
            yield [words[-1], *words[:-1]]


def _telling(match: re.Match[str]) -> str | None:
    """The word in Latin letters; None for an initial and for what only links words."""
    word = latin(_POSSESSIVE.sub("", match[0]))
    return None if len(word) < 2 or word in LINKING else word


def _key(words: Iterable[str]) -> str:
    return " ".join(map(sound_key, words))


def _all_sound_alike(seen: Sequence[str], own: Sequence[str]) -> bool:
    return len(seen) == len(own) and all(map(same_sound, seen, own))
