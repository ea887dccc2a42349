"""Which entities an article names, and where. Pure logic."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from pipelines.text.aliases import AliasTable, Hit, Use
from pipelines.text.claimants import settle
from pipelines.text.folding import Folded, fold
from pipelines.text.names import may_be
from pipelines.text.references import find_references
from pipelines.text.surnames import alone, borne_by_others, part_of_longer_name, people_named
from pipelines.text.variants import VariantIndex
from schemas.articles import Article, TaggedArticle
from schemas.claims import Mention
from schemas.watch import Entity

_NAMES: Final = frozenset({Use.NAME, Use.ALIAS})


@dataclass(frozen=True, slots=True)
class _Part:
    """A title or a text, with what the tables find in it."""

    text: str
    folded: Folded
    names: Sequence[Hit]
    """Names and aliases that may be meant; they may overlap."""
    vouched: AbstractSet[str]
    """Ids of the entities whose context stands here."""


class EntityTagger:
    """Finds the names of a table of entities; built once, then safe to share. Not picklable.

    Names are compared without accents, whatever their apostrophes, hyphens and spaces, at word boundaries;
    `may_be` says when case counts. Long names count in other spellings too. The longest name wins. A name
    that several entities claim goes to the one that the rest of the article speaks of, or to nobody. After a
    person's full name the surname alone counts, where the article names nobody else who bears it.
    """

    def __init__(self, entities: Sequence[Entity]) -> None:
        """Builds the tables, in time linear in the length of all names."""
        self._table: Final = AliasTable(entities)
        self._variants: Final = VariantIndex(entities)
        self._entities: Final = {entity.id: entity for entity in entities}

    def tag(self, article: Article) -> TaggedArticle:
        """The article with the mentions in its text, and the entities that its title names."""
        title, text = self._read(article.title or ""), self._read(article.text)
        parts = (title.folded, text.folded)
        vouched = title.vouched | text.vouched
        titled = settle(_counting(title, vouched | _named_in_full(title.names).keys(), {}), parts)
        since = _named_in_full(text.names) | dict.fromkeys(_named_in_full(titled), 0)
        named = settle(_counting(text, vouched, since), parts)
        people = people_named([(title.text, titled), (text.text, named)])
        people = {
            entity: person
            for entity, person in people.items()
            if not any(borne_by_others(part.text, part.folded, person) for part in (title, text))
        }
        since = _first_places(named) | dict.fromkeys(_first_places(titled), 0)
        titled = settle([*titled, *alone(title.text, title.folded, people.values())], parts)
        bare = [
            hit
            for hit in alone(text.text, text.folded, people.values())
            if hit.start >= since[hit.alias.entity.id]
        ]
        mentions = tuple(_mention(text.text, hit) for hit in settle([*named, *bare], parts))
        return TaggedArticle(
            article=article,
            mentions=mentions,
            references=find_references(text.text, mentions, self._entities),
            title_entities=tuple(sorted({hit.alias.entity.id for hit in titled})),
        )

    def _read(self, text: str) -> _Part:
        folded = fold(text)
        hits = self._table.hits(folded)
        as_written = {(hit.start, hit.end) for hit in hits}
        hits += [hit for hit in self._variants.hits(text) if (hit.start, hit.end) not in as_written]
        blocked = _blocked(len(text), hits)
        names = [
            hit
            for hit in hits
            if hit.alias.use in _NAMES
            and may_be(hit.alias.written, text[hit.start : hit.end])
            and not _covered(blocked.get(hit.alias.entity.id), hit)
            and not part_of_longer_name(text, hit)
        ]
        vouched = {hit.alias.entity.id for hit in hits if hit.alias.use is Use.CONTEXT}
        return _Part(text, folded, names, vouched)


def _blocked(length: int, hits: Iterable[Hit]) -> Mapping[str, bytearray]:
    """For each entity with a string that looks like a name and is not: where such strings stand."""
    blocked: dict[str, bytearray] = {}
    for hit in hits:
        if hit.alias.use is Use.NOT:
            cover = blocked.setdefault(hit.alias.entity.id, bytearray(length))
            cover[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
    return blocked


def _covered(cover: bytearray | None, hit: Hit) -> bool:
    return cover is not None and cover.find(0, hit.start, hit.end) == -1


def _first_places(hits: Iterable[Hit]) -> dict[str, int]:
    """Where each entity is named first."""
    return {hit.alias.entity.id: hit.start for hit in sorted(hits, key=lambda hit: -hit.start)}


def _named_in_full(hits: Iterable[Hit]) -> dict[str, int]:
    """Where each entity is first named by its full name."""
    return _first_places(hit for hit in hits if hit.alias.use is Use.NAME)


def _counting(part: _Part, vouched: AbstractSet[str], since: Mapping[str, int]) -> list[Hit]:
    """The names that count: an ambiguous alias does after its entity's full name, or in its context."""
    return [
        hit
        for hit in part.names
        if hit.alias.use is Use.NAME
        or not hit.alias.entity.context
        or hit.alias.entity.id in vouched
        or hit.start >= since.get(hit.alias.entity.id, len(part.text))
    ]


def _mention(text: str, hit: Hit) -> Mention:
    return Mention(entity=hit.alias.entity.id, start=hit.start, end=hit.end, text=text[hit.start : hit.end])
