"""Pages on a topic, as one worker of a group takes them, and what it says of how far reading has come."""

from datetime import timedelta

import pytest

from connectors.kafka.pages import Taken
from connectors.testing import NOON, a_failure, a_page, an_item
from pipelines.intake.from_kafka import KafkaIntake
from pipelines.ledger.queue import Position
from schemas.errors import LedgerError

NEVER = NOON.min.replace(tzinfo=NOON.tzinfo)


def minute(number):
    """So many minutes after noon."""
    return NOON + timedelta(minutes=number)


def page(number):
    """A page observed so many minutes after noon."""
    item = an_item(url=f"https://courier.example/{number}", observed_at=minute(number))
    return a_page(item=item, observed_at=minute(number))


class ListConsumer:
    """A topic of lists of pages, one for each partition; some partitions are this worker's."""

    def __init__(self, partitions, owned):
        self.partitions = partitions
        self.at = dict.fromkeys(owned, 0)
        self.markers = dict.fromkeys(partitions, 0)
        self.committed = {}
        self.failures = ()

    def take(self, limit, wait_s, places):
        """The next pages of the partitions that are owned."""
        pages, latest = [], {}
        for partition, start in self.at.items():
            some = self.partitions[partition][start : start + limit]
            pages += some
            self.at[partition] += len(some)
            if some:
                latest[partition] = some[-1].observed_at
        return Taken(pages=tuple(pages), failures=self.failures, ends=dict(self.at), latest=latest)

    def positions(self):
        """Where `take` goes on; markers are passed once nothing stands before them."""
        whole = {each: at == len(self.partitions[each]) for each, at in self.at.items()}
        return {each: at + self.markers[each] * whole[each] for each, at in self.at.items()}

    def high_watermarks(self):
        """The end of every partition, markers included."""
        return {each: len(pages) + self.markers[each] for each, pages in self.partitions.items()}

    def commit(self, ends):
        """The group goes on there."""
        self.committed |= ends

    def close(self):
        """The group is left; who joins it again begins where it stands."""
        self.at = {each: self.committed.get(each, 0) for each in self.at}


@pytest.fixture
def topic():
    """Two partitions, of which the first is this worker's; odd minutes on one, even ones on the other."""
    return ListConsumer({0: [page(1), page(3)], 1: [page(2), page(4)]}, owned=[0])


@pytest.fixture
def intake(topic, ledger):
    """This worker's view of the topic."""
    return KafkaIntake("pages", lambda: topic, ledger)


def read_by_another(ledger, partition, offset, number):
    """Another worker has read so far, up to a page observed so many minutes after noon."""
    ledger.positions.advance("pages", {partition: Position(next_offset=offset, last_at=minute(number))})


def test_a_partition_that_nobody_has_read_holds_everything_up(intake):
    """Nothing is certain to be the first while a partition with pages has not been looked at."""
    intake.take(10)
    assert intake.horizon() == NEVER


def test_the_horizon_is_what_the_slowest_partition_has_come_to(intake, ledger):
    """What is taken here counts as read; another's partition counts as far as the ledger says."""
    intake.take(1)
    read_by_another(ledger, 1, 1, 2)
    assert intake.horizon() == minute(1)
    intake.finish()
    intake.take(1)
    assert intake.horizon() == minute(2)
    read_by_another(ledger, 1, 2, 4)
    assert intake.horizon() is None


def test_the_same_pages_are_taken_until_they_are_finished(intake, topic):
    """A cycle that fails is run again on the very pages that it had; offsets follow when it has not."""
    first = intake.take(1)
    intake.release()
    assert intake.take(1) == first
    assert topic.committed == {}
    intake.finish()
    assert topic.committed == {0: 1}
    assert intake.take(1).ids == (page(3).id,)


def test_a_marker_at_the_end_is_read_past(intake, topic, ledger):
    """A transaction's marker takes an offset, holds no page, and holds nobody up."""
    topic.markers[0] = 1
    intake.take(10)
    intake.finish()
    assert intake.take(10).ids == ()
    assert ledger.positions.of("pages")[0] == Position(next_offset=3, last_at=minute(3))


def test_what_is_no_page_is_kept_and_told(intake, topic, ledger):
    """A message that cannot be read is a Failure, and its reason is counted."""
    topic.failures = (a_failure(),)
    assert intake.take(1).refused == (a_failure().reason,)
    assert ledger.failures.waiting(limit=5) == topic.failures


def test_positions_stand_in_the_ledger_before_offsets_are_committed(intake, topic, ledger):
    """Where the ledger cannot be written, the group is told nothing, and the pages come again."""
    intake.take(1)
    ledger.close()
    ledger.positions.advance = refuse
    with pytest.raises(LedgerError):
        intake.finish()
    assert topic.committed == {}


def test_a_batch_that_cannot_be_noted_comes_again(intake, topic, ledger):
    """The client has moved past it: where the ledger cannot take its failures, the group is joined anew."""
    topic.failures = (a_failure(),)
    save, ledger.failures.save = ledger.failures.save, refuse
    with pytest.raises(LedgerError):
        intake.take(5)
    ledger.failures.save = save
    assert len(intake.take(5).ids) == 2


def test_a_topic_made_anew_is_read_from_its_beginning(intake, topic, ledger):
    """Positions that lie beyond the end are another topic's of the same name."""
    read_by_another(ledger, 0, 70, 500)
    read_by_another(ledger, 1, 70, 500)
    assert intake.horizon() == NEVER
    assert intake.waiting() == 4


def test_one_page_from_a_clock_ahead_does_not_speak_for_those_after_it(topic, intake, ledger):
    """How far a partition has come is the moment of its last page, not the latest of all."""
    topic.partitions[0] = [page(90_000), page(3), page(5)]
    read_by_another(ledger, 1, 2, 4)
    intake.take(2)
    assert intake.horizon() == minute(3)


def refuse(*_):
    """A ledger that cannot be written."""
    raise LedgerError("cannot write")


def test_how_many_wait_is_told_to_any_thread(intake, ledger):
    """What nobody has read, by the ends that were last seen."""
    assert intake.waiting() == 0
    intake.take(1)
    intake.horizon()
    assert intake.waiting() == 4
    intake.finish()
    assert intake.waiting() == 3
