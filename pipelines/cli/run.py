"""`tocsin run`, and its roles one by one: `collect`, `detect`, `publish`."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from pipelines.cli.options import DEFAULT_CONFIG, ConfigOption, config_at, ledger_of, utc_now, watched_at
from pipelines.cli.views import conservation_table, cycle_progress, err, tell, warn
from pipelines.config import Config
from pipelines.config.watching import WatchedConfig
from pipelines.ledger.database import Ledger

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
_GRACE_S: Final = 8.0
"""Below the ten seconds after which most supervisors kill."""


OnceOption = Annotated[bool, typer.Option("--once", help="Do what waits now, and end.")]
BeamArgument = Annotated[
    list[str] | None, typer.Argument(help="After `--`: options for Beam.", show_default=False)
]


def run(config: ConfigOption = DEFAULT_CONFIG, once: OnceOption = False, beam: BeamArgument = None) -> None:
    """Collect, detect and publish in one process, until stopped.

    A change of topics, entities, publishers and subscriptions is taken in while it runs.

    Serves /metrics and /healthz at the address under [metrics]. SIGTERM and Ctrl-C end it cleanly within ten
    seconds: the cycle under way is finished and its alerts are delivered. Killed, it goes on where it was.

    For example:

        tocsin run
        tocsin run --once      # for cron, or for an archive
    """
    _work(config, ("collect", "detect", "publish"), once, beam)


def collect(config: ConfigOption = DEFAULT_CONFIG, once: OnceOption = False) -> None:
    """Look at the sources and fetch their pages; one process does it for all workers.

    The pages go where [intake] says: the ledger, or a Kafka topic.
    """
    _work(config, ("collect",), once)


def detect(
    config: ConfigOption = DEFAULT_CONFIG, once: OnceOption = False, beam: BeamArgument = None
) -> None:
    """Read the pages that wait, find claims and judge them; start as many as you like.

    Workers share the pages: on a Kafka topic as a consumer group, in a PostgreSQL ledger by locks.
    With a Beam runner after `--`, one unbounded job is handed to that runner instead.

    For example:

        tocsin detect
        tocsin detect -- --runner=PortableRunner --job_endpoint=flink:8099
    """
    if any(option.startswith("--runner") for option in beam or ()):
        from pipelines.streaming import submit_stream

        submit_stream(config_at(config), beam or [])
    else:
        _work(config, ("detect",), once, beam)


def publish(config: ConfigOption = DEFAULT_CONFIG, once: OnceOption = False) -> None:
    """Deliver the alerts that wait to their sinks; one process does it for all workers.

    To Kafka each alert comes once, even if two run; to other sinks at least once, under the same id.
    """
    _work(config, ("publish",), once)


def _work(path: Path, roles: tuple[str, ...], once: bool, beam: list[str] | None = None) -> None:
    if once:
        asyncio.run(_drain(config_at(path), roles, tuple(beam or ())))
    else:
        asyncio.run(_serve(watched_at(path), roles, tuple(beam or ())))


async def _drain(config: Config, roles: tuple[str, ...], beam_args: tuple[str, ...]) -> None:
    # Loaded here: not before the configuration is known to be good.
    from pipelines.service import Role, Service

    _tell_what_is_left_out(config, roles)
    with ledger_of(config) as ledger:
        async with Service(config, ledger, utc_now, frozenset(map(Role, roles)), beam_args) as service:
            with cycle_progress(err) as progress:
                await service.once(progress)
        if "collect" in roles:
            _tell_troubled_sources(config, ledger)
        err.print(conservation_table(service.tally))


async def _serve(watched: WatchedConfig, roles: tuple[str, ...], beam_args: tuple[str, ...]) -> None:
    config = watched.config
    # First of all: what follows takes seconds to load.
    stop = _stop_on_signals()
    from pipelines.service import Role, Service
    from pipelines.serving import serving

    _tell_what_is_left_out(config, roles)
    with ledger_of(config) as ledger:
        async with Service(config, ledger, utc_now, frozenset(map(Role, roles)), beam_args) as service:
            with serving(service, config.metrics) as port:
                _greet(err, config, roles, port)
                await service.serve(stop, watched)
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


def _tell_what_is_left_out(config: Config, roles: tuple[str, ...]) -> None:
    for warning in config.warnings:
        warn(warning)
    if "detect" not in roles:
        return
    from pipelines.transforms.match import matcher_of

    for error in matcher_of(config.topics, config.digest).errors:
        tell(error)


def _tell_troubled_sources(config: Config, ledger: Ledger) -> None:
    mine = {source.name for source in config.sources}
    for state in ledger.intake.source_states():
        if state.source in mine and state.failures_in_a_row:
            warn(f"source {state.source}: {state.last_error}")


def _greet(console: Console, config: Config, roles: tuple[str, ...], port: int) -> None:
    parts = {
        "collect": f"Watching {len(config.sources)} sources",
        "detect": f"Judging for {len(config.topics)} topics",
        "publish": f"Delivering to {len(config.sinks)} sinks",
    }
    said = ". ".join(parts[role] for role in roles)
    where = f"http://{config.metrics.host}:{port}/metrics"
    console.print(f"{said}. Metrics at {where}. Ctrl-C ends it.", soft_wrap=True)
