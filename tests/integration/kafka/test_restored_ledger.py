"""A ledger brought back from a backup, beside a group that has read on since."""

import pytest

from connectors.kafka.pages import PageConsumer, PageProducer
from connectors.testing import Clock, a_page
from pipelines.intake.from_kafka import KafkaIntake
from pipelines.ledger.database import open_ledger


@pytest.fixture
def open_intake(settings, topic):
    """Opens the intake of the one worker of a group, over a ledger."""
    opened = []

    def open_one(ledger):
        def open_consumer():
            return PageConsumer(settings, topic, f"{topic}-group", None, Clock())

        opened.append(KafkaIntake(topic, open_consumer, ledger))
        return opened[-1]

    yield open_one
    for intake in opened:
        intake.close()


def read_all(intake):
    """Ids of all pages up to the end of the topic, each batch finished; then the worker ends."""
    ids = []
    while intake.horizon() is not None:
        ids += intake.take(40).ids
        intake.finish()
    intake.close()
    return ids


@pytest.fixture
def put(settings, topic):
    """Puts so many pages onto the topic; their ids."""
    producer = PageProducer(settings, topic, None, topic, Clock())

    def put(first, count):
        pages = [a_page(url=f"https://courier.example/{first + n}") for n in range(count)]
        producer.put(pages)
        return [page.id for page in pages]

    yield put
    producer.close()


@pytest.mark.parametrize("read_before_backup", [True, False])
def test_pages_since_the_backup_come_again(put, open_intake, tmp_path, read_before_backup):
    """Of each partition those that the ledger does not know, once, and none that it knows."""
    url = f"sqlite:///{tmp_path / 'tocsin.db'}"
    with open_ledger(url) as ledger:
        before = put(0, 60)
        if read_before_backup:
            assert sorted(read_all(open_intake(ledger))) == sorted(before)
    backup = (tmp_path / "tocsin.db").read_bytes()
    with open_ledger(url) as ledger:
        since = put(1_000, 90)
        read_all(open_intake(ledger))
    (tmp_path / "tocsin.db").write_bytes(backup)
    with open_ledger(url) as ledger:
        again = read_all(open_intake(ledger))
        expected = since if read_before_backup else before + since
        assert sorted(again) == sorted(expected)
        assert open_intake(ledger).take(10).ids == ()
