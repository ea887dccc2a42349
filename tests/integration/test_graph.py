"""The graph, run in this process: every record is accounted for, whatever comes in and whatever breaks."""

import random
import sqlite3
import sys
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from pipelines.cli.newsday.load import FOLDER, load_newsday

from connectors.testing import MORNING, NOON, a_page, an_item
from pipelines.config import load_config, parse_config
from pipelines.detect import run_cycle
from pipelines.ledger.database import open_ledger
from pipelines.metrics import Tally
from schemas.codec import decode
from schemas.errors import LedgerError, Retriable
from schemas.failures import Reason
from schemas.items import Page

STAGES = ("extract", "tag", "save", "match", "claim", "judge")
TOPICS = """
[[topics]]
id = "bridge"
query = "Veldar"
"""
GOOD = (
    "The Veldar bridge closed on Monday after engineers found cracks in two of its pillars, the council said."
)


def a_web_page(number, body):
    """A fetched page, announced so many minutes after noon."""
    return a_page(item=an_untitled_item(number), html=body)


def a_text_page(number, text):
    """A delivered page of clean text, announced so many minutes after noon."""
    return a_page(item=an_untitled_item(number), text=text)


def an_untitled_item(number):
    """An announcement that tells nothing of what the page is about."""
    observed_at = NOON + timedelta(minutes=number)
    return an_item(url=f"https://courier.example/{number}", title=None, observed_at=observed_at)


@contextmanager
def drained(config, pages):
    """The tally and the open ledger after every page went through."""
    tally = Tally()
    with open_ledger(config.ledger) as ledger:
        ledger.intake.save_pages(pages)
        while run_cycle(config, ledger, tally):
            pass
        yield tally, ledger


def accounted(tally, pages):
    """The counts by stage, having checked that they add up from the pages to the alerts."""
    stages = {each.stage: each for each in tally.stages()}
    flow = [stages[stage] for stage in STAGES if stage in stages]
    assert set(stages) == {each.stage for each in flow}
    assert all(each.balanced for each in flow)
    entered = pages
    for each in flow:
        assert each.entered == entered
        entered = each.out
    return stages


BAD = {
    "empty": (b"", Reason.EMPTY),
    "blank": (b" \n\t ", Reason.EMPTY),
    "no words": (b"<html><body><p>***</p></body></html>", Reason.EMPTY),
    "binary": (b"%PDF-1.7 \x00\x01", Reason.BINARY),
    "noise": (random.Random(1).randbytes(5_000), Reason.BINARY),
}


def test_bad_pages_end_as_failures_and_the_rest_go_on(tmp_path):
    """Each page that cannot be read is one failure with its reason and itself inside; a good one alerts."""
    bad = [a_web_page(number, body) for number, (body, _) in enumerate(BAD.values())]
    good = a_text_page(99, GOOD)
    with drained(parse_config(TOPICS, tmp_path), [*bad, good]) as (tally, ledger):
        stages = accounted(tally, pages=len(bad) + 1)
        failures = {failure.url: failure for failure in ledger.reading.failures()}
        for page, (_, reason) in zip(bad, BAD.values(), strict=True):
            failure = failures.pop(page.url)
            assert (failure.stage, failure.reason) == ("extract", reason)
            assert decode(failure.record, Page) == page
        assert failures == {}
        assert stages["extract"].failed == {"binary": 2, "empty": 3}
        (alert,) = ledger.reading.alerts()
        assert alert.article.url == good.url


PARTS = [
    "The Veldar bridge closed on Monday.",
    "It carried 2,900 cars a day, the council said.",
    "“We never said that,” the minister told the Courier on 3 May 2024.",
    "Between 30 and 40 per cent of " + "9" * 400 + " crowns were lost in Veldar.",
    "Veldar! Who? Perhaps… 12:61 on February 31, 99999.",
    "پل ولدار روز دوشنبه بسته شد و ۲٬۹۰۰ خودرو ماند.",
    "東京の橋は月曜日に閉鎖された。",
    "Cafe\u0301s in Vel\u200bdar lost \u202e12\u202c of 👩\u200d🔧s.\r\n",
    "\x1b[31mVeldar\x00 ''\"\"(((\u2028",
    "x" * 5_000,
    "Veldar " * 300,
    "\n\n",
]


