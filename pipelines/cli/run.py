"""`tocsin run`: the main job in one process."""

import asyncio
import signal
from typing import Annotated

import typer
from rich.console import Console

from pipelines.cli.options import DEFAULT_CONFIG, ConfigOption, config_at, ledger_of, utc_now
from pipelines.cli.views import conservation_table, cycle_progress, err
from pipelines.config import Config


def run(
    config: ConfigOption = DEFAULT_CONFIG,
    once: Annotated[bool, typer.Option("--once", help="Take in what waits, alert, and end.")] = False,
    beam: Annotated[
        list[str] | None, typer.Argument(help="After `--`: options for Beam.", show_default=False)
    ] = None,
) -> None:
    """Collect, detect and publish in one process, until stopped.

    Serves /metrics and /healthz at the address under [metrics]. SIGTERM and Ctrl-C end it cleanly: the cycle
    under way is finished and its alerts are delivered. Killed, it goes on where it was.
    """
    settings = config_at(config)
    if once:
        asyncio.run(_drain(settings, tuple(beam or ())))
    else:
        asyncio.run(_serve(settings, tuple(beam or ())))


async def _drain(config: Config, beam_args: tuple[str, ...]) -> None:
    # Beam takes 1.6 s to load: not before the configuration is known to be good.
    from pipelines.service import Service

    ledger = ledger_of(config)
    async with Service(config, ledger, utc_now, beam_args) as service:
        with cycle_progress(err) as progress:
            await service.collect()
            await service.drain(progress)
        err.print(conservation_table(service.tally))


async def _serve(config: Config, beam_args: tuple[str, ...]) -> None:
    from pipelines.service import Service
    from pipelines.serving import serving

    ledger = ledger_of(config)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(wanted, stop.set)
    async with Service(config, ledger, utc_now, beam_args) as service:
        with serving(service, config.metrics) as port:
            _greet(err, config, port)
            await service.serve(stop)
        err.print(conservation_table(service.tally))


def _greet(console: Console, config: Config, port: int) -> None:
    console.print(
        f"Watching {len(config.sources)} sources for {len(config.topics)} topics. "
        f"Metrics at http://{config.metrics.host}:{port}/metrics. Ctrl-C ends it."
    )
