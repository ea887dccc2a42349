"""Workers on Kafka: pages a second for one and two, latency at half load, and what each part costs when idle.

Starts a real Kafka and PostgreSQL. Pages are those of a folder `articles-*/html/*.html.gz`; three in four
match no topic. For the backlog each worker keeps to one core; servers, collect and publish take what is left.

usage: python tests/bench/workers.py DATA [--times 3] [--seconds 30]
"""

import argparse
import gzip
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "parts"))

from broker import Broker
from commands import tocsin
from deployment import FILE_SINK, Deployment, embedded, kafka_config, workers, write_config
from ports import free_port
from postgres import Postgres
from sqlalchemy import Select, create_engine, func, literal, select
from whole_graph import TOPICS

from pipelines.ledger.tables import SENT, articles, deliveries, failures

_ONE_READER = "\n[extraction]\nworkers = 1\n"
_TICKS_S = 1 / os.sysconf("SC_CLK_TCK")
_IDLE_S = 20.0
_BEGUN_AT = datetime(2026, 3, 1, tzinfo=UTC)


class Bench:
    """The servers, and the documents of the backlog."""

    def __init__(self, folder: Path, data: Path, times: int) -> None:
        self._folder = folder
        self._backlog = folder / "backlog.ndjson"
        self._pages = _write_documents(self._backlog, data, times)
        self._database = Postgres(folder / "postgres", free_port())
        self._broker = Broker(folder / "kafka")

    def __enter__(self) -> "Bench":
        self._database.start()
        self._broker.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._broker.stop()
        self._database.stop()

    def throughput(self, count: int) -> float:
        """Pages a second that so many workers take from a full topic, once they have started."""
        ledger, folder = self._on_kafka(f"backlog{count}", self._backlog)
        tocsin("collect", "--once", "--config", folder / "tocsin.toml")
        deployment = workers(folder, ledger, count)
        with deployment:
            _give_each_a_core(deployment)
            first = self._until(lambda: _read(ledger) >= self._pages // 10)
            read = _read(ledger)
            last = self._until(lambda: _read(ledger) >= self._pages)
        rate = (self._pages - read) / (last - first)
        print(f"backlog, {count} workers: {rate:.1f} pages/s", flush=True)
        return rate

    def latency(self, name: str, rate: float, seconds: float) -> None:
        """How long a page takes from its source to the queue at a steady rate, and what idling costs."""
        source = self._folder / f"{name}-feed"
        source.mkdir()
        # A source with nothing to read is in trouble, and is asked ever more seldom.
        (source / "first.ndjson").write_text('{"url": "http://first.example/", "text": "Nothing."}\n')
        if name == "embedded":
            ledger = f"sqlite:///{self._folder}/embedded.db"
            folder = write_config(self._folder / name, ledger, source / "*.ndjson", FILE_SINK, TOPICS)
            deployment = embedded(folder, ledger)
        else:
            ledger, folder = self._on_kafka(name, source / "*.ndjson")
            deployment = workers(folder, ledger, 2)
        with deployment:
            time.sleep(8)  # Everything has started.
            waits_s = self._feed(source, ledger, rate, seconds)
            p50, p95 = (sorted(waits_s)[int(len(waits_s) * part)] for part in (0.5, 0.95))
            print(f"{name}, {rate:.1f} pages/s, {len(waits_s)} alerts: p50 {p50:.2f} s, p95 {p95:.2f} s")
            print(f"{name}, idle: {_idle(deployment)}", flush=True)

    def _on_kafka(self, name: str, documents: Path) -> tuple[str, Path]:
        ledger = self._database.fresh(name)
        pages, alerts = (self._broker.create_topic(f"{what}-{name}", 4) for what in ("pages", "alerts"))
        config = kafka_config(self._broker.bootstrap, pages, alerts) + _ONE_READER
        return ledger, write_config(self._folder / name, ledger, documents, config, TOPICS)

    def _feed(self, source: Path, ledger: str, rate: float, seconds: float) -> list[float]:
        """Seconds from the moment that a page could be seen to that of its alert being sent."""
        lines = self._backlog.read_text("utf-8").splitlines()
        began = time.monotonic()
        for second in range(round(seconds)):
            now = datetime.now(UTC)
            some = [json.loads(line) for line in lines[round(second * rate) : round((second + 1) * rate)]]
            for number, document in enumerate(some):
                document["observed_at"] = (now + timedelta(microseconds=number)).isoformat()
            text = "".join(json.dumps(document) + "\n" for document in some)
            part = source / f"{second:05}.part"
            part.write_text(text, "utf-8")
            part.rename(part.with_suffix(".ndjson"))
            time.sleep(max(0.0, began + second + 1 - time.monotonic()))
        time.sleep(10)
        sent = select(deliveries.c.observed_at, deliveries.c.closed_at).where(deliveries.c.state == SENT)
        return [(closed - observed).total_seconds() for observed, closed in _asked(ledger, sent)]

    def _until(self, done: Callable[[], bool]) -> float:
        """The moment from which it was so."""
        while not done():
            time.sleep(0.2)
        return time.monotonic()


def _write_documents(file: Path, data: Path, times: int) -> int:
    """How many documents were written: every page of the data so many times, at other hosts."""
    pages = sorted(data.glob("articles-*/html/*.html.gz"))
    if not pages:
        sys.exit(f"no articles-*/html/*.html.gz in {data}")
    lines = []
    for number, page in enumerate(pages * times):
        document = {
            "url": f"http://{number // len(pages)}.example/{page.stem}",
            "html": gzip.decompress(page.read_bytes()).decode("utf-8", "replace"),
            "observed_at": (_BEGUN_AT + timedelta(seconds=number)).isoformat(),
        }
        lines.append(json.dumps(document) + "\n")
    file.write_text("".join(lines), encoding="utf-8")
    return len(lines)


def _read(ledger: str) -> int:
    """How many pages have become an article or a Failure."""
    ended = (select(func.count()).select_from(each).scalar_subquery() for each in (articles, failures))
    ((count,),) = _asked(ledger, select(sum(ended, start=literal(0))))
    return count


def _asked(ledger: str, question: Select) -> list:
    engine = create_engine(ledger)
    with engine.connect() as connection:
        found = connection.execute(question).all()
    engine.dispose()
    return found


def _give_each_a_core(deployment: Deployment) -> None:
    """Each worker, with all processes that it starts, keeps to one core; the servers take what is left."""
    names = (name for name in deployment.processes if name.startswith("detect"))
    for core, name in zip(sorted(os.sched_getaffinity(0)), names, strict=False):
        os.sched_setaffinity(deployment.processes[name].running.pid, {core})


def _idle(deployment: Deployment) -> str:
    before = {name: _cpu_s(process.running.pid) for name, process in deployment.processes.items()}
    time.sleep(_IDLE_S)
    shares = {
        name: (_cpu_s(process.running.pid) - before[name]) / _IDLE_S
        for name, process in deployment.processes.items()
    }
    return ", ".join(f"{name} {share:.1%}" for name, share in shares.items())


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICKS_S


def main() -> None:
    """Prints one line for each measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder of articles-*/html/*.html.gz")
    parser.add_argument("--times", type=int, default=3, help="how often each page is told")
    parser.add_argument("--seconds", type=float, default=30.0, help="of steady load")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder,
        Bench(Path(folder), asked.data, asked.times) as bench,
    ):
        one, two = bench.throughput(1), bench.throughput(2)
        print(f"two workers against one: {two / one:.2f} x", flush=True)
        bench.latency("workers", two / 2, asked.seconds)
        bench.latency("embedded", one / 2, asked.seconds)


if __name__ == "__main__":
    main()
