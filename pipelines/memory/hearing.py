"""What a memory makes of one article: each claim judged once, however many topics it matches."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from pipelines.memory.index import Candidate, Encoders, Heard, MemoryIndex
from pipelines.memory.origins import Families, origin_of
from pipelines.memory.vectors import Vector
from pipelines.memory.verdicts import decide
from pipelines.memory.words import passages_of
from schemas.alerts import ArticleRef, Hearing, Saying, Verdict
from schemas.articles import Article, ClaimedArticle, Match
from schemas.claims import Claim
from schemas.ids import stable_id

Note = Callable[[Claim, Sequence[Candidate]], None]
"""Told a claim and the earlier claims most like it, most alike first."""


def _note_nothing(_: Claim, candidates: Sequence[Candidate]) -> None:
    pass


class Listener:
    """Judges articles against one memory and teaches its index what they say."""

    def __init__(
        self,
        memory: str,
        index: MemoryIndex,
        encoders: Encoders,
        families: Families,
        note: Note = _note_nothing,
    ) -> None:
        """`note` is told what each claim was compared with."""
        self._memory = memory
        self._index = index
        self._encoders = encoders
        self._families = families
        self._note = note

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
        sentences = [list(group) for _, group in groupby(unknown, key=lambda claim: claim.start)]
        vectors = self._encoders.static([claims[0].text for claims in sentences]) if sentences else ()
        sayings = tuple(
            saying
            for claims, vector in zip(sentences, vectors, strict=True)
            for saying in self._judge(claims, vector, reference, copy_of)
        )
        if sayings:
            # An entry without sayings is not logged, and an index must hold nothing that the log does not.
            self._index.learn_passages(article.id, passages)
        return Hearing(
            memory=self._memory, article=reference, copy_of=copy_of, passages=passages, sayings=sayings
        )

    def _judge(
        self, sentence: Sequence[Claim], vector: Vector, article: ArticleRef, copy_of: str | None
    ) -> list[Saying]:
        """What the claims of one sentence are; none of them is an earlier saying of another."""
        candidates = self._index.candidates(sentence, vector)
        for claim in sentence:
            self._note(claim, candidates)
        sayings = [
            _saying(
                claim, article, candidates, origin_of(claim, article, copy_of, candidates, self._families)
            )
            for claim in sentence
        ]
        self._index.learn([Heard(saying, article) for saying in sayings], vector)
        return sayings


def _saying(claim: Claim, article: ArticleRef, candidates: list[Candidate], origin: str) -> Saying:
    decision = decide(claim, article, candidates)
    repeated = decision.verdict is Verdict.REPEAT and decision.story is not None
    return Saying(
        claim=claim,
        story=decision.story if repeated and decision.story else stable_id("story", claim.id),
        verdict=decision.verdict,
        of=None if repeated else decision.story,
        prior=decision.prior,
        conflicts=decision.conflicts,
        origin=origin,
    )


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
