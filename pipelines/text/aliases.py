"""The strings by which entities are known, found in a text. Pure logic over an Aho-Corasick automaton."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from ahocorasick_rs import AhoCorasick

from pipelines.text.folding import Folded, fold
from pipelines.text.names import LONGEST_ACRONYM
from schemas.watch import Entity


class Use(Enum):
    """What a string is to an entity."""

    NAME = auto()
    """The full name."""
    ALIAS = auto()
    """Another name."""
    SURNAME = auto()
    """The last word of a person's name."""
    NOT = auto()
    """Looks like a name of it and is not."""
    CONTEXT = auto()
    """Vouches for its aliases."""


@dataclass(frozen=True, slots=True)
class Alias:
    """One string, as one entity uses it."""

    entity: Entity
    """Whose it is."""
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
        strings: dict[str, list[Alias]] = {}
        for entity in entities:
            for alias in _of(entity):
                strings.setdefault(fold(alias.written).text.strip(), []).append(alias)
        strings.pop("", None)
        self._aliases: Final = list(strings.values())
        self._automaton: Final = AhoCorasick(list(strings), store_patterns=False)

    def hits(self, folded: Folded) -> list[Hit]:
        """Every string that stands in the text between word boundaries; they may overlap.

        Case is ignored here: whether it may be, depends on the name.
        """
        hits = []
        for index, start, end in self._automaton.find_matches_as_indexes(folded.text, overlapping=True):
            if folded.stands_free(start, end):
                span = folded.original(start, end)
                hits += [Hit(*span, alias) for alias in self._aliases[index]]
        return hits


def _of(entity: Entity) -> Iterator[Alias]:
    for name in (entity.name, *entity.aliases):
        use = Use.NAME if name == entity.name else Use.ALIAS
        yield Alias(entity, use, name)
        if name.isalpha() and name.isupper() and len(name) <= LONGEST_ACRONYM:
            yield Alias(entity, use, ".".join(name) + ".")
    yield from (Alias(entity, Use.NOT, string) for string in entity.not_)
    yield from (Alias(entity, Use.CONTEXT, word) for word in entity.context)
