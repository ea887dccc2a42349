"""Runs of a graph: bounded ones in this process, and those that another runner is given."""

from collections.abc import Iterator
from contextlib import contextmanager

import grpc  # type: ignore[import-untyped]
from apache_beam import Pipeline
from apache_beam.metrics import MetricsFilter

from pipelines.transforms.fallible import NAMESPACE
from schemas.errors import ConfigError, LedgerError, Retriable
from schemas.failures import Reason


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


def check_shared(ledger: str) -> None:
    """Nothing, where the machines of a cluster can share the ledger at this URL.

    Raises:
        ConfigError: it is a file.
    """
    if ledger.startswith("sqlite"):
        raise ConfigError(
            "the workers of a cluster cannot share a ledger in SQLite",
            hint='set ledger = "postgresql+psycopg://…" under [tocsin]; `tocsin ledger copy` fills it',
        )


@contextmanager
def handing_over() -> Iterator[None]:
    """Trouble with a runner is told as such.

    Raises:
        Retriable: the runner, or the expansion service, does not answer; or the job failed.
    """
    try:
        yield
    except (grpc.RpcError, grpc.FutureTimeoutError) as error:
        raise Retriable(
            "handing over the job: the runner or the expansion service does not answer",
            reason=Reason.UNREACHABLE,
            hint="check --job_endpoint and --kafka_expansion_service, and that both run",
        ) from error
    except RuntimeError as error:
        raise Retriable(
            f"running the job: {str(error).splitlines()[0]}",
            reason=Reason.CRASHED,
            hint="the runner's own log tells why; running it again is harmless",
        ) from error


def _leaving(name: str) -> tuple[str, str, str]:
    stage, outcome, reason = (*name.split("/"), "")[:3]
    return stage, outcome, reason
