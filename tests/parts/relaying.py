"""Processes that relay alerts to Kafka, and can be killed and paused at any moment."""

import asyncio
import os
import signal
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

from connectors.sinks.kafka import KafkaSink, KafkaSinkOptions
from connectors.testing import NOON, an_alert, an_article_ref
from pipelines.ledger.database import Ledger, open_ledger
from pipelines.memory.log import Delivery, Ruling
from pipelines.metrics import Tally
from pipelines.publish import Relay
from schemas.errors import LedgerError

# A process that has imported everything is ready a second sooner than one that starts from nothing.
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["connectors.sinks.kafka", "connectors.testing", "pipelines.ledger.database", "pipelines.publish"]
)
_SINK = "queue"
_HASTE = 60


class Hasty:
    """A clock that goes sixty times as fast: who rests half a minute is back after half a second."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()

    def __call__(self):
        """The moment it shows."""
        return NOON + timedelta(seconds=(time.monotonic() - self._began_s) * _HASTE)


class DyingOutbox:
    """The outbox of a process that is killed when it would note what it delivered."""

    def __init__(self, outbox) -> None:
        self.due = outbox.due
        self.retry = outbox.retry
        self.recalled = outbox.sent

    def sent(self, sink, ids, at):
        """Nothing is noted any more, unless it was recalled."""
        if isinstance(ids, frozenset):
            return self.recalled(sink, ids, at)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("dead")


def relay_for_ever(file, options, lives, dies_at_a_note):
    """Relays whatever is due until it is killed."""
    sink = KafkaSink.open(_SINK, options, None)

    async def run(outbox):
        relay = Relay({_SINK: sink}, outbox, Hasty(), Tally())
        while True:
            try:
                await relay.relay()
            except LedgerError:
                continue
            lives.set()
            await asyncio.sleep(0.01)

    with open_ledger(f"sqlite:///{file}", lock_wait_s=1.0) as ledger:
        asyncio.run(run(DyingOutbox(ledger.outbox) if dies_at_a_note else ledger.outbox))


class Relaying:
    """A ledger that fills with alerts, and the relays that empty it into a topic."""

    def __init__(self, file: Path, options: KafkaSinkOptions) -> None:
        self.alerts = []
        """Every alert that is or was due."""
        self._file = file
        self._options = options
        self._ledger: Ledger = open_ledger(f"sqlite:///{file}")

    def start(self):
        """A relay that has delivered what was due, and goes on."""
        process, lives = self._launch(dies_at_a_note=False)
        assert lives.wait(60)
        return process

    def start_one_that_dies_at_a_note(self) -> None:
        """A relay has delivered what was due, and was killed before it could note it in the ledger."""
        process, _ = self._launch(dies_at_a_note=True)
        process.join(60)
        assert process.exitcode == -signal.SIGKILL

    def _launch(self, *, dies_at_a_note: bool):
        lives = PROCESSES.Event()
        arguments = (self._file, self._options, lives, dies_at_a_note)
        process = PROCESSES.Process(target=relay_for_ever, args=arguments, daemon=True)
        process.start()
        return process, lives

    def feed(self, for_s: float) -> None:
        """Three alerts more become due every now and then, for so long."""
        end = time.monotonic() + for_s
        while time.monotonic() < end:
            first = len(self.alerts)
            alerts = [
                an_alert(article=an_article_ref(url=f"https://x.example/{first + n}")) for n in range(3)
            ]
            deliveries = tuple(Delivery(alert=alert.id, sink=_SINK) for alert in alerts)
            ruling = Ruling(
                hearing=None, judgements=(), alerts=tuple(alerts), settled=(), deliveries=deliveries
            )
            with self._ledger.memories.judging("main") as judging:
                judging.save(ruling)
            self.alerts += alerts
            time.sleep(0.02)

    def pause(self, process) -> None:
        """The process stands still, but not where it holds the ledger, so that others can go on."""
        while True:
            os.kill(process.pid, signal.SIGSTOP)
            try:
                with closing(sqlite3.connect(self._file, timeout=0.2, isolation_level=None)) as other:
                    other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                os.kill(process.pid, signal.SIGCONT)
                time.sleep(0.003)
            else:
                return

    def resume(self, process) -> None:
        """The process goes on where it stood still."""
        os.kill(process.pid, signal.SIGCONT)

    def wait_until_sent(self, within_s: float = 60.0) -> None:
        """Returns when nothing waits any more."""
        end = time.monotonic() + within_s
        while self._ledger.outbox.waiting([_SINK]):
            assert time.monotonic() < end, f"{self._ledger.outbox.counts()} after {within_s} s"
            time.sleep(0.1)

    def close(self) -> None:
        """The ledger is closed."""
        self._ledger.close()
