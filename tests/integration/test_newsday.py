"""The news day, judged against its labels: how often Tocsin is right on an affair made to be hard."""

import json
import tomllib
from collections import Counter
from pathlib import Path

import pytest

_FOLDER = Path(__file__).parent.parent
_NEWS = {"new", "update", "conflict"}


def _lines(name):
    text = (_FOLDER / "corpus" / "newsday" / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _key(url, sentence, topic):
    outlet, slug = url.rsplit("/", 2)[-2:]
    return outlet, slug, " ".join(sentence.split()), topic


def _ratio(part, whole):
    return part / whole if whole else 0.0


@pytest.fixture(scope="module")
def scores(newsday, exported):
    """Measures of judging, each 0..1, from the labels and the export of the run."""
    verdicts = {
        _key(line["article"]["url"], line["claim"]["text"], line["topic"]): line
        for line in exported(newsday / "tocsin.toml", "claims")
    }
    pairs = Counter()
    for label in _lines("labels.jsonl"):
        found = verdicts.get(
            (label["outlet"], label["slug"], " ".join(label["sentence"].split()), label["topic"])
        )
        got = found["verdict"] if found else "none"
        pairs["news", "news"] += label["verdict"] in _NEWS and got in _NEWS
        pairs["label", "news"] += label["verdict"] in _NEWS
        pairs["got", "news"] += got in _NEWS
        for kind in ("repeat", "update", "conflict"):
            pairs[kind, kind] += label["verdict"] == got == kind
            pairs["label", kind] += label["verdict"] == kind
            pairs["got", kind] += got == kind
        pairs["sent repeat", ""] += label["verdict"] == "repeat" and got in _NEWS
    measures = {"repeats sent per true news": _ratio(pairs["sent repeat", ""], pairs["news", "news"])}
    for kind in ("news", "repeat", "update", "conflict"):
        measures[f"{kind} precision"] = _ratio(pairs[kind, kind], pairs["got", kind])
        measures[f"{kind} recall"] = _ratio(pairs[kind, kind], pairs["label", kind])
    return measures | _alert_scores(newsday, exported)


def _alert_scores(newsday, exported):
    sent = {
        (line["topic"], *line["article"]["url"].rsplit("/", 2)[-2:])
        for line in exported(newsday / "tocsin.toml", "alerts")
    }
    expected = {
        (line["topic"], line["outlet"], line["slug"]): line["alert"] for line in _lines("expected.jsonl")
    }
    due = {key for key, alert in expected.items() if alert}
    return {
        "alert precision": _ratio(len(sent & due), len(sent)),
        "alert recall": _ratio(len(sent & due), len(due)),
    }


_FLOORS = tomllib.loads((_FOLDER / "floors.toml").read_text(encoding="utf-8"))["newsday"]


@pytest.mark.parametrize("measure", _FLOORS)
def test_judging_keeps_its_floors(scores, measure, record_property):
    """No measure on the news day falls below its floor, or above it where less is better."""
    record_property(measure, scores[measure])
    print(f"{measure}: {scores[measure]:.3f}")
    if measure == "repeats sent per true news":
        assert scores[measure] <= _FLOORS[measure]
    else:
        assert scores[measure] >= _FLOORS[measure]
