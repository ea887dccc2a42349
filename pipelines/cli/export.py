"""`tocsin export`: the ledger as data."""

import csv
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from pipelines.cli.options import (
    DEFAULT_CONFIG,
    ConfigOption,
    SinceOption,
    TopicOption,
    config_at,
    instant,
    known_topic,
    ledger_of,
)
from pipelines.ledger.reading import Reading
from schemas.codec import to_plain
from schemas.errors import ConfigError

_ALWAYS_THERE = ("article", "claim", "first")
_FORMULA = tuple("=+-@＝＋－＠")


class What(StrEnum):
    """What can be exported."""

    ARTICLES = "articles"
    CLAIMS = "claims"
    ALERTS = "alerts"
    FAILURES = "failures"


class Format(StrEnum):
    """How it is written."""

    NDJSON = "ndjson"
    CSV = "csv"


def export(
    what: Annotated[What, typer.Argument(help="What to export.")],
    config: ConfigOption = DEFAULT_CONFIG,
    topic: TopicOption = None,
    since: SinceOption = None,
    form: Annotated[
        Format, typer.Option("--format", "-f", help="One JSON object a line, or CSV.")
    ] = Format.NDJSON,
) -> None:
    """Write the ledger's articles, claims, alerts or failures to standard output.

    The formats are contracts: `tocsin schemas` has the JSON Schema of each, docs/reference tells the fields.

    For example:

        tocsin export claims --topic harbour > claims.ndjson
        tocsin export alerts --since 2026-03-09 --format csv > alerts.csv
    """
    settings = config_at(config)
    with ledger_of(settings) as ledger:
        lines = _lines(ledger.reading, what, known_topic(topic, settings, ledger), instant(since))
        if form is Format.CSV:
            _write_csv(lines)
        else:
            for line in lines:
                sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


def _lines(
    reading: Reading, what: What, topic: str | None, since: datetime | None
) -> Iterator[dict[str, Any]]:
    match what:
        case What.ARTICLES:
            return _articles(reading, topic, since)
        case What.CLAIMS:
            return (to_plain(each) for each in reading.judgements(topic=topic, since=since))
        case What.ALERTS:
            return (to_plain(each) for each in reading.alerts(topic=topic, since=since))
        case What.FAILURES if topic is not None:
            raise ConfigError("failures are of no topic: they come before", hint="leave out --topic")
        case What.FAILURES:
            return (to_plain(each) for each in reading.failures(since=since))


def _articles(reading: Reading, topic: str | None, since: datetime | None) -> Iterator[dict[str, Any]]:
    """All articles, or those that hold claims about the topic."""
    judged = reading.judgements(topic=topic, since=since) if topic else ()
    heard = {judgement.article.id for judgement in judged}
    for tagged, copy_of in reading.articles(since=since):
        if topic is None or tagged.article.id in heard:
            mentions = to_plain(tagged)["mentions"]
            yield to_plain(tagged.article) | {"copy_of": copy_of, "mentions": mentions}


def _write_csv(lines: Iterator[dict[str, Any]]) -> None:
    writer = csv.writer(sys.stdout)
    for number, line in enumerate(lines):
        flat = _flat(line)
        if number == 0:
            names = list(flat)
            writer.writerow(names)
        writer.writerow([_safe(flat.get(name)) for name in names])


def _flat(line: dict[str, Any]) -> dict[str, Any]:
    """Columns for the records that every line holds; what a line may lack stays one column of JSON."""
    flat: dict[str, Any] = {}
    for name, value in line.items():
        if name in _ALWAYS_THERE:
            flat |= {f"{name}.{inner}": inner_value for inner, inner_value in value.items()}
        else:
            flat[name] = value
    return flat


def _safe(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
