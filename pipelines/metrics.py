"""All metrics, in one place: what left each stage and how, and what is waiting. Labels are closed sets."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client import Counter as PrometheusCounter

EXPOSITION_TYPE: Final = CONTENT_TYPE_LATEST
"""Media type of what Prometheus reads."""

Leaving = tuple[str, str, str]
"""Stage, outcome (in, out, emitted, dropped or failed) and the reason, empty where there is none."""


@dataclass(frozen=True, slots=True)
class StageCount:
    """How the records that entered one stage left it."""

    stage: str
    entered: int
    emitted: int
    dropped: dict[str, int]
    failed: dict[str, int]
    out: int
    """Records that came out: one page may give several articles."""

    @property
    def balanced(self) -> bool:
        """True where in = emitted + dropped + failed: the conservation law."""
        return self.entered == self.emitted + sum(self.dropped.values()) + sum(self.failed.values())


class Tally:
    """Outcomes of every stage since the process started, for people and for Prometheus alike."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._lock = Lock()
        self._counts: Counter[Leaving] = Counter()
        self._records = PrometheusCounter(
            "tocsin_stage_records",
            "Records by how they left a stage; for each stage in = emitted + dropped + failed.",
            ["stage", "outcome", "reason"],
            registry=self.registry,
        )
        self._polls = PrometheusCounter(
            "tocsin_polls", "Looks at sources, by result.", ["result"], registry=self.registry
        )
        for result in ("ok", "retriable", "rejected"):
            self._polls.labels(result)  # From 0 on, so that a rate sees the first one.
        self._waiting = Gauge(
            "tocsin_waiting", "Records waiting for the next step.", ["what"], registry=self.registry
        )
        self._latency = Histogram(
            "tocsin_alert_latency_seconds",
            "From the moment a source showed an item to the delivery of its alert.",
            buckets=(0.5, 1, 2, 5, 10, 30, 60, 300, 3600),
            registry=self.registry,
        )

    def count(self, counts: Mapping[Leaving, int]) -> None:
        """So many more records, all counted before anybody can look."""
        with self._lock:
            self._counts.update(counts)
            for leaving, more in counts.items():
                self._records.labels(*leaving).inc(more)

    def passed(self, stage: str, emitted: int, failed: Iterable[str] = ()) -> None:
        """So many records went through the stage one by one, and others failed for these reasons."""
        counts = Counter({(stage, outcome, ""): emitted for outcome in ("in", "emitted", "out")})
        for reason in failed:
            counts.update({(stage, "in", ""): 1, (stage, "failed", reason): 1})
        self.count(+counts)

    def polled(self, result: str) -> None:
        """One more look at a source; `result` is ok, retriable or rejected."""
        self._polls.labels(result).inc()

    def waiting(self, what: str, count: int) -> None:
        """So many records wait for the next step; `what` is items, pages or alerts."""
        self._waiting.labels(what).set(count)

    def delivered(self, latency_s: float) -> None:
        """An alert reached a sink, so long after its article was observed."""
        self._latency.observe(max(0.0, latency_s))

    def stages(self) -> Iterator[StageCount]:
        """One count for each stage that has seen a record, in order of first appearance."""
        for stage in dict.fromkeys(stage for stage, _, _ in self._counts):
            yield StageCount(
                stage=stage,
                entered=self._counts[stage, "in", ""],
                emitted=self._counts[stage, "emitted", ""],
                dropped=self._by_reason(stage, "dropped"),
                failed=self._by_reason(stage, "failed"),
                out=self._counts[stage, "out", ""],
            )

    def exposition(self) -> bytes:
        """The metrics as Prometheus reads them, of the type `EXPOSITION_TYPE`."""
        with self._lock:
            return generate_latest(self.registry)

    def _by_reason(self, stage: str, outcome: str) -> dict[str, int]:
        return {
            reason: count
            for (its_stage, its_outcome, reason), count in sorted(self._counts.items())
            if (its_stage, its_outcome) == (stage, outcome)
        }
