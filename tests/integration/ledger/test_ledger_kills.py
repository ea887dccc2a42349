"""A kill at any moment loses nothing that was written and leaves nothing half written."""

import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from connectors.testing import a_failure
from pipelines.ledger.database import open_ledger

WRITER = Path(__file__).with_name("writes_until_killed.py")
ROOT = Path(__file__).parents[3]
PAGES, RULINGS = 20, 5


@pytest.fixture
def file(tmp_path):
    """The path of an empty ledger."""
    open_ledger(f"sqlite:///{tmp_path / 'tocsin.db'}").close()
    return tmp_path / "tocsin.db"


@contextmanager
def writer(job, file):
    """The program that writes, killed in the end."""
    command = [sys.executable, str(WRITER), job, f"sqlite:///{file}"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def check_file(file):
    """The database itself is sound."""
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []


def rounds_in(ledger):
    """How many whole rounds the ledger holds of polls and of judging."""
    counts = ledger.intake.counts()
    cursor = ledger.intake.source_state("courier").cursor
    polled = {counts["items_waiting"] / PAGES, counts["pages_pending"] / PAGES, int(cursor) + 1}
    with ledger.memories.judging("main") as judging:
        heard = sum(1 for _ in judging.since(0))
    judged = {
        heard / RULINGS,
        sum(1 for _ in ledger.reading.judgements()) / RULINGS,
        sum(1 for _ in ledger.reading.alerts()) / RULINGS,
        ledger.outbox.counts()["desk"]["waiting"] / RULINGS,
    }
    assert len(polled) == len(judged) == 1, "a transaction was torn"
    return polled.pop(), judged.pop()


def test_random_kills_lose_nothing_and_tear_nothing(file):
    """After each kill every round that was told is there and whole, and the writer goes on from it."""
    for _ in range(6):
        with writer("write", file) as process:
            first = process.stdout.readline()
            time.sleep(random.uniform(0, 0.3))
            process.kill()
            told = [int(line) for line in (first + process.stdout.read()).split()]
        check_file(file)
        with open_ledger(f"sqlite:///{file}") as ledger:
            polled, judged = rounds_in(ledger)
        assert polled > told[-1]
        assert polled - 1 <= judged <= polled


def test_a_kill_within_a_transaction_leaves_nothing_and_no_lock(file):
    """What was written in a session that never ended is gone, and others write at once."""
    with writer("hold", file) as process:
        assert process.stdout.readline() == b"held\n"
    check_file(file)
    with open_ledger(f"sqlite:///{file}", lock_wait_s=0) as ledger:
        ledger.failures.save([a_failure()])
        with ledger.memories.judging("main") as judging:
            assert list(judging.since(0)) == []
        assert list(ledger.reading.alerts()) == []
        assert ledger.outbox.counts() == {}
