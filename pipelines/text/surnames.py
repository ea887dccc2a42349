"""People who are named in full, and where their surnames stand alone after that. Pure logic."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipelines.text.aliases import Alias, Hit, Use
from pipelines.text.folding import Folded, fold
from pipelines.text.names import followed_by_name, may_be, names_before, surname
from pipelines.text.spelling import latin, same_sound
from schemas.watch import Entity


@dataclass(frozen=True, slots=True)
class Person:
    """An entity that an article names as a person is named."""

    entity: Entity
    """Who."""
    words: set[str]
    """The words of the names used, in small letters."""
    surnames: set[str]
    """The last names, as configured and as the article spells them."""


def people_named(parts: Iterable[tuple[str, Sequence[Hit]]]) -> dict[str, Person]:
    """By entity id, those whose full name stands in one of the texts with their hits."""
    people: dict[str, Person] = {}
    for text, hits in parts:
        for hit in hits:
            if last := surname(hit.alias.written):
                seen = text[hit.start : hit.end].split()
                entity = hit.alias.entity
                person = people.setdefault(entity.id, Person(entity, set(), set()))
                person.words.update(word.lower() for word in (*hit.alias.written.split(), *seen))
                person.surnames.add(last)
                person.surnames.update(word for word in seen[1:] if _spelt_otherwise(word, last))
    return people


def _spelt_otherwise(word: str, last: str) -> bool:
    return word[0].isupper() and fold(word) != fold(last) and same_sound(latin(word), latin(last))


def borne_by_others(text: str, folded: Folded, person: Person) -> bool:
    """Whether one of the person's surnames follows somebody else's first name in the text."""
    return any(before and not _fits(person, before) for _, before in _surnames(text, folded, person))


def alone(text: str, folded: Folded, people: Iterable[Person]) -> Iterator[Hit]:
    """Where the surnames of these people stand without a name on either side but for their own first one."""
    for person in people:
        for hit, before in _surnames(text, folded, person):
            if (not before or _fits(person, before)) and not followed_by_name(text, hit.end):
                yield hit


def part_of_longer_name(text: str, hit: Hit) -> bool:
    """Whether a hit by one word of a person's name is part of somebody else's: "David" in "David Cane"."""
    words = hit.alias.entity.name.split()
    if hit.alias.written not in words or not surname(hit.alias.entity.name):
        return False
    before = names_before(text, hit.start)
    person = Person(hit.alias.entity, {word.lower() for word in words}, set())
    return bool(before and not _fits(person, before)) or followed_by_name(text, hit.end)


def _surnames(text: str, folded: Folded, person: Person) -> Iterator[tuple[Hit, Sequence[str]]]:
    """Where the surnames stand, with the names right before them."""
    for name in person.surnames:
        alias = Alias(person.entity, Use.SURNAME, name)
        for start, end in folded.places(fold(name).text):
            if may_be(name, text[start:end]):
                yield Hit(start, end, alias), names_before(text, start)


def _fits(person: Person, before: Sequence[str]) -> bool:
    """Whether one of the names before a surname is the person's, or its initial."""
    for name in before:
        bare = name.strip(".").lower()
        if bare in person.words or (len(bare) == 1 and any(word.startswith(bare) for word in person.words)):
            return True
    return False
