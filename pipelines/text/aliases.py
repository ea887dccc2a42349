"""The strings by which entities are known, found in a text. Pure logic over an Aho-Corasick automaton."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from ahocorasick_rs import AhoCorasick

from pipelines.text.folding import fold
from pipelines.text.names import LONGEST_ACRONYM, surname
from schemas.watch import Entity

_UNSPACED: Final = ("\u2e80", "\ud7ff")  # Chinese to Korean: words are not set apart by spaces


class Use(Enum):
    """What a string is to an entity."""

    NAME = auto()
    """The full name."""
    ALIAS = auto()
    """Another name."""
    SURNAME = auto()
    """The last word of a person's name, which no other entity bears."""
    NOT = auto()
    """Looks like a name of it and is not."""
    CONTEXT = auto()
    """Vouches for its aliases."""


@dataclass(frozen=True, slots=True)
class Alias:
    """One string, as one entity uses it."""

    entity: str
    """Entity id."""
    use: Use
    """What the string is to the entity."""
    written: str
    """The string as configured."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An alias at one place of a text."""

    start: int
    """First code point."""
    end: int
    """One past the last code point."""
    alias: Alias
    """What stands there."""


class AliasTable:
    """All strings of all entities in one automaton. Built once, safe to share, not picklable."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        """Builds the automaton, in time linear in the length of all strings."""
        strings = _strings(entities)
        self._aliases: Final = list(strings.values())
        self._automaton: Final = AhoCorasick(list(strings), store_patterns=False)

    def hits(self, text: str) -> list[Hit]:
        """Every string that stands in the text between word boundaries; they may overlap.

        Case is ignored here: whether it may be, depends on the name.
        """
        folded = fold(text)
        hits = []
        for index, start, end in self._automaton.find_matches_as_indexes(folded.text, overlapping=True):
            if _stands_free(folded.text, start, end):
                span = folded.original(start, end)
                hits += [Hit(*span, alias) for alias in self._aliases[index]]
        return hits


def _strings(entities: Iterable[Entity]) -> Mapping[str, Sequence[Alias]]:
    """Folded strings and what each is to which entities."""
    strings: dict[str, list[Alias]] = {}
    surnames: dict[str, set[Alias]] = {}
    for entity in entities:
        for alias in _of(entity):
            strings.setdefault(fold(alias.written).text.strip(), []).append(alias)
            last = surname(alias.written) if alias.use in {Use.NAME, Use.ALIAS} else None
            if last:
                surnames.setdefault(fold(last).text, set()).add(Alias(entity.id, Use.SURNAME, last))
    for folded, owners in surnames.items():
        if len({owner.entity for owner in owners}) == 1:
            strings.setdefault(folded, []).extend(owners)
    strings.pop("", None)
    return strings


def _of(entity: Entity) -> Iterator[Alias]:
    for name in (entity.name, *entity.aliases):
        use = Use.NAME if name == entity.name else Use.ALIAS
        yield Alias(entity.id, use, name)
        if name.isalpha() and name.isupper() and len(name) <= LONGEST_ACRONYM:
            yield Alias(entity.id, use, ".".join(name) + ".")
    yield from (Alias(entity.id, Use.NOT, string) for string in entity.not_)
    yield from (Alias(entity.id, Use.CONTEXT, word) for word in entity.context)


def _stands_free(text: str, start: int, end: int) -> bool:
    """Whether the span neither begins nor ends inside a word, a number or an internet address."""
    before = start > 0 and _joined(text[start - 1], text[start])
    after = end < len(text) and _joined(text[end - 1], text[end])
    return not (before or after)


def _joined(left: str, right: str) -> bool:
    if not right.isalnum() or not (left.isalnum() or left == "."):
        return False
    first, last = _UNSPACED
    return not (first <= left <= last or first <= right <= last)
