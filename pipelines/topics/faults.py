"""How a query says what is wrong with it."""

from typing import Final

from schemas.errors import ConfigError
from schemas.record import record

_SHOWN: Final = 96
_BEFORE: Final = 64


@record
class Written:
    """A query as its author wrote it."""

    topic: str
    """Id of the topic that it is of."""
    query: str
    """The query."""

    def fault(self, at: int, expected: str, *, hint: str) -> ConfigError:
        """The error that names the topic and the place `at`, from 0, and shows it with a caret below."""
        message = f'topic "{self.topic}": cannot read the query at {self.place(at)}: expected {expected}'
        start = self.query.rfind("\n", 0, at) + 1
        line = self.query[start:].partition("\n")[0]
        return ConfigError(f"{message}\n{_pointed(line, at - start)}", hint=hint)

    def place(self, at: int) -> str:
        """A place in words: its column, and its line where the query has several, from 1."""
        before = self.query[:at]
        column = f"column {at - before.rfind(chr(10))}"
        return f"line {before.count(chr(10)) + 1}, {column}" if "\n" in self.query.strip() else column


def _pointed(line: str, column: int) -> str:
    """The line and a caret below the column; of a long line only what is near."""
    shown = "".join(character if character.isprintable() else " " for character in line)
    cut = max(0, column - _BEFORE)
    head = "…" if cut else ""
    tail = "…" if len(shown) > cut + _SHOWN else ""
    return f"  {head}{shown[cut : cut + _SHOWN]}{tail}\n  {' ' * (len(head) + column - cut)}^"
