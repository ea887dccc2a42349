"""Archives through the graph, in the shadow of the live run: judged and remembered, and nobody is paged.

What an archive says was said when it was observed, by its own clock where it has one. A match that was
observed at a moment which the live run has not come to yet is parked in the ledger and judged in its turn, as
among several workers: an archive takes "first" from no page that waits. Read again, it changes nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from apache_beam import Create, Pipeline
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.transforms.error_handling import ErrorHandler

from connectors.archives import Paged, polls
from connectors.protocol import SourceContext
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
from pipelines.transforms.read_archive import Archive, Portion, ReadArchives
from pipelines.transforms.running import check_shared, handing_over, run_to_end
from pipelines.transforms.save import SaveFailures
from schemas.errors import ConfigError, Rejected

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
        cursor = None
        for poll in polls(_open_archive(config.intake, archive), cursor, read_at):
            portion = Portion(archive=archive, cursor=cursor, whole=False)
            pipeline = Pipeline(runner=FnApiRunner(), options=PipelineOptions([]))
            _judge_in_shadow(pipeline, config, [portion], read_at)
            tally.count(run_to_end(pipeline))
            yield len(poll.pages) + len(poll.failures)
            cursor = poll.cursor


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
    portions = [Portion(archive=archive, cursor=None, whole=True) for archive in archives]
    with handing_over():
        pipeline = Pipeline(options=PipelineOptions(list(beam_args)))
        _judge_in_shadow(pipeline, config, portions, read_at)
        pipeline.run().wait_until_finish()


def find_archives(name: str, queue: KafkaIntakeConfig | None = None) -> tuple[Archive, ...]:
    """What there is to read under a name: a file, a folder with all in it, a pattern of files, `kafka:TOPIC`.

    Raises:
        ConfigError: nothing.
    """
    if name.startswith(_TOPIC):
        if queue is None:
            raise ConfigError(
                f"cannot read {name}: the configuration names no brokers",
                hint='write kind = "kafka" and bootstrap = "HOST:PORT" under [intake]',
            )
        return (Archive(kind="kafka", name=name.removeprefix(_TOPIC)),)
    found = []
    why = f"there is nothing to read in {name}"
    for kind, suffixes in _SUFFIXES.items():
        try:
            found += [Archive(kind=kind, name=name)] if list_files(Path(name), suffixes) else []
        except Rejected as error:
            why = str(error)
    if not found:
        readable = ", ".join(each for suffixes in _SUFFIXES.values() for each in suffixes)
        raise ConfigError(why, hint=f"readable are {readable}, kafka:TOPIC")
    return tuple(found)


def _open_archive(queue: KafkaIntakeConfig | None, archive: Archive) -> Paged:
    """The archive, not touched yet."""
    if archive.kind == "kafka" and queue is not None:
        # Loaded here: who has no broker needs no client for it.
        from connectors.kafka.archive import TopicArchive
        from connectors.kafka.store import PageStore

        store = None if queue.store is None else PageStore(queue.store)
        return TopicArchive(queue.settings, archive.name, queue.group, store)
    kind = WarcSource if archive.kind == "warc" else FileSource
    return kind(_SOURCE, Path(archive.name))


def _judge_in_shadow(
    pipeline: Pipeline, config: Config, portions: Sequence[Portion], read_at: datetime
) -> None:
    shadow = replace(config, topics=tuple(replace(topic, live=False) for topic in config.topics))
    open_one = partial(_open_archive, config.intake)
    turns = Turns(horizon=partial(_reached, config.ledger, config.intake))
    with ErrorHandler(SaveFailures(partial(part_of_ledger, config.ledger, "failures"))) as errors:
        pages = pipeline | Create(portions) | ReadArchives(open_one, read_at, errors)
    _ = pages | AlertOnNews(shadow, turns)


def _reached(ledger_url: str, queue: KafkaIntakeConfig | None) -> datetime | None:
    """How far the live run has come; None: it has read everything, or nobody can know."""
    if queue is not None and queue.reader == "stream":
        return None
    return shared_intake(ledger_url, queue).horizon()
