"""Matches that were parked for their turn, when the next cycle finds them overdue."""

from connectors.testing import NOON, a_match
from pipelines.config import parse_config
from pipelines.detect import run_cycle
from pipelines.ledger.database import open_ledger
from pipelines.metrics import Tally

CONFIG = """
[tocsin]
ledger = "sqlite:///parked.db"
[[topics]]
id = "veldar"
query = "Veldar"
"""


def test_a_topic_that_left_the_configuration_takes_no_other_along(tmp_path):
    """A parked match of a topic that is gone is dropped; for the other the article is judged."""
    config = parse_config(CONFIG, tmp_path)
    tally = Tally()
    with open_ledger(config.ledger) as ledger:
        with ledger.memories.judging("main") as judging:
            assert judging.in_turn([a_match(topic="gone"), a_match(topic="veldar")], NOON) == ()
        assert run_cycle(config, ledger, tally) == 1
        assert run_cycle(config, ledger, tally) == 0
        assert ledger.memories.parked() == 0
        assert [judgement.topic for judgement in ledger.reading.judgements()] == ["veldar"]
    (judge,) = tally.stages()
    assert (judge.entered, judge.emitted, judge.dropped, judge.failed) == (2, 1, {"no_topic": 1}, {})
