"""Lines of a file, plain or gzipped, read on from where an earlier poll stopped."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

from schemas.ids import stable_id
from schemas.record import record

LINE_BYTES: Final = 20 << 20
"""A longer line, its end included, is not kept whole."""

_TAIL_BYTES: Final = 64
_SKIP_BYTES: Final = 1 << 20


@record
class Reached:
    """How far a file was read, in bytes as they are without gzip."""

    byte: int = 0
    """Bytes read."""
    lines: int = 0
    """Line ends among them."""
    tail: str = stable_id("tail", b"")
    """Digest of the last of them, to tell a file that grew from one that was written anew."""


@record
class Line:
    """One line of a file."""

    number: int
    """Counted from 1."""
    raw: bytes
    """The line with its end; only its beginning where it is too long."""
    too_long: bool
    """True where it has more than `LINE_BYTES`."""
    after: Reached
    """Where the next line starts."""

    @property
    def has_end(self) -> bool:
        """False for what stands behind the last line end: it may be unfinished."""
        return self.too_long or self.raw.endswith(b"\n")


def opened(path: Path) -> BinaryIO:
    """The file for reading, unzipped on the way where its name ends in `.gz`."""
    return cast(BinaryIO, gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def read_lines(stream: BinaryIO, reached: Reached) -> Iterator[Line]:
    """The lines from `reached` on; all lines where the file no longer holds what was read.

    Raises:
        EOFError: a gzip stream ends early; the whole lines before it have been given.
        zlib.error, OSError: damaged or unreadable from here on.
    """
    tail = _tail_at(stream, reached.byte)
    if stable_id("tail", tail) != reached.tail:
        stream.seek(0)
        tail, reached = b"", Reached()
    while kept := stream.readline(LINE_BYTES + 1):
        size, end = len(kept), kept
        while size > LINE_BYTES and end and not end.endswith(b"\n"):
            tail = (tail + end)[-_TAIL_BYTES:]
            end = stream.readline(_SKIP_BYTES)
            size += len(end)
        tail = (tail + end)[-_TAIL_BYTES:]
        number = reached.lines + 1
        reached = Reached(
            byte=reached.byte + size,
            lines=reached.lines + tail.endswith(b"\n"),
            tail=stable_id("tail", tail),
        )
        yield Line(number=number, raw=kept, too_long=size > LINE_BYTES, after=reached)


def _tail_at(stream: BinaryIO, byte: int) -> bytes:
    start = max(0, byte - _TAIL_BYTES)
    stream.seek(start)
    return stream.read(byte - start)
