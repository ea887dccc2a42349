"""Topics compiled once: what took long is kept in a file, and read where it fits."""

import logging
import os
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np

from pipelines.topics.index import Table
from pipelines.topics.matcher import TopicMatcher, compiled
from pipelines.topics.packing import pack, unpack
from schemas.watch import Topic

_log = logging.getLogger("tocsin")

_MAGIC: Final = b"tocsin topics\n"
_DIGEST_BYTES: Final = 32
_HEAD: Final = len(_MAGIC) + 2 * _DIGEST_BYTES
_WORTH_KEEPING: Final = 1_000  # fewer topics are compiled in a tenth of a second
_FILES_KEPT: Final = 4


def cached_matcher(topics: Sequence[Topic], config: str) -> TopicMatcher:
    """The matcher of these topics; see `TopicMatcher`. Many of them are compiled once for each user."""
    folder = cache_folder()
    if folder is None or len(topics) < _WORTH_KEEPING:
        return TopicMatcher(topics, config)
    return TopicMatcher(topics, config, cached_table(topics, folder))


def cache_folder() -> Path | None:
    """Where this user's caches are: below `XDG_CACHE_HOME`, or `~/.cache`; None for a user without a home."""
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tocsin"
    except RuntimeError:
        return None


def cached_table(topics: Sequence[Topic], folder: Path) -> Table:
    """What `compiled` makes of the topics, from a file in the folder if one fits, else made anew and kept.

    A file fits that was written for these queries, in this order, by this code, and is whole. It holds
    numbers and text, nothing that runs. Where it cannot be written, it is said and all goes on without.
    """
    key = _key(topics)
    path = folder / f"topics-{key.hex()[:32]}"
    table = _load(path, key, len(topics))
    if table is None:
        table = compiled(topics)
        _keep(path, key, table)
    return table


def _load(path: Path, key: bytes, topics: int) -> Table | None:
    """The table in the file; None where there is none that fits and is whole."""
    try:
        table = _read(path.read_bytes(), key, topics)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        _log.warning("reading compiled topics in %s: %s; they are compiled anew", path, error)
        return None
    with suppress(OSError):  # a cache that may only be read serves all the same
        path.touch()
    return table


def _read(content: bytes, key: bytes, topics: int) -> Table:
    head, body = content[:_HEAD], content[_HEAD:]
    if head != _MAGIC + key + _digest([body]):
        raise ValueError("the file is not as it was written")
    with np.load(BytesIO(body), allow_pickle=False) as arrays:
        return unpack({name: arrays[name] for name in arrays}, topics)


def _keep(path: Path, key: bytes, table: Table) -> None:
    arrays: dict[str, Any] = pack(table)
    body = BytesIO()
    np.savez(body, **arrays)
    whole = body.getbuffer()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}.", delete=False) as file:
            file.write(_MAGIC + key + _digest([whole]))
            file.write(whole)
        # Put in its place at once: another process may be reading.
        Path(file.name).replace(path)
        _remove_old(path.parent)
    except OSError as error:
        _log.warning("keeping compiled topics in %s: %s; the next start compiles them again", path, error)


def _remove_old(folder: Path) -> None:
    """Leaves the files that were used last; half-written ones of killed processes grow old too."""
    with suppress(FileNotFoundError):  # another process removes as well
        for path in sorted(folder.glob("topics-*"), key=_used_at)[:-_FILES_KEPT]:
            path.unlink()


def _used_at(path: Path) -> float:
    return path.stat().st_mtime


def _key(topics: Iterable[Topic]) -> bytes:
    """A digest of all that decides what a table is: the queries in their order, and the code."""
    queries = (topic.query.encode("utf-8", "surrogatepass") for topic in topics)
    return _digest([_code(), *queries])


@cache
def _code() -> bytes:
    """A digest of the code that compiles, Python's table of characters with it."""
    sources = sorted(files("pipelines.topics").iterdir(), key=lambda each: each.name)
    texts = [each.read_bytes() for each in sources if each.name.endswith(".py")]
    return _digest([unicodedata.unidata_version.encode(), *texts])


def _digest(parts: Iterable[bytes | memoryview]) -> bytes:
    """A digest of the parts and where each ends."""
    digest = blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.digest()
