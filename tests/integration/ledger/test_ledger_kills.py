"""A kill at any moment loses nothing that was written and leaves nothing half written."""

import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import ledger_rounds
from ledger_rounds import rounds_in
from sqlalchemy import make_url

from connectors.testing import a_failure
from pipelines.ledger.database import open_ledger

# A server has to notice that its client is gone.
_GONE_S = {"sqlite": 0, "postgresql": 10}
ROOT = Path(__file__).parents[3]


@contextmanager
def writer(job, url):
    """The program that writes, killed in the end."""
    command = [sys.executable, ledger_rounds.__file__, job, url]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def check(url):
    """The database itself is sound."""
    path = make_url(url).database
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(path)) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert raw.execute("PRAGMA foreign_key_check").fetchall() == []


def test_random_kills_lose_nothing_and_tear_nothing(url):
    """After each kill every round that was told is there and whole, and the writer goes on from it."""
    for _ in range(6):
        with writer("write", url) as process:
            first = process.stdout.readline()
            time.sleep(random.uniform(0, 0.3))
            process.kill()
            told = [int(line) for line in (first + process.stdout.read()).split()]
        check(url)
        with open_ledger(url) as ledger:
            polled, judged = rounds_in(ledger)
        assert polled > told[-1]
        assert polled - 1 <= judged <= polled


def test_a_kill_within_a_transaction_leaves_nothing_and_no_lock(url):
    """What was written in a session that never ended is gone, and others write at once."""
    with writer("hold", url) as process:
        assert process.stdout.readline() == b"held\n"
    check(url)
    with open_ledger(url, lock_wait_s=_GONE_S[make_url(url).get_backend_name()]) as ledger:
        ledger.failures.save([a_failure()])
        with ledger.memories.judging("main") as judging:
            assert list(judging.since(0)) == []
        assert list(ledger.reading.alerts()) == []
        assert ledger.outbox.counts() == {}
