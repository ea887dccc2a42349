"""Trouble with the ledger: told with a hint, waited out where it may heal, and nothing half-written."""

import asyncio
import logging
import sqlite3
import urllib.error
import urllib.request
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime

import pytest
from pipelines.cli.newsday.serve import NewsDayServer
from sqlalchemy import Engine, event

from connectors.testing import a_page
from pipelines.config import load_config
from pipelines.detect import run_cycle
from pipelines.ledger.database import open_ledger
from pipelines.metrics import Tally
from pipelines.service import Service
from pipelines.serving import serving
from schemas.errors import LedgerError


@asynccontextmanager
async def running(config, ledger):
    """The service at work in this process, and a look at its health."""
    stop = asyncio.Event()
    async with Service(config, ledger, lambda: datetime.now(UTC)) as service:
        with serving(service, config.metrics) as port:
            job = asyncio.create_task(service.serve(stop))
            try:
                yield lambda: asyncio.to_thread(health, port)
            finally:
                stop.set()
                await asyncio.wait_for(job, 20)


def health(port):
    """Status and text of /healthz."""
    try:
        answer = urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.read().decode()


async def until(condition, within_s=30.0):
    """Waits for the condition, which may be a coroutine."""
    async with asyncio.timeout(within_s):
        while True:
            holds = condition()
            if asyncio.iscoroutine(holds):
                holds = await holds
            if holds:
                return
            await asyncio.sleep(0.05)


async def is_ill(look, word):
    """Whether /healthz says 503 and why."""
    status, text = await look()
    return status == 503 and word in text


async def is_well(look):
    """Whether /healthz says that all is well."""
    return (await look())[0] == 200


class Disk:
    """The disk that every database of this process lies on; while it is full, none can grow."""

    is_full = False

    def cap(self, connection):
        """Caps the database as a transaction begins: SQLite keeps the cap with the connection."""
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages if self.is_full else 2**30}")


@pytest.fixture
def disk():
    """A disk with space."""
    disk = Disk()
    event.listen(Engine, "begin", disk.cap)
    yield disk
    event.remove(Engine, "begin", disk.cap)


def whole(path):
    """Whether the database is in order, with every reference leading somewhere."""
    with closing(sqlite3.connect(path)) as ledger:
        is_intact = ledger.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return is_intact and ledger.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_locked_ledger_is_waited_for(newsday_config, delivered, tmp_path, caplog):
    """While another process holds it, /healthz is 503 and a line with a hint tells why; then all goes on."""

    async def run(config, ledger):
        async with running(config, ledger) as look:
            with closing(sqlite3.connect(tmp_path / "tocsin.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                await until(lambda: is_ill(look, "locked by another process"))
            await until(lambda: is_well(look))
            await until(delivered)

    with NewsDayServer() as server:
        config = load_config(newsday_config(server.port))
        with (
            open_ledger(config.ledger, lock_wait_s=0.1) as ledger,
            caplog.at_level(logging.WARNING, "tocsin"),
        ):
            asyncio.run(run(config, ledger))
    lines = [record.getMessage() for record in caplog.records if record.name == "tocsin"]
    (trouble,) = [line for line in lines if line.startswith("polling waits: cannot write the ledger")]
    assert "(hint: end the other process" in trouble
    assert "polling goes on: the trouble is over" in lines


def test_a_full_disk_is_waited_for(newsday_config, delivered, tmp_path, disk):
    """While nothing can be written, /healthz is 503; with space again all alerts come, and none twice."""

    async def run(config, ledger, server):
        async with running(config, ledger) as look:
            await until(delivered)
            disk.is_full = True
            server.at = server.day.rounds[9]
            await until(lambda: is_ill(look, "disk is full"))
            assert whole(tmp_path / "tocsin.db")
            before = len(delivered())
            disk.is_full = False
            await until(lambda: is_well(look))
            await until(lambda: len(delivered()) > before + 5)
            await until(lambda: ledger.intake.waiting() == {"items": 0, "pages": 0})
            await until(lambda: ledger.outbox.waiting(["desk"]) == 0)

    with NewsDayServer() as server:
        server.at = server.day.rounds[2]
        config = load_config(newsday_config(server.port, every='"1s"'))
        with open_ledger(config.ledger) as ledger:
            asyncio.run(run(config, ledger, server))
            in_ledger = {alert.id for alert in ledger.reading.alerts()}
    ids = [alert["id"] for alert in delivered()]
    assert sorted(ids) == sorted(in_ledger)
    assert whole(tmp_path / "tocsin.db")


@pytest.mark.parametrize("words", [(), ("--once",)])
def test_a_newer_ledger_is_left_alone(within, newsday_config, tmp_path, words):
    """Exit code 3: an older Tocsin must not write into what it does not know."""
    config = newsday_config(1)
    open_ledger(f"sqlite:///{tmp_path / 'tocsin.db'}").close()
    with closing(sqlite3.connect(tmp_path / "tocsin.db", isolation_level=None)) as ledger:
        ledger.execute("UPDATE ledger_version SET version_num = '9999'")
    run = within("run", "--config", config, *words)
    assert run.returncode == 3
    assert "a newer Tocsin wrote it" in run.stderr
    assert "hint: upgrade Tocsin" in run.stderr


def test_a_file_that_is_no_ledger_is_left_alone(within, newsday_config, tmp_path):
    """Exit code 3, and the file is as it was."""
    config, file = newsday_config(1), tmp_path / "tocsin.db"
    file.write_text("notes on the Sennet fire, by hand, and quite long enough to be a database\n" * 20)
    before = file.read_bytes()
    run = within("run", "--config", config)
    assert run.returncode == 3
    assert "the file is not a database" in run.stderr
    assert "hint: check the path" in run.stderr
    assert file.read_bytes() == before


def test_a_cycle_that_cannot_be_written_says_what_to_do(newsday_config, disk):
    """Trouble inside the graph comes out as it went in, hint and all; with space again all pages go."""
    config = load_config(newsday_config(1))
    pages = tuple(a_page(url=f"https://x.example/{n}", text=f"Sennet 2 burnt. {n} " * 2000) for n in range(9))
    tally = Tally()
    with open_ledger(config.ledger) as ledger:
        ledger.intake.save_pages(pages)
        disk.is_full = True
        with pytest.raises(LedgerError) as caught:
            run_cycle(config, ledger, tally)
        disk.is_full = False
        assert run_cycle(config, ledger, tally) == len(pages)
        assert run_cycle(config, ledger, tally) == 0
    assert str(caught.value).endswith("the database or disk is full")
    assert caught.value.hint.startswith("free some disk space")
    assert {stage.entered for stage in tally.stages() if stage.stage in ("extract", "save")} == {len(pages)}
