"""Claims found by their words: by an index on PostgreSQL, by reading all of them on SQLite."""

import re
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import ColumnClause, Connection, Select, func, literal_column, select

from pipelines.ledger.tables import judgements
from schemas.alerts import Judgement
from schemas.codec import decode

# Backwards in the order of an index, so that the latest of many are found without sorting them all.
_NEWEST_FIRST: Final = tuple(
    judgements.c[name].desc() for name in ("observed_at", "article", "start", "claim", "topic")
)
_RECORDS: Final[Select[Any]] = select(judgements.c.record).order_by(*_NEWEST_FIRST)

# Word for word what the migration indexes, else the index is not used.
_INDEXED: Final[ColumnClause[Any]] = literal_column(
    "to_tsvector('simple', left(replace(record, '\\u0000', '\\ufffd')::json #>> '{claim,text}', 2000))"
)


def find_claims(connection: Connection, asked: str, limit: int) -> tuple[Judgement, ...]:
    """The latest judgements of claims that hold every word asked for, each claim once, at most `limit`.

    A claim holds a word where one of its own begins so, in upper or lower case: `flood` finds "Floods".
    """
    words = [word for word in asked.split() if re.search(r"\w", word)]
    once: dict[str, Judgement] = {}
    if not words:
        return ()
    for judgement in _all_with(connection, words):
        once.setdefault(judgement.claim.id, judgement)
        if len(once) == limit:
            break
    return tuple(once.values())


def _all_with(connection: Connection, words: list[str]) -> Iterator[Judgement]:
    if connection.dialect.name == "postgresql":
        query = func.to_tsquery(literal_column("'simple'"), " & ".join(map(_quoted, words)))
        with connection.execute(_RECORDS.where(_INDEXED.bool_op("@@")(query))) as found:
            yield from (decode(text, Judgement) for text in found.scalars())
        return
    patterns = [re.compile(_beginning(word), re.IGNORECASE) for word in words]
    claimed = func.json_extract(judgements.c.record, "$.claim.text")
    with connection.execute(_RECORDS.add_columns(claimed)) as found:
        for record, text in found:
            if all(pattern.search(text) for pattern in patterns):
                yield decode(record, Judgement)


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}':*"


def _beginning(word: str) -> str:
    """Where a word begins like this one, whatever stands between its parts."""
    return r"\b" + r"\W+".join(re.findall(r"\w+", word))
