"""Name pairs, and a watch list of 100,000 aliases, against floors."""

import csv
import hashlib
import tomllib
from pathlib import Path
from time import process_time

from real_data import data_set

from connectors.testing import an_article
from pipelines.text.entities import EntityTagger
from pipelines.text.likeness import SAME_NAME, likeness
from schemas.watch import Entity

ROOT = Path(__file__).resolve().parents[3]
FLOORS = tomllib.loads((ROOT / "tests/floors.toml").read_text("utf-8"))["entities"]
TEXT = (
    "On Monday the Ministry of Trade said that Ada Rusk had met Ivo Marsh in Torvel, and nothing more. " * 30
)


def test_name_pairs_are_told_apart(record_property):
    """Pairs of one name are found, pairs of two are not."""
    content = (data_set("names-opensanctions") / "cases.csv").read_bytes()
    assert hashlib.sha256(content).hexdigest() == FLOORS["name pairs sha256"]
    rows = list(csv.DictReader(content.decode("utf-8").splitlines()))
    found = [(likeness(row["name1"], row["name2"]) >= SAME_NAME, row["is_match"] == "true") for row in rows]
    right, wrong, missed = (found.count(each) for each in ((True, True), (True, False), (False, True)))
    f1 = 2 * right / (2 * right + wrong + missed)
    record_property("name pairs F1", round(f1, 3))
    assert f1 >= FLOORS["name pairs F1"]


def test_a_hundred_thousand_aliases_cost_little(record_property):
    """An article takes little longer with 1,000 times as many names to look for."""
    few, many = best_ms(watch_list(25), watch_list(25_000))
    record_property("100,000 aliases to 100", round(many / few, 2))
    assert many <= few * FLOORS["100,000 aliases to 100, at most"]


def watch_list(people):
    """A tagger of that many invented people with four names each."""
    return EntityTagger(
        [
            Entity(
                id=f"e{nth}",
                name=f"{word(nth)} {word(nth * 7 + 3)}",
                aliases=(f"{word(nth)}-{word(nth + 1)}", f"{word(nth)}{word(nth + 2)}", f"Mount {word(nth)}"),
                not_=(),
                context=(),
            )
            for nth in range(people)
        ]
    )


def word(number):
    """An invented word that stands for the number."""
    syllables = ("ba", "de", "ki", "lo", "mu", "ra", "se", "ti", "vo", "na")
    return "".join(syllables[int(digit)] for digit in str(number + 100)).capitalize()


def best_ms(*taggers):
    """The least processor time that one article takes with each, of many tries turn by turn."""
    article = an_article(text=TEXT, title=None)
    times = [[] for _ in taggers]
    for _ in range(200):
        for tagger, taken in zip(taggers, times, strict=True):
            started = process_time()
            tagger.tag(article)
            taken.append((process_time() - started) * 1000)
    return [min(taken) for taken in times]
