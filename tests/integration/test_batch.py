"""Archives through the graph: judged and remembered, nobody paged, and no live alert changed."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from connectors.testing import NOON, a_page, an_item
from pipelines.batch import find_archives, read_archives
from pipelines.config import parse_config
from pipelines.detect import run_cycle
from pipelines.ledger.database import shared_ledger
from pipelines.metrics import Tally
from schemas.errors import ConfigError

_CONFIG = """
[[topics]]
id = "bridge"
query = "Veldar"
"""
_NEWS = (
    "The Veldar bridge closed on Monday after engineers found cracks in two of its pillars, the council said."
)
_LATER = NOON + timedelta(hours=1)
_NOW = NOON + timedelta(days=1)


def a_document(number, observed_at, text=_NEWS):
    """A line of an archive."""
    url = f"https://archive.example/{number}"
    return json.dumps({"url": url, "text": text, "observed_at": observed_at.isoformat()}) + "\n"


def a_live_page(observed_at):
    """The same news as a page that was fetched."""
    return a_page(
        item=an_item(url="https://courier.example/1", title=None, observed_at=observed_at), text=_NEWS
    )


@pytest.fixture
def config(tmp_path):
    """A configuration with one topic, all within the test's folder."""
    return parse_config(_CONFIG, tmp_path)


@pytest.fixture
def read(config, tmp_path):
    """Reads lines as an archive; the tally of it."""

    def read(*lines):
        (tmp_path / "archive.ndjson").write_text("".join(lines), "utf-8")
        tally = Tally()
        for _ in read_archives(config, find_archives(str(tmp_path / "archive.ndjson")), tally, _NOW):
            pass
        return tally

    return read


@pytest.fixture
def alerts(config):
    """The alerts, once every page that waits is judged."""

    def alerts():
        ledger = shared_ledger(config.ledger)
        while run_cycle(config, ledger, Tally()):
            pass
        return list(ledger.reading.alerts())

    return alerts


def test_an_archive_pages_nobody_and_every_record_is_counted(read, alerts):
    """News in an archive gives no alert; each stage adds up from the lines on, a bad one among them."""
    tally = read(a_document(1, NOON), "not a document\n", a_document(2, _LATER))
    stages = {each.stage: each for each in tally.stages()}
    assert alerts() == []
    assert (stages["read"].entered, stages["read"].failed) == (3, {"malformed": 1})
    assert all(each.balanced for each in stages.values())
    assert stages["judge"].dropped == {"shadow": 1, "heard": 1}


def test_what_an_archive_said_before_is_no_news(config, read, alerts):
    """A live page that was observed after the archived one repeats it."""
    read(a_document(1, NOON))
    shared_ledger(config.ledger).intake.save_pages([a_live_page(_LATER)])
    assert alerts() == []
    (_, live) = shared_ledger(config.ledger).reading.judgements()
    assert (live.verdict, live.first.url) == ("repeat", "https://archive.example/1")


def test_an_archive_read_before_a_waiting_page_does_not_take_its_place(config, read, alerts):
    """A live page observed before the archived one alerts, although the archive was read first."""
    ledger = shared_ledger(config.ledger)
    ledger.intake.save_pages([a_live_page(NOON)])
    read(a_document(1, _LATER))
    (alert,) = alerts()
    (finding,) = alert.findings
    assert (finding.kind, finding.first.url) == ("new", "https://courier.example/1")
    (_, archived) = ledger.reading.judgements()
    assert (archived.verdict, ledger.memories.parked()) == ("repeat", 0)


def test_the_very_page_that_waits_may_be_in_an_archive(config, read, alerts):
    """The copy of a waiting page, archived after it was observed, does not cost its alert."""
    page = a_live_page(NOON)
    shared_ledger(config.ledger).intake.save_pages([page])
    read(json.dumps({"url": page.url, "text": page.text, "observed_at": _LATER.isoformat()}) + "\n")
    (alert,) = alerts()
    assert alert.article.observed_at == NOON


def test_an_archive_from_the_future_does_not_come_first(config, read, alerts):
    """What claims to be observed later than now is taken as observed now."""
    read(a_document(1, datetime(2199, 1, 1, tzinfo=UTC)))
    (judgement,) = shared_ledger(config.ledger).reading.judgements()
    assert judgement.article.observed_at == _NOW


def test_an_archive_read_again_changes_nothing(read, exported, tmp_path):
    """Everything that is exported stays as it was."""
    (tmp_path / "tocsin.toml").write_text(_CONFIG, "utf-8")
    lines = [a_document(1, NOON), a_document(2, _LATER), "not a document\n"]
    read(*lines)
    once = {what: exported(tmp_path / "tocsin.toml", what) for what in ("claims", "articles", "failures")}
    tally = read(*lines)
    assert {what: exported(tmp_path / "tocsin.toml", what) for what in once} == once
    (judge,) = (each for each in tally.stages() if each.stage == "judge")
    assert judge.dropped == {"judged": 2}


def test_an_archive_of_many_portions_is_read_to_its_end(read):
    """More documents than one portion holds are all read."""
    tally = read(*(a_document(number, NOON, text=f"Line {number}.") for number in range(1_100)))
    (stage,) = (each for each in tally.stages() if each.stage == "read")
    assert stage.entered == stage.emitted == 1_100


def test_nothing_to_read_is_an_error(tmp_path):
    """A missing file, another kind of file and an empty folder are named with what can be read."""
    (tmp_path / "picture.png").touch()
    for name in ("missing.ndjson", "picture.png", ""):
        with pytest.raises(ConfigError) as caught:
            find_archives(str(tmp_path / name))
        assert ".warc.gz" in caught.value.hint


def test_refused_records_are_told_and_no_error_of_the_command(tmp_path, within):
    """As in `tocsin run --once`: the exit code is 0, the table counts them, and they are kept as failures."""
    (tmp_path / "tocsin.toml").write_text(_CONFIG, "utf-8")
    (tmp_path / "archive.ndjson").write_text(a_document(1, NOON) + "not a document\n", "utf-8")
    run = within("batch", tmp_path / "archive.ndjson", "--config", tmp_path / "tocsin.toml")
    assert run.returncode == 0, run.stderr
    assert "1: 1 malformed" in run.stderr
    assert within("export", "failures", "--config", tmp_path / "tocsin.toml").stdout.count("\n") == 1
