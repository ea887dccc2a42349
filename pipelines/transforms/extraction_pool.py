"""Extraction in processes of their own, where a hostile page harms nothing but itself.

Each worker process has a connection and a thread of its own here, and shares nothing with the others: its
death, at whatever moment, costs the page that it was reading and no other.
"""

import atexit
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import cache
from multiprocessing import Pipe
from queue import SimpleQueue
from threading import Lock
from typing import Final

from pipelines.text.publishers import PublisherTable
from schemas.articles import Article
from schemas.errors import Rejected, Retriable
from schemas.failures import Reason
from schemas.items import Page
from schemas.limits import ExtractionLimits
from schemas.record import record

Extraction = tuple[Article, ...] | Exception
"""What became of a page: its articles, none where it is an index; or why it was refused."""

OUT_OF_MEMORY_EXIT: Final = 77
"""Exit status of a worker that reached its memory cap."""

_PAGES_AHEAD: Final = 8
"""Pages under way per worker, so that one slow page does not hold up the others."""

_STARVED: Final = 12
"""How many deadlines a worker may take by the clock: on a crowded machine no page is at fault."""

_START_S: Final = 60
_DYING_S: Final = 5
_SHARING: Final = Lock()


@record
class Reply:
    """What a worker answers to a page."""

    outcome: Extraction
    """What became of the page."""
    retires: bool
    """Whether the worker ends with this page."""


class ExtractionPool:
    """Worker processes that read pages within limits; any number of threads may use it at a time."""

    def __init__(self, limits: ExtractionLimits) -> None:
        self._limits = limits
        self._threads = ThreadPoolExecutor(limits.workers, thread_name_prefix="extraction")
        self._slots: SimpleQueue[_Worker | None] = SimpleQueue()
        for _ in range(limits.workers):
            self._slots.put(None)
            self._threads.submit(self._warm_up)

    def extract_all(
        self, pages: Iterable[Page], publishers: PublisherTable
    ) -> Iterator[tuple[Page, Extraction]]:
        """Each page with what became of it, in order; few pages are under way at a time.

        A page that is refused, or that a worker dies of, comes with a `Rejected`: `TOO_SLOW`,
        `OUT_OF_MEMORY`, `CRASHED` (in two workers), or the reason of `extract_articles`; an error that
        nobody foresaw with a `BUG` that keeps the traceback.

        Raises:
            Retriable: no worker can be started.
        """
        ahead: deque[tuple[Page, Future[Extraction]]] = deque()
        try:
            for page in pages:
                # Found here, so that the table need not cross the border with every page.
                known = replace(page, item=replace(page.item, publisher=publishers.publisher_of(page)))
                ahead.append((page, self._threads.submit(self._extract, known)))
                if len(ahead) >= _PAGES_AHEAD * self._limits.workers:
                    yield _settled(*ahead.popleft())
            while ahead:
                yield _settled(*ahead.popleft())
        finally:
            for _, future in ahead:
                future.cancel()

    def close(self) -> None:
        """End the workers, after the pages that they are reading."""
        self._threads.shutdown(cancel_futures=True)
        for _ in range(self._limits.workers):
            if worker := self._slots.get():
                worker.stop()
            self._slots.put(None)

    def _warm_up(self) -> None:
        worker = self._slots.get()
        try:
            worker = self._living(worker)
        finally:
            self._slots.put(worker)

    def _extract(self, page: Page) -> Extraction:
        worker = self._slots.get()
        try:
            worker = self._living(worker)
            outcome = worker.extract(page)
            if isinstance(outcome, Rejected) and outcome.reason is Reason.CRASHED:
                # Whoever else killed the worker, it need not have been the page.
                worker = self._living(worker)
                outcome = worker.extract(page)
            return outcome
        finally:
            self._slots.put(worker)

    def _living(self, worker: "_Worker | None") -> "_Worker":
        return worker if worker and worker.is_alive else _Worker(self._limits)


def shared_pool(limits: ExtractionLimits) -> ExtractionPool:
    """The one pool of this process with these limits, closed when the process ends."""
    with _SHARING:
        return _pool(limits)


@cache
def _pool(limits: ExtractionLimits) -> ExtractionPool:
    pool = ExtractionPool(limits)
    atexit.register(pool.close)
    return pool


def _settled(page: Page, future: Future[Extraction]) -> tuple[Page, Extraction]:
    return page, future.result()


class _Worker:
    """One worker process, ready for a page."""

    def __init__(self, limits: ExtractionLimits) -> None:
        self._limits = limits
        self._connection, theirs = Pipe()
        with theirs:
            said = (limits.deadline_s, theirs.fileno(), limits.memory_bytes, limits.page_bytes)
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-m", "pipelines.transforms.extraction_worker", *map(str, said)],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                process_group=0,
            )
        try:
            ready = self._connection.poll(_START_S) and self._connection.recv() is None
        except (EOFError, OSError):
            ready = False
        if not ready:
            status = self.stop()
            raise Retriable(
                f"cannot start an extraction worker: it ended with status {status}", reason=Reason.CRASHED
            )

    @property
    def is_alive(self) -> bool:
        """Whether the process can take a page."""
        return self._process.poll() is None

    def extract(self, page: Page) -> Extraction:
        """What became of the page; the process may end with it."""
        try:
            self._connection.send(page)
            if not self._connection.poll(_STARVED * self._limits.deadline_s):
                self.stop()
                return self._too_slow(page)
            reply: Reply = self._connection.recv()
        except (EOFError, OSError):
            return self._epitaph(page)
        if reply.retires:
            self.stop()
        return reply.outcome

    def stop(self) -> int:
        """Kill the process; its exit status."""
        self._process.kill()
        self._connection.close()
        return self._process.wait()

    def _too_slow(self, page: Page) -> Rejected:
        return _refusal(page, Reason.TOO_SLOW, f"it took more than {self._limits.deadline_s:g} s")

    def _epitaph(self, page: Page) -> Rejected:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_DYING_S)
        status = self.stop()
        if status == -signal.SIGPROF:
            return self._too_slow(page)
        if status == OUT_OF_MEMORY_EXIT:
            return _refusal(
                page, Reason.OUT_OF_MEMORY, f"it took more than {self._limits.memory_bytes:,} bytes of memory"
            )
        return _refusal(page, Reason.CRASHED, f"its worker ended with status {status}")


def _refusal(page: Page, reason: Reason, why: str) -> Rejected:
    return Rejected(f"cannot read an article from {page.url}: {why}", reason=reason)
