"""Errors as they cross from one process to another."""

import pickle

import pytest

from schemas.errors import ConfigError, LedgerError, Rejected, Retriable
from schemas.failures import Reason


@pytest.mark.parametrize(
    "error",
    [
        ConfigError("cannot read tocsin.toml", hint="write one"),
        LedgerError("cannot open the ledger"),
        Retriable("no answer", reason=Reason.UNREACHABLE, after_s=7.5),
        Rejected("cannot read the page", reason=Reason.BINARY, hint="it is a picture"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_can_be_pickled(error):
    """An error comes back with its type, its message and all that it says besides."""
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
