"""How each database is spoken to: what every connection is set to, and when it is thrown away."""

import sqlite3
import time
from functools import partial
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext

from schemas.errors import LedgerError

_SERVER_DEFAULTS: Final = {
    # For each host of the URL, one after the other.
    "connect_timeout": "10",
    # A host that vanished without a word is found dead within a minute, waiting or sending.
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
    "application_name": "tocsin",
}
"""libpq's settings; those in the ledger's URL win."""

_STATEMENT_LIMIT_S: Final = 300
"""No statement takes so long but on a database in trouble; rows are streamed, in statements of their own."""

_IDLE_LIMIT_S: Final = 300
"""A judging session thinks for seconds, a cycle holds its pages for less than a minute."""

_BUSY_S: Final = 0.02

_DEMOTED: Final = "25006"


def make_engine(url: URL, lock_wait_s: float) -> Engine:
    """The pool of connections to the database; a writer waits `lock_wait_s` for another.

    Raises:
        LedgerError: the driver is not installed.
    """
    if url.get_backend_name() == "sqlite":
        return _make_sqlite_engine(url, lock_wait_s)
    try:
        return _make_server_engine(url, lock_wait_s)
    except ModuleNotFoundError as error:
        raise LedgerError(
            f"cannot use a ledger on {url.get_backend_name()}: its driver {error.name} is not installed",
            hint="pip install 'psycopg[binary]'",
        ) from error


def _make_sqlite_engine(url: URL, lock_wait_s: float) -> Engine:
    engine = create_engine(url, connect_args={"timeout": lock_wait_s}, hide_parameters=True)
    event.listen(engine, "connect", partial(_prepare_sqlite, lock_wait_s))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(lock_wait_s: float, connection: sqlite3.Connection, _: object) -> None:
    # The driver would begin transactions late and by its own rules; `_begin_sqlite` does it instead.
    connection.isolation_level = None
    # FULL: a commit outlives a power cut.
    _enter_wal_mode(connection, time.monotonic() + lock_wait_s)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _enter_wal_mode(connection: sqlite3.Connection, give_up_at: float) -> None:
    """In this mode readers and the writer do not wait for each other."""
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            # Where several open a fresh file at once, SQLite refuses this one statement without any waiting.
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > give_up_at:
                raise
            time.sleep(_BUSY_S)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once where another wrote in between: no waiting
    # helps. So a writer takes the lock before it reads.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _make_server_engine(url: URL, lock_wait_s: float) -> Engine:
    limits = {
        # 0 would mean for ever.
        "lock_timeout": max(1, int(lock_wait_s * 1000)),
        "statement_timeout": _STATEMENT_LIMIT_S * 1000,
        # Whoever was stopped in the middle keeps a memory or pages from the others no longer than that.
        "idle_in_transaction_session_timeout": _IDLE_LIMIT_S * 1000,
    }
    options = {"options": " ".join(f"-c {name}={value}" for name, value in limits.items())}
    settings = {name: value for name, value in (_SERVER_DEFAULTS | options).items() if name not in url.query}
    # A connection is tried before it is lent, so that those of a server that was restarted are never seen.
    engine = create_engine(url, connect_args=settings, pool_pre_ping=True, hide_parameters=True)
    event.listen(engine, "handle_error", _leave_standby)
    return engine


def _leave_standby(context: ExceptionContext) -> None:
    # After a failover a connection to the old primary lives on and refuses to write: the next one is made
    # anew, and goes where the URL's target_session_attrs sends it.
    if getattr(context.original_exception, "sqlstate", None) == _DEMOTED:
        context.is_disconnect = True
