"""The one broad catch of the program: what a record makes of the work on it."""

from collections.abc import Callable
from typing import TypeVar

from schemas.errors import LedgerError, Retriable

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def attempt(work: Callable[[_In], _Out], record: _In) -> _Out | Exception:
    """What `work` makes of the record, or what it raises.

    Trouble that may heal, and trouble with the ledger, is nobody's record's fault: it passes through, and
    the cycle is run again.
    """
    try:
        return work(record)
    except (Retriable, LedgerError):
        raise
    except Exception as error:
        return error
