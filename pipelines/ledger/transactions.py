"""Where every transaction on the ledger begins and ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import URL, Connection, exc

from pipelines.ledger.engines import make_engine
from pipelines.ledger.trouble import find_trouble
from schemas.errors import LedgerError

STREAM_ROWS: Final = 200
"""How many rows of a long result are in memory at a time."""

# SQLite's readers see one state by themselves. Not read-only too: the driver would begin the next writing
# transaction of such a connection with READ WRITE, which hides that the server has become a standby.
_SNAPSHOT: Final = {"isolation_level": "REPEATABLE READ"}


class Transactions:
    """Short transactions on one database; trouble is a `LedgerError` that says what is wrong."""

    def __init__(self, url: URL, *, lock_wait_s: float) -> None:
        self.name: Final = url.set(query={}).render_as_string()
        """The database's URL without password and options, for messages."""
        self.locks_rows: Final = url.get_backend_name() == "postgresql"
        """Whether a transaction can lock single rows; SQLite locks the database."""
        self._engine = make_engine(url, lock_wait_s)
        self._readers = self._engine.execution_options(**_SNAPSHOT) if self.locks_rows else self._engine
        self._writers = self._engine.execution_options(writes=True)

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
        self._engine.dispose()


@contextmanager
def _explained(attempt: str, name: str) -> Iterator[None]:
    try:
        yield
    except (exc.DBAPIError, exc.TimeoutError) as error:
        trouble = find_trouble(error)
        if trouble is None:
            raise
        raise LedgerError(f"cannot {attempt} the ledger {name}: {trouble.why}", hint=trouble.hint) from error
