"""Threads and programs on one ledger: writers take turns, readers wait for nobody."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import ledger_rounds
import pytest

from connectors.testing import a_failure, a_hearing, a_saying, an_alert, an_article_ref
from pipelines.ledger.database import open_ledger
from pipelines.memory.log import Ruling
from schemas.errors import LedgerError

ROOT = Path(__file__).parents[3]
WRITERS, SESSIONS = 3, 15


def a_ruling(name, **fields):
    """What a test writes to the memory."""
    hearing = a_hearing(article=an_article_ref(url=f"https://courier.example/{name}"), **fields)
    return Ruling(hearing=hearing, judgements=(), alerts=(), settled=(), deliveries=())


def test_sessions_on_a_memory_take_turns(url):
    """Each session sees all that the one before it wrote, in this process or in another connection pool."""
    with open_ledger(url) as one, open_ledger(url) as other:

        def judge(ledger, writer):
            for session in range(SESSIONS):
                with ledger.memories.judging("main") as judging:
                    heard = sum(1 for _ in judging.since(0))
                    judging.save(a_ruling(f"{writer}-{session}", copy_of=str(heard)))

        with ThreadPoolExecutor(WRITERS) as pool:
            work = [pool.submit(judge, ledger, name) for name, ledger in enumerate((one, one, other))]
            for job in work:
                job.result()
        with one.memories.judging("main") as judging:
            seen = [hearing.copy_of for _, hearing in judging.since(0)]
    assert seen == [str(before) for before in range(WRITERS * SESSIONS)]


def test_processes_judge_each_article_once(url):
    """Two programs that judge the same articles share the work, and each catches up with the other."""
    open_ledger(url).close()
    command = [sys.executable, ledger_rounds.__file__, "judge", url]
    programs = [subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(ROOT)}) for _ in range(2)]
    assert [program.wait(timeout=120) for program in programs] == [0, 0]
    with open_ledger(url) as ledger, ledger.memories.judging("main") as judging:
        log = [hearing for _, hearing in judging.since(0)]
    assert len({hearing.article.id for hearing in log}) == len(log) == ledger_rounds.ARTICLES
    assert [hearing.copy_of for hearing in log] == [f"after {before}" for before in range(len(log))]


def test_a_session_that_waits_too_long_for_another_gives_up(url):
    """The wait for another session ends in words, and the memory is free after it."""
    with open_ledger(url) as one, open_ledger(url, lock_wait_s=0.1) as other:
        with one.memories.judging("main") as judging:
            with pytest.raises(LedgerError, match="locked"), other.memories.judging("main"):
                pass
            judging.save(a_ruling("bridge"))
        with other.memories.judging("main") as judging:
            assert sum(1 for _ in judging.since(0)) == 1


def test_readers_do_not_wait_for_a_session(url):
    """While a session is open, readers see the ledger as it was before it."""
    with open_ledger(url, lock_wait_s=0) as ledger:
        with ledger.memories.judging("main") as judging:
            ruling = Ruling(hearing=None, judgements=(), alerts=(an_alert(),), settled=(), deliveries=())
            judging.save(ruling)
            assert list(ledger.reading.alerts()) == []
            assert ledger.intake.counts()["pages_pending"] == 0
        assert list(ledger.reading.alerts()) == [an_alert()]


def test_a_session_does_not_wait_for_readers(url):
    """A long export holds up no writer."""
    with open_ledger(url, lock_wait_s=0) as ledger:
        ledger.failures.save([a_failure(record="1"), a_failure(record="2")])
        stream = ledger.reading.failures()
        next(stream)
        with ledger.memories.judging("main") as judging:
            judging.save(a_ruling("bridge", sayings=(a_saying(),)))
        assert len(list(stream)) == 1


def test_many_may_open_a_fresh_ledger_at_once(url):
    """The tables are made once, by whoever comes first; the others wait for it."""
    start = Barrier(4)

    def open_and_write(number):
        start.wait()
        with open_ledger(url) as ledger:
            ledger.failures.save([a_failure(record=str(number))])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(open_and_write, range(4)))
    with open_ledger(url) as ledger:
        assert len(ledger.failures.waiting(limit=10)) == 4
