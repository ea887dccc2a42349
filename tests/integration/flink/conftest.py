"""A real Flink that reads the news day from a real Kafka into a real PostgreSQL."""

import re
from datetime import timedelta

import pytest
from flink_job import Job
from flink_stack import Flink, Stack
from kafka import KafkaProducer
from pipelines.cli.newsday.load import FOLDER, load_newsday

from connectors.kafka.messages import to_message
from connectors.kafka.store import PageStore
from connectors.testing import a_page, an_item
from pipelines.config import load_config
from pipelines.detect import run_cycle
from pipelines.ledger.database import open_ledger
from pipelines.metrics import Tally

_MESSAGE_BYTES = 2_000  # so that some pages go to the store


class Stream:
    """The news day's pages on a topic of one partition, and the job that reads them."""

    def __init__(self, name, stack, folder, ledger):
        store = f"file://{folder}/pages"
        broker = stack.broker
        intake = f'\n[intake]\nkind = "kafka"\nreader = "stream"\nbootstrap = "{broker.bootstrap}"\n'
        self.config = folder / "tocsin.toml"
        self.config.write_text(
            config_text(ledger, f'{intake}topic = "{name}"\ngroup = "{name}"\nstore = "{store}"\n'), "utf-8"
        )
        self.ledger = load_config(self.config).ledger
        self.job = Job(stack, self.config, name)
        self._name = broker.create_topic(name)
        self._store = PageStore(store)
        self._producer = KafkaProducer(
            bootstrap_servers=broker.bootstrap, acks="all", compression_type="zstd"
        )

    def produce(self, pages):
        """The pages are on the topic, or where they are large, in the store."""
        for page in pages:
            message = to_message(page, _MESSAGE_BYTES, self._store)
            self._producer.send(self._name, message.value, key=message.key, headers=list(message.headers))
        self._producer.flush()

    def poison(self, *values):
        """Messages that are no pages are on the topic."""
        for value in values:
            self._producer.send(self._name, value, key=b"poison")
        self._producer.flush()

    def close(self):
        """Nothing of it runs."""
        self._producer.close()
        self.job.cancel()


def news_pages():
    """Every page of the news day in order, each observed at an instant of its own."""
    day = load_newsday()
    pages = []
    for number, piece in enumerate(day.pieces):
        url = f"/{piece.outlet}/{piece.slug}"
        body = day.respond(url, piece.appears_at, "newsday.example").body
        item = an_item(
            source=piece.outlet,
            publisher=piece.outlet,
            url=f"http://newsday.example{url}",
            title=None,
            published_at=None,
            observed_at=piece.appears_at + timedelta(milliseconds=number),
        )
        pages.append(a_page(item=item, html=body))
    return pages


def config_text(ledger="sqlite:///tocsin.db", intake=""):
    """The news day's configuration on another ledger and intake."""
    text = (FOLDER / "tocsin.toml").read_text("utf-8").replace("{port}", "1")
    return text.replace("sqlite:///tocsin.db", ledger) + intake


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    """The running stack."""
    stack = Stack(tmp_path_factory.mktemp("stack"))
    stack("fetch")
    try:
        stack("up", "all", 2)
        yield stack
    finally:
        stack("down")


@pytest.fixture
def flink(stack):
    """The REST interface of the stack's Flink."""
    return Flink(stack.at("FLINK_REST"))


@pytest.fixture(scope="session")
def pages():
    """The pages of the news day in order."""
    return news_pages()


@pytest.fixture(name="config_text")
def _config_text():
    """The news day's configuration on any ledger."""
    return config_text


@pytest.fixture
def stream(request, stack, postgres, tmp_path):
    """The news day about to come in, on a topic and a ledger named after the test."""
    name = re.sub(r"\W", "-", request.node.name.removeprefix("test_")).strip("-")
    stream = Stream(name, stack, tmp_path, postgres)
    yield stream
    stream.close()


@pytest.fixture(scope="session")
def embedded(tmp_path_factory, exported):
    """What an embedded run over the news day exports, by kind."""
    folder = tmp_path_factory.mktemp("embedded")
    path = folder / "tocsin.toml"
    path.write_text(config_text(), "utf-8")
    config = load_config(path)
    with open_ledger(config.ledger) as ledger:
        ledger.intake.save_pages(news_pages())
        while run_cycle(config, ledger, Tally()):
            pass
    return {what: exported(path, what) for what in ("alerts", "claims", "articles")}
