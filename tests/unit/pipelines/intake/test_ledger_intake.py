"""Pages that wait in the ledger, as one worker takes them."""

from datetime import timedelta

from connectors.testing import NOON, a_page, an_item
from pipelines.intake.from_ledger import LedgerIntake


def page(number):
    """A page observed so many minutes after noon."""
    url = f"https://courier.example/{number}"
    observed_at = NOON + timedelta(minutes=number)
    return a_page(item=an_item(url=url, observed_at=observed_at), observed_at=observed_at)


def waiting(ledger, *numbers):
    """The intake of a ledger in which these pages wait, and their ids."""
    pages = [page(number) for number in numbers]
    ledger.intake.save_pages(pages)
    return LedgerIntake(ledger.intake), tuple(each.id for each in pages)


def test_the_same_pages_are_taken_until_they_are_finished(ledger):
    """A cycle that fails is run again on the very pages that it had."""
    intake, (first, second, third) = waiting(ledger, 1, 2, 3)
    assert intake.take(2).ids == (first, second)
    assert intake.take(1).ids == (first, second)
    intake.release()
    assert intake.take(1).ids == (first,)
    intake.finish()
    assert intake.take(5).ids == (second, third)
    assert intake.waiting() == 2


def test_nothing_taken_holds_nothing_up(ledger):
    """An empty batch is not kept: what comes later is taken at the next try."""
    intake, _ = waiting(ledger)
    assert intake.take(5).ids == ()
    ledger.intake.save_pages([page(1)])
    assert intake.take(5).ids == (page(1).id,)


def test_the_horizon_is_the_earliest_page_that_is_not_taken_here(ledger):
    """What is taken counts as read; what is not is still to come; where nothing waits there is no horizon."""
    intake, _ = waiting(ledger, 1, 2, 3)
    assert intake.horizon() == NOON + timedelta(minutes=1)
    intake.take(2)
    assert intake.horizon() == NOON + timedelta(minutes=3)
    intake.finish()
    intake.take(2)
    assert intake.horizon() is None


def test_pages_are_read_by_id(ledger):
    """Bodies come in the order asked for."""
    intake, (first, second) = waiting(ledger, 1, 2)
    assert [each.id for each in intake.pages([second, first])] == [second, first]
