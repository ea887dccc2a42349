"""One bounded cycle: the pages that wait, through the graph to the end, on Beam's runner in this process.

Killed at any moment, the cycle is simply run again: every write of the graph is a no-op the second time, and
pages are marked done only after the run has ended.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from apache_beam import Create, Pipeline
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pipelines.alerting import AlertOnNews
from pipelines.config import Config
from pipelines.intake import Intake, intake_of, shared_intake
from pipelines.ledger.database import Ledger
from pipelines.metrics import Leaving, Tally
from pipelines.transforms.judge import Turns
from pipelines.transforms.read import ReadPages
from pipelines.transforms.running import run_to_end
from schemas.errors import LedgerError, Retriable

PAGES_A_CYCLE = 200
"""Large enough to amortise starting a run (0.3 to 0.6 s), small enough to end in 8 s on two cores."""


def run_cycle(config: Config, ledger: Ledger, tally: Tally, beam_args: tuple[str, ...] = ()) -> int:
    """How many pages were read, and memories caught up; 0 where nothing was to do.

    Raises:
        LedgerError, Retriable: no page was at fault; the same pages wait for the next cycle.
    """
    intake = intake_of(config)
    batch = intake.take(PAGES_A_CYCLE)
    overdue = ledger.memories.overdue(intake.horizon())
    if not batch.ids and not batch.refused and not overdue:
        return 0
    try:
        with tally.cycle():
            counts = _read(config, batch.ids, overdue, beam_args)
            intake.finish()
    except (LedgerError, Retriable):
        intake.release()
        raise
    # Counted last: a cycle that cannot be finished is run again, and its pages must not count twice.
    tally.passed("intake", 0, batch.refused)
    tally.count(counts)
    return len(batch.ids) + len(batch.refused) + len(overdue)


def _read(
    config: Config, ids: tuple[str, ...], overdue: tuple[str, ...], beam_args: tuple[str, ...]
) -> dict[Leaving, int]:
    """How the records of one run of the graph left its stages."""
    # FnApiRunner by name: the default runner first tries to download another one, without a time-out.
    pipeline = Pipeline(runner=FnApiRunner(), options=PipelineOptions(list(beam_args)))
    intake = partial(shared_intake, config.ledger, config.intake)
    turns = Turns(horizon=partial(_horizon, intake), overdue=overdue)
    _ = pipeline | Create(ids, reshuffle=False) | ReadPages(intake) | AlertOnNews(config, turns)
    return run_to_end(pipeline)


def _horizon(open_intake: Callable[[], Intake]) -> datetime | None:
    return open_intake().horizon()
