"""Undoing content encodings under a cap."""

import gzip
import zlib

import pytest

from connectors.http.decoding import BodyDecoder
from schemas.errors import Rejected, Retriable
from schemas.failures import Reason

TEXT = b"The bridge was closed at noon. " * 200


def decode(encodings, sent, max_bytes=100_000, step=1_000):
    """The body, fed in pieces."""
    decoder = BodyDecoder(encodings, max_bytes, "GET x")
    for start in range(0, len(sent), step):
        decoder.feed(sent[start : start + step])
    return decoder.finish()


@pytest.mark.parametrize("step", [1, 7, 100_000])
@pytest.mark.parametrize(
    ("encodings", "sent"),
    [
        ((), TEXT),
        (("gzip",), gzip.compress(TEXT)),
        (("deflate",), zlib.compress(TEXT)),
        (("gzip", "gzip"), gzip.compress(gzip.compress(TEXT))),
        (("deflate", "gzip"), gzip.compress(zlib.compress(TEXT))),
        (("gzip",), gzip.compress(TEXT[:1000]) + gzip.compress(TEXT[1000:])),
        (("gzip",), gzip.compress(TEXT) + b"\0" * 50),
    ],
    ids=["plain", "gzip", "deflate", "twice", "mixed", "members", "padded"],
)
def test_decoded(encodings, sent, step):
    """The body comes out whole however it was cut up on the way, with several members or padding."""
    assert decode(encodings, sent, step=step) == TEXT


def test_empty():
    """Nothing sent is nothing, whatever the declared encoding."""
    assert decode(("gzip",), b"") == b""


@pytest.mark.parametrize(
    ("encodings", "sent"),
    [
        ((), b"x" * 100_001),
        (("gzip",), gzip.compress(b"\0" * 5_000_000)),
        (("gzip", "gzip"), gzip.compress(gzip.compress(b"\0" * 5_000_000))),
        (("gzip", "gzip"), gzip.compress(b"\x1f\x8b\x08\x08" + b"\0" * 6 + b"n" * 5_000_000)),
        (("gzip",), gzip.compress(b"") * 20_000),
    ],
    ids=["plain", "gzip", "twice", "endless file name", "empty members"],
)
def test_bombs(encodings, sent):
    """What expands beyond the cap at any stage is refused."""
    with pytest.raises(Rejected) as caught:
        decode(encodings, sent, step=65_536)
    assert caught.value.reason is Reason.TOO_LARGE


def test_exact_cap():
    """A body of exactly the cap is taken in."""
    assert len(decode(("gzip",), gzip.compress(b"\0" * 100_000))) == 100_000


def test_not_as_declared():
    """Plain text under a gzip header is refused."""
    with pytest.raises(Rejected) as caught:
        decode(("gzip",), TEXT)
    assert caught.value.reason is Reason.MALFORMED


def test_cut_short():
    """Compressed data that breaks off is worth another try."""
    with pytest.raises(Retriable):
        decode(("gzip",), gzip.compress(TEXT)[:-20])
