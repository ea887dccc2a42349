"""One page through every step, without Beam, and without writing anything."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from pipelines.config import Config
from pipelines.ledger.database import Ledger
from pipelines.memory.encoders.load import ENCODERS
from pipelines.memory.hearing import Listener
from pipelines.memory.index import MemoryIndex
from pipelines.memory.origins import Families
from pipelines.memory.rulings import judgements_for, stories_of
from pipelines.text.claims import find_claims
from pipelines.text.entities import EntityTagger
from pipelines.text.extract import extract_articles
from pipelines.text.publishers import PublisherTable
from pipelines.topics.matcher import TopicMatcher
from pipelines.topics.relevance import matches_of
from schemas.alerts import Judgement
from schemas.articles import ClaimedArticle, Match
from schemas.items import Page


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every record that one article becomes on its way."""

    claimed: ClaimedArticle
    matches: tuple[Match, ...]
    judgements: tuple[Judgement, ...]


def explain_page(page: Page, config: Config, ledger: Ledger) -> Iterator[Explanation]:
    """One explanation for each article of the page, judged against what the ledger has heard."""
    tagger = EntityTagger(config.entities)
    matcher = TopicMatcher(config.topics, config.digest)
    for article in extract_articles(page, PublisherTable(config.publishers)):
        claimed = find_claims(tagger.tag(article))
        matches = matches_of(claimed, matcher.match(claimed.tagged))
        yield Explanation(claimed, matches, tuple(_judge(matches, config, ledger)))


def _judge(matches: tuple[Match, ...], config: Config, ledger: Ledger) -> Iterator[Judgement]:
    for memory, grouped in groupby(sorted(matches, key=_memory_of), key=_memory_of):
        together = list(grouped)
        index = MemoryIndex(ENCODERS)
        with ledger.memories.judging(memory) as judging:
            for position, hearing in judging.since(0):
                index.fold(position, hearing)
            Listener(memory, index, ENCODERS, Families(config.publishers)).hear(together)
            heard = judging.heard([match.topic for match in together], stories_of(together, index))
        for match in together:
            yield from judgements_for(match, index, heard)


def _memory_of(match: Match) -> str:
    return match.memory
