"""All metrics, in one place: what left each stage and how, and what is waiting. Labels are closed sets."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from apache_beam.metrics import MetricsFilter
from prometheus_client import CollectorRegistry, Gauge, Histogram, make_asgi_app
from prometheus_client import Counter as PrometheusCounter

from pipelines.transforms.fallible import NAMESPACE


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
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._records = PrometheusCounter(
            "tocsin_stage_records",
            "Records by how they left a stage; for each stage in = emitted + dropped + failed.",
            ["stage", "outcome", "reason"],
            registry=self.registry,
        )
        self._polls = PrometheusCounter(
            "tocsin_polls", "Looks at sources, by result.", ["result"], registry=self.registry
        )
        self._waiting = Gauge(
            "tocsin_waiting", "Records waiting for the next step.", ["what"], registry=self.registry
        )
        self._latency = Histogram(
            "tocsin_alert_latency_seconds",
            "From the moment a source showed an item to the delivery of its alert.",
            buckets=(0.5, 1, 2, 5, 10, 30, 60, 300, 3600),
            registry=self.registry,
        )

    def count(self, stage: str, outcome: str, reason: str = "", by: int = 1) -> None:
        """`by` more records had this outcome; `outcome` is in, out, emitted, dropped or failed."""
        self._counts[stage, outcome, reason] += by
        self._records.labels(stage, outcome, reason).inc(by)

    def count_cycle(self, result: Any) -> None:
        """The outcomes that a finished Beam run counted are part of the tally."""
        counters = result.metrics().query(MetricsFilter().with_namespace(NAMESPACE))["counters"]
        for counter in counters:
            stage, outcome, reason = (*counter.key.metric.name.split("/"), "")[:3]
            self.count(stage, outcome, reason, counter.result)

    def polled(self, result: str) -> None:
        """One more look at a source; `result` is ok, retriable or rejected."""
        self._polls.labels(result).inc()

    def waiting(self, what: str, count: int) -> None:
        """So many records wait; `what` is items, pages or alerts."""
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

    def asgi_app(self) -> Any:
        """The metrics in Prometheus' text format, as a web application."""
        return make_asgi_app(registry=self.registry)

    def _by_reason(self, stage: str, outcome: str) -> dict[str, int]:
        return {
            reason: count
            for (its_stage, its_outcome, reason), count in sorted(self._counts.items())
            if (its_stage, its_outcome) == (stage, outcome)
        }
