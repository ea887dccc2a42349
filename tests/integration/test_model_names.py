"""Names by a trained model, where one is asked for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from real_data import data_set

from pipelines.cli.model_names import ModelNames
from pipelines.text.unknown import CapitalisedNames

TOCSIN = Path(sys.executable).with_name("tocsin")
TOPIC = '[[topics]]\nid = "envoy"\nquery = "envoy"\n'
TEXT = (
    "The mayor of Orle, Mr Tomas Verrin, met the United Nations’ envoy Ida Brem in Tirana on Monday.\n\n"
    "President Obama left for Germany.\n"
)


@pytest.fixture(scope="module")
def model():
    """The model, loaded."""
    return ModelNames()


def test_names_are_bare_and_exact(model):
    """Without titles, articles and possessives; places are those in the whole text."""
    found = [TEXT[span.start : span.end] for span in model.names(TEXT)]
    assert set(found) >= {"Tomas Verrin", "United Nations", "Ida Brem", "Tirana", "Obama", "Germany"}
    assert not {"Monday", "Mr Tomas Verrin", "President Obama"} & set(found)


@pytest.mark.parametrize("text", ["", "\n \n", "…", "\ud800 Ida Brem", "Ida\0Brem went home.", "A" * 200_000])
def test_any_text_is_read(model, text):
    """Nothing, what is no character, and a paragraph without an end."""
    spans = model.names(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert [span.start for span in spans] == sorted(span.start for span in spans)


def test_it_adds_to_the_rules(model, record_property):
    """On labelled news it is seldom wrong, and finds names that the rules do not."""
    path = data_set("entities-newsfair") / "news-fair-v2-no-coref.dev.jsonl"
    found = right = more = 0
    for document in map(json.loads, path.read_text("utf-8").splitlines()):
        begin, stop = document["evaluation_span"]
        labels = [label["span"] for label in document["labels"]]
        rules = [(span.start, span.end) for span in CapitalisedNames().names(document["text"])]
        for span in model.names(document["text"]):
            if begin <= span.start and span.end <= stop:
                found += 1
                right += (named := meets(span, labels))
                more += named and not meets(span, rules)
    record_property("right", round(right / found, 3))
    record_property("found by the model alone", more)
    assert (right / found >= 0.95, more > 0) == (True, True)


def meets(span, others):
    """Whether the span overlaps one of the others."""
    return any(start < span.end and span.start < end for start, end in others)


@pytest.mark.parametrize("command", [["entities", "suggest"], ["explain", "page.txt"]])
def test_without_the_extra_the_command_says_what_to_install(tmp_path, command):
    """Exit code 2, one line and how to go on."""
    (tmp_path / "tocsin.toml").write_text(f'[tocsin]\nnames = "model"\n{TOPIC}')
    (tmp_path / "page.txt").write_text(TEXT)
    without = "import sys; sys.modules['spacy'] = None; from pipelines.cli.main import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", without, *command], cwd=tmp_path, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "spaCy and its English model are not installed" in ran.stderr
    assert "hint: pip install 'tocsin[ner]'" in ran.stderr


def test_explain_shows_what_it_finds(tmp_path):
    """As it does with the rules: names, and nothing else changes."""
    (tmp_path / "page.txt").write_text(TEXT)
    told = {}
    for names in ("rules", "model"):
        (tmp_path / "tocsin.toml").write_text(f'[tocsin]\nnames = "{names}"\n{TOPIC}')
        asked = [TOCSIN, "explain", "page.txt", "--json"]
        ran = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=True)
        told[names] = json.loads(ran.stdout)
    assert "Tomas Verrin" in [each["text"] for each in told["model"]["unknown"]]
    assert told["model"]["endings"] == told["rules"]["endings"] != []
