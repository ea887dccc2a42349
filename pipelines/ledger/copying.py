"""A ledger moved from one database to another, such as from SQLite to PostgreSQL."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, func, insert, literal_column, select

from pipelines.ledger.database import open_as_it_is, open_transactions, parse_url
from pipelines.ledger.tables import METADATA, hearings
from schemas.errors import LedgerError

_TOGETHER: Final = 500


def copy_ledger(source: str, target: str, told: Callable[[int, int], None]) -> dict[str, int]:
    """How many rows of each table were copied: all that the source held when the copy began.

    The target has all of it or, on any trouble, nothing. `told` is given how many rows are copied, and of how
    many. Memory does not grow with the ledger.

    Raises:
        LedgerError: one of them cannot be used, the source is missing or of another release, or the target is
            not empty.
    """
    _check_there(source)
    with ExitStack() as opened:
        theirs = open_as_it_is(source)
        opened.callback(theirs.close)
        ours = open_transactions(target)
        opened.callback(ours.close)
        reader, writer = opened.enter_context(theirs.reading()), opened.enter_context(ours.writing())
        _check_empty(writer, ours.name)
        counts = _counts(reader)
        _copy_all(reader, writer, lambda done: told(done, sum(counts.values())))
        _check_copied(counts, _counts(writer), ours.name)
        _go_on_numbering(writer)
    return counts


def _check_there(source: str) -> None:
    url = parse_url(source)
    # Opening a file that is not there would make one.
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise LedgerError(
            f"cannot copy the ledger {source}: there is no such file",
            hint="name it as [tocsin] ledger does, from the folder where Tocsin runs",
        )


def _check_empty(writer: Connection, name: str) -> None:
    for table in METADATA.sorted_tables:
        if writer.execute(select(*table.primary_key).limit(1)).first() is not None:
            raise LedgerError(
                f"cannot copy into the ledger {name}: it holds {table.name} already",
                hint="copy into an empty database",
            )


def _counts(connection: Connection) -> dict[str, int]:
    return {table.name: _count(connection, table) for table in METADATA.sorted_tables}


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _copy_all(reader: Connection, writer: Connection, told: Callable[[int], None]) -> None:
    done = 0
    for table in METADATA.sorted_tables:
        with reader.execute(select(table), execution_options={"yield_per": _TOGETHER}) as rows:
            for together in rows.mappings().partitions(_TOGETHER):
                writer.execute(insert(table).inline(), [dict(row) for row in together])
                done += len(together)
                told(done)


def _check_copied(expected: dict[str, int], found: dict[str, int], name: str) -> None:
    if found != expected:
        raise LedgerError(
            f"the copy in {name} differs from the ledger: {found} instead of {expected} rows",
            hint="nothing of it was kept; report this",
        )


def _go_on_numbering(writer: Connection) -> None:
    # SQLite counts on from the highest by itself.
    if writer.dialect.name == "postgresql":
        end = select(func.max(hearings.c.seq)).scalar_subquery()
        sequence: ColumnElement[str] = literal_column("'hearings_seq_seq'")
        writer.execute(select(func.setval(sequence, func.coalesce(end, 1), end.is_not(None))))
