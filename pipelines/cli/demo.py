"""`tocsin demo`: an invented affair, told by invented outlets, through the whole chain."""

import asyncio
from datetime import UTC, date, datetime, time
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import config_at, ledger_of, write_file
from pipelines.cli.views import alert_view, conservation_table, cycle_progress, err, out
from pipelines.config import Config
from pipelines.ledger.database import Ledger
from schemas.alerts import Alert, Verdict
from schemas.errors import ConfigError

if TYPE_CHECKING:
    from pipelines.cli.newsday.serve import NewsDayServer

_MADE_BY_THE_DEMO = ("tocsin.toml", "tocsin.db", "tocsin.db-wal", "tocsin.db-shm", "alerts.ndjson")
_FINDINGS_SHOWN = 3


def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Where to keep what the demo finds.")] = Path("demo"),
    port: Annotated[int, typer.Option("--port", help="Port of its web server; 0 for any free one.")] = 0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where a demo was cut short.")] = False,
) -> None:
    """See what Tocsin does: a bundled news day through the whole chain, offline, in seconds.

    For example:

        tocsin demo
        tocsin story CLAIM -c demo/tocsin.toml
    """
    # Only the demo needs the news day and its templates.
    from pipelines.cli.newsday.serve import NewsDayServer

    _refuse_another_s(folder / "tocsin.toml")
    if not resume:
        for name in _MADE_BY_THE_DEMO:
            (folder / name).unlink(missing_ok=True)
    with NewsDayServer(port=port) as server:
        path = _write_config(folder, server.port)
        asyncio.run(_live_through(config_at(path), server))
    _farewell(path)


def _refuse_another_s(config: Path) -> None:
    if config.exists() and "the Sennet 2 affair" not in config.read_text(encoding="utf-8", errors="replace"):
        raise ConfigError(
            f"{config} is not a demo's, and the demo would write over it", hint="name another folder: --dir"
        )


def _write_config(folder: Path, port: int) -> Path:
    from pipelines.cli.newsday.load import FOLDER

    path = folder / "tocsin.toml"
    text = (FOLDER / "tocsin.toml").read_text(encoding="utf-8")
    write_file(path, text.replace("{port}", str(port)))
    return path


async def _live_through(config: Config, server: "NewsDayServer") -> None:
    """Every round of the affair: its instant is the clock, its feeds are of that time; judged by day."""
    from pipelines.service import Service

    with ledger_of(config) as ledger:
        begun_at = _begun_at(ledger)
        out.print(_introduction(config, server.day.rounds))
        now = server.at
        async with Service(config, ledger, lambda: now) as service:
            for day, rounds in groupby(server.day.rounds, key=datetime.date):
                to_come = [at for at in rounds if begun_at is None or at >= begun_at]
                for now in to_come:
                    server.at = now
                    await service.collect()
                # Only what this day brought, and all of it: a day judged in two parts is judged otherwise.
                if to_come:
                    with cycle_progress(err) as progress:
                        await service.drain(progress)
                _show_day(ledger, day)
        out.print(conservation_table(service.tally))
        _show_failure(ledger)


def _begun_at(ledger: Ledger) -> datetime | None:
    """The round that an earlier demo had come to: cut short or not, it is lived through again."""
    polled = [state.last_ok_at for state in ledger.intake.source_states() if state.last_ok_at]
    return max(polled, default=None)


def _introduction(config: Config, rounds: tuple[datetime, ...]) -> str:
    days = (rounds[-1].date() - rounds[0].date()).days + 1
    return (
        f"[bold]{days} days, {len(config.sources)} invented outlets, one disputed affair.[/] Tocsin reads "
        "their feeds over HTTP, cleans the pages,\nfinds the claims, and alerts on what is new, moved on, or "
        "contradicted. Repeats stay quiet.\n"
    )


def _show_day(ledger: Ledger, day: date) -> None:
    since = datetime.combine(day, time.min, UTC)
    alerts = [alert for alert in ledger.reading.alerts(since=since) if alert.created_at.date() == day]
    for observed_at, together in groupby(alerts, key=lambda alert: alert.created_at):
        out.rule(f"{observed_at:%A %d %B, %H:%M}", style="dim")
        by_article = sorted(together, key=_article_of)
        for _, same_article in groupby(by_article, key=_article_of):
            first, *others = same_article
            moved = sum(finding.kind is not Verdict.NEW for finding in first.findings)
            out.print(alert_view(first, most=max(1, min(moved, _FINDINGS_SHOWN))))
            for other in others:
                out.print(f"  also news for {other.topic}: {len(other.findings)} findings", style="dim")


def _article_of(alert: Alert) -> str:
    return alert.article.url


def _show_failure(ledger: Ledger) -> None:
    failures = list(ledger.reading.failures())
    if failures:
        first = failures[0]
        out.print(f"\n{len(failures)} records were refused and kept, such as {first.url}:")
        out.print(f"  {first.stage}: {first.reason}: {first.detail.splitlines()[0]}", markup=False)


def _farewell(path: Path) -> None:
    out.print(
        f"""
[bold]Next:[/]
  tocsin story CLAIM -c {path}     the life of one claim: who first, who copied, who differs
  tocsin export claims -c {path}   every verdict as data
  tocsin init                      a starter file for your own feeds; then tocsin check, tocsin run"""
    )
