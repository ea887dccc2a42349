"""An archive as one bounded job on a real Flink."""

import json
from datetime import UTC, datetime

from pipelines.batch import find_archives, read_archives, submit_archives
from pipelines.config import load_config
from pipelines.ledger.database import open_ledger
from pipelines.metrics import Tally

_READ_AT = datetime(2030, 1, 1, tzinfo=UTC)


def _write_archive(path, pages):
    documents = [
        {
            "url": page.url,
            "html": page.html.decode("utf-8", "replace"),
            "observed_at": page.observed_at.isoformat(),
        }
        for page in reversed(pages)
    ]
    lines = [json.dumps(document) for document in documents] + ["not a document"]
    path.write_text("\n".join(lines), "utf-8")


def _learnt(config):
    """Alerts, judgements, articles, and ids of failures."""
    with open_ledger(config.ledger) as ledger:
        reading = ledger.reading
        failures = sorted(failure.id for failure in reading.failures())
        return list(reading.alerts()), list(reading.judgements()), list(reading.articles()), failures


def test_an_archive_gives_the_same_on_flink_as_embedded(stack, postgres, pages, tmp_path, config_text):
    """Claims, articles and failures of an archive in no order are the same from both, and neither alerts."""
    _write_archive(tmp_path / "archive.ndjson", pages)
    archives = find_archives(str(tmp_path / "archive.ndjson"))
    learnt = []
    for ledger in ("sqlite:///tocsin.db", postgres):
        path = tmp_path / "tocsin.toml"
        path.write_text(config_text(ledger), "utf-8")
        config = load_config(path)
        open_ledger(config.ledger).close()
        if ledger == postgres:
            submit_archives(config, archives, stack.beam_options("archive"), _READ_AT)
        else:
            assert sum(read_archives(config, archives, Tally(), _READ_AT)) == len(pages) + 1
        learnt.append(_learnt(config))
    embedded, on_flink = learnt
    assert on_flink == embedded
    alerts, judgements, _, failures = embedded
    assert alerts == []
    assert len(judgements) > len(pages)
    assert len(failures) == 4


def test_a_topic_is_an_archive_too(stream, pages, embedded, exported):
    """The pages on a topic, read in the shadow, give the claims of a live run, and no alert."""
    stream.produce(pages)
    open_ledger(stream.ledger).close()
    config = load_config(stream.config)
    archives = find_archives("kafka:a_topic_is_an_archive_too", config.intake)
    assert sum(read_archives(config, archives, Tally(), _READ_AT)) == len(pages)
    assert exported(stream.config, "claims") == embedded["claims"]
    assert exported(stream.config, "alerts") == []
