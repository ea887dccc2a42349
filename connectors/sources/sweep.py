"""What one poll reads of a list of files: capped, so that memory stays flat on files of any size."""

import codecs
import zlib
from datetime import datetime
from enum import Enum, auto
from gzip import BadGzipFile
from typing import Final

from connectors.protocol import SourceContext
from connectors.sources.documents import could_go_on, page_of_document, page_of_file
from connectors.sources.lines import LINE_BYTES, Line, Reached, opened, read_lines
from connectors.sources.listing import File
from schemas.errors import Rejected
from schemas.failures import Failure, Reason
from schemas.ids import stable_id
from schemas.items import Page

_POLL_DOCUMENTS: Final = 500
_POLL_BYTES: Final = 32 << 20
_KEPT_CHARS: Final = 10_000
_STAGE: Final = "read"
_OF_DOCUMENTS: Final = (".ndjson", ".ndjson.gz")
_OF_ONE_PAGE: Final = (".html", ".html.gz", ".txt")

SUFFIXES: Final = (*_OF_DOCUMENTS, *_OF_ONE_PAGE)
"""How the names of files end that can be read."""


class End(Enum):
    """How reading a file ended."""

    READ = auto()
    """All there is was read."""
    FULL = auto()
    """The poll has enough; the file goes on."""
    CUT = auto()
    """The file ends in the middle of something: whoever writes it may not have finished."""
    UNREADABLE = auto()
    """The file could not be read this time."""


class Sweep:
    """Pages and failures of one poll, and how far each file was read for them."""

    def __init__(self, context: SourceContext, observed_at: datetime, reached: dict[str, Reached]) -> None:
        self.pages: list[Page] = []
        self.failures: list[Failure] = []
        self.reached = dict(reached)
        self._context = context
        self._observed_at = observed_at
        self._documents = 0
        self._bytes = 0

    @property
    def is_full(self) -> bool:
        """True once the poll has brought enough."""
        return self._documents >= _POLL_DOCUMENTS or self._bytes >= _POLL_BYTES

    def read(self, file: File, *, at_rest: bool) -> End:
        """How reading the file ended, after adding what it held.

        An end that is cut is left for the next poll, unless the file is at rest: then it is a failure.
        """
        try:
            if file.path.name.endswith(_OF_DOCUMENTS):
                return self._read_documents(file, at_rest=at_rest)
            return self._read_page(file)
        except EOFError:
            if not at_rest:
                return End.CUT
            self._refuse(file, "gzip data ends early", Reason.MALFORMED)
        except FileNotFoundError:
            return End.UNREADABLE
        except (zlib.error, BadGzipFile) as error:
            self._refuse(file, f"damaged gzip data: {error}", Reason.MALFORMED)
        except OSError as error:
            self._refuse(file, f"cannot be read: {error.strerror}", Reason.UNREACHABLE)
            return End.UNREADABLE
        return End.READ

    def _read_documents(self, file: File, *, at_rest: bool) -> End:
        line_of: dict[str, int] = {}
        with opened(file.path) as stream:
            for line in read_lines(stream, self.reached.get(file.url, Reached())):
                if self.is_full:
                    return End.FULL
                is_cut = not line.has_end and could_go_on(line.raw)
                if is_cut and not at_rest:
                    return End.CUT
                if line.raw.strip():
                    self._add_document(file, line, line_of)
                if not is_cut:
                    self.reached[file.url] = line.after
        return End.READ

    def _add_document(self, file: File, line: Line, line_of: dict[str, int]) -> None:
        self._count(len(line.raw))
        try:
            page = self._document(line)
        except Rejected as error:
            self._refuse(file, str(error), error.reason, line)
            return
        earlier = line_of.setdefault(page.url, line.number)
        if earlier == line.number:
            self.pages.append(page)
        else:
            self._refuse(file, f"url as in line {earlier}: {page.url}", Reason.MALFORMED, line)

    def _document(self, line: Line) -> Page:
        if line.too_long:
            raise _too_large()
        raw = line.raw.removeprefix(codecs.BOM_UTF8) if line.number == 1 else line.raw
        return page_of_document(raw, self._context, self._observed_at)

    def _read_page(self, file: File) -> End:
        with opened(file.path) as stream:
            raw = stream.read(LINE_BYTES + 1)
        self._count(len(raw))
        try:
            self.pages.append(self._page(file, raw))
        except Rejected as error:
            self._refuse(file, str(error), error.reason)
        return End.READ

    def _page(self, file: File, raw: bytes) -> Page:
        if len(raw) > LINE_BYTES:
            raise _too_large()
        is_text = file.path.suffix == ".txt"
        return page_of_file(
            file.url, raw, is_text=is_text, context=self._context, observed_at=self._observed_at
        )

    def _count(self, size: int) -> None:
        self._documents += 1
        self._bytes += size

    def _refuse(self, file: File, why: str, reason: Reason, line: Line | None = None) -> None:
        raw = line.raw if line else b""
        place = f"{file.url} line {line.number}" if line else file.url
        self.failures.append(
            Failure(
                id=stable_id("failure", _STAGE, self._context.name, place, raw),
                stage=_STAGE,
                reason=reason,
                detail=f"reading {place}: {why}",
                url=file.url,
                record=raw[: 4 * _KEPT_CHARS].decode("utf-8", "replace")[:_KEPT_CHARS],
                failed_at=self._observed_at,
            )
        )


def _too_large() -> Rejected:
    return Rejected(f"longer than {LINE_BYTES >> 20} MiB", reason=Reason.TOO_LARGE)
