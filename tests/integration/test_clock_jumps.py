"""A clock that jumps: nothing waits for a moment that is past, nothing is lost, nothing is told twice."""

from datetime import timedelta

import pytest

from connectors.testing import NOON, a_page, an_item
from pipelines.config import parse_config
from pipelines.detect import run_cycle
from pipelines.ledger.database import open_ledger
from pipelines.metrics import Tally

CONFIG = """
[tocsin]
ledger = "sqlite:///jumps.db"
[[topics]]
id = "bridge"
query = "Veldar"
"""
HAPPENED = (
    "The Veldar bridge closed on Monday after engineers found cracks in two pillars, the council said.",
    "A ferry to Veldar carried 900 people on its first day, the harbour master said.",
    "The mayor of Veldar resigned on Friday over a loan of 40 million crowns.",
    "Police in Veldar arrested three drivers who had moved the barriers at night.",
)


@pytest.mark.parametrize(
    "jumps",
    [
        (0, -3600, 10, 20),
        (0, 86_400, 86_410, 5),
        (0, 86_400, -86_400, 0),
    ],
    ids=["back an hour", "a day ahead and back", "ahead, far back, and right"],
)
def test_a_jump_of_the_clock_loses_and_doubles_nothing(tmp_path, jumps):
    """Each page is judged in the cycle that reads it, whatever its moment, and gives its one alert."""
    config = parse_config(CONFIG, tmp_path)
    with open_ledger(config.ledger) as ledger:
        for number, (jump_s, text) in enumerate(zip(jumps, HAPPENED, strict=True), 1):
            ledger.intake.save_pages([told(number, text, NOON + timedelta(seconds=jump_s))])
            assert run_cycle(config, ledger, Tally()) == 1
            assert ledger.memories.parked() == 0
            assert len(list(ledger.reading.alerts())) == number
        assert run_cycle(config, ledger, Tally()) == 0


def told(number, text, observed_at):
    """A page of clean text, observed at this moment by our own clock."""
    item = an_item(url=f"https://courier.example/{number}", title=None, observed_at=observed_at)
    return a_page(item=item, text=text, observed_at=observed_at)
