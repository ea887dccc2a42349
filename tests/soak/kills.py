"""Kills without end: rounds of random `kill -9` over each deployment, each compared with an unkilled run.

    python tests/soak/kills.py --kills 1000

A round reads the news day, told several times over, which comes in bit by bit while processes and servers are
killed at random.
Then it waits until all is read and sent, and compares every export, and what the sink holds, with what one
quiet process leaves. It stops at the first difference. Deployments: `embedded` (one process, SQLite),
`postgres` (workers on a PostgreSQL ledger), `kafka` (workers on a topic, alerts on another), `flink` (the
same with a job in place of workers; only where it is asked for, since it takes 2 GB).
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "parts"))

from commands import exported, tocsin
from deployment import (
    Deployment,
    Exports,
    Server,
    delivered_to_file,
    embedded,
    exports,
    growing,
    kafka_config,
    workers,
    write_config,
)
from flink_job import on_flink
from flink_stack import Stack
from newsday_documents import write_documents
from ports import free_port
from postgres import Postgres

_A_ROUND = 40
_KINDS = ("embedded", "postgres", "kafka", "flink")
_LIFE_S = (0.2, 3.0)
_WARM_S = 6.0


class Rounds:
    """Everything that the rounds share: servers, documents, and what an unkilled process makes of them."""

    def __init__(self, folder: Path, days: int, seed: int) -> None:
        self._folder = folder
        self._moments = random.Random(seed)
        self._documents = folder / "newsday.ndjson"
        write_documents(self._documents, days)
        self._database = Postgres(folder / "postgres", free_port())
        self._stack = Stack(folder / "stack")
        quiet = write_config(folder / "quiet", "sqlite:///tocsin.db", self._documents)
        tocsin("run", "--once", "--config", quiet / "tocsin.toml")
        self._expected: Exports = exports(quiet)
        self._nth = 0

    def start(self, *, with_flink: bool) -> None:
        """The servers run."""
        self._database.start()
        self._stack.broker.start()
        if with_flink:
            self._stack("fetch")
            self._stack("up", "all", 2)

    def stop(self) -> None:
        """No server runs."""
        self._stack("down")
        self._database.stop()

    def live_through(self, kind: str, kills: int) -> Counter[str]:
        """How often each part was killed in one round.

        Raises:
            AssertionError: something was lost, doubled or changed.
        """
        papers = self._folder / f"papers-{self._nth}.ndjson"
        grow = growing(papers, self._documents, kills + 1)
        grow()
        folder, deployment = self._deployed(kind, papers)
        with deployment:
            deployment.live_through(self._moments, kills, _LIFE_S, grow)
            deployment.settled(self._expected, within_s=600)
        self._compare(kind, folder)
        return Counter(deployment.kills)

    def live_without(self, name: str, seconds: float) -> None:
        """Workers on Kafka live without the broker or the database for a while.

        Raises:
            AssertionError: something was lost, doubled or changed.
        """
        folder, deployment = self._deployed("kafka", self._documents)
        with deployment:
            time.sleep(_WARM_S)
            deployment.servers[name].kill()
            time.sleep(seconds)
            deployment.servers[name].start()
            deployment.settled(self._expected, within_s=600)
        self._compare("kafka", folder)

    def _deployed(self, kind: str, documents: Path) -> tuple[Path, Deployment]:
        self._nth += 1
        folder = self._folder / f"{kind}-{self._nth}"
        return folder, getattr(self, f"_{kind}")(folder, documents)

    def _compare(self, kind: str, folder: Path) -> None:
        found = exports(folder)
        for what, lines in self._expected.items():
            if found[what] != lines:
                changed = [each for each in found[what] if each not in lines][:1]
                # A page that was refused once and read the second time is judged late.
                refused = [
                    (each["stage"], each["reason"]) for each in exported(folder / "tocsin.toml", "failures")
                ]
                raise AssertionError(
                    f"{what} of {folder} differ in order, or first in {changed}; failures: {refused}"
                )
        alerts = self._queued(folder.name) if kind in ("kafka", "flink") else delivered_to_file(folder)
        assert alerts == self._expected["alerts"], f"what the sink of {folder} holds differs"

    def _embedded(self, folder: Path, documents: Path) -> Deployment:
        ledger = f"sqlite:///{folder}/tocsin.db"
        return embedded(write_config(folder, ledger, documents), ledger)

    def _postgres(self, folder: Path, documents: Path) -> Deployment:
        ledger = self._database.fresh(f"round_{self._nth}")
        return workers(write_config(folder, ledger, documents), ledger, 2, self._servers("database"))

    def _kafka(self, folder: Path, documents: Path) -> Deployment:
        ledger = self._database.fresh(f"round_{self._nth}")
        write_config(folder, ledger, documents, self._topics(folder.name, 4, "workers"))
        return workers(folder, ledger, 2, self._servers("database", "broker"))

    def _flink(self, folder: Path, documents: Path) -> Deployment:
        ledger = self._database.fresh(f"round_{self._nth}")
        # One partition: a job judges in the order of the topic, and that of several partitions is nobody's.
        write_config(folder, ledger, documents, self._topics(folder.name, 1, "stream"))
        return on_flink(folder, ledger, self._servers("database"), self._stack, self._moments)

    def _topics(self, name: str, partitions: int, reader: str) -> str:
        broker = self._stack.broker
        pages = broker.create_topic(f"pages-{name}", partitions)
        alerts = broker.create_topic(f"alerts-{name}", 2)
        return kafka_config(broker.bootstrap, pages, alerts, reader)

    def _servers(self, *names: str) -> dict[str, Server]:
        broker = self._stack.broker
        known = {
            "database": Server(self._database.kill, self._database.start),
            "broker": Server(broker.kill, broker.start),
        }
        return {name: known[name] for name in names}

    def _queued(self, name: str) -> list[dict[str, object]]:
        found = [json.loads(message.value) for message in self._stack.broker.read(f"alerts-{name}")]
        return sorted(found, key=lambda alert: (alert["article"]["observed_at"], alert["id"]))


def main() -> None:
    """Rounds until there were enough kills."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000, help="in all (default 1000)")
    parser.add_argument("--days", type=int, default=10, help="how often the news day is told (default 10)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the random moments")
    parser.add_argument("--outage", type=float, default=120, help="seconds without a server (default 120)")
    parser.add_argument("--deployment", choices=_KINDS, action="append")
    asked = parser.parse_args()
    kinds = asked.deployment or ["kafka", "postgres", "embedded"]
    killed: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    print(f"seed {asked.seed}", flush=True)
    with TemporaryDirectory(prefix="tocsin-soak-") as folder:
        rounds = Rounds(Path(folder), asked.days, asked.seed)
        rounds.start(with_flink="flink" in kinds)
        try:
            for name in ("broker", "database") if asked.outage else ():
                rounds.live_without(name, asked.outage)
                print(f"{asked.outage:g} s without the {name}: nothing lost, doubled or changed", flush=True)
            while (total := sum(each.total() for each in killed.values())) < asked.kills:
                kind = min(kinds, key=lambda each: killed[each].total())
                began = time.monotonic()
                killed[kind] += rounds.live_through(kind, min(_A_ROUND, asked.kills - total))
                print(f"{kind}: {dict(killed[kind])}, {time.monotonic() - began:.0f} s", flush=True)
        finally:
            rounds.stop()
    print(f"{asked.kills} kills: nothing lost, nothing doubled, nothing changed")


if __name__ == "__main__":
    main()
