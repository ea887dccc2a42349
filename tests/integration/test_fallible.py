"""What becomes of a record that a stage cannot work on, proven with stages made to fail."""

from dataclasses import replace

import pytest
from apache_beam import BatchElements, Create, Map, Pipeline
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.transforms.error_handling import ErrorHandler

from connectors.testing import NOON, a_page, a_tagged_article, an_article
from pipelines.coders import register_coders
from pipelines.transforms.fallible import Dropped, Emitted, Fallible, FallibleEach
from pipelines.transforms.save import SaveArticles, SaveFailures
from schemas.codec import decode, encode
from schemas.errors import LedgerError, Rejected, Retriable
from schemas.failures import Reason
from schemas.items import Page

TROUBLES = {
    "bug": KeyError("unforeseen"),
    "refused": Rejected("cannot read it", reason=Reason.MALFORMED, hint="mend it"),
    "heal": Retriable("nobody answers", reason=Reason.UNREACHABLE),
    "ledger": LedgerError("cannot write", hint="free some disk space"),
}

emitted, failures = [], []
"""What came out of the pipeline: it runs in this process, and finds these by name."""


class Kept:
    """A store that keeps failures in this process."""

    def save(self, records):
        """The records kept."""
        failures.extend(records)


class Picky:
    """A store of articles that refuses a batch for one of them, as a ledger does."""

    def save(self, records):
        """All kept or none."""
        if any(record.article.text == "refused" for record in records):
            raise TROUBLES["refused"]


def open_work():
    """Work that does with a page what the page says."""

    def work(page):
        if page.text in TROUBLES:
            raise TROUBLES[page.text].with_traceback(None)
        return Dropped(Reason.NO_TOPIC) if page.text == "dull" else Emitted((page, page))

    return work


def open_forgetful_step():
    """A step that works on a batch as a whole and blames one record."""

    def step(batch):
        for page in batch:
            yield page, TROUBLES["bug"] if page.text == "bug" else Emitted((page,))

    return step


@pytest.fixture(autouse=True)
def _nothing_yet():
    register_coders()
    emitted.clear()
    failures.clear()


def run(records, stage):
    """The outcome counters of a pipeline of one stage, by name; `stage` makes it from an error handler."""
    pipeline = Pipeline(runner=FnApiRunner())
    with ErrorHandler(SaveFailures(Kept)) as errors:
        _ = pipeline | Create(records, reshuffle=False) | stage(errors) | "keep" >> Map(keep)
    result = pipeline.run()
    result.wait_until_finish()
    return {each.key.metric.name: each.result for each in result.metrics().query()["counters"]}


def keep(record):
    """The record is remembered in this process."""
    emitted.append(record)


def each(errors):
    """A stage that works on one record at a time."""
    return FallibleEach("try", open_work, errors, Page)


def pages(*texts):
    """A page for each text."""
    return [a_page(url=f"https://a.example/{number}", text=text) for number, text in enumerate(texts)]


def test_every_outcome_is_counted_once():
    """A record goes on, ends as it should, or fails with itself inside; the others never notice."""
    _, _, bug, refused, _ = sent = pages("good", "dull", "bug", "refused", "last")
    assert run(sent, each) == {
        "try/in": 5,
        "try/emitted": 2,
        "try/out": 4,
        "try/dropped/no_topic": 1,
        "try/failed/bug": 1,
        "try/failed/malformed": 1,
    }
    assert sorted(page.text for page in emitted) == ["good", "good", "last", "last"]
    assert {decode(failure.record, Page) for failure in failures} == {bug, refused}
    assert {failure.url for failure in failures} == {bug.url, refused.url}


def test_a_bug_keeps_its_traceback():
    """Of an error that nobody foresaw the failure tells where it was raised."""
    run(pages("bug"), each)
    (failure,) = failures
    assert (failure.stage, failure.reason) == ("try", Reason.BUG)
    assert failure.detail.startswith("Traceback (most recent call last):\n")
    assert "in work\n" in failure.detail
    assert failure.detail.rstrip().endswith("KeyError: 'unforeseen'")


def test_a_refusal_keeps_its_words():
    """Of expected trouble the failure tells what was attempted, why it failed and what to do."""
    run(pages("refused"), each)
    (failure,) = failures
    assert failure.detail == "cannot read it (hint: mend it)"


def test_a_failure_has_the_same_id_whenever_it_comes():
    """The same record refused again by the same stage is the same failure, at another time."""
    run(pages("bug"), each)
    run(pages("bug"), each)
    first, second = failures
    assert replace(first, failed_at=NOON) == replace(second, failed_at=NOON)


@pytest.mark.parametrize("trouble", ["heal", "ledger"])
def test_trouble_that_is_no_record_s_fault_stops_the_run(trouble):
    """Trouble that may heal, or with the ledger, becomes no failure: the whole run is to be tried again."""
    with pytest.raises((RuntimeError, LedgerError)) as raised:
        run(pages("good", trouble), each)
    assert raised.value.__context__ is TROUBLES[trouble]
    assert failures == []


def test_a_step_blames_a_record_of_its_batch():
    """Work on a batch names the record at fault; the rest of the batch goes on."""

    def stage(errors):
        return Batched("try", open_forgetful_step, errors, Page)

    counts = run(pages("good", "bug", "last"), stage)
    assert counts == {"try/in": 3, "try/emitted": 2, "try/out": 2, "try/failed/bug": 1}
    assert sorted(page.text for page in emitted) == ["good", "last"]


class Batched(Fallible):
    """A stage that is given its records in batches."""

    def expand(self, records):
        """What the step emits."""
        return super().expand(records | BatchElements(min_batch_size=1, max_batch_size=16))


def test_an_article_that_cannot_be_kept_costs_no_other_its_place():
    """Where a batch is refused for one article, that one is the failure and the rest are saved."""
    articles = [a_tagged_article(article=an_article(text=text)) for text in ("good", "refused", "last")]
    counts = run(articles, lambda errors: SaveArticles(Picky, errors))
    assert counts == {"save/in": 3, "save/emitted": 2, "save/out": 2, "save/failed/malformed": 1}
    assert [failure.record for failure in failures] == [encode(articles[1]).decode()]
