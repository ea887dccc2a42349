"""One bounded run of a graph in this process, to its end."""

from apache_beam import Pipeline
from apache_beam.metrics import MetricsFilter

from pipelines.transforms.fallible import NAMESPACE
from schemas.errors import LedgerError, Retriable


def run_to_end(pipeline: Pipeline) -> dict[tuple[str, str, str], int]:
    """How many records left each stage and how: stage, outcome, and reason where there is one.

    Raises:
        LedgerError, Retriable: no record was at fault; the same run can be tried again.
    """
    try:
        result = pipeline.run()
        result.wait_until_finish()
    except (LedgerError, RuntimeError) as error:
        # Beam makes each error anew, without its hint or as another type; its context is the real one.
        if isinstance(error.__context__, LedgerError | Retriable):
            raise error.__context__ from None
        raise
    counters = result.metrics().query(MetricsFilter().with_namespace(NAMESPACE))["counters"]
    return {_leaving(each.key.metric.name): each.result for each in counters}


def _leaving(name: str) -> tuple[str, str, str]:
    stage, outcome, reason = (*name.split("/"), "")[:3]
    return stage, outcome, reason
