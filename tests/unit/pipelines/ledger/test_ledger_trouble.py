"""Trouble: what a driver's error means to people."""

import pytest
from sqlalchemy import exc

from pipelines.ledger.trouble import find_trouble


class DriverError(Exception):
    """What drivers raise: SQLite's have a name, PostgreSQL's a state, or none where no answer came."""

    def __init__(self, **code):
        super().__init__("the driver's words")
        vars(self).update(code)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ({"sqlite_errorname": "SQLITE_BUSY"}, "locked"),
        ({"sqlite_errorname": "SQLITE_BUSY_SNAPSHOT"}, "locked"),
        ({"sqlite_errorname": "SQLITE_FULL"}, "full"),
        ({"sqlite_errorname": "SQLITE_IOERR_WRITE"}, "disk gave an error"),
        ({"sqlite_errorname": "SQLITE_READONLY_DIRECTORY"}, "read-only"),
        ({"sqlite_errorname": "SQLITE_TOOBIG"}, "the driver's words"),
        ({"sqlstate": "55P03"}, "locked"),
        ({"sqlstate": "53100"}, "full"),
        ({"sqlstate": "25006"}, "read-only"),
        ({"sqlstate": None}, "cannot be reached"),
        ({"sqlstate": "57P01"}, "shutting down"),
        ({"sqlstate": "57P03"}, "starting"),
        ({"sqlstate": "08006"}, "was lost"),
        ({"sqlstate": "40P01"}, "another transaction"),
        ({"sqlstate": "40001"}, "another transaction"),
        ({"sqlstate": "28P01"}, "password"),
        ({"sqlstate": "42501"}, "refuses this user"),
        ({"sqlstate": "3D000"}, "no such database"),
        ({"sqlstate": "57014"}, "longer than the server allows"),
        ({"sqlstate": "25P03"}, "longer than the server allows"),
        ({"sqlstate": "53200"}, "out of memory"),
        ({"sqlstate": "XX001"}, "damaged"),
    ],
)
def test_trouble_with_the_database_is_named(code, why):
    """Whichever database it is, the same trouble has the same words."""
    trouble = find_trouble(exc.OperationalError("SELECT", {}, DriverError(**code)))
    assert why in trouble.why
    assert trouble.hint


@pytest.mark.parametrize("kind", [exc.IntegrityError, exc.ProgrammingError])
def test_a_bug_is_no_trouble_with_the_database(kind):
    """A statement that is wrong stays an error with its traceback."""
    assert find_trouble(kind("SELECT", {}, DriverError(sqlite_errorname="SQLITE_CONSTRAINT_CHECK"))) is None


def test_too_many_readers_are_named():
    """When all connections are taken, the wait for one ends in words."""
    assert "in use" in find_trouble(exc.TimeoutError("QueuePool limit")).why
