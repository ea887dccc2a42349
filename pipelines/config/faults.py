"""What is wrong with a configuration: every fault with its place, in words, and a hint."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, to_json

from schemas.errors import ConfigError
from schemas.record import record

_T = TypeVar("_T")

_WANTED: Final = {
    "string_type": "a text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dataclass_type": "a table",
    "dict_type": "a table",
}
_REMEDY: Final = {
    ("string_type", int): "put it in quotes",
    ("int_type", str): "leave out the quotes",
    ("float_type", str): "leave out the quotes",
    ("bool_type", str): "leave out the quotes",
    ("tuple_type", str): "put it in square brackets",
    ("dataclass_type", list): "write its header in single brackets",
}
_FOUND: Final = {str: "a text", bool: "true or false", int: "a number", float: "a number", list: "a list"}
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")

_adapter: Final[Callable[[Any], TypeAdapter[Any]]] = cache(TypeAdapter)


@record
class Document:
    """One file of the configuration."""

    name: str
    """How messages name it."""
    text: str
    """The file as written."""
    data: dict[str, Any]
    """What it holds."""


@record
class Place:
    """A value in a document."""

    document: Document
    """The document."""
    steps: tuple[str | int, ...] = ()
    """Keys and list positions that lead to the value."""

    def at(self, *steps: str | int) -> "Place":
        """The place these steps further in."""
        return Place(document=self.document, steps=self.steps + steps)

    @property
    def path(self) -> str:
        """The steps as a person writes them: `sources[2].every`."""
        path = ""
        for step in self.steps:
            if isinstance(step, int):
                path += f"[{step}]"
            else:
                key = step if _BARE_KEY.fullmatch(step) else json.dumps(step)
                path += f".{key}" if path else key
        return path

    @property
    def line(self) -> int | None:
        """The line that the value stands on, counted from 1, where its header or key is found as written."""
        return _line_of(self.document.text, self.steps)

    def __str__(self) -> str:
        line = self.line
        where = self.document.name if line is None else f"{self.document.name}:{line}"
        return f"{where}: {self.path}" if self.steps else where


class Faults:
    """Collects what is wrong, so that all of it is told at once."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.warnings: list[str] = []
        self._places: set[tuple[str, tuple[str | int, ...]]] = set()

    def add(self, place: Place, what: str, hint: str | None = None) -> None:
        """One more fault; a second one at the same place is left out, since it follows from the first."""
        where = (place.document.name, place.steps)
        if where not in self._places:
            self._places.add(where)
            self.lines.append(_line(place, what, hint))

    def warn(self, place: Place, what: str, hint: str | None = None) -> None:
        """One more thing that is allowed and probably not meant."""
        self.warnings.append(_line(place, what, hint))

    def error(self) -> ConfigError:
        """All faults as one error, one a line."""
        heading = [] if len(self.lines) == 1 else [f"{len(self.lines)} faults in the configuration:"]
        return ConfigError(
            "\n".join([*heading, *self.lines]), hint="docs/reference/configuration.md describes every key"
        )

    def read(self, kind: type[_T], value: object, place: Place, *, also: Iterable[str] = ()) -> _T | None:
        """The value as a record of this kind; None where it does not fit, with the faults added.

        `also` are keys that are known at this place and belong to another record.
        """
        adapter: TypeAdapter[_T] = _adapter(kind)
        try:
            return adapter.validate_json(to_json(value))
        except ValidationError as error:
            known = [*keys_of(kind), *also]
            for detail in error.errors(include_url=False):
                self.add(place.at(*detail["loc"]), *_in_words(detail, known))
        except ConfigError as error:
            self.add(place, str(error), error.hint)
        return None

    def known_keys(self, value: Mapping[str, object], known: Iterable[str], place: Place) -> None:
        """A fault for each key that is not known."""
        for key in value:
            if key not in set(known):
                self.add(place.at(key), "unknown key", near(key, known))


def keys_of(kind: type) -> tuple[str, ...]:
    """The keys that a record is written with, in order."""
    return tuple(_adapter(kind).json_schema().get("properties", {}))


def near(written: str, known: Iterable[str], *, otherwise: str = "known keys: ") -> str | None:
    """A hint at what was meant: the nearest known word, else all of them after `otherwise`, if given."""
    known = list(known)
    close = get_close_matches(written, known, n=1)
    if close:
        return f'did you mean "{close[0]}"?'
    return otherwise + ", ".join(known) if otherwise else None


def _line(place: Place, what: str, hint: str | None) -> str:
    return f"{place}: {what}" + (f" ({hint})" if hint else "")


def _in_words(detail: ErrorDetails, known: Iterable[str]) -> tuple[str, str | None]:
    kind, found = detail["type"], detail["input"]
    if kind in _WANTED:
        what = f"should be {_WANTED[kind]}, not {_FOUND.get(type(found), 'a table')}"
        return what, _REMEDY.get((kind, type(found)))
    match kind:
        case "missing":
            return "is required", None
        case "unexpected_keyword_argument":
            return "unknown key", near(str(detail["loc"][-1]), known)
        case "value_error":
            return str(detail["ctx"]["error"]), None
        case "literal_error" | "enum":
            expected = detail["ctx"]["expected"].replace("'", '"')
            return f"should be {expected}", near(str(found), re.findall('"(.*?)"', expected), otherwise="")
        case _:
            return detail["msg"].replace("Input should", "should"), None


def _line_of(text: str, steps: tuple[str | int, ...]) -> int | None:
    if not steps:
        return None
    nth = steps[1] if len(steps) > 1 and isinstance(steps[1], int) else 0
    section = re.compile(rf'\s*\[+\s*"?{re.escape(str(steps[0]))}"?\s*[].]')
    lines = text.splitlines()
    headers = [number for number, line in enumerate(lines, start=1) if section.match(line)]
    if steps[0] == "sinks" and len(steps) > 1:
        headers = [number for number in headers if str(steps[1]) in lines[number - 1]] or headers
    if nth >= len(headers):
        return None
    keys = [step for step in steps[1:] if isinstance(step, str)]
    key = re.compile(rf'\s*"?{re.escape(keys[-1] if keys else "")}"?\s*=')
    for number, line in enumerate(lines[headers[nth] :], start=headers[nth] + 1):
        if line.startswith("["):
            break
        if key.match(line):
            return number
    return headers[nth]
