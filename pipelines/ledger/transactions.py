"""Where every transaction on the ledger begins and ends."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc

from pipelines.ledger.trouble import find_trouble
from schemas.errors import LedgerError

STREAM_ROWS: Final = 200
"""How many rows of a long result are in memory at a time."""


class Transactions:
    """Short transactions on one database; trouble is a `LedgerError` that says what is wrong."""

    def __init__(self, url: URL, *, lock_wait_s: float) -> None:
        self.name: Final = url.set(query={}).render_as_string()
        """The database's URL without password and options, for messages."""
        self.locks_rows: Final = url.get_backend_name() == "postgresql"
        """Whether a transaction can lock single rows; SQLite locks the database."""
        self._readers = _make_engine(url, lock_wait_s)
        self._writers = self._readers.execution_options(writes=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database and holds up nobody; results are streamed."""
        with _explained("read", self.name), self._readers.begin() as connection:
            yield connection.execution_options(yield_per=STREAM_ROWS)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is written whole at the end, or not at all if anything is raised."""
        with _explained("write", self.name), self._writers.begin() as connection:
            yield connection

    def close(self) -> None:
        """All connections closed."""
        self._readers.dispose()


@contextmanager
def _explained(attempt: str, name: str) -> Iterator[None]:
    try:
        yield
    except (exc.DBAPIError, exc.TimeoutError) as error:
        trouble = find_trouble(error)
        if trouble is None:
            raise
        raise LedgerError(f"cannot {attempt} the ledger {name}: {trouble.why}", hint=trouble.hint) from error


def _make_engine(url: URL, lock_wait_s: float) -> Engine:
    if url.get_backend_name() != "sqlite":
        return _make_server_engine(url)
    engine = create_engine(url, connect_args={"timeout": lock_wait_s}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_server_engine(url: URL) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    except ModuleNotFoundError as error:
        raise LedgerError(
            f"cannot use a ledger on {url.get_backend_name()}: its driver {error.name} is not installed",
            hint="pip install 'psycopg[binary]'",
        ) from error


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # The driver would begin transactions late and by its own rules; `_begin_sqlite` does it instead.
    connection.isolation_level = None
    # In WAL mode readers and the writer do not wait for each other. FULL: a commit outlives a power cut.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once where another wrote in between: no waiting
    # helps. So a writer takes the lock before it reads.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
