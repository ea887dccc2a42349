"""Expected trouble, as one tree.

TocsinError                 everything that Tocsin raises on purpose
├── ConfigError             the configuration or the call cannot be used: exit 2
├── LedgerError             the database cannot be used: exit 3
└── RecordError             trouble with one record
    ├── Retriable           may heal: try again after a while
    └── Rejected            never will: becomes a Failure
"""

from copyreg import __newobj__  # type: ignore[attr-defined]
from typing import Any

from schemas.failures import Reason


class TocsinError(Exception):
    """What was attempted, on what, and why it failed; `hint` says what to do about it."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint

    def __reduce__(self) -> tuple[Any, ...]:
        """How to pickle it: made anew without `__init__`, whose keywords an exception does not keep."""
        return __newobj__, (type(self), *self.args), vars(self)


class ConfigError(TocsinError):
    """The configuration or the call cannot be used."""


class LedgerError(TocsinError):
    """The database cannot be used."""


class RecordError(TocsinError):
    """Trouble with one record; the rest go on."""


class Retriable(RecordError):
    """Trouble that may heal; `after_s` is how long to wait at least, where the other side said so."""

    def __init__(
        self, message: str, *, reason: Reason, after_s: float | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.reason = reason
        self.after_s = after_s


class Rejected(RecordError):
    """Trouble that will not heal; `reason` becomes a metric label."""

    def __init__(self, message: str, *, reason: Reason, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.reason = reason
