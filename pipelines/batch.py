"""Archives through the graph, in the shadow of the live run: judged and remembered, and nobody is paged.

What an archive says was said when it was observed, by its own clock where it has one. A match that was
observed at a moment which the live run has not come to yet is parked in the ledger and judged in its turn, as
among several workers: an archive takes "first" from no page that waits. Read again, it changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from apache_beam import Create, PCollection, Pipeline
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.transforms.error_handling import ErrorHandler

from connectors.archives import Paged, polls
from connectors.protocol import Poll, SourceContext
from connectors.sources.file import FileSource
from connectors.sources.listing import list_files
from connectors.sources.sweep import SUFFIXES
from connectors.sources.warc import SUFFIXES as WARC_SUFFIXES
from connectors.sources.warc import WarcSource
from pipelines.alerting import AlertOnNews
from pipelines.config import Config
from pipelines.config.records import KafkaIntakeConfig
from pipelines.intake import shared_intake
from pipelines.ledger.database import part_of_ledger
from pipelines.metrics import Tally
from pipelines.transforms.judge import Turns
from pipelines.transforms.read_archive import Archive, ReadArchives, held, take_held
from pipelines.transforms.running import check_shared, handing_over, run_to_end
from pipelines.transforms.save import SaveFailures
from schemas.errors import ConfigError, Rejected

if TYPE_CHECKING:
    # At run time only where there is a broker.
    from connectors.kafka.archive import TopicArchive

_SOURCE: Final = SourceContext(name="archive", publisher=None, every_s=1.0)
_TOPIC: Final = "kafka:"
_SUFFIXES: Final = {"file": SUFFIXES, "warc": WARC_SUFFIXES}


def read_archives(
    config: Config, archives: Sequence[Archive], tally: Tally, read_at: datetime
) -> Iterator[int]:
    """How many records each portion of some hundred had, once it has gone through the graph in this process.

    `read_at` is when pages were observed that do not tell. Stopped in the middle, it can be begun anew.

    Raises:
        LedgerError, Retriable: no record was at fault.
    """
    for archive in archives:
        for poll in polls(_open_archive(config.intake, archive), archive.cursor, read_at):
            # Read once: what the graph is given is what the cursor moves past.
            with held(poll) as name:
                pipeline = Pipeline(runner=FnApiRunner(), options=PipelineOptions([]))
                _judge_in_shadow(config, pipeline | Create([name]), take_held, read_at)
                tally.count(run_to_end(pipeline))
            yield len(poll.pages) + len(poll.failures)


def submit_archives(
    config: Config, archives: Sequence[Archive], beam_args: Sequence[str], read_at: datetime
) -> None:
    """The archives have gone through the graph as one bounded job on the runner that the options name.

    Its workers open the archives themselves: they must see them under the same names. All that one memory has
    to judge is held by one of them at the end.

    Raises:
        ConfigError: the ledger cannot be shared by several machines.
        Retriable: the runner does not answer, or gives up.
    """
    check_shared(config.ledger)
    with handing_over():
        pipeline = Pipeline(options=PipelineOptions(list(beam_args)))
        read = partial(_read_archive, config.intake, read_at)
        _judge_in_shadow(config, pipeline | Create(archives), read, read_at)
        pipeline.run().wait_until_finish()


def find_archives(
    name: str,
    queue: KafkaIntakeConfig | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[Archive, ...]:
    """What there is to read under a name: a file, a folder with all in it, a pattern of files, a topic.

    A topic is `kafka:TOPIC`, or some offsets of it `kafka:TOPIC/PARTITION/BEGIN-END`; of a whole one, only
    what was put there from `since` on and before `until` is read. What that is, is settled here.

    Raises:
        ConfigError: nothing, or it cannot be cut so.
        Retriable: the brokers do not answer, or have no such topic.
    """
    if name.startswith(_TOPIC):
        return (_find_topic(name, queue, since, until),)
    if since or until:
        raise ConfigError(
            f"cannot read {name} by time: only messages of a Kafka topic have one",
            hint="leave out --since and --until; documents have observed_at, and are judged by it",
        )
    found = []
    why = f"there is nothing to read in {name}"
    for kind, suffixes in _SUFFIXES.items():
        try:
            found += [Archive(kind=kind, name=name, cursor=None)] if list_files(Path(name), suffixes) else []
        except Rejected as error:
            why = str(error)
    if not found:
        readable = ", ".join(each for suffixes in _SUFFIXES.values() for each in suffixes)
        raise ConfigError(why, hint=f"readable are {readable}, kafka:TOPIC")
    return tuple(found)


def _find_topic(
    name: str, queue: KafkaIntakeConfig | None, since: datetime | None, until: datetime | None
) -> Archive:
    if queue is None:
        raise ConfigError(
            f"cannot read {name}: the configuration names no brokers",
            hint='write kind = "kafka" and bootstrap = "HOST:PORT" under [intake]',
        )
    # Loaded here: who has no broker needs no client for it.
    from connectors.kafka.ranges import parse_topic_range

    if since and until and since >= until:
        raise ConfigError(
            f"cannot read {name}: there is nothing between {since} and {until}",
            hint="--since must be earlier than --until",
        )
    wanted = parse_topic_range(name.removeprefix(_TOPIC))
    topic = _open_topic(queue, wanted.topic)
    if wanted.ranges is None:
        return Archive(kind="kafka", name=wanted.topic, cursor=topic.between(since, until))
    if since or until:
        raise ConfigError(
            f"cannot read {name} by time: it is cut by offsets already",
            hint=f"write {_TOPIC}{wanted.topic}, or leave out --since and --until",
        )
    return Archive(kind="kafka", name=wanted.topic, cursor=topic.of(wanted.ranges))


def _open_topic(queue: KafkaIntakeConfig, topic: str) -> "TopicArchive":
    from connectors.kafka.archive import TopicArchive
    from connectors.kafka.store import PageStore

    store = None if queue.store is None else PageStore(queue.store)
    return TopicArchive(queue.settings, topic, queue.group, store)


def _open_archive(queue: KafkaIntakeConfig | None, archive: Archive) -> Paged:
    """The archive, not touched yet."""
    if archive.kind == "kafka" and queue is not None:
        return _open_topic(queue, archive.name)
    kind = WarcSource if archive.kind == "warc" else FileSource
    return kind(_SOURCE, Path(archive.name))


def _read_archive(queue: KafkaIntakeConfig | None, read_at: datetime, archive: Archive) -> Iterator[Poll]:
    return polls(_open_archive(queue, archive), archive.cursor, read_at)


def _judge_in_shadow(
    config: Config,
    archives: PCollection[Any],
    read: Callable[[Any], Iterable[Poll]],
    read_at: datetime,
) -> None:
    shadow = replace(config, topics=tuple(replace(topic, live=False) for topic in config.topics))
    turns = Turns(horizon=partial(_reached, config.ledger, config.intake))
    with ErrorHandler(SaveFailures(partial(part_of_ledger, config.ledger, "failures"))) as errors:
        pages = archives | ReadArchives(read, read_at, errors)
    _ = pages | AlertOnNews(shadow, turns)


def _reached(ledger_url: str, queue: KafkaIntakeConfig | None) -> datetime | None:
    """How far the live run has come; None: it has read everything, or nobody can know."""
    if queue is not None and queue.reader == "stream":
        return None
    return shared_intake(ledger_url, queue).horizon()
