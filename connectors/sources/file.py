"""Documents and pages from files: NDJSON, and folders of HTML or text.

- `*.ndjson`, `*.ndjson.gz`: one document a line, as `documents` describes. A file that grows is read on
  from where the last poll stopped; a file that was written anew is read from its start. A last line
  without a line end is read if it is whole; if it is cut it waits for its rest, and is a failure once the
  next poll finds the file unchanged. A url may stand once among the lines that one poll reads (at most
  500); the second is a failure. Further apart it is taken as a new version of the page.
- `*.html`, `*.html.gz`, `*.txt`: one page a file, whose url is the file's own, `file:///…`. A changed
  file is a new version of its page: write elsewhere and rename, else half a page may be read.

A folder is read with all folders in it, names that begin with a dot left out, in order of path.
Two limits: each poll looks at every file and keeps 20 bytes of it in the cursor, so pack more than some
20,000 pages as NDJSON; and each poll unzips a `.gz` from its start, so unzip one of more than some 100,000
documents first.
"""

import asyncio
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Final

from pydantic import TypeAdapter, ValidationError

from connectors.http.client import HttpClient
from connectors.protocol import Poll, SourceContext
from connectors.sources.lines import Reached
from connectors.sources.listing import list_files
from connectors.sources.sweep import SUFFIXES, End, Sweep
from schemas.record import record


@record
class FileOptions:
    """Settings of `kind = "file"`."""

    path: Path
    """A file, a folder, or a pattern of files such as `archive/**/*.ndjson.gz`."""


@record
class _Progress:
    read: tuple[str, ...] = ()
    """Stamps of the files that were read to their end."""
    cut: tuple[str, ...] = ()
    """Stamps of the files that ended in the middle of something."""
    reached: dict[str, Reached] = field(default_factory=dict)
    """How far each file of documents was read, by URL."""


_PROGRESS: Final = TypeAdapter(_Progress)


class FileSource:
    """A source of `kind = "file"`; keeps the promises of `connectors.protocol.Source`."""

    Options: ClassVar[type[Any]] = FileOptions

    def __init__(self, context: SourceContext, path: Path) -> None:
        self._context = context
        self._path = path

    @classmethod
    def open(cls, context: SourceContext, options: FileOptions, http: HttpClient) -> "FileSource":
        """A source that has not touched the world yet."""
        return cls(context, options.path)

    async def poll(self, cursor: str | None, observed_at: datetime) -> Poll:
        """What the files hold after `cursor`: at most 500 documents, and then more at once.

        Raises:
            Rejected: there is no such file, or it is of a kind that cannot be read.
            Retriable: a folder cannot be read.
        """
        return await asyncio.to_thread(self._poll, _progress(cursor), observed_at)

    def _poll(self, before: _Progress, observed_at: datetime) -> Poll:
        files = list_files(self._path, SUFFIXES)
        sweep = Sweep(self._context, observed_at, before.reached)
        read, cut, goes_on = set(before.read), set(before.cut), False
        for file in files:
            if file.stamp in read:
                continue
            if sweep.is_full:
                goes_on = True
                break
            end = sweep.read(file, at_rest=file.stamp in cut)
            goes_on = end is End.FULL
            if end is End.READ:
                read.add(file.stamp)
            elif end is End.CUT:
                cut.add(file.stamp)
        progress = _Progress(
            read=tuple(file.stamp for file in files if file.stamp in read),
            cut=tuple(file.stamp for file in files if file.stamp in cut - read),
            reached={file.url: sweep.reached[file.url] for file in files if file.url in sweep.reached},
        )
        return Poll(
            items=(),
            pages=tuple(sweep.pages),
            failures=tuple(sweep.failures),
            cursor=_PROGRESS.dump_json(progress).decode(),
            wait_s=0.0 if goes_on else self._context.every_s,
        )


def _progress(cursor: str | None) -> _Progress:
    if cursor is None:
        return _Progress()
    try:
        return _PROGRESS.validate_json(cursor)
    except ValidationError:
        # Of another kind of source under the same name: reading again is harmless, skipping is not.
        return _Progress()
