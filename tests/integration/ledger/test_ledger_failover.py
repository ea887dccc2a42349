"""PostgreSQL in trouble: killed under work, restarted, demoted, out of reach, and closed to strangers."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import ledger_rounds
import psycopg
import pytest
from ledger_rounds import rounds_in
from ports import free_port
from postgres import Postgres
from sqlalchemy import make_url

from connectors.testing import NOON, a_failure, a_page
from pipelines.ledger.database import open_ledger
from schemas.errors import LedgerError

_KILLS = 4


@pytest.fixture(scope="module")
def servers():
    """Two servers of this module's own, a primary and the one that takes over: their databases are alike."""
    with ExitStack() as parts:
        made = []
        for name in ("first", "second"):
            folder = parts.enter_context(TemporaryDirectory(prefix=f"tocsin-{name}-"))
            server = Postgres(Path(folder) / "data", free_port())
            server.start()
            parts.callback(server.stop)
            made.append(server)
        yield made


def administer(url, *statements):
    """Run statements as the server's owner."""
    dsn = make_url(url).set(drivername="postgresql").render_as_string()
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def both(servers, name):
    """A URL that names both servers, whichever of them takes writes."""
    hosts = "&".join(f"host=127.0.0.1:{server.port}" for server in servers)
    return f"postgresql+psycopg://postgres@/{name}?{hosts}&target_session_attrs=read-write"


class Rounds(threading.Thread):
    """Writes rounds until it is told to end; remembers the last one and how often it was cut off."""

    def __init__(self, ledger):
        super().__init__()
        self.told, self.losses = -1, 0
        self.ending = threading.Event()
        self._ledger = ledger

    def run(self):
        """A poll and a session of judging, again where the ledger is lost in between."""
        number = 0
        while not self.ending.is_set():
            try:
                self._ledger.intake.save_poll("courier", ledger_rounds.a_poll(number), NOON)
                with self._ledger.memories.judging("main") as judging:
                    for part in range(ledger_rounds.RULINGS):
                        judging.save(ledger_rounds.a_ruling(number, part))
            except LedgerError:
                self.losses += 1
                time.sleep(0.05)
            else:
                self.told, number = number, number + 1

    def reach(self, number):
        """So many rounds are written."""
        give_up_at = time.monotonic() + 60
        while self.told < number:
            assert self.is_alive()
            assert time.monotonic() < give_up_at
            time.sleep(0.01)


def test_a_server_killed_under_work_loses_and_tears_nothing(servers):
    """Every call is done or a LedgerError; when the server is back the same ledger goes on by itself."""
    server = servers[0]
    with open_ledger(server.fresh("killed")) as ledger:
        writing = Rounds(ledger)
        writing.start()
        for _ in range(_KILLS):
            writing.reach(writing.told + 3)
            server.kill()
            server.start()
        writing.reach(writing.told + 1)
        writing.ending.set()
        writing.join()
        assert writing.losses >= _KILLS
        polled, judged = rounds_in(ledger)
        assert polled == judged == writing.told + 1


def test_connections_of_a_server_that_was_restarted_are_never_seen(servers):
    """After a restart the first call of each kind works."""
    server = servers[0]
    with open_ledger(server.fresh("restarted")) as ledger:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: ledger.failures.save([a_failure()]), range(8)))
        server.stop()
        server.start()
        assert ledger.failures.waiting(limit=1) == (a_failure(),)
        ledger.failures.save([a_failure(record="another")])
        assert len(ledger.failures.waiting(limit=9)) == 2


def test_a_stream_that_is_cut_says_so(servers):
    """A reader in the middle of a long result gets an error, never a short result."""
    server = servers[0]
    with open_ledger(server.fresh("stream")) as ledger:
        ledger.failures.save([a_failure(record=str(number)) for number in range(1000)])
        stream = ledger.reading.failures()
        next(stream)
        server.kill()
        with pytest.raises(LedgerError, match=r"lost|shutting"):
            list(stream)
        server.start()
        assert len(list(ledger.reading.failures())) == 1000


