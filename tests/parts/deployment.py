"""A deployment of real processes that dies and comes back: what a supervisor and bad luck do to Tocsin."""

import json
import random
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from commands import TOCSIN, exported
from newsday_documents import topics_and_entities

from pipelines.ledger.database import open_ledger

Exports = Mapping[str, list[dict[str, Any]]]
"""The lines of every export, by its name."""

_LOOK_EVERY_S = 1.0
_NO_DATABASE = 3
_EXPECTED_ENDS = (-signal.SIGKILL, _NO_DATABASE)


@dataclass
class Process:
    """One process of Tocsin, started anew whenever it is dead."""

    words: tuple[str, ...]
    log: Path
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """The process runs.

        Raises:
            AssertionError: it has ended, nobody had killed it, and it was not for want of a database.
        """
        if self.running is None or self.running.poll() is not None:
            by_itself = self.running is not None and self.running.returncode not in _EXPECTED_ENDS
            assert not by_itself, self.log.read_text(encoding="utf-8")[-4000:]
            with self.log.open("ab") as said:
                command = [str(TOCSIN), *self.words]
                self.running = subprocess.Popen(command, stdout=said, stderr=said)

    def kill(self) -> None:
        """`kill -9`: no time for anything."""
        if self.running is not None:
            self.running.kill()
            self.running.wait()

    def freeze(self) -> None:
        """It stands still and knows nothing of it, as on a machine that is suspended."""
        assert self.running is not None
        self.running.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on in the middle of what it did."""
        assert self.running is not None
        self.running.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """SIGTERM, as a supervisor sends it."""
        if self.running is not None and self.running.poll() is None:
            self.running.terminate()
            self.running.wait(timeout=30)


@dataclass(frozen=True)
class Server:
    """A part that is not Tocsin's, such as a broker."""

    kill: Callable[[], object]
    start: Callable[[], object]


@dataclass
class Deployment:
    """Processes and servers by name, over one ledger; a `with` starts the processes and stops them."""

    ledger: str
    processes: Mapping[str, Process]
    servers: Mapping[str, Server] = field(default_factory=dict)
    kills: dict[str, int] = field(default_factory=dict)
    """How often each was killed."""
    job: AbstractContextManager[object] = field(default_factory=nullcontext)
    """What runs on a cluster from before the processes start until they have ended."""

    def start(self) -> None:
        """Every process runs, as a supervisor would see to."""
        for process in self.processes.values():
            process.start()

    def stop(self) -> None:
        """No process runs."""
        for process in self.processes.values():
            process.stop()

    def live_through(
        self,
        moments: random.Random,
        kills: int,
        life_s: tuple[float, float],
        meanwhile: Callable[[], object] = bool,
    ) -> None:
        """So many kills, each of a random part after a random while; all are started again at once.

        `meanwhile` is called before each, for example to bring more work.
        """
        self.start()
        names = [*self.processes, *self.servers]
        for _ in range(kills):
            meanwhile()
            time.sleep(moments.uniform(*life_s))
            name = moments.choice(names)
            self.kills[name] = self.kills.get(name, 0) + 1
            if name in self.servers:
                self.servers[name].kill()
                self.servers[name].start()
            else:
                self.processes[name].kill()
            self.start()

    def settled(self, expected: Exports, within_s: float) -> None:
        """All of these articles, claims and alerts are in the ledger, and every alert is sent.

        Raises:
            AssertionError: not within the time; tells what is missing.
        """
        wanted = {
            "articles": len(expected["articles"]),
            "claims": len(expected["claims"]),
            "parked": 0,
            "sent": len(expected["alerts"]),
            "waiting": 0,
        }
        give_up_at = time.monotonic() + within_s
        while (found := self.counts()) != wanted:
            assert time.monotonic() < give_up_at, f"expected {wanted}, found {found}"
            self.start()
            time.sleep(_LOOK_EVERY_S)

    def counts(self) -> dict[str, int]:
        """How many articles and judged claims there are, and how many alerts were sent and wait."""
        with open_ledger(self.ledger) as ledger:
            sent = ledger.outbox.counts().get("desk", {})
            return {
                "articles": sum(1 for _ in ledger.reading.articles()),
                "claims": sum(1 for _ in ledger.reading.judgements()),
                "parked": ledger.memories.parked(),
                "sent": sent.get("sent", 0),
                "waiting": sent.get("waiting", 0),
            }

    def __enter__(self) -> Self:
        self.job.__enter__()
        self.start()
        return self

    def __exit__(self, *exc: Any) -> None:
        self.stop()
        self.job.__exit__(*exc)


def workers(folder: Path, ledger: str, count: int, servers: Mapping[str, Server] | None = None) -> Deployment:
    """Collect, so many detect, and publish over the folder's configuration."""
    roles = {"collect": "collect", "publish": "publish"}
    roles |= {f"detect-{number}": "detect" for number in range(count)}
    config = str(folder / "tocsin.toml")
    processes = {
        name: Process(words=(role, "--config", config), log=folder / f"{name}.log")
        for name, role in roles.items()
    }
    return Deployment(ledger, processes, servers or {})


def embedded(folder: Path, ledger: str) -> Deployment:
    """One process over the folder's configuration."""
    config = str(folder / "tocsin.toml")
    return Deployment(ledger, {"run": Process(("run", "--config", config), folder / "run.log")})


FILE_SINK = """
[sinks.desk]
kind = "file"
path = "alerts.ndjson"
"""


def kafka_config(bootstrap: str, pages: str, alerts: str, reader: str = "workers") -> str:
    """Parts of a configuration: pages wait on one topic for their reader, alerts go to the other."""
    return f"""
[intake]
kind = "kafka"
reader = "{reader}"
bootstrap = "{bootstrap}"
topic = "{pages}"
group = "{pages}"
[sinks.desk]
kind = "kafka"
bootstrap = "{bootstrap}"
topic = "{alerts}"
"""


def write_config(
    folder: Path, ledger: str, documents: Path, more: str = FILE_SINK, topics: str | None = None
) -> Path:
    """The folder of a configuration that reads the documents for the news day's desk, or for another."""
    folder.mkdir()
    text = f"""
[tocsin]
ledger = "{ledger}"
[metrics]
port = 0
[[sources]]
name = "papers"
every = "1s"
kind = "file"
path = "{documents}"
[[subscriptions]]
topics = ["*"]
sink = "desk"
{more}
{topics or topics_and_entities()}"""
    (folder / "tocsin.toml").write_text(text, encoding="utf-8")
    return folder


def growing(file: Path, documents: Path, times: int) -> Callable[[], None]:
    """Adds a part of the documents to the file at each call, so many times until it has all."""
    lines = documents.read_text(encoding="utf-8").splitlines(keepends=True)
    parts = iter([lines[nth * len(lines) // times : (nth + 1) * len(lines) // times] for nth in range(times)])

    def grow() -> None:
        with file.open("a", encoding="utf-8") as opened:
            opened.writelines(next(parts))

    return grow


def exports(folder: Path) -> Exports:
    """The lines of every export of the ledger behind the folder's configuration."""
    return {what: exported(folder / "tocsin.toml", what) for what in ("alerts", "claims", "articles")}


def delivered_to_file(folder: Path) -> list[dict[str, Any]]:
    """What the file sink holds, in the order of exports."""
    lines = (folder / "alerts.ndjson").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return sorted(found, key=lambda alert: (alert["article"]["observed_at"], alert["id"]))
