"""Reads a query: precedence NOT, AND, OR; terms side by side are joined by AND."""

from collections.abc import Iterator
from typing import Final

from pipelines.topics.faults import Written
from pipelines.topics.lexer import Kind, Lexeme, lexemes
from pipelines.topics.query import And, Or, Query, loose_not, negated
from pipelines.topics.terms import read_term
from schemas.errors import ConfigError

_LONGEST: Final = 20_000
_DEEPEST: Final = 50
_BEGINS: Final = (Kind.OPEN, Kind.FIELD, Kind.BARE, Kind.QUOTED)


def parse_query(query: str, topic: str) -> Query:
    """The query of the topic, read; linear in its length.

    Raises:
        ConfigError: it is not in the language; names the topic, the column and what was expected.
    """
    source = Written(topic=topic, query=query)
    if len(query) > _LONGEST:
        raise source.fault(
            _LONGEST, f"at most {_LONGEST:,} characters", hint="make several topics of it, with one memory"
        )
    parsed = _Parser(source).whole()
    if loose := loose_not(parsed):
        raise source.fault(
            loose.at,
            "a term that must occur beside this NOT",
            hint="write what to look for first: (fire OR blast) NOT drill",
        )
    return parsed


class _Parser:
    """Recursive descent over the lexemes of one query."""

    def __init__(self, source: Written) -> None:
        self._source = source
        self._rest: Iterator[Lexeme] = lexemes(source)
        self._next = next(self._rest)
        self._depth = 0

    def whole(self) -> Query:
        """The query up to its end."""
        query = self._either(None)
        if self._next.kind is not Kind.END:
            hint = "take it away, or put a ( before it"
            raise self._fault("the end of the query", hint=hint)
        return query

    def _either(self, field: str | None) -> Query:
        parts = [self._all(field)]
        while self._operator("OR"):
            parts.append(self._all(field))
        return parts[0] if len(parts) == 1 else Or(parts=tuple(parts))

    def _all(self, field: str | None) -> Query:
        parts = [self._one(field)]
        while self._operator("AND") or self._begins():
            parts.append(self._one(field))
        return parts[0] if len(parts) == 1 else And(parts=tuple(parts))

    def _one(self, field: str | None) -> Query:
        at = self._next.at
        nots = 0
        while self._operator("NOT"):
            nots += 1
        query = self._primary(field)
        return negated(query, at) if nots % 2 else query

    def _primary(self, field: str | None) -> Query:
        if self._next.kind is Kind.FIELD:
            field = self._advance().text
        lexeme = self._next
        match lexeme.kind:
            case Kind.OPEN:
                return self._group(field)
            case Kind.BARE | Kind.QUOTED:
                term = read_term(self._source, lexeme, field)
                self._advance()
                return term
            case _:
                raise self._fault("a term or a (", hint=_remedy(lexeme))

    def _group(self, field: str | None) -> Query:
        opening = self._advance()
        self._depth += 1
        if self._depth > _DEEPEST:
            hint = "leave out the parentheses that change nothing"
            what = f"at most {_DEEPEST} parentheses within each other"
            raise self._source.fault(opening.at, what, hint=hint)
        query = self._either(field)
        if self._next.kind is not Kind.CLOSE:
            hint = f"the parenthesis at {self._source.place(opening.at)} is not closed"
            raise self._fault("a )", hint=hint)
        self._advance()
        self._depth -= 1
        return query

    def _begins(self) -> bool:
        return self._next.kind in _BEGINS or (self._next.kind is Kind.OPERATOR and self._next.text == "NOT")

    def _operator(self, name: str) -> bool:
        """Whether this operator comes next; if so, it is passed."""
        if self._next.kind is Kind.OPERATOR and self._next.text == name:
            self._advance()
            return True
        return False

    def _advance(self) -> Lexeme:
        passed = self._next
        self._next = next(self._rest, passed)
        return passed

    def _fault(self, expected: str, *, hint: str) -> ConfigError:
        found = f"`{self._next.written}`" if self._next.written else "the end"
        return self._source.fault(self._next.at, f"{expected}, found {found}", hint=hint)


def _remedy(found: Lexeme) -> str:
    match found.kind:
        case Kind.OPERATOR if found.text == "NOT":
            return "write NOT before the field"
        case Kind.OPERATOR:
            return f'{found.text} stands between two terms; to search for the word, write "{found.text}"'
        case Kind.FIELD:
            return "a term has one field at most"
        case Kind.CLOSE:
            return "something is missing before the parenthesis"
        case _:
            return "something is missing at the end"
