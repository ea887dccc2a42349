"""A Kafka topic to pages: where an unbounded run begins."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.io.kafka import ReadFromKafka
from apache_beam.transforms.error_handling import ErrorHandler

from pipelines.transforms.fallible import FallibleEach, Outcome
from schemas.items import Page


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as Beam's Java connector reads it."""

    name: str
    consumer: Mapping[str, str]
    """Properties of the Java consumer."""
    expansion_service: str | None
    """HOST:PORT of a running expansion service; None: Beam downloads and starts its own."""


class ReadKafkaPages(beam.PTransform):
    """The pages on a topic, those still to come too; a message that holds none is a failure of `intake`.

    It goes on where the runner's checkpoint says; where there is none, where the consumer's group left off.
    """

    def __init__(
        self, topic: Topic, open_reader: Callable[[], Callable[[Any], Outcome]], errors: ErrorHandler
    ) -> None:
        super().__init__()
        self._topic = topic
        self._open_reader = open_reader
        self._errors = errors

    def expand(self, start: beam.pvalue.PBegin) -> beam.PCollection[Page]:
        """The pages."""
        source = ReadFromKafka(
            dict(self._topic.consumer),
            [self._topic.name],
            commit_offset_in_finalize=True,  # the group's lag can be seen, and a new job begins there
            with_metadata=True,  # headers tell which pages are in the store
            expansion_service=self._topic.expansion_service,
        )
        read = FallibleEach("intake", self._open_reader, self._errors, Page)
        return start.pipeline | "messages" >> source | read
