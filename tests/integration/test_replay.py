"""What was refused goes through again, and is never lost on the way."""

import json

import pytest

from pipelines.ledger.database import open_ledger

_CONFIG = """
[[sources]]
name = "archive"
kind = "file"
path = "pages"
[[topics]]
id = "harbour"
query = "harbour"
"""


@pytest.fixture
def desk(tmp_path, tocsin):
    """A folder whose one page was refused as empty."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "blank.html").write_text("<html><body></body></html>")
    (tmp_path / "tocsin.toml").write_text(_CONFIG)
    tocsin("run", "--once", "--config", tmp_path / "tocsin.toml")
    return tmp_path


def test_a_refused_page_is_refused_again_as_one_failure(desk, tocsin, exported):
    """Replayed without a change, it is the same failure once more, not a second one."""
    config = desk / "tocsin.toml"
    first = exported(config, "failures")
    assert "1 queued" in tocsin("replay", "failures", "--config", config).stderr
    tocsin("run", "--once", "--config", config)
    again = exported(config, "failures")
    assert [line["id"] for line in again] == [line["id"] for line in first]
    assert json.loads(again[0]["record"])["schema"] == "page/1"


def test_a_failure_whose_page_is_still_in_the_queue_is_kept(desk, tocsin):
    """A replay beside the cycle that refused the page loses neither the page nor the failure."""
    with open_ledger(f"sqlite:///{desk / 'tocsin.db'}") as ledger:
        (failure,) = ledger.failures.waiting(limit=10)
        ledger.intake.requeue_all()
        said = tocsin("replay", "failures", "--config", desk / "tocsin.toml").stderr
        assert "in the queue already" in said
        assert ledger.failures.waiting(limit=10) == (failure,)
