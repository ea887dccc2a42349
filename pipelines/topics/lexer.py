"""Cuts a query into its lexemes."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from enum import Enum, auto
from typing import Final

from pipelines.topics.faults import Written
from schemas.record import record

FIELDS: Final = ("title", "entity", "lang", "source")
"""What may stand before a colon."""

_QUOTES: Final = '"“”„‟«»″＂'
_SPACE: Final = re.compile(r"\s+")
_BARE: Final = re.compile(rf"[^\s(){_QUOTES}]+")
_OPENING: Final = re.compile(rf"=?[{_QUOTES}]")
_QUOTED: Final = re.compile(rf"(=?)[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}](?:~([^\s(){_QUOTES}]*))?")
_FIELD: Final = re.compile(rf"([^\s(){_QUOTES}:=]*):")
_WITHIN: Final = re.compile(r"[1-9][0-9]{0,2}")
_OPERATORS: Final = ("AND", "OR", "NOT")
_QUOTE_IT: Final = "put a term that holds it in quotes"
_FOREIGN: Final = {
    "+": f"terms side by side must all occur, so a + is not needed; {_QUOTE_IT}",
    "!": f"write NOT before what must be absent; {_QUOTE_IT}",
    "?": f"only a * at the end of a word stands for other letters; {_QUOTE_IT}",
    "~": 'near needs quotes, such as "Camp Ashraf"~5',
    "=": 'an exact term needs quotes, such as ="US"',
    "|": f"write OR; {_QUOTE_IT}",
}
_ALONE: Final = {
    "-": "write NOT before what must be absent; put a term that begins with it in quotes",
    "&": "write AND",
    "/": f"regular expressions are no part of the language; {_QUOTE_IT}",
}


class Kind(Enum):
    """What a lexeme is."""

    OPEN = auto()
    """An opening parenthesis."""
    CLOSE = auto()
    """A closing one."""
    OPERATOR = auto()
    """AND, OR or NOT."""
    FIELD = auto()
    """A field with its colon."""
    BARE = auto()
    """A term without quotes."""
    QUOTED = auto()
    """A term in quotes."""
    END = auto()
    """The end of the query."""


@record
class Lexeme:
    """One piece of a query."""

    kind: Kind
    """What it is."""
    at: int
    """Where it begins, from 0."""
    written: str
    """As it stands in the query."""
    text: str
    """The operator, the field's name, the bare term, or what stands between the quotes."""
    text_at: int
    """Where `text` begins."""
    exact: bool
    """True after an `=`."""
    within: int | None
    """The number after a `~`."""


def lexemes(source: Written) -> Iterator[Lexeme]:
    """The lexemes of the query, the end included; linear in its length.

    Raises:
        ConfigError: something that is no part of the language.
    """
    query = source.query
    at = _end_of(_SPACE, query, 0)
    while at < len(query):
        lexeme = _lexeme(source, at)
        yield lexeme
        at = _end_of(_SPACE, query, at + len(lexeme.written))
    yield _plain(Kind.END, len(query.rstrip()), "")


def _lexeme(source: Written, at: int) -> Lexeme:
    query = source.query
    if query[at] in "()":
        return _plain(Kind.OPEN if query[at] == "(" else Kind.CLOSE, at, query[at])
    if _OPENING.match(query, at):
        return _quoted(source, at)
    if field := _FIELD.match(query, at):
        return _field(source, at, field[1])
    return _bare(source, at)


def _quoted(source: Written, at: int) -> Lexeme:
    found = _QUOTED.match(source.query, at)
    if found is None:
        hint = f"the quotation mark at {source.place(at)} has no partner"
        raise source.fault(len(source.query.rstrip()), "a closing quotation mark, found the end", hint=hint)
    exact, text, within = found.groups()
    if within is not None and not _WITHIN.fullmatch(within):
        hint = 'say how many words apart, such as "Camp Ashraf"~5'
        what = f"`{within}`" if within else "nothing"
        raise source.fault(found.start(3), f"a number from 1 to 999, found {what}", hint=hint)
    return Lexeme(
        kind=Kind.QUOTED,
        at=at,
        written=found[0],
        text=text,
        text_at=found.start(2),
        exact=bool(exact),
        within=None if within is None else int(within),
    )


def _field(source: Written, at: int, name: str) -> Lexeme:
    if name in FIELDS:
        return _plain(Kind.FIELD, at, f"{name}:")
    near = get_close_matches(name.lower(), FIELDS, n=1)
    hint = f"did you mean {near[0]}:?" if near else "to search for the words, put them in quotes"
    raise source.fault(at, f"one of the fields title:, entity:, lang:, source:, found `{name}:`", hint=hint)


def _bare(source: Written, at: int) -> Lexeme:
    text = source.query[at : _end_of(_BARE, source.query, at)]
    if text in _OPERATORS:
        return _plain(Kind.OPERATOR, at, text)
    if text.upper() in _OPERATORS:
        hint = f'write {text.upper()}, or "{text}" in quotes for the word itself'
        raise source.fault(at, f"an operator in capitals, found `{text}`", hint=hint)
    if text.upper() == "NEAR" or text.upper().startswith("NEAR/"):
        hint = f'write "one other"~5 for words that are near each other, or "{text}" for the word itself'
        raise source.fault(at, f"a term, found `{text}`", hint=hint)
    if text[0] in _ALONE:
        raise source.fault(at, f"a term, found `{text[0]}`", hint=_ALONE[text[0]])
    for place, character in enumerate(text, start=at):
        if character in _FOREIGN or character in "^[]{}<>\\":
            hint = _FOREIGN.get(character, _QUOTE_IT)
            raise source.fault(place, f"a letter or digit, found `{character}`", hint=hint)
    return _plain(Kind.BARE, at, text)


def _plain(kind: Kind, at: int, written: str) -> Lexeme:
    text = written.removesuffix(":") if kind is Kind.FIELD else written
    return Lexeme(kind=kind, at=at, written=written, text=text, text_at=at, exact=False, within=None)


def _end_of(pattern: re.Pattern[str], query: str, at: int) -> int:
    found = pattern.match(query, at)
    return at if found is None else found.end()
