"""Stable ids, derived from content: the same thing has the same id wherever and whenever it is read."""

import hashlib


def stable_id(kind: str, *parts: str | bytes | int | None) -> str:
    """Sixteen bytes of BLAKE2b over `kind` and `parts`, in hex.

    Each is hashed with its type and length, so that no two lists of parts run together.
    """
    digest = hashlib.blake2b(digest_size=16)
    for part in (kind, *parts):
        tag, raw = _tagged(part)
        digest.update(b"%c%d:" % (tag, len(raw)))
        digest.update(raw)
    return digest.hexdigest()


def _tagged(part: str | bytes | int | None) -> tuple[int, bytes]:
    match part:
        case None:
            return ord("n"), b""
        case bytes():
            return ord("b"), part
        case int():
            return ord("i"), str(part).encode()
        case str():
            return ord("s"), part.encode("utf-8", "surrogatepass")
