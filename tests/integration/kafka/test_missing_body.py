"""A page whose body is missing from the store: a failure that can be replayed once it is back."""

from random import Random

from connectors.kafka.pages import PageProducer
from connectors.kafka.settings import KafkaSettings
from connectors.kafka.store import PageStore
from connectors.testing import NOON, a_page
from schemas.codec import decode
from schemas.items import StoredPage

CONFIG = """
[intake]
kind = "kafka"
bootstrap = "{bootstrap}"
topic = "{topic}"
store = "{store}"
message_bytes = 1000
[[topics]]
id = "bridge"
query = "bridge"
"""


def test_a_page_is_fetched_again_once_its_body_is_back(kafka, topic, tmp_path, within, exported):
    """The failure names the body; until the store has it, a replay keeps the failure and says why."""
    store = f"file://{tmp_path}/pages"
    config = tmp_path / "tocsin.toml"
    config.write_text(CONFIG.format(bootstrap=kafka.bootstrap, topic=topic, store=store), "utf-8")
    settings = KafkaSettings(bootstrap=kafka.bootstrap, message_bytes=1_000)
    producer = PageProducer(settings, topic, PageStore(store), topic, lambda: NOON)
    producer.put([a_page(text=f"The bridge is closed. {Random(1).randbytes(4_000).hex()}")])
    producer.close()
    (body,) = (tmp_path / "pages").glob("*/*")
    away = body.rename(tmp_path / "away")
    within("detect", "--once", "--config", config)
    (failure,) = exported(config, "failures")
    assert decode(failure["record"], StoredPage).name == body.name
    assert "1 not in the page store" in within("replay", "failures", "--config", config).stderr
    away.rename(body)
    assert "1 queued" in within("replay", "failures", "--config", config).stderr
    assert "no failure waits" in within("replay", "failures", "--config", config).stderr
    assert len(kafka.read(topic)) == 2