def random_pages(seed, count):
    """Pages of parts thrown together, as text and as HTML."""
    throw = random.Random(seed)
    for number in range(count):
        text = throw.choice(" \n").join(throw.choices(PARTS, k=throw.randint(0, 5)))
        if throw.random() < 0.5:
            yield a_text_page(number, text)
        else:
            yield a_web_page(number, f"<html><body><article><p>{text}</p></article></body></html>".encode())


def test_random_documents_are_accounted_for(tmp_path):
    """200 documents of odd parts: all are accounted for, none is a bug, every span is exact."""
    pages = list(random_pages(seed=20260309, count=200))
    with drained(parse_config(TOPICS, tmp_path), pages) as (tally, ledger):
        stages = accounted(tally, pages=len(pages))
        articles = {tagged.article.id: tagged.article for tagged, _ in ledger.reading.articles()}
        assert len(articles) == stages["save"].out
        failures = list(ledger.reading.failures())
        assert len(failures) == sum(sum(each.failed.values()) for each in stages.values())
        assert [failure for failure in failures if failure.reason is not Reason.EMPTY] == []
        judgements = list(ledger.reading.judgements())
        assert len(judgements) > 100
        for each in judgements:
            text = articles[each.article.id].text
            assert text[each.claim.start : each.claim.end] == each.claim.text


@pytest.fixture(scope="module")
def news():
    """The pages of the news day, each observed when it appeared."""
    day = load_newsday()
    return [
        a_page(
            item=an_item(
                url=f"https://{piece.outlet}.example/{piece.slug}",
                publisher=piece.outlet,
                published_at=piece.published_at,
                observed_at=piece.appears_at,
            ),
            html=day.respond(f"/{piece.outlet}/{piece.slug}", piece.appears_at).body,
        )
        for piece in day.pieces
    ]


def a_news_desk(folder):
    """The configuration file of the news day, without its sources, in the folder."""
    text = (FOLDER / "tocsin.toml").read_text("utf-8").partition("# Where to look")[0]
    (folder / "tocsin.toml").write_text(text, "utf-8")
    return folder / "tocsin.toml"


@pytest.fixture(scope="module")
def one_run(news, tmp_path_factory):
    """The configuration file behind one run over the news day in this process, and the tally of it."""
    path = a_news_desk(tmp_path_factory.mktemp("one"))
    with drained(load_config(path), news) as (tally, _):
        return path, tally


def test_the_news_day_is_accounted_for(news, one_run):
    """Over the news day, what leaves each stage is what enters the next, and every alert is in the outbox."""
    path, tally = one_run
    stages = accounted(tally, pages=len(news))
    with open_ledger(load_config(path).ledger) as ledger:
        alerts = list(ledger.reading.alerts())
        due = ledger.outbox.due("desk", NOON + timedelta(days=3650), len(alerts) + 1)
    assert len(alerts) == stages["judge"].out > 20
    assert [each.alert for each in due] == alerts


def test_another_process_judges_the_same(news, one_run, tocsin, within, tmp_path):
    """Two processes that take half of the news day each give the very exports that one run gives."""
    path = a_news_desk(tmp_path)
    half = len(news) // 2
    for part in (news[:half], news[half:]):
        with open_ledger(load_config(path).ledger) as ledger:
            ledger.intake.save_pages(part)
        tocsin("run", "--once", "-c", path)
    for what in ("claims", "alerts", "articles"):
        ours, theirs = (within("export", what, "-c", place).stdout for place in (one_run[0], path))
        assert ours == theirs != ""


def test_trouble_with_the_ledger_costs_no_record(tmp_path):
    """A cycle that the ledger breaks is raised as what it is, counts nothing, and is done by the next one."""
    config = parse_config(TOPICS, tmp_path)
    tally = Tally()
    with open_ledger(config.ledger) as ledger:
        ledger.intake.save_pages([a_text_page(1, GOOD)])
        execute(tmp_path, "ALTER TABLE articles RENAME TO hidden")
        with pytest.raises(LedgerError, match="no such table: articles") as trouble:
            run_cycle(config, ledger, tally)
        assert trouble.value.hint
        assert list(tally.stages()) == []
        execute(tmp_path, "ALTER TABLE hidden RENAME TO articles")
        assert run_cycle(config, ledger, tally) == 1
        accounted(tally, pages=1)
        assert list(ledger.reading.failures()) == []
        assert len(list(ledger.reading.alerts())) == 1


