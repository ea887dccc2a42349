"""`tocsin batch`: archives through the graph, in the shadow of the live run."""

from collections.abc import Iterable
from itertools import takewhile
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from pipelines.cli.options import DEFAULT_CONFIG, ConfigOption, config_at, instant, ledger_of, utc_now
from pipelines.cli.views import conservation_table, err

ArchivesArgument = Annotated[
    list[str],
    typer.Argument(
        help="Files or folders of .ndjson, .html, .txt, .warc; kafka:TOPIC; or some offsets of a topic, "
        "kafka:TOPIC/PARTITION/BEGIN-END, without END."
    ),
]
TopicsSinceOption = Annotated[
    str | None,
    typer.Option("--since", help="Of topics, only what was put there from this day or instant on. UTC."),
]
TopicsUntilOption = Annotated[
    str | None,
    typer.Option("--until", help="Of topics, only what was put there before this day or instant. UTC."),
]


def batch(
    archives: ArchivesArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    since: TopicsSinceOption = None,
    until: TopicsUntilOption = None,
) -> None:
    """Read archives through the same graph, and alert nobody.

    What they say is remembered as said when it was observed: by WARC-Date, by a document's `observed_at`, or
    now. Archives can be read again, and beside a live run: no alert about a page that waits changes.
    Refused records are counted and kept as failures; as in a run, they are no error of the command.

    For example:

        tocsin batch 2024.ndjson.gz crawls/
        tocsin batch kafka:tocsin.pages --since 2026-01-01 --until 2026-01-02T12:00Z
        tocsin batch kafka:tocsin.pages/0/1200-1300
        tocsin batch crawl.warc.gz -- --runner=PortableRunner --job_endpoint=flink:8099
    """
    settings = config_at(config)
    # One list, since the words after `--` join it.
    names = list(takewhile(lambda word: not word.startswith("-"), archives))
    beam_args = archives[len(names) :]
    # Beam takes 1.6 s to load: not before the configuration is known to be good.
    from pipelines.batch import find_archives, read_archives, submit_archives
    from pipelines.metrics import Tally

    times = instant(since), instant(until, "--until")
    found = [archive for name in names for archive in find_archives(name, settings.intake, *times)]
    with ledger_of(settings):
        if beam_args:
            submit_archives(settings, found, beam_args, utc_now())
            return
        tally = Tally()
        _advance(read_archives(settings, found, tally, utc_now()))
        err.print(conservation_table(tally))


def _advance(portions: Iterable[int]) -> None:
    """Moves a bar while there is work: nobody knows how many records there are."""
    count = TextColumn("{task.completed} records")
    columns = (TextColumn("reading"), BarColumn(), count, TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("", total=None)
        for records in portions:
            progress.advance(task, records)
