"""What a memory's verdicts mean for each topic: findings, and the one alert of an article for a topic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.memory.hearing import reference_to
from pipelines.memory.index import MemoryIndex
from pipelines.memory.log import Delivery, Ruling, Settled
from schemas.alerts import Alert, Finding, Hearing, Judgement, Saying, Verdict
from schemas.articles import Match
from schemas.failures import Reason
from schemas.ids import stable_id
from schemas.watch import Topic

_STRENGTH = (Verdict.CONFLICT, Verdict.UPDATE, Verdict.NEW)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the people who watch have set: topics by id, and the sinks that each topic's alerts go to."""

    topics: Mapping[str, Topic]
    sinks: Mapping[str, tuple[str, ...]]


def rule(
    matches: Sequence[Match],
    hearing: Hearing,
    index: MemoryIndex,
    heard: frozenset[tuple[str, str]],
    desk: Desk,
) -> Ruling:
    """All that judging one article changes.

    `matches` are those topics of one memory that this article was not judged for before; `heard` holds the
    pairs (topic, story) that a topic had heard before this article.
    """
    judgements: list[Judgement] = []
    alerts: list[Alert] = []
    settled: list[Settled] = []
    for match in matches:
        mine = judgements_for(match, index, heard)
        alert = _alert(match, mine, desk.topics[match.topic])
        judgements += mine
        alerts += [alert] if alert else []
        settled.append(_settle(match, mine, alert))
    deliveries = [Delivery(alert=alert.id, sink=sink) for alert in alerts for sink in desk.sinks[alert.topic]]
    return Ruling(
        hearing=hearing if hearing.sayings else None,
        judgements=tuple(judgements),
        alerts=tuple(alerts),
        settled=tuple(settled),
        deliveries=tuple(deliveries),
    )


def stories_of(matches: Sequence[Match], index: MemoryIndex) -> set[str]:
    """The stories whose hearing by a topic matters to these matches: their claims' and what those update."""
    sayings = [heard.saying for match in matches for claim in match.claims if (heard := index.find(claim))]
    return {story for saying in sayings for story in (saying.story, saying.of) if story}


def judgements_for(match: Match, index: MemoryIndex, heard: frozenset[tuple[str, str]]) -> list[Judgement]:
    """What each of the match's claims is for its topic; the index must have heard them."""
    known = {story for topic, story in heard if topic == match.topic}
    article = reference_to(match.article.tagged.article)
    judgements = []
    for claim in match.claims:
        found = index.find(claim)
        if found is None:
            raise LookupError(f"claim {claim} was not heard before its topic's verdict")
        saying = found.saying
        judgements.append(
            Judgement(
                topic=match.topic,
                verdict=_verdict_for_topic(saying, known),
                story=saying.story,
                of=saying.of,
                claim=saying.claim,
                prior=saying.prior,
                conflicts=saying.conflicts,
                article=article,
                origin=saying.origin,
                origins=index.origins(saying.story),
                first=index.first(saying.story),
            )
        )
        known.add(saying.story)
    return judgements


def _verdict_for_topic(saying: Saying, known: set[str]) -> Verdict:
    """A story that the topic never heard is new for it, whoever else heard it."""
    if saying.story in known:
        return Verdict.REPEAT
    if saying.of in known:
        return saying.verdict
    return Verdict.NEW


def _alert(match: Match, judgements: list[Judgement], topic: Topic) -> Alert | None:
    findings = [_finding(each) for each in judgements if _is_news(each, topic)]
    if not findings or not match.live:
        return None
    article = reference_to(match.article.tagged.article)
    return Alert(
        id=stable_id("alert", match.topic, article.id),
        topic=match.topic,
        article=article,
        findings=tuple(sorted(findings, key=_strongest_first)),
        matched=tuple(sorted({hit.term for hit in match.hits})),
        created_at=article.observed_at,
        config=match.config,
    )


def _is_news(judgement: Judgement, topic: Topic) -> bool:
    return judgement.verdict in topic.findings and judgement.claim.worth >= topic.worth


def _strongest_first(finding: Finding) -> tuple[int, float, int]:
    return _STRENGTH.index(finding.kind), -finding.claim.worth, finding.claim.start


def _finding(judgement: Judgement) -> Finding:
    return Finding(
        kind=judgement.verdict,
        story=judgement.story,
        claim=judgement.claim,
        prior=judgement.prior,
        conflicts=judgement.conflicts,
        origin=judgement.origin,
        origins=judgement.origins,
        first=judgement.first,
    )


def _settle(match: Match, judgements: list[Judgement], alert: Alert | None) -> Settled:
    if alert:
        reason = None
    elif not judgements:
        reason = Reason.OFF_TOPIC
    elif not match.live and any(each.verdict is not Verdict.REPEAT for each in judgements):
        reason = Reason.SHADOW
    else:
        reason = Reason.HEARD
    return Settled(
        topic=match.topic,
        article=match.article.tagged.article.id,
        alert=alert.id if alert else None,
        reason=reason,
    )
