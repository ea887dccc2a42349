"""Kills without end: rounds of random `kill -9` over each deployment, each compared with an unkilled run.

    python tests/soak/kills.py --kills 1000

A round reads the news day, told several times over, while its processes and servers are killed at random.
Then it waits until all is read and sent, and compares every export, and what the sink holds, with what one
quiet process leaves. It stops at the first difference. Deployments: `embedded` (one process, SQLite),
`postgres` (workers on a PostgreSQL ledger), `kafka` (workers on a topic, alerts on another).
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

from broker import Broker
from commands import tocsin
from deployment import (
    Deployment,
    Exports,
    Server,
    delivered_to_file,
    embedded,
    exports,
    kafka_config,
    workers,
    write_config,
)
from newsday_documents import write_documents
from ports import free_port
from postgres import Postgres

_A_ROUND = 40
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
        self._broker = Broker(folder / "kafka")
        quiet = write_config(folder / "quiet", "sqlite:///tocsin.db", self._documents)
        tocsin("run", "--once", "--config", quiet / "tocsin.toml")
        self._expected: Exports = exports(quiet)
        self._nth = 0

    def start(self) -> None:
        """The servers run."""
        self._database.start()
        self._broker.start()

    def stop(self) -> None:
        """No server runs."""
        self._broker.stop()
        self._database.stop()

    def live_through(self, kind: str, kills: int) -> Counter[str]:
        """How often each part was killed in one round.

        Raises:
            AssertionError: something was lost, doubled or changed.
        """
        folder, deployment = self._deployed(kind)
        with deployment:
            deployment.live_through(self._moments, kills, _LIFE_S)
            deployment.settled(self._expected, within_s=600)
        self._compare(kind, folder)
        return Counter(deployment.kills)

    def live_without(self, name: str, seconds: float) -> None:
        """Workers on Kafka live without the broker or the database for a while.

        Raises:
            AssertionError: something was lost, doubled or changed.
        """
        folder, deployment = self._deployed("kafka")
        with deployment:
            time.sleep(_WARM_S)
            deployment.servers[name].kill()
            time.sleep(seconds)
            deployment.servers[name].start()
            deployment.settled(self._expected, within_s=600)
        self._compare("kafka", folder)

    def _deployed(self, kind: str) -> tuple[Path, Deployment]:
        self._nth += 1
        folder = self._folder / f"{kind}-{self._nth}"
        return folder, getattr(self, f"_{kind}")(folder)

    def _compare(self, kind: str, folder: Path) -> None:
        found = exports(folder)
        for what, lines in self._expected.items():
            assert found[what] == lines, f"{what} of {folder} differ"
        alerts = self._queued(folder.name) if kind == "kafka" else delivered_to_file(folder)
        assert alerts == self._expected["alerts"], f"what the sink of {folder} holds differs"

    def _embedded(self, folder: Path) -> Deployment:
        ledger = f"sqlite:///{folder}/tocsin.db"
        return embedded(write_config(folder, ledger, self._documents), ledger)

    def _postgres(self, folder: Path) -> Deployment:
        ledger = self._database.fresh(f"round_{self._nth}")
        return workers(write_config(folder, ledger, self._documents), ledger, 2, self._servers("database"))

    def _kafka(self, folder: Path) -> Deployment:
        ledger = self._database.fresh(f"round_{self._nth}")
        pages = self._broker.create_topic(f"pages-{folder.name}", 4)
        alerts = self._broker.create_topic(f"alerts-{folder.name}", 2)
        config = kafka_config(self._broker.bootstrap, pages, alerts)
        written = write_config(folder, ledger, self._documents, config)
        return workers(written, ledger, 2, self._servers("database", "broker"))

    def _servers(self, *names: str) -> dict[str, Server]:
        known = {
            "database": Server(self._database.kill, self._database.start),
            "broker": Server(self._broker.kill, self._broker.start),
        }
        return {name: known[name] for name in names}

    def _queued(self, name: str) -> list[dict[str, object]]:
        found = [json.loads(message.value) for message in self._broker.read(f"alerts-{name}")]
        return sorted(found, key=lambda alert: (alert["article"]["observed_at"], alert["id"]))


def main() -> None:
    """Rounds until there were enough kills."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000, help="in all (default 1000)")
    parser.add_argument("--days", type=int, default=10, help="how often the news day is told (default 10)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the random moments")
    parser.add_argument("--outage", type=float, default=120, help="seconds without a server (default 120)")
    parser.add_argument("--deployment", choices=("embedded", "postgres", "kafka"), action="append")
    asked = parser.parse_args()
    kinds = asked.deployment or ["kafka", "postgres", "embedded"]
    killed: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    print(f"seed {asked.seed}", flush=True)
    with TemporaryDirectory(prefix="tocsin-soak-") as folder:
        rounds = Rounds(Path(folder), asked.days, asked.seed)
        rounds.start()
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
