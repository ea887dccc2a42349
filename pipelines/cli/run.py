"""`tocsin run`: the main job in one process."""

import asyncio
import os
import signal
from typing import Annotated, Final

import typer
from rich.console import Console

from pipelines.cli.options import DEFAULT_CONFIG, ConfigOption, config_at, ledger_of, utc_now
from pipelines.cli.views import conservation_table, cycle_progress, err, tell, warn
from pipelines.config import Config
from pipelines.ledger.database import Ledger

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
_GRACE_S: Final = 8.0
"""Below the ten seconds after which most supervisors kill."""


def run(
    config: ConfigOption = DEFAULT_CONFIG,
    once: Annotated[bool, typer.Option("--once", help="Take in what waits, alert, and end.")] = False,
    beam: Annotated[
        list[str] | None, typer.Argument(help="After `--`: options for Beam.", show_default=False)
    ] = None,
) -> None:
    """Collect, detect and publish in one process, until stopped.

    Serves /metrics and /healthz at the address under [metrics]. SIGTERM and Ctrl-C end it cleanly within ten
    seconds: the cycle under way is finished and its alerts are delivered. Killed, it goes on where it was.

    For example:

        tocsin run
        tocsin run --once      # for cron, or for an archive
    """
    settings = config_at(config)
    if once:
        asyncio.run(_drain(settings, tuple(beam or ())))
    else:
        asyncio.run(_serve(settings, tuple(beam or ())))


async def _drain(config: Config, beam_args: tuple[str, ...]) -> None:
    # Beam takes 1.6 s to load: not before the configuration is known to be good.
    from pipelines.service import Service

    _tell_what_is_left_out(config)
    with ledger_of(config) as ledger:
        async with Service(config, ledger, utc_now, beam_args) as service:
            with cycle_progress(err) as progress:
                await service.collect()
                await service.drain(progress)
        _tell_troubled_sources(config, ledger)
        err.print(conservation_table(service.tally))


async def _serve(config: Config, beam_args: tuple[str, ...]) -> None:
    # First of all: what follows takes seconds to load.
    stop = _stop_on_signals()
    from pipelines.service import Service
    from pipelines.serving import serving

    _tell_what_is_left_out(config)
    with ledger_of(config) as ledger:
        async with Service(config, ledger, utc_now, beam_args) as service:
            with serving(service, config.metrics) as port:
                _greet(err, config, port)
                await service.serve(stop)
        err.print(conservation_table(service.tally))


def _stop_on_signals() -> asyncio.Event:
    """An event that the first SIGTERM or SIGINT sets; a second one kills."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end() -> None:
        stop.set()
        loop.call_later(_GRACE_S, _leave)
        for each in _SIGNALS:
            loop.remove_signal_handler(each)
            signal.signal(each, signal.SIG_DFL)

    for each in _SIGNALS:
        loop.add_signal_handler(each, end)
    return stop


def _leave() -> None:
    warn("what was under way takes too long and is left; the next start does it again")
    # Not `sys.exit`: that waits for the threads that are the trouble.
    os._exit(0)


def _tell_what_is_left_out(config: Config) -> None:
    from pipelines.transforms.match import matcher_of

    for warning in config.warnings:
        warn(warning)
    for error in matcher_of(config.topics, config.digest).errors:
        tell(error)


def _tell_troubled_sources(config: Config, ledger: Ledger) -> None:
    mine = {source.name for source in config.sources}
    for state in ledger.intake.source_states():
        if state.source in mine and state.failures_in_a_row:
            warn(f"source {state.source}: {state.last_error}")


def _greet(console: Console, config: Config, port: int) -> None:
    console.print(
        f"Watching {len(config.sources)} sources for {len(config.topics)} topics. "
        f"Metrics at http://{config.metrics.host}:{port}/metrics. Ctrl-C ends it.",
        soft_wrap=True,
    )
