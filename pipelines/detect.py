"""One bounded cycle: the pages that wait, through the graph to the end, on Beam's runner in this process.

Killed at any moment, the cycle is simply run again: every write of the graph is a no-op the second time, and
pages are marked done only after the run has ended.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, partial

from apache_beam import Pipeline
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pipelines.alerting import AlertOnNews
from pipelines.config import Config
from pipelines.intake import Intake, intake_of, shared_intake
from pipelines.ledger.database import Ledger, part_of_ledger
from pipelines.ledger.judging import Memories
from pipelines.metrics import Tally
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
            counts = run_to_end(_graph(config, beam_args))
            intake.finish()
    except (LedgerError, Retriable):
        intake.release()
        raise
    # Counted last: a cycle that cannot be finished is run again, and its pages must not count twice.
    tally.passed("intake", 0, batch.refused)
    tally.count(counts)
    return len(batch.ids) + len(batch.refused) + len(overdue)


@lru_cache(maxsize=1)
def _graph(config: Config, beam_args: tuple[str, ...]) -> Pipeline:
    """The graph of a configuration, for every cycle: to lay it out takes half as long as a short cycle."""
    # FnApiRunner by name: the default runner first tries to download another one, without a time-out.
    pipeline = Pipeline(runner=FnApiRunner(), options=PipelineOptions(list(beam_args)))
    intake = partial(shared_intake, config.ledger, config.intake)
    memories = partial(part_of_ledger, config.ledger, "memories")
    turns = Turns(horizon=partial(_horizon, intake), overdue=partial(_overdue, intake, memories))
    _ = pipeline | ReadPages(intake) | AlertOnNews(config, turns)
    return pipeline


def _horizon(open_intake: Callable[[], Intake]) -> datetime | None:
    return open_intake().horizon()


def _overdue(open_intake: Callable[[], Intake], open_memories: Callable[[], Memories]) -> tuple[str, ...]:
    return open_memories().overdue(open_intake().horizon())
