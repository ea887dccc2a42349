"""The graph: what happens between a page and an alert.

Page -> extract -> Article* -> tag -> TaggedArticle -> save -> match topics -> MatchedArticle
     -> find claims -> Match* -> judge -> Alert

Topics come before claims: most articles match nothing, and nobody asks what those claim.

Each step is a file of that name under `transforms`; each record that enters a step leaves it exactly once:
emitted, dropped with a reason, or failed with a reason and kept. Batch and stream differ only in where the
pages come from.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.transforms.error_handling import ErrorHandler

from pipelines.coders import register_coders
from pipelines.config import Config
from pipelines.ledger.database import part_of_ledger
from pipelines.memory.rulings import Desk
from pipelines.topics.routing import sinks_for
from pipelines.transforms.claim import FindClaims
from pipelines.transforms.extract import ExtractArticles
from pipelines.transforms.judge import AS_THEY_COME, Bench, JudgeClaims, Turns
from pipelines.transforms.match import MatchTopics
from pipelines.transforms.save import SaveArticles, SaveFailures
from pipelines.transforms.tag import TagEntities
from schemas.alerts import Alert
from schemas.items import Page


class AlertOnNews(beam.PTransform):
    """The alerts that the pages give under a configuration; all that is learnt is in its ledger."""

    def __init__(self, config: Config, turns: Turns = AS_THEY_COME) -> None:
        super().__init__()
        self._config = config
        self._turns = turns

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
                | "match" >> MatchTopics(config.topics, config.digest, errors)
                | "claim" >> FindClaims(errors)
                | "judge" >> JudgeClaims(self._bench(partial(ledger, "memories")), errors)
            )

    def _bench(self, open_log: Callable[[], Any]) -> Bench:
        config = self._config
        desk = Desk(
            topics={topic.id: topic for topic in config.topics},
            sinks={topic.id: sinks_for(topic.id, config.subscriptions) for topic in config.topics},
        )
        return Bench(open_log=open_log, desk=desk, publishers=config.publishers, turns=self._turns)


register_coders()
