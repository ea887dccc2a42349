"""`tocsin check` looks at Kafka before a job relies on it."""

import pytest

CONFIG = """
[intake]
kind = "kafka"
bootstrap = "{bootstrap}"
topic = "{pages}"
timeout_s = 5
[[topics]]
id = "bridge"
query = "bridge"
[[subscriptions]]
topics = ["*"]
sink = "queue"
[sinks.queue]
kind = "kafka"
bootstrap = "{bootstrap}"
topic = "{alerts}"
timeout_s = 5
"""


@pytest.fixture
def check(tmp_path, within, kafka):
    """What `tocsin check` exits with and says, of these topics of pages and alerts."""

    def check(pages, alerts, bootstrap=kafka.bootstrap):
        path = tmp_path / "tocsin.toml"
        path.write_text(CONFIG.format(bootstrap=bootstrap, pages=pages, alerts=alerts), "utf-8")
        run = within("check", "--config", path)
        return run.returncode, run.stdout

    return check


def test_topics_that_are_there_are_well(check, topic):
    """Both ends are asked, and nothing is sent."""
    code, said = check(topic, topic)
    assert code == 0
    assert said.count("is there") == 2


def test_a_missing_topic_is_named_with_what_to_do(check, topic):
    """On either end, and the other end is told as well."""
    for topics in ((topic, "missing"), ("missing", topic)):
        code, said = check(*topics)
        assert code == 1
        assert '"missing"' in said
        assert "create the topic" in said
        assert said.count("is there") == 1


def test_brokers_that_cannot_be_reached_are_told(check):
    """A wrong name is told with what to correct."""
    code, said = check("pages", "alerts", bootstrap="broker.invalid:9092")
    assert code == 1
    assert said.count("no such host: check bootstrap") == 2
