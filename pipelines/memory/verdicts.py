"""The decision about one claim, given the earlier claims most like it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from pipelines.memory.differences import differences
from pipelines.memory.index import Candidate
from schemas.alerts import ArticleRef, Difference, Prior, Verdict
from schemas.claims import UNATTRIBUTED, Claim

SAME = 0.43
"""Likeness from which two claims are taken for one; tuned on the ten subjects of labelled real news."""
_CLOSE = 0.6
"""Likeness from which a number or a certainty that was not there before is news about the same fact."""
_ALTERED = 0.4
"""Likeness from which another number or polarity is another value of one fact, not another fact."""
_REDATED = 0.75
"""The same for dates: the same words about another year's meeting are common."""
_COPIED = 0.9
"""Likeness from which the sentence is taken over as it stands."""
_LATER = timedelta(hours=3)
"""From here on another value is taken for the fact moving on, not for two sources at odds."""
_CLEARLY = 0.15
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Decision:
    """What a claim is against the whole memory, with its evidence."""

    verdict: Verdict
    prior: Prior | None
    conflicts: tuple[Prior, ...]
    story: str | None
    """The story that it repeats, updates or contradicts."""


@dataclass(frozen=True, slots=True)
class _Compared:
    candidate: Candidate
    differs: tuple[Difference, ...]

    def evidence(self) -> Prior:
        saying, article = self.candidate.heard.saying, self.candidate.heard.article
        return Prior(
            id=saying.claim.id,
            text=saying.claim.text,
            url=article.url,
            start=saying.claim.start,
            end=saying.claim.end,
            same=self.candidate.same,
            speaker=saying.claim.speaker,
            publisher=article.publisher,
            published_at=article.published_at,
            observed_at=article.observed_at,
            origin=saying.origin,
            differs=self.differs,
        )


def decide(claim: Claim, article: ArticleRef, candidates: list[Candidate]) -> Decision:
    """The verdict on a claim; `candidates` are most alike first.

    Of several claims of one earlier sentence, the one that differs least is compared; what the others state
    adds nothing to it. An earlier claim that agrees in every fact makes it a repeat, unless another that
    disagrees is clearly more alike. Whatever it cannot hold together with is listed as a conflict, also
    beside a repeat.
    """
    compared = [_compared(sentence, claim) for sentence in _by_sentence(candidates)]
    close = [each for each in compared if each.candidate.same >= SAME]
    altered = [each for each in compared if _alters(each)]
    agreeing = [each for each in close if not any(map(_contradicts, each.differs))]
    moved_on = bool(altered) and _moves_on(claim, article, altered[0])
    if agreeing and not (altered and altered[0].candidate.same > agreeing[0].candidate.same + _CLEARLY):
        verdict = _repeat_or_more(agreeing)
        nearest = agreeing[0]
    elif altered:
        verdict = Verdict.UPDATE if moved_on else Verdict.CONFLICT
        nearest = altered[0]
    else:
        return Decision(Verdict.NEW, compared[0].evidence() if compared else None, (), None)
    at_odds = () if moved_on else tuple(each.evidence() for each in altered[:_SHOWN])
    return Decision(verdict, nearest.evidence(), at_odds, nearest.candidate.heard.saying.story)


def _by_sentence(candidates: Iterable[Candidate]) -> Iterable[list[Candidate]]:
    """The candidates, those that stand in one sentence together."""
    sentences: dict[tuple[str, int], list[Candidate]] = {}
    for each in candidates:
        sentences.setdefault((each.heard.article.id, each.heard.saying.claim.start), []).append(each)
    return sentences.values()


def _compared(sentence: Sequence[Candidate], claim: Claim) -> _Compared:
    nearest = sentence[0]
    before = nearest.heard.saying.claim
    if len(sentence) > 1:
        nearest = min(sentence, key=lambda each: _distance(each.heard.saying.claim, claim))
        before = nearest.heard.saying.claim
        said = [each.heard.saying.claim for each in sentence]
        before = replace(
            before,
            quantities=tuple(quantity for each in said for quantity in each.quantities),
            dates=tuple(date for each in said for date in each.dates),
            mentions=tuple(mention for each in said for mention in each.mentions),
            references=tuple(reference for each in said for reference in each.references),
        )
    return _Compared(nearest, differences(before, claim))


def _distance(before: Claim, claim: Claim) -> tuple[int, int, int]:
    """How far apart two claims are: first those that count something else, then by what differs."""
    counted = {quantity.unit for quantity in before.quantities}
    differs = differences(before, claim)
    apart = sum(quantity.unit not in counted for quantity in claim.quantities)
    return apart, sum(map(_contradicts, differs)), len(differs)


def _contradicts(difference: Difference) -> bool:
    """True for another value of a fact; false for a fact that only one of the two states."""
    return difference.kind == "polarity" or (difference.kind != "certainty" and difference.before is not None)


def _alters(each: _Compared) -> bool:
    kinds = {difference.kind for difference in each.differs if _contradicts(difference)}
    if "entity" in kinds:
        return False
    least = _REDATED if kinds == {"date"} else _ALTERED
    return bool(kinds) and each.candidate.same >= least


def _repeat_or_more(agreeing: list[_Compared]) -> Verdict:
    if agreeing[0].candidate.same < _CLOSE:
        return Verdict.REPEAT
    if any(difference.kind == "certainty" for difference in agreeing[0].differs):
        return Verdict.UPDATE
    added = [{each.after for each in earlier.differs if each.kind == "quantity"} for earlier in agreeing]
    return Verdict.UPDATE if set.intersection(*added) else Verdict.REPEAT


def _moves_on(claim: Claim, article: ArticleRef, each: _Compared) -> bool:
    """True where the fact moved or its teller revised it; false where two tellers are at odds.

    The same sentence with another value, from another publisher, is an altered copy, however much later.
    """
    earlier = each.candidate.heard
    if article.publisher is not None and article.publisher == earlier.article.publisher:
        return True
    if any(difference.kind != "quantity" for difference in each.differs if _contradicts(difference)):
        return False
    named = claim.speaker not in (None, UNATTRIBUTED)
    if named and claim.speaker == earlier.saying.claim.speaker:
        return True
    copied = each.candidate.same >= _COPIED
    return not copied and article.observed_at - earlier.article.observed_at >= _LATER
