"""Names that a text uses, whether or not anybody watches them. Pure logic."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from pipelines.text.names import DAYS_AND_MONTHS, OPENERS, SENTENCE_START, TITLES

_CAPITALISED: Final = r"[A-ZÀ-ÖØ-ÞĀ-ŽЀ-Я](?:[^\W_]|['’-](?=[^\W_]))*"
_LINK: Final = (
    r"(?:(?:of|for|de|del|della|du|da|la|le|al|el|bin|ibn|bint|von|van|der|den|the|a|e)[ \u00a0]){0,3}"
)
_RUN: Final = re.compile(
    rf"(?<![\w.@/]){_CAPITALISED}(?:(?:(?<=\b[A-Z])\.|(?<=\bSt)\.)?[ \u00a0]{_LINK}{_CAPITALISED})*"
)
_WORD: Final = re.compile(r"[^ \u00a0]+")
_POSSESSIVE: Final = re.compile(r"['’][sS]?$")
_DROPPED_FIRST: Final = TITLES | DAYS_AND_MONTHS | frozenset("i of for the a de".split())
_BELONGING: Final = re.compile(r"(?:ian|ians|ese|ish|icans?|i)\Z")
"""How words end that tell where somebody is from: "Iranian", "Iraqi"."""


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A name in a text."""

    start: int
    """First code point."""
    end: int
    """One past the last code point."""


class NameFinder(Protocol):
    """Finds names that no table holds. `CapitalisedNames` does by rules, the extra `ner` by a model."""

    def names(self, text: str) -> Sequence[NameSpan]:
        """The names of people, bodies and places in the text, in order, without overlaps or titles."""


class CapitalisedNames:
    """Finds names by their capitals: of whole runs of words, without what only begins a sentence."""

    def names(self, text: str) -> Sequence[NameSpan]:
        """The names in the text, in order; a single word counts where it is no sentence's beginning."""
        found = [span for run in _RUN.finditer(text) for span in _trimmed(text, run)]
        words = {word for span in found for word in _sure_words(text, span)}
        return [
            span
            for span in found
            if " " in text[span.start : span.end] or not words.isdisjoint(_sure_words(text, span, first=True))
        ]


def _sure_words(text: str, span: NameSpan, *, first: bool = False) -> Sequence[str]:
    """The words of a name that stand inside a sentence or are an acronym; `first`: the first word, anyway."""
    words = text[span.start : span.end].split()
    if first:
        return words[:1]
    begins = not words[0][:2].isupper() and _begins_sentence(text, span.start)
    return words[1:] if begins else words


def _trimmed(text: str, run: re.Match[str]) -> Iterator[NameSpan]:
    """The run without titles, days, possessive and a first word that only begins the sentence."""
    words = list(_WORD.finditer(text, run.start(), run.end()))
    while words and (
        _stem(words[0][0]) in _DROPPED_FIRST
        or (_stem(words[0][0]) in OPENERS and _begins_sentence(text, words[0].start()))
    ):
        words.pop(0)
    while words and words[-1][0].lower() in DAYS_AND_MONTHS:
        words.pop()
    if not words:
        return
    start = words[0].start()
    name = _POSSESSIVE.sub("", text[start : words[-1].end()])
    if len(name) > 1 and not (len(words) == 1 and _BELONGING.search(name)):
        yield NameSpan(start, start + len(name))


def _stem(word: str) -> str:
    """The word in small letters, without a dot and what an apostrophe adds: "I'm" as "i"."""
    return re.split("['’]", word.lower())[0].strip(".")


def _begins_sentence(text: str, at: int) -> bool:
    return SENTENCE_START.search(text[max(0, at - 4) : at].rstrip("'")) is not None
