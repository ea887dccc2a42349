"""Which claims of a matched article are about which of its topics."""

from collections.abc import Iterator, Sequence
from typing import Final

from pipelines.topics.reading import ENTITY, TEXT, TITLE
from schemas.articles import ClaimedArticle, Hit, Match, TopicHits

# Distances in code points, measured: see docs/decisions/0007-claims-about-a-topic.md.
_BETWEEN: Final = 1_500
_AFTER: Final = 400
_BEFORE: Final = 400
_ENDING: Final = 1_200
_UNDER_TITLE: Final = 3_000


def matches_of(article: ClaimedArticle, topics: Sequence[TopicHits]) -> tuple[Match, ...]:
    """The article's match with each of the topics that it matches."""
    return tuple(
        Match(
            topic=each.topic,
            memory=each.memory,
            live=each.live,
            config=each.config,
            article=article,
            hits=each.hits,
            claims=claims_about(article, each.hits),
        )
        for each in topics
    )


def claims_about(article: ClaimedArticle, hits: Sequence[Hit]) -> tuple[str, ...]:
    """The ids of the article's claims that are about the topic whose hits these are, in order.

    A claim is about the topic where it holds a hit, refers back to an entity that a hit names ("the group"),
    stands between two hits that are not far apart, or follows closely on one; so is a short beginning or
    ending, and what a title that names the topic stands over. Where the topic asks for labels only, every
    claim is about it.
    """
    stretches = stretches_about(hits, len(article.tagged.article.text))
    named = _entities_hit(article, hits)
    return tuple(
        claim.id
        for claim in article.claims
        if any(claim.start < end and start < claim.end for start, end in stretches)
        or any(reference.entity in named for reference in claim.references)
    )


def _entities_hit(article: ClaimedArticle, hits: Sequence[Hit]) -> frozenset[str]:
    """The entities whose mentions are hits."""
    spans = {(hit.start, hit.end) for hit in hits if hit.field == TEXT}
    return frozenset(each.entity for each in article.tagged.mentions if (each.start, each.end) in spans)


def stretches_about(hits: Sequence[Hit], length: int) -> tuple[tuple[int, int], ...]:
    """The parts of a text of this length that are about the topic whose hits these are, in order."""
    return tuple(_stretches(hits, length))


def _stretches(hits: Sequence[Hit], length: int) -> Iterator[tuple[int, int]]:
    spans = sorted((hit.start, hit.end) for hit in hits if hit.field == TEXT)
    titled = any(hit.field in (TITLE, ENTITY) for hit in hits)
    if not spans:
        yield 0, _UNDER_TITLE if titled else length
        return
    if titled:
        spans.insert(0, (0, 0))
    start, last = spans[0]
    start = 0 if start <= _BEFORE else start
    for next_start, next_end in spans[1:]:
        if next_start - last > _BETWEEN:
            yield start, last + _AFTER
            start = next_start
        last = max(last, next_end)
    yield start, length if length - last <= _ENDING else last + _AFTER
