"""What a memory makes of one article: each claim judged once, however many topics it matches."""

from collections.abc import Iterable, Sequence

from pipelines.memory.index import Encoders, Heard, MemoryIndex
from pipelines.memory.origins import Families, origin_of
from pipelines.memory.vectors import Vector
from pipelines.memory.verdicts import decide
from pipelines.memory.words import passages_of
from schemas.alerts import ArticleRef, Hearing, Saying, Verdict
from schemas.articles import Article, ClaimedArticle, Match
from schemas.claims import Claim
from schemas.ids import stable_id


class Listener:
    """Judges articles against one memory and teaches its index what they say."""

    def __init__(self, memory: str, index: MemoryIndex, encoders: Encoders, families: Families) -> None:
        self._memory = memory
        self._index = index
        self._encoders = encoders
        self._families = families

    def hear(self, matches: Sequence[Match]) -> Hearing:
        """What the memory learns from an article that these topics match: its log entry.

        Claims that the memory knows from this very article are not in it. The index has learnt the entry;
        where it then cannot be saved, the index must be thrown away.
        """
        claimed = matches[0].article
        article = claimed.tagged.article
        reference = reference_to(article)
        passages = passages_of(article.text)
        copy_of = self._index.copied_from(article.id, passages)
        unknown = [claim for claim in _matched(claimed, matches) if self._index.find(claim.id) is None]
        vectors = self._encoders.static([claim.text for claim in unknown]) if unknown else ()
        sayings = tuple(
            self._judge(claim, vector, reference, copy_of)
            for claim, vector in zip(unknown, vectors, strict=True)
        )
        if sayings:
            # An entry without sayings is not logged, and an index must hold nothing that the log does not.
            self._index.learn_passages(article.id, passages)
        return Hearing(
            memory=self._memory, article=reference, copy_of=copy_of, passages=passages, sayings=sayings
        )

    def _judge(self, claim: Claim, vector: Vector, article: ArticleRef, copy_of: str | None) -> Saying:
        candidates = self._index.candidates(claim, vector)
        decision = decide(claim, article, candidates)
        repeated = decision.verdict is Verdict.REPEAT and decision.story is not None
        saying = Saying(
            claim=claim,
            story=decision.story if repeated and decision.story else stable_id("story", claim.id),
            verdict=decision.verdict,
            of=None if repeated else decision.story,
            prior=decision.prior,
            conflicts=decision.conflicts,
            origin=origin_of(claim, article, copy_of, candidates, self._families),
        )
        self._index.learn(Heard(saying, article), vector)
        return saying


def _matched(claimed: ClaimedArticle, matches: Iterable[Match]) -> list[Claim]:
    wanted = {claim for match in matches for claim in match.claims}
    return [claim for claim in claimed.claims if claim.id in wanted]


def reference_to(article: Article) -> ArticleRef:
    """What an alert needs to know of the article."""
    return ArticleRef(
        id=article.id,
        url=article.url,
        title=article.title,
        publisher=article.publisher,
        published_at=article.published_at,
        observed_at=article.observed_at,
    )