def test_a_dead_first_host_is_passed_over(servers):
    """Where the first host of the URL does not answer, the ledger is at the second."""
    first, second = servers
    second.fresh("standby")
    first.stop()
    try:
        with open_ledger(both(servers, "standby")) as ledger:
            ledger.failures.save([a_failure()])
            assert ledger.failures.waiting(limit=1) == (a_failure(),)
    finally:
        first.start()


def test_a_demoted_host_is_left(servers):
    """A primary that stops taking writes costs one call; the next goes to the one that took over."""
    urls = [server.fresh("demoted") for server in servers]
    for url in urls:
        open_ledger(url).close()
    with open_ledger(both(servers, "demoted")) as ledger:
        ledger.failures.save([a_failure(record="first")])
        administer(urls[0], "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
        try:
            time.sleep(0.3)  # the server reads its settings
            with pytest.raises(LedgerError, match="read-only"):
                ledger.failures.save([a_failure(record="first")])
            ledger.failures.save([a_failure(record="second")])
            assert [one.record for one in ledger.failures.waiting(limit=9)] == ["second"]
            with pytest.raises(LedgerError, match="read-only"):
                open_ledger(both(servers[:1], "demoted"))
        finally:
            administer(
                urls[0],
                "SET default_transaction_read_only = off",
                "ALTER SYSTEM RESET default_transaction_read_only",
                "SELECT pg_reload_conf()",
            )


@pytest.mark.parametrize(
    ("who", "where", "why"),
    [
        ("desk:wrong", "strict", "password"),
        ("desk", "strict", "password"),
        ("nobody-knows", "strict", "refuses this user"),
        ("reader:right", "strict", "refuses this user"),
        ("postgres", "no-such", "no such database"),
    ],
)
def test_a_server_that_does_not_let_us_in_says_why(servers, who, where, why):
    """Each way of being turned away has its words and its hint, and none shows the password."""
    url = servers[0].fresh("strict")
    administer(
        url,
        "DROP ROLE IF EXISTS desk, reader",
        "CREATE ROLE desk LOGIN PASSWORD 'right'",
        "CREATE ROLE reader LOGIN PASSWORD 'right'",
    )
    rules = servers[0]._folder / "pg_hba.conf"
    trusting = rules.read_text("utf-8")
    rules.write_text(f"host all desk 127.0.0.1/32 scram-sha-256\n{trusting}", "utf-8")
    administer(url, "SELECT pg_reload_conf()")
    try:
        with pytest.raises(LedgerError, match=why) as caught:
            open_ledger(f"postgresql+psycopg://{who}@127.0.0.1:{servers[0].port}/{where}")
        assert caught.value.hint
        assert "wrong" not in str(caught.value)
    finally:
        rules.write_text(trusting, "utf-8")
        administer(url, "SELECT pg_reload_conf()")


def test_nobody_at_the_address_is_told_at_once():
    """A wrong port is one error with a hint."""
    with pytest.raises(LedgerError, match="cannot be reached"):
        open_ledger(f"postgresql+psycopg://postgres@127.0.0.1:{free_port()}/tocsin")


def test_a_worker_that_stopped_gives_its_pages_up(servers):
    """Pages that a worker took and then did nothing with go to the others, and it is told."""
    url = servers[0].fresh("stopped")
    with open_ledger(url) as ledger:
        ledger.intake.save_pages([a_page()])
    with open_ledger(f"{url}?options=-c%20idle_in_transaction_session_timeout%3D300") as stopped:
        taken = stopped.intake.claim_pages(10)
        with open_ledger(url) as other:
            assert other.intake.claim_pages(10).ids == ()
            time.sleep(0.6)
            again = other.intake.claim_pages(10)
            assert again.ids == taken.ids
            again.finish()
        with pytest.raises(LedgerError, match=r"longer than the server allows|lost"):
            taken.finish()
