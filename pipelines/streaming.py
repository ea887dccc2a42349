"""The graph without an end: pages from the intake's Kafka topic, on a runner that is an option, not code.

The topic is read by Beam's Java connector, which keeps its place in the runner's checkpoints. All that Tocsin
learns is in the ledger, where every write is a no-op the second time: after a crash the runner goes back to
its last checkpoint, and what was judged since is found judged.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from apache_beam import Pipeline
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.transforms.error_handling import ErrorHandler

from connectors.kafka.cluster import Cluster
from connectors.kafka.java_client import consumer_properties
from connectors.kafka.messages import Received, poisoned, to_page
from connectors.kafka.store import PageStore
from pipelines.alerting import AlertOnNews
from pipelines.config import Config
from pipelines.config.records import KafkaIntakeConfig
from pipelines.ledger.database import part_of_ledger
from pipelines.transforms.fallible import Emitted, Outcome
from pipelines.transforms.read_kafka import ReadKafkaPages, Topic
from pipelines.transforms.running import check_shared, handing_over
from pipelines.transforms.save import SaveFailures
from schemas.errors import ConfigError, Rejected


class _StreamOptions(PipelineOptions):
    """What a stream is told beside Beam's own options."""

    @classmethod
    def _add_argparse_args(cls, parser: Any) -> None:
        parser.add_argument("--kafka_expansion_service", help="HOST:PORT of a running expansion service.")


def submit_stream(config: Config, beam_args: Sequence[str]) -> None:
    """The job is handed to the runner that the options name; on a cluster it outlives this process.

    Raises:
        ConfigError: pages do not wait on Kafka, or the ledger cannot be shared by several processes.
        Retriable: the brokers do not answer or have no such topic, or the runner does not answer.
    """
    queue = _queue_of(config)
    Cluster(queue.settings).check(queue.topic)
    options = PipelineOptions(list(beam_args), streaming=True)
    topic = Topic(
        name=queue.topic,
        consumer=consumer_properties(queue.settings, queue.group),
        expansion_service=options.view_as(_StreamOptions).kafka_expansion_service,
    )
    with handing_over():
        pipeline = Pipeline(options=options)
        with ErrorHandler(SaveFailures(partial(part_of_ledger, config.ledger, "failures"))) as errors:
            pages = pipeline | "intake" >> ReadKafkaPages(topic, partial(_open_reader, queue.store), errors)
        _ = pages | AlertOnNews(config)
        pipeline.run()


def _queue_of(config: Config) -> KafkaIntakeConfig:
    check_shared(config.ledger)
    if config.intake is None:
        raise ConfigError(
            "a stream reads pages from a Kafka topic, and the configuration names none",
            hint='write kind = "kafka" and bootstrap = "HOST:PORT" under [intake]',
        )
    return config.intake


def _open_reader(store_url: str | None) -> Callable[[Received], Outcome]:
    store = PageStore(store_url) if store_url else None

    def read(message: Received) -> Outcome:
        try:
            return Emitted((to_page(message, store),))
        except Rejected as error:
            return poisoned(message, error, datetime.now(UTC))

    return read
