"""A query as rows of requirements: what must be there, what must not, and whether that says it all."""

from collections.abc import Iterator
from typing import Final

from pipelines.topics.keys import cost_of, key_of
from pipelines.topics.query import And, LabelTerm, Not, Or, Query, TextTerm
from schemas.record import record

_MOST_ROWS: Final = 32
MOST_GROUPS: Final = 60
"""A row has at most so many groups."""


@record
class Row:
    """An article that matches the query fulfils one of its rows."""

    groups: tuple[frozenset[str], ...]
    """The article has a key of each, the one that looks rarest first; one or more."""
    without: frozenset[str]
    """It has none of these."""
    exact: bool
    """True where every article that fulfils the row matches; else the query has to be tried."""


def rows_of(query: Query) -> tuple[Row, ...]:
    """The rows of a query that needs a term; an article fulfils one at least where it matches."""
    parts = list(_parts(query, Or))
    plain = [part for part in parts if isinstance(part, TextTerm | LabelTerm)]
    rest = [part for part in parts if part not in plain]
    if len(rest) > _MOST_ROWS:
        return (Row(groups=(_needed(query),), without=frozenset(), exact=False),)
    rows = [_row(part) for part in rest]
    if plain:
        rows.append(Row(groups=(frozenset(map(key_of, plain)),), without=frozenset(), exact=True))
    return tuple(rows)


def _row(query: Query) -> Row:
    groups: list[frozenset[str]] = []
    without: set[str] = set()
    exact = True
    for part in _parts(query, And):
        if isinstance(part, Not):
            without.add(key_of(part.term))
            continue
        if needed := _needed(part):
            groups.append(needed)
        exact = exact and all(isinstance(each, TextTerm | LabelTerm) for each in _parts(part, Or))
    groups.sort(key=_cost)
    return Row(
        groups=tuple(groups[:MOST_GROUPS]),
        without=frozenset(without),
        exact=exact and len(groups) <= MOST_GROUPS,
    )


def _needed(query: Query) -> frozenset[str]:
    """Keys of which every article that matches has one; none for a query that can hold without any."""
    match query:
        case TextTerm() | LabelTerm():
            return frozenset([key_of(query)])
        case Or(parts=parts):
            needed = [_needed(part) for part in parts]
            return frozenset().union(*needed) if all(needed) else frozenset()
        case And(parts=parts):
            return min(filter(None, map(_needed, parts)), key=_cost, default=frozenset())
        case Not():
            return frozenset()


def _cost(keys: frozenset[str]) -> float:
    return sum(map(cost_of, keys))


def _parts(query: Query, kind: type[And] | type[Or]) -> Iterator[Query]:
    """The parts of an And or an Or, those of its own kind within it taken apart; else the query itself."""
    if isinstance(query, kind):
        for part in query.parts:
            yield from _parts(part, kind)
    else:
        yield query
