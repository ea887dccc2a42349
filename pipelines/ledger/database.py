"""The ledger as a whole."""

from contextlib import ExitStack
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from pipelines.ledger.articles import Articles
from pipelines.ledger.failures import Failures
from pipelines.ledger.intake import Intake
from pipelines.ledger.judging import Memories
from pipelines.ledger.migrating import check_current, migrate
from pipelines.ledger.outbox import Outbox
from pipelines.ledger.queue import Positions
from pipelines.ledger.reading import Reading
from pipelines.ledger.transactions import Transactions
from schemas.errors import LedgerError

_DRIVERS: Final = {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}


class Ledger:
    """One database, seen by each part of Tocsin; every thread may use it. Close it, or use it in a `with`."""

    def __init__(self, transactions: Transactions) -> None:
        self.intake: Final = Intake(transactions)
        self.memories: Final = Memories(transactions)
        self.positions: Final = Positions(transactions)
        self.articles: Final = Articles(transactions)
        self.outbox: Final = Outbox(transactions)
        self.failures: Final = Failures(transactions)
        self.reading: Final = Reading(transactions)
        self._transactions = transactions

    def close(self) -> None:
        """All connections closed."""
        self._transactions.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_ledger(url: str, *, lock_wait_s: float = 30.0) -> Ledger:
    """The ledger at the URL, made or brought to the tables of this release if need be.

    `url` is `sqlite:///FILE` or `postgresql+psycopg://…`. A writer waits `lock_wait_s` for another.

    Raises:
        LedgerError: it cannot be used: another program's or a newer release's, damaged, locked, read-only,
            out of disk space, out of reach, or in a folder that does not exist.
    """
    return Ledger(open_transactions(url, lock_wait_s=lock_wait_s))


def open_transactions(url: str, *, lock_wait_s: float = 30.0) -> Transactions:
    """The same without its parts, for what goes through all tables alike.

    Raises:
        LedgerError: as `open_ledger`.
    """
    with ExitStack() as undo:
        transactions = Transactions(parse_url(url), lock_wait_s=lock_wait_s)
        undo.callback(transactions.close)
        migrate(transactions)
        undo.pop_all()
    return transactions


def open_as_it_is(url: str) -> Transactions:
    """As `open_transactions`, and the database is not changed.

    Raises:
        LedgerError: as `open_ledger`; or it is not of this release.
    """
    with ExitStack() as undo:
        transactions = Transactions(parse_url(url), lock_wait_s=30.0)
        undo.callback(transactions.close)
        check_current(transactions)
        undo.pop_all()
    return transactions


@cache
def shared_ledger(url: str) -> Ledger:
    """The ledger at the URL, one for each process: its connections outlive whoever asked for it first.

    Raises:
        LedgerError: as `open_ledger`.
    """
    return open_ledger(url)


def part_of_ledger(url: str, name: str) -> Any:
    """One part of the process's ledger, such as its articles: what a step is given, wherever it runs."""
    return getattr(shared_ledger(url), name)


def parse_url(written: str) -> URL:
    """The URL of a place that can hold a ledger.

    Raises:
        LedgerError: it is none, or of a database that Tocsin does not use.
    """
    try:
        url = make_url(written)
    except (ArgumentError, ValueError) as error:
        raise LedgerError(
            "the ledger's URL cannot be read", hint="write it like sqlite:///tocsin.db"
        ) from error
    name = url.set(query={}).render_as_string()
    if url.drivername not in _DRIVERS:
        raise LedgerError(
            f"a ledger cannot be kept in {name}", hint="use sqlite:///… or postgresql+psycopg://…"
        )
    if url.drivername != "postgresql+psycopg":
        _check_file(url, name)
    return url


def _check_file(url: URL, name: str) -> None:
    if url.database in (None, "", ":memory:"):
        raise LedgerError(f"a ledger cannot be kept in {name}", hint="name a file: sqlite:///tocsin.db")
    folder = Path(url.database.removeprefix("file:")).parent
    if not folder.is_dir():
        raise LedgerError(
            f"cannot open the ledger {name}: the folder {folder} does not exist",
            hint=f"make it: mkdir -p {folder}",
        )
