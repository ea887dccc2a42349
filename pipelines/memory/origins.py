"""Who stands behind a claim: pages are many, origins few."""

from collections.abc import Iterable

from pipelines.memory.index import Candidate
from pipelines.memory.verdicts import SAME
from pipelines.memory.words import words_of
from schemas.alerts import ArticleRef
from schemas.claims import Claim
from schemas.watch import Publisher

_VERBATIM_WORDS = 8


class Families:
    """Publishers by owner: publishers of one owner are one origin."""

    def __init__(self, publishers: Iterable[Publisher]) -> None:
        self._owners = {publisher.id: publisher.owner or publisher.id for publisher in publishers}

    def of(self, article: ArticleRef) -> str:
        """The owner family of the article's publisher; an unnamed publisher stands for itself."""
        if article.publisher is None:
            return f"page:{article.url}"
        return self._owners.get(article.publisher, article.publisher)


def origin_of(
    claim: Claim, article: ArticleRef, copy_of: str | None, priors: list[Candidate], families: Families
) -> str:
    """The independent origin of a claim; `priors` are most alike first.

    A sentence taken word for word shares the origin of where it stood first; so does a reworded one in an
    article that copies the passage. Everything else is credited to the publisher's family.
    """
    for prior in priors:
        earlier = prior.heard
        if prior.same < SAME:
            break
        if copy_of == earlier.article.id or _verbatim(claim.text, earlier.saying.claim.text):
            return earlier.saying.origin
    return families.of(article)


def _verbatim(one: str, other: str) -> bool:
    words = words_of(one)
    return len(words) >= _VERBATIM_WORDS and words == words_of(other)
