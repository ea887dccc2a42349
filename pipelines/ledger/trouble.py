"""What a driver's error means to the person who runs Tocsin."""

from typing import Final

from sqlalchemy import exc

from schemas.record import record


@record
class Trouble:
    """Why the database cannot be used."""

    why: str
    """What is wrong."""
    hint: str
    """What to do about it."""


_LOCKED: Final = Trouble(
    why="it is locked by another process",
    hint="end the other process, or try again when it is done",
)
_FULL: Final = Trouble(
    why="the database or disk is full",
    hint="free some disk space; nothing of this transaction was kept, so it is safe to start again",
)
_READ_ONLY: Final = Trouble(
    why="it is read-only",
    hint="make the file and its folder writable for the user that Tocsin runs as",
)
_CANNOT_OPEN: Final = Trouble(
    why="the file cannot be opened",
    hint="check that the folder exists and that Tocsin may read and write in it",
)
_NOT_A_DATABASE: Final = Trouble(
    why="the file is not a database",
    hint="check the path; to start afresh, move the file away",
)
_DAMAGED: Final = Trouble(
    why="the database file is damaged",
    hint="check the disk, and bring the file back from a backup",
)
_DISK: Final = Trouble(why="the disk gave an error", hint="check the disk and its file system")
_UNREACHABLE: Final = Trouble(
    why="the database server cannot be reached",
    hint="check that it runs, and the host, port and password in the ledger's URL",
)
_CROWDED: Final = Trouble(
    why="all connections are in use",
    hint="fewer threads at a time should use the ledger",
)

_BY_CODE: Final = {
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_FULL": _FULL,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_CANTOPEN": _CANNOT_OPEN,
    "SQLITE_PERM": _CANNOT_OPEN,
    "SQLITE_NOTADB": _NOT_A_DATABASE,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_IOERR": _DISK,
    "55P03": _LOCKED,
    "53100": _FULL,
    "25006": _READ_ONLY,
    "53300": _CROWDED,
    "58030": _DISK,
}
"""SQLite's primary result codes and PostgreSQL's SQLSTATEs."""


def find_trouble(error: exc.DBAPIError | exc.TimeoutError) -> Trouble | None:
    """What is wrong with the database; None where the error is a bug in Tocsin."""
    if isinstance(error, exc.TimeoutError):
        return _CROWDED
    known = _BY_CODE.get(_code(error.orig))
    if known is not None or not isinstance(error, exc.OperationalError):
        return known
    if not hasattr(error.orig, "sqlite_errorname"):
        return _UNREACHABLE
    return Trouble(why=str(error.orig), hint="see the SQLite documentation for this message")


def _code(driver_error: BaseException | None) -> str:
    name = getattr(driver_error, "sqlite_errorname", None)
    if name is not None:
        # An extended code such as SQLITE_IOERR_WRITE begins with the primary one.
        return "_".join(name.split("_")[:2])
    return getattr(driver_error, "sqlstate", None) or ""