def execute(folder, statement):
    """One statement on the ledger, behind its back."""
    with closing(sqlite3.connect(folder / "tocsin.db")) as ledger, ledger:
        ledger.execute(statement)


def test_trouble_that_may_heal_costs_no_record(tmp_path, monkeypatch):
    """Where no worker can be started, no page is at fault: all of them wait for the next cycle."""
    config = parse_config(TOPICS + "[extraction]\nworkers = 1\ndeadline = '9s'\n", tmp_path)
    tally = Tally()
    with open_ledger(config.ledger) as ledger:
        ledger.intake.save_pages([a_text_page(1, GOOD)])
        with monkeypatch.context() as broken:
            broken.setattr(sys, "executable", "/bin/false")
            with pytest.raises(Retriable, match="cannot start an extraction worker"):
                run_cycle(config, ledger, tally)
        assert list(tally.stages()) == []
        assert run_cycle(config, ledger, tally) == 1
        accounted(tally, pages=1)


def test_what_was_mended_comes_through(tmp_path, within):
    """A page that takes too long is one failure, however often replayed, until it may take longer."""
    slow = (
        b"<html><nav>"
        + b"<a href='/x'>link</a> " * 12_000
        + f"</nav><article><p>{GOOD}</p></article></html>".encode()
    )
    path = tmp_path / "tocsin.toml"
    path.write_text(TOPICS + "[extraction]\ndeadline = '0.05s'\n", "utf-8")
    with drained(load_config(path), [a_web_page(1, slow)]) as (_, ledger):
        (first,) = ledger.reading.failures()
        assert first.reason is Reason.TOO_SLOW
    assert "1 queued" in within("replay", "failures", "-c", path).stderr
    with drained(load_config(path), []) as (tally, ledger):
        accounted(tally, pages=1)
        (again,) = ledger.reading.failures()
        assert replace(again, failed_at=first.failed_at) == first
        assert again.failed_at > first.failed_at
    path.write_text(TOPICS + "[extraction]\ndeadline = '60s'\n", "utf-8")
    assert "1 queued" in within("replay", "failures", "-c", path).stderr
    with drained(load_config(path), []) as (tally, ledger):
        assert accounted(tally, pages=1)["judge"].emitted == 1
        assert ledger.failures.waiting(limit=10) == ()
        assert len(list(ledger.reading.alerts())) == 1


def test_a_new_topic_learns_from_replayed_pages(tmp_path, within):
    """After a topic is added, replaying all pages gives its alerts; those of the others stay as they were."""
    path = tmp_path / "tocsin.toml"
    route = '[[subscriptions]]\ntopics = ["*"]\nsink = "desk"\n[sinks.desk]\nkind = "stdout"\n'
    path.write_text(TOPICS + route, "utf-8")
    pages = [
        a_text_page(1, GOOD),
        a_text_page(2, "The ferry to Orle sank, police said."),
        a_text_page(3, GOOD),
    ]
    late = NOON + timedelta(days=1)
    with drained(load_config(path), pages) as (_, ledger):
        before = list(ledger.reading.alerts())
        judged = list(ledger.reading.judgements())
        ledger.outbox.sent("desk", [alert.id for alert in before], MORNING)
    path.write_text(TOPICS + '[[topics]]\nid = "news"\nquery = "police OR council"\n' + route, "utf-8")
    assert "3 pages" in within("replay", "pages", "-c", path).stderr
    with drained(load_config(path), []) as (tally, ledger):
        assert accounted(tally, pages=3)["judge"].dropped == {"heard": 1, "judged": 2}
        new = [alert for alert in ledger.reading.alerts() if alert not in before]
        assert [(alert.topic, alert.article.url) for alert in new] == [
            ("news", page.url) for page in pages[:2]
        ]
        assert [each for each in ledger.reading.judgements() if each.topic == "bridge"] == judged
        assert [due.alert for due in ledger.outbox.due("desk", late, 10)] == new
