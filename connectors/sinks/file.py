"""Alerts to an NDJSON file, each exactly once, whatever is killed."""

import asyncio
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar, Final

from pydantic_core import from_json

from connectors.http.client import HttpClient
from schemas.alerts import Alert
from schemas.codec import encode
from schemas.errors import Retriable
from schemas.failures import Reason
from schemas.record import record

_BEGINNING: Final = b'{"schema":"alert/'
"""How every line of this sink begins."""


@record
class FileOptions:
    """Settings of `kind = "file"`."""

    path: Path
    """The file to append to; it and its folder are made where they are missing."""


class FileSink:
    """A sink of `kind = "file"`: one alert a line, as the codec writes it, on disk before `deliver` returns.

    An alert that stands in the file is not written again, and a line that a kill cut short is taken away
    first. Two Tocsins may append to one file: each waits while the other writes. Needs a POSIX system.
    """

    Options: ClassVar[type[Any]] = FileOptions

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ids: set[str] = set()
        self._left: tuple[int, int] | None = None
        """Inode and size of the file as this sink left it, with `_ids` in it."""

    @classmethod
    def open(cls, name: str, options: FileOptions, http: HttpClient) -> "FileSink":
        """A sink that has not touched the world yet."""
        return cls(options.path)

    async def deliver(self, alerts: Sequence[Alert]) -> None:
        """Every alert in the file, in order, and the file on disk.

        Raises:
            Retriable: the file cannot be written, or the disk is full.
            Rejected: an alert cannot be written as JSON; none of them was written.
        """
        lines = {alert.id: encode(alert) + b"\n" for alert in alerts}
        try:
            await asyncio.to_thread(self._append, lines)
        except OSError as error:
            raise Retriable(
                f"appending alerts to {self._path}: {error.strerror}", reason=Reason.UNREACHABLE
            ) from error

    def _append(self, lines: dict[str, bytes]) -> None:
        with _locked(self._path) as file:
            if _state(file) != self._left:
                self._ids = _recover(file)
            new = {alert_id: line for alert_id, line in lines.items() if alert_id not in self._ids}
            _write(file, b"".join(new.values()))
            os.fsync(file)
            if self._left is None:
                _sync_folder(self._path.parent)
            self._ids |= new.keys()
            self._left = _state(file)


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _state(file: int) -> tuple[int, int]:
    status = os.fstat(file)
    return status.st_ino, status.st_size


def _recover(file: int) -> set[str]:
    """The ids of the alerts in the file, after which it ends with a line end."""
    ids: set[str] = set()
    whole_bytes = 0
    with open(file, "rb", closefd=False) as stream:
        stream.seek(0)
        for line in stream:
            if line.endswith(b"\n"):
                whole_bytes += len(line)
                ids.update(_ids(line))
            elif line.startswith(_BEGINNING) or _BEGINNING.startswith(line):
                os.ftruncate(file, whole_bytes)
            else:
                _write(file, b"\n")  # Not ours: end it, and leave it whole.
    return ids


def _ids(line: bytes) -> Iterator[str]:
    if line.startswith(_BEGINNING):
        with suppress(ValueError):
            yield str(from_json(line).get("id"))


def _write(file: int, content: bytes) -> None:
    while content:
        content = content[os.write(file, content) :]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
