"""Pages from WARC files, as crawlers and web archives write them: `*.warc` and `*.warc.gz`.

An answer over HTTP with status 200 that is HTML or plain text is a page, observed when the record says.
Another answer, a record that is not of HTTP, or what cannot be read, is a Failure with its place in the file.
Records that hold no answer (requests, metadata, repetitions) are passed over.
"""

import asyncio
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Final

from pydantic import TypeAdapter, ValidationError

from connectors.http.client import HttpClient
from connectors.protocol import Poll, SourceContext
from connectors.sources.listing import File, list_files
from connectors.sources.warc_pages import page_of_record
from connectors.sources.warc_records import Cut, cut_records
from schemas.errors import Rejected
from schemas.failures import Failure, Reason
from schemas.ids import stable_id
from schemas.items import Page
from schemas.record import record

SUFFIXES: Final = (".warc", ".warc.gz")
"""How the names of files end that can be read."""

_POLL_RECORDS: Final = 500
_POLL_BYTES: Final = 32 << 20
_STAGE: Final = "read"


@record
class WarcOptions:
    """Settings of `kind = "warc"`."""

    path: Path
    """A file, a folder, or a pattern of files such as `crawls/**/*.warc.gz`."""


@record
class _Progress:
    offsets: dict[str, int] = field(default_factory=dict)
    """How far each file was read, in bytes, by URL."""
    cut: tuple[str, ...] = ()
    """Stamps of the files that ended in the middle of a record."""


_PROGRESS: Final = TypeAdapter(_Progress)


class WarcSource:
    """A source of `kind = "warc"`; keeps the promises of `connectors.protocol.Source`."""

    Options: ClassVar[type[Any]] = WarcOptions

    def __init__(self, context: SourceContext, path: Path) -> None:
        self._context = context
        self._path = path

    @classmethod
    def open(cls, context: SourceContext, options: WarcOptions, http: HttpClient) -> "WarcSource":
        """A source that has not touched the world yet."""
        return cls(context, options.path)

    async def poll(self, cursor: str | None, observed_at: datetime) -> Poll:
        """What the files hold after `cursor`: at most 500 records, and then more at once.

        Raises:
            Rejected: there is no such file, or it is of a kind that cannot be read.
            Retriable: a folder cannot be read.
        """
        return await asyncio.to_thread(self._poll, _progress(cursor), observed_at)

    def _poll(self, before: _Progress, observed_at: datetime) -> Poll:
        files = list_files(self._path, SUFFIXES)
        sweep = _Sweep(self._context, observed_at, before)
        for file in files:
            sweep.read(file)
        here = {file.url for file in files}
        progress = _Progress(
            offsets={url: offset for url, offset in sweep.offsets.items() if url in here},
            cut=tuple(file.stamp for file in files if file.stamp in sweep.cut),
        )
        return Poll(
            items=(),
            pages=tuple(sweep.pages),
            failures=tuple(sweep.failures),
            cursor=_PROGRESS.dump_json(progress).decode(),
            wait_s=0.0 if sweep.is_full else self._context.every_s,
        )


def _progress(cursor: str | None) -> _Progress:
    try:
        return _PROGRESS.validate_json(cursor or "{}")
    except ValidationError:
        # Of another kind of source under the same name: reading again is harmless, skipping is not.
        return _Progress()


class _Sweep:
    """Pages and failures of one poll, and how far each file was read for them."""

    def __init__(self, context: SourceContext, observed_at: datetime, before: _Progress) -> None:
        self.pages: list[Page] = []
        self.failures: list[Failure] = []
        self.offsets = dict(before.offsets)
        self.cut = set(before.cut)
        self._context = context
        self._observed_at = observed_at
        self._records = 0
        self._bytes = 0

    @property
    def is_full(self) -> bool:
        """True once the poll has brought enough."""
        return self._records >= _POLL_RECORDS or self._bytes >= _POLL_BYTES

    def read(self, file: File) -> None:
        """What the file holds from where it was read to, as far as this poll has room."""
        try:
            with file.path.open("rb") as stream:
                for cut in cut_records(stream, self.offsets.get(file.url, 0)):
                    if self.is_full:
                        return
                    # Cut short while it is being written: it is looked at once more before it is a failure.
                    if cut.at_end and file.stamp not in self.cut:
                        self.cut.add(file.stamp)
                        return
                    self._add(file, cut)
                    self.offsets[file.url] = cut.after
        except FileNotFoundError:
            return
        except OSError as error:
            self._refuse(file, None, Rejected(f"cannot be read: {error.strerror}", reason=Reason.UNREACHABLE))

    def _add(self, file: File, cut: Cut) -> None:
        self._records += 1
        self._bytes += len(cut.raw)
        if cut.trouble:
            self._refuse(file, cut, Rejected(cut.trouble, reason=Reason.MALFORMED))
            return
        try:
            page = page_of_record(cut.raw, self._context, self._observed_at)
        except Rejected as error:
            self._refuse(file, cut, error)
        else:
            self.pages += [page] if page else []

    def _refuse(self, file: File, cut: Cut | None, error: Rejected) -> None:
        place = f"{file.url} at byte {cut.offset}" if cut else file.url
        self.failures.append(
            Failure(
                id=stable_id("failure", _STAGE, self._context.name, place),
                stage=_STAGE,
                reason=error.reason,
                detail=f"reading {place}: {error}",
                url=file.url,
                record=place,
                failed_at=self._observed_at,
            )
        )
