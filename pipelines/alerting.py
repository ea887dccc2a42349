"""The graph: what happens between a page and an alert.

Page -> extract -> Article* -> tag -> TaggedArticle -> save -> find claims -> ClaimedArticle
     -> match topics -> Match* -> judge -> Alert

Each step is a file of that name under `transforms`; each record that enters a step leaves it exactly once:
emitted, dropped with a reason, or failed with a reason and kept. Batch and stream differ only in where the
pages come from.
"""

from functools import cache, partial
from typing import Any

import apache_beam as beam
from apache_beam.transforms.error_handling import ErrorHandler

from pipelines.coders import register_coders
from pipelines.config import Config
from pipelines.ledger.database import Ledger, open_ledger
from pipelines.memory.rulings import Desk
from pipelines.topics.routing import sinks_for
from pipelines.transforms.claim import FindClaims
from pipelines.transforms.extract import ExtractArticles
from pipelines.transforms.judge import JudgeClaims
from pipelines.transforms.match import MatchTopics
from pipelines.transforms.save import SaveArticles, SaveFailures
from pipelines.transforms.tag import TagEntities
from schemas.alerts import Alert
from schemas.items import Page


class AlertOnNews(beam.PTransform):
    """The alerts that the pages give under a configuration; all that is learnt is in its ledger."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self._config = config

    def expand(self, pages: beam.PCollection[Page]) -> beam.PCollection[Alert]:
        """The alerts, already written to the ledger's outbox."""
        config = self._config
        ledger = partial(part_of_ledger, config.ledger)
        with ErrorHandler(SaveFailures(partial(ledger, "failures"))) as errors:
            return (
                pages
                | "extract" >> ExtractArticles(config.publishers, config.extraction, errors)
                | "tag" >> TagEntities(config.entities, errors)
                | "save" >> SaveArticles(partial(ledger, "articles"), errors)
                | "claim" >> FindClaims(errors)
                | "match" >> MatchTopics(config.topics, config.digest, errors)
                | "judge"
                >> JudgeClaims(partial(ledger, "memories"), _desk(config), config.publishers, errors)
            )


def part_of_ledger(url: str, name: str) -> Any:
    """One part of the ledger, such as its articles, in whichever process this runs."""
    return getattr(_ledger(url), name)


@cache
def _ledger(url: str) -> Ledger:
    """One for each process: its connections and the indexes of its memories outlive a cycle."""
    return open_ledger(url)


def _desk(config: Config) -> Desk:
    return Desk(
        topics={topic.id: topic for topic in config.topics},
        sinks={topic.id: sinks_for(topic.id, config.subscriptions) for topic in config.topics},
    )


register_coders()
