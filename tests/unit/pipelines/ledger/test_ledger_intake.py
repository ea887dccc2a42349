"""The intake: nothing that was announced is lost, and nothing comes twice."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import StatementError

from connectors.protocol import Poll
from connectors.testing import MORNING, NOON, a_failure, a_page, an_item
from pipelines.ledger.records import DueItem, Fetched, Saved, SourceState
from schemas.errors import Rejected

LATER = NOON + timedelta(minutes=5)


def a_poll(**fields):
    """A poll that brought nothing, unless given."""
    new = {"items": (), "pages": (), "failures": (), "cursor": "c1", "wait_s": 60.0}
    return Poll(**(new | fields))


def fetched(item, **fields):
    """The end of a try to fetch the item."""
    new = {"item_id": item.id, "page": None, "failure": None, "retry_at": None, "error": None}
    return Fetched(**(new | fields))


def some_items(count):
    """Items of one sweep."""
    return tuple(an_item(url=f"https://courier.example/{number}") for number in range(count))


def pending(ledger, limit):
    """The pages that wait, whole."""
    return ledger.intake.pages(ledger.intake.pending_pages(limit))


def test_a_source_without_a_poll_has_no_cursor(ledger):
    """A source that was never polled starts at the beginning, at once."""
    state = ledger.intake.source_state("courier")
    assert (state.cursor, state.next_poll_at, state.failures_in_a_row) == (None, None, 0)
    assert ledger.intake.source_states() == ()


def test_a_poll_moves_the_source(ledger):
    """The cursor and the time of the next poll are those of the last poll."""
    ledger.intake.save_poll("courier", a_poll(cursor="c7", wait_s=90), NOON)
    assert ledger.intake.source_state("courier") == SourceState(
        source="courier",
        cursor="c7",
        next_poll_at=NOON + timedelta(seconds=90),
        failures_in_a_row=0,
        last_error=None,
        last_ok_at=NOON,
    )


def test_a_failed_poll_keeps_the_cursor_and_a_good_one_clears_the_failures(ledger):
    """Failures are counted until a poll goes well; none of them moves the cursor."""
    ledger.intake.save_poll("courier", a_poll(cursor="c7"), NOON)
    for _ in range(2):
        ledger.intake.poll_failed("courier", "no answer\x00 from \ud800", LATER)
    state = ledger.intake.source_state("courier")
    assert (state.cursor, state.failures_in_a_row, state.next_poll_at) == ("c7", 2, LATER)
    assert state.last_error == "no answer\N{REPLACEMENT CHARACTER} from ?"
    ledger.intake.save_poll("courier", a_poll(cursor="c8"), LATER)
    state = ledger.intake.source_state("courier")
    assert (state.cursor, state.failures_in_a_row, state.last_error) == ("c8", 0, None)


def test_a_first_poll_may_fail(ledger):
    """A source that never answered has health, and no cursor."""
    ledger.intake.poll_failed("herald", "no answer", LATER)
    ledger.intake.save_poll("courier", a_poll(), NOON)
    names = [(state.source, state.failures_in_a_row) for state in ledger.intake.source_states()]
    assert names == [("courier", 0), ("herald", 1)]


def test_saving_a_poll_twice_changes_nothing(ledger):
    """A poll that is repeated after a crash brings nothing new."""
    items = some_items(3)
    poll = a_poll(items=items, pages=(a_page(),), failures=(a_failure(),))
    assert ledger.intake.save_poll("courier", poll, NOON) == Saved(
        items_new=3, items_known=0, pages_new=1, pages_known=0, failures=1
    )
    before = ledger.intake.counts()
    assert ledger.intake.save_poll("courier", poll, NOON) == Saved(
        items_new=0, items_known=3, pages_new=0, pages_known=1, failures=1
    )
    assert ledger.intake.counts() == before
    assert len(ledger.failures.waiting(limit=10)) == 1


def test_an_item_twice_in_one_poll_is_new_once(ledger):
    """What a source announces twice in one sweep is one item."""
    item = an_item()
    saved = ledger.intake.save_poll("courier", a_poll(items=(item, item)), NOON)
    assert (saved.items_new, saved.items_known) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "trouble"),
    [
        # Found when items and pages are written already.
        ({"failures": (a_failure(failed_at=NOON.replace(tzinfo=None)),)}, StatementError),
        ({"pages": (a_page(text="lone \ud800"),)}, Rejected),
        ({"pages": (a_page(id="NUL \x00"),)}, Rejected),
        ({"items": (an_item(id="lone \ud800"),)}, Rejected),
        ({"cursor": "NUL \x00"}, Rejected),
    ],
)
def test_a_poll_that_cannot_be_written_leaves_nothing(ledger, fields, trouble):
    """Items, pages, failures and cursor are written together or not at all."""
    ledger.intake.save_poll("courier", a_poll(cursor="c1"), NOON)
    poll = a_poll(**({"items": some_items(2), "pages": (a_page(),), "cursor": "c2"} | fields))
    with pytest.raises(trouble):
        ledger.intake.save_poll("courier", poll, LATER)
    assert set(ledger.intake.counts().values()) == {0}
    assert ledger.intake.source_state("courier").cursor == "c1"


def test_items_are_due_in_the_order_of_their_announcement(ledger):
    """Items come oldest first, at most as many as asked for, and not before they were announced."""
    late, early = some_items(2)
    ledger.intake.save_poll("herald", a_poll(items=(early,)), NOON)
    ledger.intake.save_poll("courier", a_poll(items=(late,)), LATER)
    assert ledger.intake.due_items(MORNING, 10) == ()
    assert ledger.intake.due_items(NOON, 10) == (DueItem(item=early, host="courier.example", attempts=0),)
    assert [due.item for due in ledger.intake.due_items(LATER, 10)] == [early, late]
    assert [due.item for due in ledger.intake.due_items(LATER, 1)] == [early]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Courier.example:8443/a", "courier.example:8443"),
        ("https://ida:secret@courier.example/a", "courier.example"),
        ("http://[::1]/a", "[::1]"),
        ("http://[::1/a", ""),
        ("not a URL", ""),
        ("http://courier\x00.example/a", "courier\N{REPLACEMENT CHARACTER}.example"),
    ],
)
def test_items_of_busy_hosts_are_passed_over(ledger, url, host):
    """Whatever the URL, its host is named, and whoever is busy with it sees the others only."""
    busy, idle = an_item(url=url), an_item(url="https://herald.example/a")
    ledger.intake.save_poll("courier", a_poll(items=(busy, idle)), NOON)
    assert {due.host for due in ledger.intake.due_items(NOON, 10)} == {host, "herald.example"}
    assert [due.item for due in ledger.intake.due_items(NOON, 10, but_of=[host])] == [idle]


def test_a_fetch_ends_in_a_page_a_failure_or_another_try(ledger):
    """Every fetched item is counted once: its page pending, its failure kept, or due again later."""
    items = some_items(3)
    page, failure = a_page(item=items[0]), a_failure(record="item")
    ledger.intake.save_poll("courier", a_poll(items=items), NOON)
    ends = [
        fetched(items[0], page=page),
        fetched(items[1], failure=failure),
        fetched(items[2], retry_at=LATER, error="no answer"),
    ]
    ledger.intake.save_fetched(ends, NOON)
    assert ledger.intake.due_items(NOON, 10) == ()
    assert ledger.intake.due_items(LATER, 10) == (DueItem(item=items[2], host="courier.example", attempts=1),)
    assert pending(ledger, 10) == (page,)
    assert ledger.failures.waiting(limit=10) == (failure,)
    counts = ledger.intake.counts()
    assert [counts[f"items_{state}"] for state in ("waiting", "fetched", "failed")] == [1, 1, 1]
    assert ledger.intake.waiting() == {"items": 1, "pages": 1}


def test_saving_a_fetch_twice_changes_nothing(ledger):
    """A fetch whose result was written is not counted again, and what is closed stays closed."""
    items = some_items(2)
    ledger.intake.save_poll("courier", a_poll(items=items), NOON)
    ends = [fetched(items[0], page=a_page(item=items[0])), fetched(items[1], failure=a_failure())]
    ledger.intake.save_fetched(ends, NOON)
    before = ledger.intake.counts()
    ledger.intake.save_fetched(ends, LATER)
    ledger.intake.save_fetched([fetched(one, retry_at=LATER, error="late") for one in items], LATER)
    assert ledger.intake.counts() == before


def test_a_fetch_that_cannot_be_written_leaves_nothing(ledger):
    """Pages, failures and the state of items are written together or not at all."""
    items = some_items(2)
    ledger.intake.save_poll("courier", a_poll(items=items), NOON)
    ends = [
        fetched(items[0], page=a_page(item=items[0])),
        fetched(items[1], retry_at=NOON.replace(tzinfo=None), error="no answer"),
    ]
    with pytest.raises(StatementError):
        ledger.intake.save_fetched(ends, NOON)
    assert len(ledger.intake.due_items(NOON, 10)) == 2
    assert pending(ledger, 10) == ()


@pytest.mark.parametrize("fields", [{}, {"page": a_page(), "retry_at": NOON}])
def test_a_fetch_has_one_end(fields):
    """A fetch that ended in nothing, or in two things, is a bug."""
    with pytest.raises(ValueError, match="exactly one"):
        fetched(an_item(), **fields)


def test_a_failed_item_can_be_fetched_again(ledger):
    """A replay makes the item due once more, with all its tries before it; a waiting one stays as it is."""
    item, new = some_items(2)
    ledger.intake.save_poll("courier", a_poll(items=(item,)), NOON)
    ledger.intake.save_fetched([fetched(item, retry_at=NOON, error="no answer")], NOON)
    ledger.intake.save_fetched([fetched(item, failure=a_failure())], NOON)
    assert ledger.intake.save_items([item, new], LATER) == 2
    assert ledger.intake.save_items([item, new], LATER) == 0
    assert {due.item: due.attempts for due in ledger.intake.due_items(LATER, 10)} == {item: 0, new: 0}


def test_pending_pages_come_in_the_order_of_the_clocks(ledger):
    """Our clock first, then the publisher's with missing dates last, then the id."""

    def page(name, observed_at, published_at):
        item = an_item(url=f"https://courier.example/{name}", published_at=published_at)
        return a_page(item=item, observed_at=observed_at, id=name)

    in_order = [
        page("d", NOON, MORNING),
        page("b", NOON, NOON),
        page("a", NOON, None),
        page("e", NOON, None),
        page("c", LATER, MORNING),
    ]
    ledger.intake.save_pages(sorted(in_order, key=lambda one: one.id))
    assert list(pending(ledger, 10)) == in_order
    assert list(pending(ledger, 2)) == in_order[:2]


