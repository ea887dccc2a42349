"""One page through every step, without Beam, and without writing anything."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipelines.config import Config
from pipelines.ledger.database import Ledger
from pipelines.memory.differences import differences
from pipelines.memory.encoders.load import ENCODERS
from pipelines.memory.hearing import Listener
from pipelines.memory.index import Candidate, MemoryIndex
from pipelines.memory.origins import Families
from pipelines.memory.rulings import Desk, rule, stories_of
from pipelines.text.claims import find_claims
from pipelines.text.english.statements import why_no_statement
from pipelines.text.entities import EntityTagger
from pipelines.text.sentences import split_sentences
from pipelines.text.unknown import NameFinder
from pipelines.text.words import words_of
from pipelines.topics.matcher import TopicMatcher
from pipelines.topics.relevance import matches_of, stretches_about
from pipelines.topics.routing import sinks_for
from schemas.alerts import Difference, Judgement
from schemas.articles import Article, ClaimedArticle, Match, TaggedArticle
from schemas.claims import Claim
from schemas.errors import ConfigError
from schemas.failures import Reason
from schemas.record import record


@record
class Unknown:
    """A name that nobody watches."""

    start: int
    """First code point in the article's text."""
    end: int
    """One past the last code point."""
    text: str
    """The name as used."""


@record
class Silence:
    """A sentence that gave no claim."""

    start: int
    """First code point in the article's text."""
    end: int
    """One past the last code point."""
    text: str
    """The sentence."""
    why: str
    """What it is instead of a statement."""


@record
class Reach:
    """How far an article is about a topic that it matches."""

    topic: str
    """Topic id."""
    parts: tuple[tuple[int, int], ...]
    """The parts of the text that are about it: those around and between its hits."""
    left_out: tuple[str, ...]
    """Ids of the claims outside these parts."""


@record
class Compared:
    """An earlier claim that a claim was compared with."""

    claim: str
    """Id of the claim."""
    prior: str
    """Id of the earlier one."""
    text: str
    """Its sentence."""
    url: str
    """Where it stands."""
    same: float
    """How alike the two are, 0..1."""
    differs: tuple[Difference, ...]
    """What the later claim says otherwise."""


@record
class Ending:
    """What comes of the article for a topic that it matches."""

    topic: str
    """Topic id."""
    sinks: tuple[str, ...]
    """Where an alert goes; none where there is none, or nobody subscribes."""
    alert: str | None
    """Id of the alert."""
    reason: Reason | None
    """Why there is none."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every record that one article becomes on its way, and every decision."""

    claimed: ClaimedArticle
    unknown: tuple[Unknown, ...]
    silences: tuple[Silence, ...]
    matches: tuple[Match, ...]
    reaches: tuple[Reach, ...]
    judgements: tuple[Judgement, ...]
    compared: tuple[Compared, ...]
    endings: tuple[Ending, ...]
    unmatched: tuple[str, ...]
    """Ids of the other topics."""
    errors: tuple[ConfigError, ...]
    """Why topics were left out, one for each."""


def explain_articles(
    articles: Iterable[Article], config: Config, ledger: Ledger, names: NameFinder
) -> Iterator[Explanation]:
    """One explanation for each article, judged against what the ledger has heard."""
    tagger = EntityTagger(config.entities)
    matcher = TopicMatcher(config.topics, config.digest)
    for article in articles:
        claimed = find_claims(tagger.tag(article))
        matches = matches_of(claimed, matcher.match(claimed.tagged))
        matched = {match.topic for match in matches}
        judged = [_judge(together, config, ledger) for together in _by_memory(matches)]
        yield Explanation(
            claimed=claimed,
            unknown=tuple(_unknown(claimed.tagged, names)),
            silences=tuple(_silences(claimed)),
            matches=matches,
            reaches=tuple(map(_reach, matches)),
            judgements=tuple(each for judgements, _, _ in judged for each in judgements),
            compared=tuple(each for _, compared, _ in judged for each in compared),
            endings=tuple(each for _, _, endings in judged for each in endings),
            unmatched=tuple(topic.id for topic in config.topics if topic.id not in matched),
            errors=matcher.errors,
        )


def _unknown(tagged: TaggedArticle, names: NameFinder) -> Iterator[Unknown]:
    text = tagged.article.text
    for name in names.names(text):
        if not any(each.start < name.end and name.start < each.end for each in tagged.mentions):
            yield Unknown(start=name.start, end=name.end, text=text[name.start : name.end])


def _silences(claimed: ClaimedArticle) -> Iterator[Silence]:
    article = claimed.tagged.article
    said = {claim.start for claim in claimed.claims}
    for start, end in split_sentences(article.text, article.language):
        if start not in said:
            sentence = article.text[start:end]
            otherwise = "satire" if article.satire else "too long for a sentence"
            why = why_no_statement(sentence, words_of(sentence)) or otherwise
            yield Silence(start=start, end=end, text=sentence, why=why)


def _reach(match: Match) -> Reach:
    parts = stretches_about(match.hits, len(match.article.tagged.article.text))
    about = set(match.claims)
    left_out = tuple(claim.id for claim in match.article.claims if claim.id not in about)
    return Reach(topic=match.topic, parts=parts, left_out=left_out)


def _by_memory(matches: Sequence[Match]) -> Iterator[list[Match]]:
    for _, together in groupby(sorted(matches, key=_memory_of), key=_memory_of):
        yield list(together)


def _memory_of(match: Match) -> str:
    return match.memory


def _judge(
    matches: Sequence[Match], config: Config, ledger: Ledger
) -> tuple[tuple[Judgement, ...], list[Compared], list[Ending]]:
    """What one memory makes of the article, as if these topics met it for the first time."""
    memory, index = matches[0].memory, MemoryIndex(ENCODERS)
    compared: list[Compared] = []

    def note(claim: Claim, candidates: Sequence[Candidate]) -> None:
        compared.extend(_compared(claim, each) for each in candidates)

    with ledger.memories.judging(memory) as judging:
        for position, hearing in judging.since(0):
            index.fold(position, hearing)
        hearing = Listener(memory, index, ENCODERS, Families(config.publishers), note).hear(matches)
        heard = judging.heard([match.topic for match in matches], stories_of(matches, index))
        before = judging.judged(hearing.article.id, [match.topic for match in matches])
    sinks = {match.topic: sinks_for(match.topic, config.subscriptions) for match in matches}
    desk = Desk(topics={topic.id: topic for topic in config.topics}, sinks=sinks)
    ruling = rule(matches, hearing, index, heard, desk)
    endings = [
        Ending(
            topic=each.topic,
            sinks=sinks[each.topic] if each.alert and each.topic not in before else (),
            alert=None if each.topic in before else each.alert,
            reason=Reason.JUDGED if each.topic in before else each.reason,
        )
        for each in ruling.settled
    ]
    return ruling.judgements, compared, endings


def _compared(claim: Claim, candidate: Candidate) -> Compared:
    prior = candidate.heard.saying.claim
    return Compared(
        claim=claim.id,
        prior=prior.id,
        text=prior.text,
        url=candidate.heard.article.url,
        same=candidate.same,
        differs=differences(prior, claim),
    )
