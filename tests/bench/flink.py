"""The graph on Flink: pages a second from a backlog, latency at a steady rate, and what it costs when idle.

Starts a real Kafka, Flink and PostgreSQL. Every page is one of the news day with a claim of its own, so that
each is extracted, matched, judged and alerted on.

usage: python tests/bench/flink.py [--pages 1000] [--rate 20] [--seconds 30]
"""

import argparse
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

# First, so that the parts are found before what lies beside this file under the same name.
sys.path.insert(0, str(Path(__file__).parents[1] / "parts"))

import psycopg
from flink_stack import Flink, Stack, eventually
from kafka import KafkaProducer
from pipelines.cli.newsday.load import load_newsday
from ports import free_port
from postgres import Postgres

from connectors.testing import a_page, an_item
from pipelines.config import parse_config
from pipelines.ledger.database import open_ledger
from pipelines.streaming import submit_stream
from schemas.codec import encode
from schemas.items import Page

_PARTITIONS = 2
_WARM = 100
_CONFIG = """
[tocsin]
ledger = "{ledger}"
[intake]
kind = "kafka"
reader = "stream"
bootstrap = "{bootstrap}"
topic = "{name}"
group = "{name}"
[[topics]]
id = "veldar"
query = "Veldar"
"""
_BOXED = {"flash24", "torvel-post"}  # end an article with a box that is not its text
_CLAIM = b"<p>The Veldar museum counted %d visitors on Monday, the council said.</p></article>"


def main() -> None:
    """Prints one line for each measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument(
        "--rate", type=float, help="pages a second (default: half of what parallelism 1 reads)"
    )
    parser.add_argument("--seconds", type=float, default=30.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
        stack, database = Stack(Path(folder) / "stack"), Postgres(Path(folder) / "data", free_port())
        stack("fetch")
        try:
            stack("up", "all", 1)
            database.start()
            rates = []
            for parallelism in (1, 2):
                with closing(_Run(stack, database, f"backlog{parallelism}", parallelism)) as run:
                    rates.append(run.drain(arguments.pages))
            with closing(_Run(stack, database, "steady", 1)) as run:
                run.keep_up(arguments.rate or rates[0] / 2, arguments.seconds)
                run.idle(20)
        finally:
            stack("down")
            database.stop()


class _Run:
    """One job on a topic and a ledger of its own."""

    def __init__(self, stack: Stack, database: Postgres, name: str, parallelism: int) -> None:
        ledger = database.fresh(name)
        config = parse_config(
            _CONFIG.format(ledger=ledger, bootstrap=stack.broker.bootstrap, name=name), Path()
        )
        stack.broker.create_topic(name, _PARTITIONS)
        self._name, self._stack, self._parallelism = name, stack, parallelism
        self._producer = KafkaProducer(bootstrap_servers=stack.broker.bootstrap, compression_type="zstd")
        self._bodies = cycle(_bodies())
        self._produced: list[float] = []
        open_ledger(ledger).close()
        self._ledger = psycopg.connect(ledger.replace("+psycopg", ""), autocommit=True)
        submit_stream(config, stack.beam_options(name, f"--parallelism={parallelism}"))
        self._flink = Flink(stack.at("FLINK_REST"))
        self._job = self._flink.running(name)

    def drain(self, pages: int) -> float:
        """Pages a second at which a backlog is worked off, once the workers are warm; tells it too."""
        self._produce(_WARM)
        self._wait()
        started = time.perf_counter()
        self._produce(pages)
        self._wait()
        rate = pages / (time.perf_counter() - started)
        print(f"backlog, parallelism {self._parallelism}: {rate:.1f} pages/s", flush=True)
        return rate

    def keep_up(self, rate: float, seconds: float) -> None:
        """Tells how long a page takes from the topic to its judgement in the ledger."""
        self._produce(_WARM)
        self._wait()
        waits_s: list[float] = []
        started = time.perf_counter()
        for number in range(round(rate * seconds)):
            while time.perf_counter() < started + number / rate:
                waits_s += self._settled_since(_WARM + len(waits_s))
                time.sleep(0.02)
            self._produce(1)
        while len(waits_s) < round(rate * seconds):
            waits_s += self._settled_since(_WARM + len(waits_s))
        waits_s.sort()
        p50, p95 = (waits_s[int(len(waits_s) * part)] for part in (0.5, 0.95))
        print(f"{rate:.1f} pages/s: p50 {p50:.2f} s, p95 {p95:.2f} s, most {waits_s[-1]:.2f} s", flush=True)

    def idle(self, seconds: float) -> None:
        """Tells what share of a core each part takes while nothing comes."""
        before = self._stack.cpu_seconds()
        time.sleep(seconds)
        shares = {part: (spent - before[part]) / seconds for part, spent in self._stack.cpu_seconds().items()}
        print("idle: " + ", ".join(f"{part} {share:.1%}" for part, share in shares.items()), flush=True)

    def close(self) -> None:
        """The job has ended."""
        self._flink.cancel(self._job)
        self._producer.close()
        self._ledger.close()

    def _produce(self, pages: int) -> None:
        for _ in range(pages):
            number = len(self._produced)
            self._produced.append(time.perf_counter())
            # One after the other on one partition when it is about latency: the nth out is the nth in.
            partition = number % self._parallelism
            page = _page(number, next(self._bodies))
            self._producer.send(self._name, encode(page), key=page.id.encode(), partition=partition)
        self._producer.flush()

    def _settled(self) -> int:
        (count,) = self._ledger.execute("select count(*) from settled").fetchone() or (0,)
        return int(count)

    def _settled_since(self, known: int) -> list[float]:
        now = time.perf_counter()
        return [now - self._produced[number] for number in range(known, self._settled())]

    def _wait(self) -> None:
        eventually(lambda: self._settled() >= len(self._produced), within_s=600)


def _bodies() -> list[bytes]:
    day = load_newsday()
    pieces = (piece for piece in day.pieces if piece.kind == "article" and piece.outlet not in _BOXED)
    answers = (day.respond(f"/{piece.outlet}/{piece.slug}", day.rounds[-1]).body for piece in pieces)
    return [body for body in answers if b"</article>" in body]


def _page(number: int, body: bytes) -> Page:
    observed_at = datetime.now(UTC) + timedelta(microseconds=number)
    item = an_item(
        url=f"http://{number}.example/", source="bench", publisher=None, title=None, observed_at=observed_at
    )
    return a_page(item=item, html=body.replace(b"</article>", _CLAIM % (1_000 + number), 1))


if __name__ == "__main__":
    main()
