"""Pages that are made to take a reader's time: each is refused in time, and nothing of it stays."""

import os
import resource
from contextlib import closing

import pytest
from extraction_workers import resident_bytes, workers_of

from connectors.testing import a_page, an_item
from pipelines.text.publishers import PublisherTable
from pipelines.transforms.extraction_pool import ExtractionPool
from schemas.errors import Rejected
from schemas.failures import Reason
from schemas.limits import ExtractionLimits

LIMITS = ExtractionLimits(workers=2, deadline_s=1.5, memory_bytes=512 << 20)
NORMAL_BYTES = 150 << 20
"""Above what a worker holds that has read ordinary pages."""
SENTENCE = "The Veldar bridge closed on Monday after the council found cracks in its pillars."
BOMBS = {
    "4 MB of equal paragraphs": lambda: f"<p>{SENTENCE}</p>" * 50_000,
    "14 MB of equal paragraphs": lambda: f"<p>{SENTENCE}</p>" * 150_000,
    "100,000 links": lambda: "".join(f"<a href='/{n}'>link {n}</a> " for n in range(100_000)),
    "150,000 cells": lambda: "<table>" + ("<tr>" + "<td>c</td>" * 100 + "</tr>") * 1_500 + "</table>",
    "an attribute of 5 MB": lambda: f"<p class='{'ab-' * 1_700_000}'>{SENTENCE}</p>",
}


def an_html_page(body, number):
    """A fetched page with this body."""
    html = f"<html><head><title>Bridge</title></head><body><article>{body}</article></body></html>"
    return a_page(html=html.encode(), item=an_item(url=f"https://courier.example/{number}", publisher=None))


def extracted(pool, *bodies):
    """What becomes of the pages."""
    pages = [an_html_page(body, number) for number, body in enumerate(bodies)]
    return [outcome for _, outcome in pool.extract_all(pages, PublisherTable(()))]


def ended_workers_s():
    """Seconds of processor time that this process's ended workers have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture(scope="module")
def pool():
    """A pool with a short deadline, that has read something."""
    with closing(ExtractionPool(LIMITS)) as pool:
        extracted(pool, *[f"<p>{SENTENCE}</p>"] * 8)
        yield pool


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_time_bomb_is_refused_in_time(pool, bomb):
    """Its worker dies at the deadline; its neighbours are read, and the memory that it took comes back."""
    good = f"<p>{SENTENCE}</p>"
    own_bytes, before_s = resident_bytes(os.getpid()), ended_workers_s()
    first, refusal, *others = extracted(pool, good, BOMBS[bomb](), good, good)
    assert isinstance(refusal, Rejected)
    assert refusal.reason is Reason.TOO_SLOW
    assert "https://courier.example/1" in str(refusal)
    assert all(isinstance(outcome, tuple) for outcome in (first, *others))
    # The worker had started, and read other pages, before.
    assert ended_workers_s() - before_s < 2 * LIMITS.deadline_s + 2
    assert all(isinstance(outcome, tuple) for outcome in extracted(pool, *[good] * 8))
    workers = workers_of(LIMITS)
    assert len(workers) == LIMITS.workers
    assert max(map(resident_bytes, workers)) < NORMAL_BYTES
    assert resident_bytes(os.getpid()) - own_bytes < 100 << 20


def test_a_page_that_is_too_large_is_refused_unread(pool):
    """It costs no worker."""
    before = workers_of(LIMITS)
    (refusal,) = extracted(pool, "a " * 11_000_000)
    assert refusal.reason is Reason.TOO_LARGE
    assert workers_of(LIMITS) == before
