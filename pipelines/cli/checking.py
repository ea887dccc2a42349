"""`tocsin check`: would it work, and if not, why."""

import asyncio

import typer

from connectors.protocol import Sink, Source, TriedSink
from pipelines.cli.options import DEFAULT_CONFIG, ConfigOption, config_at, ledger_of, utc_now
from pipelines.cli.views import err, out, rows, tell, warn
from pipelines.config import Config
from pipelines.config.records import KafkaIntakeConfig
from schemas.errors import ConfigError, RecordError

_Row = tuple[str, str, str, str]


def check(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Check the configuration, compile the topics, open the ledger, and try each source and Kafka.

    Exit code 0: all well; 1: a topic, a source or Kafka has trouble, the rest would run; 2: the file is
    wrong. No alert is sent: of sinks, only those on Kafka are asked whether they are there.

    For example:

        tocsin check
        tocsin check -c desks/harbour.toml && tocsin run -c desks/harbour.toml
    """
    settings = config_at(config)
    ledger_of(settings).close()
    topics, bad_topics = _try_topics(settings)
    with err.status("trying each source"):
        sources, intake, sinks = asyncio.run(_try_outside(settings))
    out.print(rows(str(config), ("what", "name", "kind", "result"), [*sources, *intake, *topics, *sinks]))
    for warning in settings.warnings:
        warn(warning)
    for error in bad_topics:
        tell(error)
    if bad_topics or any(not result.startswith("ok") for *_, result in (*sources, *intake, *sinks)):
        raise typer.Exit(1)


def _try_topics(config: Config) -> tuple[list[_Row], list[ConfigError]]:
    from pipelines.topics.matcher import compile_topics

    found: list[_Row] = []
    errors: list[ConfigError] = []
    for topic in config.topics:
        _, bad = compile_topics([topic], config.digest)
        found.append(("topic", topic.id, "", "left out: see below" if bad else "ok"))
        errors += bad
    return found, errors


async def _try_outside(config: Config) -> tuple[list[_Row], list[_Row], list[_Row]]:
    """The rows of sources, of the queue that pages wait in where it is on Kafka, and of sinks."""
    # What speaks HTTP takes a while to load: not before the configuration is known to be good.
    from connectors.http.client import HttpClient
    from pipelines.collect import open_sources
    from pipelines.publish import open_sinks

    async with HttpClient(config.http, clock=utc_now) as http:
        sources, sinks = open_sources(config.sources, http), open_sinks(config.sinks, http)
        polled, asked, intake = await asyncio.gather(
            asyncio.gather(*map(_try_source, sources.values())),
            asyncio.gather(*map(_try_sink, sinks.values())),
            _try_intake(config.intake),
        )
    return (
        [("source", each.name, each.kind, said) for each, said in zip(config.sources, polled, strict=True)],
        intake,
        [("sink", each.name, each.kind, said) for each, said in zip(config.sinks, asked, strict=True)],
    )


async def _try_source(source: Source) -> str:
    try:
        poll = await source.poll(None, utc_now())
    except RecordError as error:
        return _trouble(error)
    refused = f", {len(poll.failures)} refused: {poll.failures[0].detail}" if poll.failures else ""
    return f"ok: {len(poll.items) + len(poll.pages)} items{refused}"


async def _try_intake(queue: KafkaIntakeConfig | None) -> list[_Row]:
    if queue is None:
        return []
    # Loaded here: who has no broker needs no client for it.
    from connectors.kafka.cluster import Cluster

    try:
        await asyncio.to_thread(Cluster(queue.settings).check, queue.topic)
    except RecordError as error:
        return [("intake", queue.topic, "kafka", _trouble(error))]
    return [("intake", queue.topic, "kafka", "ok: the topic is there")]


async def _try_sink(sink: Sink) -> str:
    if not isinstance(sink, TriedSink):
        return "ok"
    try:
        await sink.check()
    except RecordError as error:
        return _trouble(error)
    return "ok: it is there"


def _trouble(error: RecordError) -> str:
    return f"{error} (hint: {error.hint})" if error.hint else str(error)
