"""One bounded cycle: the pages that wait, through the graph to the end, on Beam's runner in this process.

Killed at any moment, the cycle is simply run again: every write of the graph is a no-op the second time, and
pages are marked done only after the run has ended.
"""

from functools import partial
from typing import Any

from apache_beam import Create, Pipeline
from apache_beam.metrics import MetricsFilter
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pipelines.alerting import AlertOnNews
from pipelines.config import Config
from pipelines.ledger.database import Ledger, part_of_ledger
from pipelines.metrics import Leaving, Tally
from pipelines.transforms.fallible import NAMESPACE
from pipelines.transforms.read import ReadPages
from schemas.errors import LedgerError, Retriable

PAGES_A_CYCLE = 200
"""Large enough to amortise starting a run (0.3 to 0.6 s), small enough to end in 8 s on two cores."""


def run_cycle(config: Config, ledger: Ledger, tally: Tally, beam_args: tuple[str, ...] = ()) -> int:
    """How many pages went through; 0 where none was waiting.

    Raises:
        LedgerError, Retriable: no page was at fault; the same pages wait for the next cycle.
    """
    pages = ledger.intake.pending_pages(PAGES_A_CYCLE)
    if not pages:
        return 0
    options = PipelineOptions(list(beam_args))
    # FnApiRunner by name: the default runner first tries to download another one, without a time-out.
    pipeline = Pipeline(runner=FnApiRunner(), options=options)
    intake = partial(part_of_ledger, config.ledger, "intake")
    _ = pipeline | Create(pages, reshuffle=False) | ReadPages(intake) | AlertOnNews(config)
    result = _run(pipeline)
    # Counted last: a cycle that cannot be finished is run again, and its pages must not count twice.
    ledger.intake.finish_pages(pages)
    _count(result, tally)
    return len(pages)


def _run(pipeline: Pipeline) -> Any:
    try:
        result = pipeline.run()
        result.wait_until_finish()
    except (LedgerError, RuntimeError) as error:
        # Beam makes each error anew, without its hint or as another type; its context is the real one.
        if isinstance(error.__context__, LedgerError | Retriable):
            raise error.__context__ from None
        raise
    return result


def _count(result: Any, tally: Tally) -> None:
    """The outcomes that the run counted are part of the tally."""
    counters = result.metrics().query(MetricsFilter().with_namespace(NAMESPACE))["counters"]
    tally.count({_leaving(each.key.metric.name): each.result for each in counters})


def _leaving(name: str) -> Leaving:
    stage, outcome, reason = (*name.split("/"), "")[:3]
    return stage, outcome, reason
