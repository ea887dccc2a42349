"""The records of a WARC file one by one, whatever is between them.

Each record is cut out before anything reads it, by its gzip member or by its own length, so that one that
lies about its length, or is damaged, costs no other its place. The format: ISO 28500, WARC 1.0 and 1.1.
"""

import os
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from schemas.record import record

RECORD_BYTES: Final = 24 << 20
"""A longer record is not kept."""

_BLOCK: Final = 64 << 10
_HEADER_BYTES: Final = 64 << 10
_MEMBER: Final = b"\x1f\x8b\x08"
_VERSION: Final = b"WARC/1."
_GAP: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r?\n", re.IGNORECASE)
_UNZIP: Final = zlib.MAX_WBITS | 16


@record
class Cut:
    """What stands at one place of a WARC file."""

    offset: int
    """Where it begins, in bytes of the file as it is."""
    after: int
    """Where the next begins."""
    raw: bytes
    """The record, header and content; empty where there is trouble."""
    trouble: str | None = None
    """Why this is no record that can be read."""
    at_end: bool = False
    """True where the trouble is that the file ends: whoever writes it may not have finished."""


def cut_records(stream: BinaryIO, offset: int) -> Iterator[Cut]:
    """The records from `offset` on, which is 0 or some `after`; what is no record is told and passed over.

    Raises:
        OSError: the file cannot be read.
    """
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    cut = _cut_member if stream.read(len(_MEMBER)) == _MEMBER else _cut_plain
    while offset < size:
        found = cut(stream, offset, size)
        yield found
        offset = found.after


def _cut_member(stream: BinaryIO, offset: int, size: int) -> Cut:
    """The record in the gzip member at `offset`."""
    try:
        raw, after = _inflated(stream, offset)
    except EOFError:
        return Cut(offset=offset, after=size, raw=b"", trouble="its gzip member is cut", at_end=True)
    except zlib.error as error:
        after = _find(stream, _MEMBER, offset + 1, size)
        return Cut(offset=offset, after=after, raw=b"", trouble=f"damaged gzip data: {error}")
    trouble = _trouble_in(raw)
    return Cut(offset=offset, after=after, raw=b"" if trouble else raw[: _length_of(raw)], trouble=trouble)


def _inflated(stream: BinaryIO, offset: int) -> tuple[bytes, int]:
    """What the gzip member at `offset` holds, little more than the cap, and where the next begins."""
    stream.seek(offset)
    inflate = zlib.decompressobj(_UNZIP)
    raw = bytearray()
    while not inflate.eof:
        block = inflate.unconsumed_tail or stream.read(_BLOCK)
        piece = inflate.decompress(block, _BLOCK)
        if not block and not piece:
            raise EOFError
        if len(raw) <= RECORD_BYTES:
            raw += piece
    return bytes(raw), stream.tell() - len(inflate.unused_data)


def _trouble_in(raw: bytes) -> str | None:
    """Why a gzip member does not hold one record, or None where it does."""
    length = _length_of(raw)
    if len(raw) > RECORD_BYTES:
        return f"longer than {RECORD_BYTES >> 20} MiB, or many records in one gzip member"
    if length is None:
        return "not a WARC record that tells its length"
    if len(raw) < length or raw[length:].strip(_GAP):
        return f"its length is not {length}, as it tells"
    return None


def _cut_plain(stream: BinaryIO, offset: int, size: int) -> Cut:
    """The record at `offset` of a file that is not compressed."""
    stream.seek(offset)
    length = _length_of(stream.read(_HEADER_BYTES))
    end = offset + (length or 0)
    stream.seek(min(end, size))
    behind = stream.read(len(_GAP + _VERSION))
    if length is None or end > size or behind not in (_GAP + _VERSION, _GAP, b""):
        after = _find(stream, b"\n" + _VERSION, offset + 1, size)
        told = "not a WARC record that tells its length"
        trouble = told if length is None else f"its length is not {length}, as it tells"
        at_end = after == size and end > size
        return Cut(offset=offset, after=after, raw=b"", trouble=trouble, at_end=at_end)
    after = min(size, end + len(_GAP))
    if length > RECORD_BYTES:
        trouble = f"longer than {RECORD_BYTES >> 20} MiB"
        return Cut(offset=offset, after=after, raw=b"", trouble=trouble)
    stream.seek(offset)
    return Cut(offset=offset, after=after, raw=stream.read(length))


def _length_of(raw: bytes) -> int | None:
    """The length of header and content, as the header tells; None where there is no such header."""
    head = raw[:_HEADER_BYTES].partition(_GAP)
    told = _LENGTH.search(head[0] + b"\r\n")
    if not head[0].startswith(_VERSION) or not head[1] or told is None:
        return None
    return len(head[0]) + len(_GAP) + int(told[1])


def _find(stream: BinaryIO, mark: bytes, offset: int, size: int) -> int:
    """Where the next record may begin: at the mark, behind its line end; `size` where there is none."""
    while offset < size:
        stream.seek(offset)
        block = stream.read(_BLOCK + len(mark))
        at = block.find(mark)
        if at >= 0:
            return offset + at + mark.startswith(b"\n")
        offset += _BLOCK
    return size
