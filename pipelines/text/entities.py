"""Which entities an article names, and where. Pure logic."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from pipelines.text.aliases import AliasTable, Hit, Use
from pipelines.text.names import followed_by_name, may_be, names_before, surname
from schemas.articles import Article, TaggedArticle
from schemas.claims import Mention
from schemas.watch import Entity


class EntityTagger:
    """Finds the names of a table of entities; built once, then safe to share. Not picklable.

    Names are compared without accents, whatever their apostrophes, hyphens and spaces, at word boundaries;
    `may_be` says when case counts. The longest name wins. A name that several entities claim goes to the one
    of them that is named elsewhere, or to nobody. After a person's full name the surname alone counts, where
    no other person bears it.
    """

    def __init__(self, entities: Sequence[Entity]) -> None:
        """Builds the table of aliases, in time linear in the length of all names."""
        self._table: Final = AliasTable(entities)
        self._need_context: Final = frozenset(entity.id for entity in entities if entity.context)

    def tag(self, article: Article) -> TaggedArticle:
        """The article with the mentions in its text, and the entities that its title names."""
        title, text = article.title or "", article.text
        in_title, in_text = self._table.hits(title), self._table.hits(text)
        vouched = {hit.alias.entity for hit in (*in_title, *in_text) if hit.alias.use is Use.CONTEXT}
        unsure = self._need_context - vouched
        titled, named = _names(title, in_title, unsure), _names(text, in_text, unsure)
        people = _people((*titled, *named))
        others = _borne_by_others(title, in_title, people) | _borne_by_others(text, in_text, people)
        since = {hit.alias.entity: hit.start for hit in reversed(named)}
        since.update(dict.fromkeys((hit.alias.entity for hit in titled), 0))
        alone = {entity: words for entity, words in people.items() if entity not in others}
        named = _longest(
            [*named, *(hit for hit in _alone(text, in_text, alone) if hit.start >= since[hit.alias.entity])]
        )
        titled = _longest([*titled, *_alone(title, in_title, alone)])
        return TaggedArticle(
            article=article,
            mentions=tuple(_mention(text, hit) for hit in named),
            title_entities=tuple(sorted({hit.alias.entity for hit in titled})),
        )


def _names(text: str, hits: Sequence[Hit], unsure: AbstractSet[str]) -> list[Hit]:
    """The full names and aliases that count, without overlaps, in order."""
    blocked = _blocked(len(text), hits)
    return _longest(
        hit
        for hit in hits
        if (hit.alias.use is Use.NAME or (hit.alias.use is Use.ALIAS and hit.alias.entity not in unsure))
        and may_be(hit.alias.written, text[hit.start : hit.end])
        and not _covered(blocked.get(hit.alias.entity), hit)
    )


def _blocked(length: int, hits: Iterable[Hit]) -> Mapping[str, bytearray]:
    """For each entity with a string that looks like a name and is not: where such strings stand."""
    blocked: dict[str, bytearray] = {}
    for hit in hits:
        if hit.alias.use is Use.NOT:
            cover = blocked.setdefault(hit.alias.entity, bytearray(length))
            cover[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
    return blocked


def _covered(cover: bytearray | None, hit: Hit) -> bool:
    return cover is not None and cover.find(0, hit.start, hit.end) == -1


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """Hits without overlaps, the longest kept, in order.

    A span that several entities claim goes to the one of them that is named elsewhere, or to nobody.
    """
    claims: dict[tuple[int, int], dict[str, Hit]] = {}
    for hit in hits:
        claims.setdefault((hit.start, hit.end), {})[hit.alias.entity] = hit
    taken = bytearray(max((end for _, end in claims), default=0))
    kept = []
    for start, end in sorted(claims, key=lambda span: (span[0] - span[1], span[0])):
        if taken.find(1, start, end) == -1:
            taken[start:end] = b"\1" * (end - start)
            kept.append(claims[start, end])
    sure = {entity for claimants in kept if len(claimants) == 1 for entity in claimants}
    settled = (
        [hit for entity, hit in claimants.items() if len(claimants) == 1 or entity in sure]
        for claimants in kept
    )
    return sorted((ones[0] for ones in settled if len(ones) == 1), key=lambda hit: hit.start)


def _people(named: Iterable[Hit]) -> Mapping[str, AbstractSet[str]]:
    """Those of the named entities whose full name looks like a person's, with the words of their names."""
    people: dict[str, set[str]] = {}
    for hit in named:
        if surname(hit.alias.written):
            people.setdefault(hit.alias.entity, set()).update(hit.alias.written.split())
    return people


def _surnames(
    text: str, hits: Iterable[Hit], people: Mapping[str, AbstractSet[str]]
) -> Iterator[tuple[Hit, Sequence[str]]]:
    """Where the surnames of these people stand, with the names right before them."""
    for hit in hits:
        if (
            hit.alias.use is Use.SURNAME
            and hit.alias.entity in people
            and may_be(hit.alias.written, text[hit.start : hit.end])
        ):
            yield hit, names_before(text, hit.start)


def _borne_by_others(text: str, hits: Iterable[Hit], people: Mapping[str, AbstractSet[str]]) -> set[str]:
    """Those of the people whose surname follows somebody else's first name in the text."""
    return {
        hit.alias.entity
        for hit, before in _surnames(text, hits, people)
        if before and people[hit.alias.entity].isdisjoint(before)
    }


def _alone(text: str, hits: Iterable[Hit], people: Mapping[str, AbstractSet[str]]) -> Iterator[Hit]:
    """Where the surnames of these people stand without another name on either side."""
    return (
        hit
        for hit, before in _surnames(text, hits, people)
        if not before and not followed_by_name(text, hit.end)
    )


def _mention(text: str, hit: Hit) -> Mention:
    return Mention(entity=hit.alias.entity, start=hit.start, end=hit.end, text=text[hit.start : hit.end])