def test_a_finished_page_is_pending_again_only_when_asked(ledger):
    """Finishing is final for polls and fetches; a replay brings the page back."""
    page = a_page(html=b"<p>caf\xe9 \x00</p>", charset="latin-1")
    ledger.intake.save_poll("courier", a_poll(pages=(page,)), NOON)
    ledger.intake.finish_pages([page.id])
    ledger.intake.save_poll("courier", a_poll(pages=(page,)), LATER)
    assert pending(ledger, 10) == ()
    assert ledger.intake.requeue_pages([page.id, "unknown"]) == {page.id}
    assert pending(ledger, 10) == (page,)
    assert ledger.intake.save_pages([page]) == 0
    ledger.intake.finish_pages([page.id])
    assert ledger.intake.save_pages([page, a_page(text="Another.")]) == 2
    ledger.intake.finish_pages([page.id])
    assert ledger.intake.requeue_all() == 1
    counts = ledger.intake.counts()
    assert (counts["pages_pending"], counts["pages_done"]) == (2, 0)


def test_five_hundred_pages_are_one_transaction(ledger):
    """A large poll comes back whole."""
    pages = [a_page(url=f"https://courier.example/{number}") for number in range(500)]
    saved = ledger.intake.save_poll("courier", a_poll(pages=tuple(pages)), NOON)
    assert saved.pages_new == 500
    assert set(pending(ledger, 1000)) == set(pages)
    ledger.intake.finish_pages(page.id for page in pages)
    assert pending(ledger, 1) == ()
