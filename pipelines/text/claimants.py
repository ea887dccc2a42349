"""Who is meant, where names overlap or several entities claim one. Pure logic."""

from collections.abc import Iterable, Mapping, Sequence

from pipelines.text.aliases import Hit
from pipelines.text.folding import Folded, fold
from pipelines.text.words import words_of
from schemas.watch import Entity

_TELLING = 4
"""Letters of the shortest word that can tell which of several entities an article is about."""


def settle(hits: Iterable[Hit], article: Sequence[Folded]) -> list[Hit]:
    """Hits without overlaps, the longest kept, in order.

    A span that several entities claim goes to the one that is named elsewhere, else to the one whose own
    words ("rugby", where all of them are called England) the article holds more of, else to nobody.
    """
    kept = _longest(hits)
    sure = {entity for claimants in kept if len(claimants) == 1 for entity in claimants}
    settled = [hit for claimants in kept if (hit := _meant(claimants, sure, article))]
    return sorted(settled, key=lambda hit: hit.start)


def _longest(hits: Iterable[Hit]) -> list[Mapping[str, Hit]]:
    """For each span that is kept, the hits that claim it, by entity."""
    claims: dict[tuple[int, int], dict[str, Hit]] = {}
    for hit in hits:
        claims.setdefault((hit.start, hit.end), {}).setdefault(hit.alias.entity.id, hit)
    taken = bytearray(max((end for _, end in claims), default=0))
    kept: list[Mapping[str, Hit]] = []
    for start, end in sorted(claims, key=lambda span: (span[0] - span[1], span[0])):
        if taken.find(1, start, end) == -1:
            taken[start:end] = b"\1" * (end - start)
            kept.append(claims[start, end])
    return kept


def _meant(claimants: Mapping[str, Hit], sure: set[str], article: Sequence[Folded]) -> Hit | None:
    if len(claimants) == 1:
        return next(iter(claimants.values()))
    named = [hit for entity, hit in claimants.items() if entity in sure]
    if named:
        return named[0] if len(named) == 1 else None
    words = {entity: _words_of(hit.alias.entity) for entity, hit in claimants.items()}
    said = {word for part in article for word in words_of(part.text)}
    held = {entity: len((own - _others(words, entity)) & said) for entity, own in words.items()}
    best, second = sorted(held, key=lambda entity: -held[entity])[:2]
    return claimants[best] if held[best] > held[second] else None


def _words_of(entity: Entity) -> set[str]:
    """The words of its names and of its context that are long enough to tell something."""
    strings = " ".join((entity.name, *entity.aliases, *entity.context))
    return {word for word in words_of(fold(strings).text) if len(word) >= _TELLING}


def _others(words: Mapping[str, set[str]], entity: str) -> set[str]:
    return {word for other, own in words.items() if other != entity for word in own}
