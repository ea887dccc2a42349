"""The process in which pages are read: `python -m pipelines.transforms.extraction_worker LIMITS`.

It serves one connection, a page in and its outcome out, until the other end closes.
"""

import ctypes
import logging
import os
import resource
import signal
import sys
import traceback
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from pipelines.text.extract import extract_articles
from pipelines.text.publishers import PublisherTable
from pipelines.transforms.attempt import attempt
from pipelines.transforms.extraction_pool import OUT_OF_MEMORY_EXIT, Extraction, Reply
from schemas.errors import Rejected
from schemas.failures import Reason

_PR_SET_PDEATHSIG: Final = 1
_MEMORY: Final = Path("/proc/self/statm")
_RETIRING_PART: Final = 4
"""Freed memory rarely goes back to the system: a worker that grew by 1/4 of its cap ends instead."""


def main() -> None:
    """Serve pages; the arguments are the deadline, the file descriptor, the memory cap and the page size."""
    deadline_s = float(sys.argv[1])
    descriptor, memory_bytes, page_bytes = map(int, sys.argv[2:])
    _guard(memory_bytes)
    nobody = PublisherTable(())
    read = partial(extract_articles, publishers=nobody, page_bytes=page_bytes)
    with Connection(descriptor) as connection:
        connection.send(None)
        at_first = _resident_bytes()
        retires = False
        while not retires:
            try:
                page = connection.recv()
            except EOFError:
                return
            # The default of its signal is death, which no C code can put off.
            signal.setitimer(signal.ITIMER_PROF, deadline_s)
            outcome = _portable(attempt(read, page))
            signal.setitimer(signal.ITIMER_PROF, 0)
            retires = _resident_bytes() - at_first > memory_bytes // _RETIRING_PART
            connection.send(Reply(outcome=outcome, retires=retires))


def _guard(memory_bytes: int) -> None:
    """End with the parent, however it ends; fail to allocate beyond the cap; leave no core, write no logs."""
    if prctl := getattr(ctypes.CDLL(None), "prctl", None):
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # Not RLIMIT_AS: that counts libraries and reserved space as well.
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable()


def _portable(outcome: Extraction) -> Extraction:
    """The outcome as it can cross the border: a bug as a refusal that keeps its traceback."""
    match outcome:
        case MemoryError():
            # Not a reply: to write one takes memory.
            os._exit(OUT_OF_MEMORY_EXIT)
        case tuple() | Rejected():
            return outcome
        case bug:
            return Rejected("".join(traceback.format_exception(bug)), reason=Reason.BUG)


def _resident_bytes() -> int:
    # Not the peak that getrusage tells: that counts what the parent held when it started this process.
    return int(_MEMORY.read_text().split()[1]) * resource.getpagesize() if _MEMORY.exists() else 0


if __name__ == "__main__":
    main()
