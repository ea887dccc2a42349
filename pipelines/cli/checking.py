"""`tocsin check`: would it work, and if not, why."""

import asyncio

import typer

from connectors.protocol import Source
from pipelines.cli.options import DEFAULT_CONFIG, ConfigOption, config_at, ledger_of, utc_now
from pipelines.cli.views import err, out, rows, tell, warn
from pipelines.config import Config
from schemas.errors import ConfigError, RecordError

_Row = tuple[str, str, str, str]


def check(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Check the configuration, compile the topics, open the ledger, and try each source.

    Exit code 0: all well; 1: a topic or a source has trouble, the rest would run; 2: the file is wrong.

    For example:

        tocsin check
        tocsin check -c desks/harbour.toml && tocsin run -c desks/harbour.toml
    """
    settings = config_at(config)
    ledger_of(settings).close()
    topics, bad_topics = _try_topics(settings)
    with err.status("trying each source"):
        sources = asyncio.run(_try_sources(settings))
    sinks = [("sink", sink.name, sink.kind, "ok") for sink in settings.sinks]
    out.print(rows(str(config), ("what", "name", "kind", "result"), [*sources, *topics, *sinks]))
    for warning in settings.warnings:
        warn(warning)
    for error in bad_topics:
        tell(error)
    if bad_topics or any(not result.startswith("ok") for _, _, _, result in sources):
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


async def _try_sources(config: Config) -> list[_Row]:
    # What speaks HTTP takes a while to load: not before the configuration is known to be good.
    from connectors.http.client import HttpClient
    from pipelines.collect import open_sources

    async with HttpClient(config.http, clock=utc_now) as http:
        sources = open_sources(config.sources, http)
        results = await asyncio.gather(*(_try(source) for source in sources.values()))
    return [
        ("source", each.name, each.kind, result) for each, result in zip(config.sources, results, strict=True)
    ]


async def _try(source: Source) -> str:
    try:
        poll = await source.poll(None, utc_now())
    except RecordError as error:
        return f"{error} (hint: {error.hint})" if error.hint else str(error)
    refused = f", {len(poll.failures)} refused: {poll.failures[0].detail}" if poll.failures else ""
    return f"ok: {len(poll.items) + len(poll.pages)} items{refused}"
