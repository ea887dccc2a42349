"""`tocsin alerts`, `search` and `story`: what was found, read in the terminal."""

import json
from typing import Annotated

import typer

from pipelines.cli.options import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    SinceOption,
    TopicOption,
    config_at,
    instant,
    known_topic,
    ledger_of,
)
from pipelines.cli.views import alert_view, err, found_view, out, story_timeline
from schemas.codec import to_plain


def alerts(
    config: ConfigOption = DEFAULT_CONFIG,
    topic: TopicOption = None,
    since: SinceOption = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, help="At most so many, the latest ones.")
    ] = 10,
    as_json: JsonOption = False,
) -> None:
    """Show the latest alerts with their evidence, the newest last.

    For example:

        tocsin alerts -n 3
        tocsin alerts --topic harbour --since 2026-03-09
    """
    settings = config_at(config)
    with ledger_of(settings) as ledger:
        topic = known_topic(topic, settings, ledger)
        newest = ledger.reading.alerts(topic=topic, since=instant(since), limit=limit, newest_first=True)
        found = list(newest)[::-1]
    for alert in found:
        if as_json:
            typer.echo(json.dumps(to_plain(alert), ensure_ascii=False))
        else:
            out.print(alert_view(alert))
    if not found:
        err.print("no alert yet; `tocsin check` tells whether sources and topics are in order")


def search(
    words: Annotated[list[str], typer.Argument(help="Words; each may be the beginning of one.")],
    config: ConfigOption = DEFAULT_CONFIG,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many, the newest.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Find claims by their words; `tocsin story` shows the life of each.

    For example:

        tocsin search bridge clos
    """
    with ledger_of(config_at(config)) as ledger:
        found = ledger.reading.search(" ".join(words), limit)
    for each in found:
        if as_json:
            typer.echo(json.dumps(to_plain(each), ensure_ascii=False))
        else:
            out.print(found_view(each))
    if not found:
        err.print("no claim holds all of these words")


def story(
    claim: Annotated[str, typer.Argument(help="A claim's id, or its first characters.")],
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Show the life of a claim: who said it first, who repeated it, who differs.

    Alerts show the beginning of each claim's id.

    For example:

        tocsin story a11b5ef6fa
    """
    with ledger_of(config_at(config)) as ledger:
        sayings = ledger.reading.story_of(claim)
    if as_json:
        for saying in sayings:
            typer.echo(json.dumps(to_plain(saying), ensure_ascii=False))
    else:
        out.print(story_timeline(sayings))
