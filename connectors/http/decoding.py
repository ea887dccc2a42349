"""Undoing content encodings piece by piece, never holding more than a cap: proof against bombs."""

import zlib
from collections.abc import Sequence
from typing import Final

from schemas.errors import Rejected, Retriable
from schemas.failures import Reason

_GZIP_OR_ZLIB: Final = zlib.MAX_WBITS | 32


class BodyDecoder:
    """A body as it was before it was encoded; every stage on the way to it is capped, not only the last."""

    def __init__(self, encodings: Sequence[str], max_bytes: int, attempt: str) -> None:
        """`encodings`: gzip or deflate, in the order applied; `attempt` says what is read, for errors."""
        self._attempt = attempt
        self._max_bytes = max_bytes
        self._stages = [_Inflater() for _ in encodings]
        self._seen_bytes = [0] * (len(self._stages) + 1)
        self._body = bytearray()

    def feed(self, piece: bytes) -> None:
        """Takes in the next piece as it came over the wire.

        Raises:
            Rejected: TOO_LARGE over the cap, MALFORMED where it is not encoded as declared.
        """
        self._count(0, piece)
        for nth, stage in enumerate(self._stages, start=1):
            try:
                piece = stage.inflate(piece, self._max_bytes - self._seen_bytes[nth])
            except zlib.error as error:
                raise Rejected(
                    f"{self._attempt}: not compressed as declared: {error}", reason=Reason.MALFORMED
                ) from error
            self._count(nth, piece)
        self._body += piece

    def finish(self) -> bytes:
        """The whole body.

        Raises:
            Retriable: it ends in the middle of compressed data.
        """
        if any(stage.is_amid for stage in self._stages):
            raise Retriable(f"{self._attempt}: the answer ends too early", reason=Reason.UNREACHABLE)
        return bytes(self._body)

    def _count(self, stage: int, piece: bytes) -> None:
        self._seen_bytes[stage] += len(piece)
        if self._seen_bytes[stage] > self._max_bytes:
            raise Rejected(f"{self._attempt}: more than {self._max_bytes} bytes", reason=Reason.TOO_LARGE)


class _Inflater:
    """One gzip or zlib stage; gzip may hold several members, and padding behind the last."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._members = 0
        self.is_amid = False

    def inflate(self, data: bytes, room_bytes: int) -> bytes:
        """What `data` expands to, cut one byte beyond `room_bytes`."""
        out = bytearray()
        while data and len(out) <= room_bytes:
            self.is_amid = True
            try:
                out += self._zlib.decompress(data, room_bytes + 1 - len(out))
            except zlib.error:
                if not self._members:
                    raise
                self.is_amid = False
                break
            data = self._zlib.unconsumed_tail
            if self._zlib.eof:
                data = self._zlib.unused_data
                self._members += 1
                self._zlib = zlib.decompressobj(_GZIP_OR_ZLIB)
                self.is_amid = False
        return bytes(out)
