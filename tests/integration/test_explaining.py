"""What `tocsin explain` tells: every record, every decision, and why."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from connectors.testing import a_page, an_item
from pipelines.cli.explanation_view import explanation
from pipelines.config import load_config
from pipelines.explaining import explain_articles
from pipelines.ledger.database import open_ledger
from pipelines.text.extract import extract_articles
from pipelines.text.publishers import PublisherTable
from pipelines.text.unknown import CapitalisedNames

TOCSIN = Path(sys.executable).with_name("tocsin")
MAIN = """
[[entities]]
id = "veldar"
name = "Veldar Bridge"

[[topics]]
id = "bridge"
query = '(entity:veldar OR "cars vans"~9) AND council*'

[[topics]]
id = "rain"
query = "rain"

[[topics]]
id = "broken"
query = "rain AND ("

[[sources]]
name = "shelf"
kind = "file"
path = "in/*.txt"

[[subscriptions]]
topics = ["*"]
sink = "desk"

[sinks.desk]
kind = "file"
path = "alerts.ndjson"
"""
HEARD = "The Veldar Bridge closed on Monday after the council found 12 cracks in its pillars."
TOLD = """By Alma Brant
The Veldar Bridge closed on Monday after the council found 14 cracks in its pillars.
It carries about 3,000 cars and vans every day. Why did nobody look?
Read more about bridges
""" + "\n".join(
    f"The market in Orle sold {number} tons of apples in May, traders said." for number in range(20)
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A configuration, and a ledger that has heard of the bridge."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "tocsin.toml").write_text(MAIN)
    (folder / "in").mkdir()
    (folder / "in/heard.txt").write_text(HEARD)
    run = [TOCSIN, "run", "--once", "-c", folder / "tocsin.toml"]
    subprocess.run(run, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def told(desk):
    """The explanation of a page that says more of it."""
    config = load_config(desk / "tocsin.toml")
    with open_ledger(config.ledger) as ledger:
        page = a_page(text=TOLD, html=None, item=an_item(url="https://courier.example/2", title="Bridge"))
        articles = extract_articles(page, PublisherTable(()))
        (told,) = explain_articles(articles, config, ledger, CapitalisedNames())
    return told


@pytest.fixture(scope="module")
def shown(told):
    """The lines of the explanation in a terminal of 100 columns."""
    console = Console(width=100, highlight=False, force_terminal=False)
    with console.capture() as capture:
        console.print(explanation(told))
    return [line.rstrip() for line in capture.get().splitlines()]


def test_why_a_sentence_gave_no_claim(told, shown):
    """Each sentence is a claim or is told what it is instead."""
    assert [(each.why, each.text) for each in told.silences] == [
        ("furniture of the page", "By Alma Brant"),
        ("a question", "Why did nobody look?"),
        ("furniture of the page", "Read more about bridges"),
    ]
    assert "  [147:167] a question: Why did nobody look?" in shown


def test_names_that_nobody_watches(told, shown):
    """They are candidates for the table, and count for nothing else."""
    assert {TOLD[each.start : each.end] for each in told.unknown} >= {"Alma Brant", "Orle"}
    assert all(each.text != "Veldar Bridge" for each in told.unknown)
    assert "  Alma Brant, Orle" in shown


def test_which_terms_matched_and_where(told, shown):
    """Term by term, with the places in the text; topics that did not match, or cannot be read, are named."""
    places = {hit.term: TOLD[hit.start : hit.end] for hit in told.matches[0].hits if hit.field == "text"}
    assert places == {
        "entity:veldar": "Veldar Bridge",
        '"cars vans"~9': "cars and vans",
        "council*": "council",
    }
    assert "    entity:veldar: text [18:31]" in shown
    assert "topics  1 match; not rain, broken" in shown
    assert any(
        line.startswith('  left out: topic "broken": cannot read the query at column 11') for line in shown
    )


def test_why_a_claim_is_not_about_the_topic(told, shown):
    """The parts of the text that are, and each claim outside of them."""
    (reach,) = told.reaches
    claims = {claim.id: claim for claim in told.claimed.claims}
    assert {*reach.left_out, *told.matches[0].claims} == set(claims)
    outside = [claims[claim] for claim in reach.left_out]
    assert all(claim.start >= end for claim in outside for _, end in reach.parts)
    assert "market" in outside[0].text
    line = f"    [{outside[0].start}:{outside[0].end}] outside of them: The market in Orle sold"
    assert any(each.startswith(line) for each in shown)


def test_what_a_claim_was_compared_with(told, shown):
    """The nearest earlier claim with its score and what differs, origin and first saying; and the others."""
    (conflict,) = [each for each in told.judgements if "14 cracks" in each.claim.text]
    assert (conflict.prior.text, conflict.prior.differs[0].kind) == (HEARD, "quantity")
    compared = [each for each in told.compared if each.claim == conflict.claim.id]
    assert (compared[0].prior, compared[0].same) == (conflict.prior.id, conflict.prior.same)
    assert compared[0].differs == conflict.prior.differs
    assert any(line.startswith("  conflict for bridge: The Veldar Bridge closed on Monday") for line in shown)
    assert "      quantity 12 (crack) → 14 (crack)" in shown
    assert any(line.startswith("    origin ") for line in shown)


def test_what_comes_of_it(told, shown):
    """The alert, and where it goes."""
    (ending,) = told.endings
    assert (ending.topic, ending.sinks, ending.reason) == ("bridge", ("desk",), None)
    assert shown[-1] == f"  bridge: alert {ending.alert[:12]} to desk"


def test_it_reads_on_a_hundred_columns(shown):
    """Lines are folded under their own beginning."""
    assert max(map(len, shown)) <= 100
    folded = shown.index("entities  1 mentions of 1")
    assert all(line.startswith(" ") for line in shown[1:folded])


def test_an_article_that_was_judged_says_so(desk):
    """Nothing would be sent again; as data, each decision stands beside the records."""
    asked = [TOCSIN, "explain", desk / "in/heard.txt", "-c", desk / "tocsin.toml", "--json"]
    ran = subprocess.run(asked, capture_output=True, text=True, check=True)
    told = json.loads(ran.stdout)
    assert told["endings"] == [{"topic": "bridge", "sinks": [], "alert": None, "reason": "judged"}]
    assert {each["schema"] for each in told["records"]} == {"claimed-article/1", "match/1", "judgement/1"}
    assert (told["silences"], told["unmatched"]) == ([], ["rain", "broken"])
    assert "cannot read the query" in told["errors"][0]
