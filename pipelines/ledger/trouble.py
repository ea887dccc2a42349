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
_LOST: Final = Trouble(
    why="the connection to the database server was lost",
    hint="run it again when the server is back: what was kept already is not written twice",
)
_GOING: Final = Trouble(
    why="the database server is starting or shutting down",
    hint="try again in a moment",
)
_DENIED: Final = Trouble(
    why="the server refuses this user or password",
    hint="check both in the ledger's URL, and that the user may use this database",
)
_NO_DATABASE: Final = Trouble(
    why="the server has no such database",
    hint="make it, for example with createdb, or check its name in the ledger's URL",
)
_CROSSED: Final = Trouble(
    why="another transaction got in the way",
    hint="run it again; nothing of this transaction was kept",
)
_SLOW: Final = Trouble(
    why="it took longer than the server allows",
    hint="see what the server is busy with (pg_stat_activity); nothing of this transaction was kept",
)
_CROWDED: Final = Trouble(
    why="all connections are in use",
    hint="fewer threads or processes at a time should use the ledger",
)
_NO_MEMORY: Final = Trouble(
    why="the database server is out of memory",
    hint="give it more, or let fewer processes use it; nothing of this transaction was kept",
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
    "08": _LOST,
    "25006": _READ_ONLY,
    "25P03": _SLOW,
    "28": _DENIED,
    "3D000": _NO_DATABASE,
    "40001": _CROSSED,
    "40P01": _CROSSED,
    "42501": _DENIED,
    "53100": _FULL,
    "53200": _NO_MEMORY,
    "53300": _CROWDED,
    "55P03": _LOCKED,
    "57014": _SLOW,
    "57P": _GOING,
    "58030": _DISK,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}
"""SQLite's primary result codes; PostgreSQL's SQLSTATEs, or what several of them begin with."""

_BY_WORDS: Final = (
    ("password", _DENIED),
    ("no pg_hba.conf entry", _DENIED),
    ('FATAL:  role "', _DENIED),
    ('FATAL:  database "', _NO_DATABASE),
    ("session is read-only", _READ_ONLY),
    ("too many clients", _CROWDED),
    ("starting up", _GOING),
    ("shutting down", _GOING),
    ("recovery mode", _GOING),
    ("not yet accepting connections", _GOING),
    ("closed the connection", _LOST),
    ("connection is closed", _LOST),
    ("connection is lost", _LOST),
)
"""What the driver says where it has no code: it gives none before a connection stands, or once it is gone."""


def find_trouble(error: exc.DBAPIError | exc.TimeoutError) -> Trouble | None:
    """What is wrong with the database; None where the error is a bug in Tocsin."""
    if isinstance(error, exc.TimeoutError):
        return _CROWDED
    code = _code(error.orig)
    known = next((_BY_CODE[code[:end]] for end in (None, 3, 2) if code[:end] in _BY_CODE), None)
    if known is not None or not isinstance(error, exc.OperationalError):
        return known
    said = str(error.orig)
    if hasattr(error.orig, "sqlite_errorname"):
        return Trouble(why=said, hint="see the SQLite documentation for this message")
    return next((trouble for words, trouble in _BY_WORDS if words in said), _UNREACHABLE)


def _code(driver_error: BaseException | None) -> str:
    name = getattr(driver_error, "sqlite_errorname", None)
    if name is not None:
        # An extended code such as SQLITE_IOERR_WRITE begins with the primary one.
        return "_".join(name.split("_")[:2])
    return getattr(driver_error, "sqlstate", None) or ""
