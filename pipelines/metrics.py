"""All metrics, in one place: what left each stage and how, what is waiting, what is in trouble.

Labels are closed sets, or names from the configuration. Prometheus tells processes apart by `instance`:
counters and histograms add up over them; of a gauge each process tells what it sees, so the largest counts.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Lock
from time import monotonic
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client import Counter as PrometheusCounter

EXPOSITION_TYPE: Final = CONTENT_TYPE_LATEST
"""Media type of what Prometheus reads."""

Leaving = tuple[str, str, str]
"""Stage, outcome (in, out, emitted, dropped or failed) and the reason, empty where there is none."""

_RECORDS: Final = "Records by how they left a stage; for each stage in = emitted + dropped + failed."
_WAITING: Final = "Records waiting: items to fetch, pages to read, matches to judge, alerts to send."
_SOURCES: Final = (
    "Sources by state: ok, failing (the last poll failed) or silent (no good poll for too long)."
)
_SINK_FAILURES: Final = "Deliveries to the sink that failed since the last one that did not."
_BUILD: Final = "Always 1; tells the version, and the digest of the configuration that judges."
_CYCLE: Final = "How long one run of the graph over the pages that waited took."
_LATENCY: Final = "From the moment a source showed an item to the delivery of its alert."


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
        counter = partial(PrometheusCounter, registry=self.registry)
        gauge = partial(Gauge, registry=self.registry)
        histogram = partial(Histogram, registry=self.registry)
        self._records = counter("tocsin_stage_records", _RECORDS, ["stage", "outcome", "reason"])
        self._polls = counter("tocsin_polls", "Looks at sources, by result.", ["result"])
        for result in ("ok", "retriable", "rejected"):
            self._polls.labels(result)  # From 0 on, so that a rate sees the first one.
        self._waiting = gauge("tocsin_waiting", _WAITING, ["what"])
        self._sources = gauge("tocsin_sources", _SOURCES, ["state"])
        self._sink_failures = gauge("tocsin_sink_failures_in_a_row", _SINK_FAILURES, ["sink"])
        self._trouble = gauge(
            "tocsin_trouble", "1 for each part of the process that cannot work now.", ["part"]
        )
        self._build = gauge("tocsin_build_info", _BUILD, ["version", "config"])
        self._cycle = histogram("tocsin_cycle_seconds", _CYCLE, buckets=(0.5, 1, 2, 5, 10, 30, 60, 300))
        latencies_s = (0.5, 1, 2, 5, 10, 30, 60, 300, 3600)
        self._latency = histogram("tocsin_alert_latency_seconds", _LATENCY, buckets=latencies_s)

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
        """So many records wait for the next step; `what` is items, pages, matches or alerts."""
        self._waiting.labels(what).set(count)

    def sources(self, by_state: Mapping[str, int]) -> None:
        """So many sources are ok, failing and silent."""
        for state, count in by_state.items():
            self._sources.labels(state).set(count)

    def sink_failed(self, sink: str, in_a_row: int) -> None:
        """So many deliveries to the sink failed since the last good one; 0 where it takes alerts."""
        self._sink_failures.labels(sink).set(in_a_row)

    def in_trouble(self, parts: Collection[str]) -> None:
        """These parts of the process cannot work now, and no others."""
        with self._lock:
            self._trouble.clear()
            for part in parts:
                self._trouble.labels(part).set(1)

    @contextmanager
    def cycle(self) -> Iterator[None]:
        """Within it, the graph runs once over what waited; a run that breaks off does not count."""
        started_s = monotonic()
        yield
        self._cycle.observe(monotonic() - started_s)

    def built(self, version: str, config: str) -> None:
        """This version runs, with the configuration of this digest, and no other any more."""
        self._build.clear()
        self._build.labels(version, config).set(1)

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
