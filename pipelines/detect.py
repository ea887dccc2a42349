"""One bounded cycle: the pages that wait, through the graph to the end, on Beam's runner in this process.

Killed at any moment, the cycle is simply run again: every write of the graph is a no-op the second time, and
pages are marked done only after the run has ended.
"""

from functools import partial

from apache_beam import Create, Pipeline
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pipelines.alerting import AlertOnNews, part_of_ledger
from pipelines.config import Config
from pipelines.ledger.database import Ledger
from pipelines.metrics import Tally
from pipelines.transforms.read import ReadPages

PAGES_A_CYCLE = 500
"""Large enough to amortise starting a run (0.3 s), small enough to alert within seconds."""


def run_cycle(config: Config, ledger: Ledger, tally: Tally, beam_args: tuple[str, ...] = ()) -> int:
    """How many pages went through; 0 where none was waiting."""
    pages = ledger.intake.pending_pages(PAGES_A_CYCLE)
    if not pages:
        return 0
    options = PipelineOptions(list(beam_args))
    # FnApiRunner by name: the default runner first tries to download another one, without a time-out.
    pipeline = Pipeline(runner=FnApiRunner(), options=options)
    intake = partial(part_of_ledger, config.ledger, "intake")
    _ = pipeline | Create(pages, reshuffle=False) | ReadPages(intake) | AlertOnNews(config)
    result = pipeline.run()
    result.wait_until_finish()
    tally.count_cycle(result)
    ledger.intake.finish_pages(pages)
    return len(pages)
