"""The files behind a path: one file, a folder with all folders in it, or a pattern."""

import stat
from collections.abc import Iterable, Iterator
from glob import glob, has_magic
from pathlib import Path

from schemas.errors import Rejected, Retriable
from schemas.failures import Reason
from schemas.ids import stable_id
from schemas.record import record


@record
class File:
    """A file as it was found."""

    path: Path
    """Where it is."""
    url: str
    """The same as a `file:` URL: text, whatever bytes the name holds."""
    stamp: str
    """Another one once the file has changed."""


def list_files(path: Path, suffixes: tuple[str, ...]) -> tuple[File, ...]:
    """The files whose names end so, in order of path; names that begin with a dot are left out.

    Raises:
        Rejected: there is no such file, or it is of a kind that cannot be read.
        Retriable: a folder cannot be read.
    """
    try:
        return tuple(file for found in sorted(_found(path, suffixes)) if (file := _file(found)) is not None)
    except OSError as error:
        raise Retriable(f"listing {path}: {error.strerror}", reason=Reason.UNREACHABLE) from error


def _found(path: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    if path.is_file():
        if not path.name.endswith(suffixes):
            raise Rejected(
                f"reading {path}: not a kind of file that is known",
                reason=Reason.BINARY,
                hint=f"readable are {', '.join(suffixes)}",
            )
        yield path
    elif path.is_dir():
        yield from _readable(path.rglob("*"), suffixes)
    elif has_magic(str(path)):
        yield from _readable(map(Path, glob(str(path), recursive=True)), suffixes)  # noqa: PTH207 - Path.glob is relative
    else:
        raise Rejected(
            f"reading {path}: there is no such file or folder",
            reason=Reason.UNREACHABLE,
            hint="check `path`; a relative path starts at the folder of the configuration file",
        )


def _readable(paths: Iterable[Path], suffixes: tuple[str, ...]) -> Iterator[Path]:
    return (path for path in paths if path.name.endswith(suffixes) and not path.name.startswith("."))


def _file(path: Path) -> File | None:
    try:
        status = path.stat()
    except OSError:
        return None  # gone since it was listed, or a link to nowhere
    if not stat.S_ISREG(status.st_mode):
        return None
    url = path.absolute().as_uri()
    changes = (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return File(path=path, url=url, stamp=stable_id("stamp", url, *changes)[:16])
