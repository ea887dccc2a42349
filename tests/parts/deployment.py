"""A deployment of real processes that dies and comes back: what a supervisor and bad luck do to Tocsin."""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.ledger.database import open_ledger

TOCSIN = Path(sys.executable).with_name("tocsin")
_LOOK_EVERY_S = 1.0


@dataclass
class Process:
    """One process of Tocsin, started anew whenever it is dead."""

    words: tuple[str, ...]
    log: Path
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """The process runs."""
        if self.running is None or self.running.poll() is not None:
            with self.log.open("ab") as said:
                command = [str(TOCSIN), *self.words]
                self.running = subprocess.Popen(command, stdout=said, stderr=said)

    def kill(self) -> None:
        """`kill -9`: no time for anything."""
        if self.running is not None:
            self.running.kill()
            self.running.wait()

    def stop(self) -> None:
        """SIGTERM, as a supervisor sends it."""
        if self.running is not None and self.running.poll() is None:
            self.running.terminate()
            self.running.wait(timeout=30)


@dataclass(frozen=True)
class Server:
    """A part that is not Tocsin's, such as a broker."""

    kill: Callable[[], None]
    start: Callable[[], None]


@dataclass
class Deployment:
    """Processes and servers by name; `config` is the file that all processes share."""

    config: Path
    ledger: str
    processes: Mapping[str, Process]
    servers: Mapping[str, Server] = field(default_factory=dict)
    kills: dict[str, int] = field(default_factory=dict)
    """How often each was killed."""

    def start(self) -> None:
        """Every process runs, as a supervisor would see to."""
        for process in self.processes.values():
            process.start()

    def stop(self) -> None:
        """No process runs."""
        for process in self.processes.values():
            process.stop()

    def live_through(self, moments: random.Random, kills: int, life_s: tuple[float, float]) -> None:
        """So many kills, each of a random part after a random while; all are started again at once."""
        self.start()
        names = [*self.processes, *self.servers]
        for _ in range(kills):
            time.sleep(moments.uniform(*life_s))
            name = moments.choice(names)
            self.kills[name] = self.kills.get(name, 0) + 1
            if name in self.servers:
                self.servers[name].kill()
                self.servers[name].start()
            else:
                self.processes[name].kill()
            self.start()

    @staticmethod
    def expected(exports: Mapping[str, list[object]]) -> dict[str, int]:
        """The counts of a ledger that holds what these exports hold, all of it sent."""
        return {
            "articles": len(exports["articles"]),
            "judgements": len(exports["claims"]),
            "parked": 0,
            "sent": len(exports["delivered"]),
            "waiting": 0,
        }

    def settled(self, expected: Mapping[str, int], within_s: float) -> None:
        """Everything that is due has been read, judged and sent.

        Raises:
            AssertionError: not within the time; tells what is missing.
        """
        give_up_at = time.monotonic() + within_s
        while (found := self.counts()) != expected:
            assert time.monotonic() < give_up_at, f"expected {expected}, found {found}"
            self.start()
            time.sleep(_LOOK_EVERY_S)

    def counts(self) -> dict[str, int]:
        """How many articles and judgements there are, and how many alerts were sent and wait."""
        with open_ledger(self.ledger) as ledger:
            sent = ledger.outbox.counts().get("desk", {})
            return {
                "articles": sum(1 for _ in ledger.reading.articles()),
                "judgements": sum(1 for _ in ledger.reading.judgements()),
                "parked": ledger.memories.parked(),
                "sent": sent.get("sent", 0),
                "waiting": sent.get("waiting", 0),
            }


def tocsin_process(folder: Path, name: str, *words: str) -> Process:
    """A process of one role over the folder's configuration; its name is the log's."""
    config = str(folder / "tocsin.toml")
    return Process(words=(*words, "--config", config), log=folder / f"{name}.log")
