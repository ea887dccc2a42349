"""Workers that share the pages of one PostgreSQL ledger."""

import os
import subprocess
import sys
import time
from pathlib import Path

import ledger_rounds
import pytest

from connectors.testing import a_page
from pipelines.ledger.database import open_ledger

ROOT = Path(__file__).parents[3]
PAGES = [a_page(url=f"https://courier.example/{number}") for number in range(150)]


@pytest.fixture
def ledger(postgres):
    """A ledger with pages that wait."""
    with open_ledger(postgres) as opened:
        opened.intake.save_pages(PAGES)
        yield opened


def program(job, url):
    """A process that does one job on the ledger."""
    command = [sys.executable, ledger_rounds.__file__, job, url]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def test_workers_take_each_page_once(ledger, postgres):
    """Three programs side by side read every page, and none twice."""
    programs = [program("take", postgres) for _ in range(3)]
    taken = [key for one in programs for key in one.communicate(timeout=120)[0].split()]
    assert sorted(taken) == sorted(page.id for page in PAGES)
    assert ledger.intake.waiting()["pages"] == 0


def test_a_killed_workers_pages_are_free_at_once(ledger, postgres):
    """Locks go with the connection: nobody waits for a time-out."""
    with program("keep", postgres) as worker:
        kept = worker.stdout.readline().split()
        claimed = ledger.intake.claim_pages(7)
        assert len(kept) == len(claimed.ids) == 7
        assert not set(kept) & set(claimed.ids)
        worker.kill()
    give_up_at = time.monotonic() + 5
    again = ledger.intake.claim_pages(7)
    while again.ids != tuple(kept):
        assert time.monotonic() < give_up_at
        again.release()
        again = ledger.intake.claim_pages(7)
    again.release()
    claimed.release()


def test_pages_are_free_once_released_and_done_once_finished(ledger):
    """Another worker sees what was released, and never again what was finished."""
    first, second = ledger.intake.claim_pages(2), ledger.intake.claim_pages(2)
    assert not set(first.ids) & set(second.ids)
    first.release()
    second.finish()
    third = ledger.intake.claim_pages(150)
    assert set(third.ids) == {page.id for page in PAGES} - set(second.ids)
    third.release()
    assert ledger.intake.waiting()["pages"] == 148
