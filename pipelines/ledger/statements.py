"""Small statements that every part of the ledger needs, in the words of both databases."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Table, Update
from sqlalchemy.dialects import postgresql, sqlite

from schemas.codec import encode
from schemas.errors import Rejected
from schemas.failures import Reason

_T = TypeVar("_T")


def to_text(record: object) -> str:
    """The record as it is kept.

    Raises:
        Rejected: it holds text that UTF-8 cannot carry.
    """
    return encode(record).decode()


def printable(message: str) -> str:
    """The message without NUL and lone surrogates, which no column takes and hostile input may hold."""
    return message.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


def storable(text: str) -> str:
    """The text as it is.

    Raises:
        Rejected: it holds NUL or a lone surrogate. SQLite would take the one, PostgreSQL takes neither.
    """
    if printable(text) != text:
        raise Rejected(
            f"cannot keep {printable(text)!r}: it holds characters that no database takes",
            reason=Reason.MALFORMED,
        )
    return text


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """How many of the rows were not there yet; those that were are left as they are.

    Raises:
        Rejected: a key holds NUL or a lone surrogate.
    """
    if not rows:
        return 0
    for row in rows:
        _check_keys(row)
    statement = _insert_or_ignore(connection, table).inline()
    return connection.execute(statement, list(rows), execution_options={"preserve_rowcount": True}).rowcount


def insert_one(connection: Connection, table: Table, row: Mapping[str, Any], given: Column[_T]) -> _T | None:
    """What the database gave the new row in the column `given`; None where the row was there already.

    Raises:
        Rejected: as `insert_new`.
    """
    _check_keys(row)
    return connection.scalar(_insert_or_ignore(connection, table).returning(given), dict(row))


def _insert_or_ignore(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    return insert(table).on_conflict_do_nothing()


def _check_keys(row: Mapping[str, Any]) -> None:
    for name, value in row.items():
        # A record is JSON from the codec, which has escaped or refused them.
        if name != "record" and isinstance(value, str):
            storable(value)


def update_each(connection: Connection, statement: Update, rows: Iterable[Mapping[str, Any]]) -> int:
    """How many rows the statement changed, run with each set of parameters."""
    parameters = list(rows)
    return connection.execute(statement, parameters).rowcount if parameters else 0
