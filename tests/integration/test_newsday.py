"""The news day, judged against its labels: how often Tocsin is right on an affair made to be hard."""

import json
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

import pytest

_FOLDER = Path(__file__).parent.parent
_NEWS = {"new", "update", "conflict"}
_NEWEST = ["none", "repeat", "update", "conflict", "new"]
_TOPIC = "sennet-fire"


def _lines(name):
    text = (_FOLDER / "corpus" / "newsday" / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _plain(text):
    return " ".join(text.split())


def _place(url):
    """The outlet and slug of an article, since its port changes from run to run."""
    return tuple(url.rsplit("/", 2)[-2:])


def _ratio(part, whole):
    return part / whole if whole else 0.0


def _verdict_of(label, lines):
    """What the run made of a labelled sentence, of its newest claim where it has several.

    A dateline or a closing quotation mark more is the same.
    """
    sentence = _plain(label["sentence"])
    verdicts = {"none"}
    for line in lines[label["outlet"], label["slug"], label["topic"]]:
        claim = _plain(line["claim"]["text"])
        if sentence in claim or claim in sentence:
            verdicts.add(line["verdict"])
    return max(verdicts, key=_NEWEST.index)


def measure(folder, exported):
    """Measures of judging, each 0..1, from the labels and the exports of a run over the news day."""
    lines = defaultdict(list)
    for line in exported(folder / "tocsin.toml", "claims"):
        lines[*_place(line["article"]["url"]), line["topic"]].append(line)
    pairs = Counter()
    for label in _lines("labels.jsonl"):
        wanted, got = label["verdict"], _verdict_of(label, lines)
        pairs["right", "news"] += wanted in _NEWS and got in _NEWS
        pairs["wanted", "news"] += wanted in _NEWS
        pairs["got", "news"] += got in _NEWS
        pairs["sent", "repeat"] += wanted == "repeat" and got in _NEWS
        for kind in ("repeat", "update", "conflict"):
            pairs["right", kind] += wanted == got == kind
            pairs["wanted", kind] += wanted == kind
            pairs["got", kind] += got == kind
    measures = {"repeats sent per true news": _ratio(pairs["sent", "repeat"], pairs["right", "news"])}
    for kind in ("news", "repeat", "update", "conflict"):
        measures[f"{kind} precision"] = _ratio(pairs["right", kind], pairs["got", kind])
        measures[f"{kind} recall"] = _ratio(pairs["right", kind], pairs["wanted", kind])
    return measures | _alert_measures(folder, exported)


def _alert_measures(folder, exported):
    """Which articles alerted, for the one topic whose expectations are complete."""
    sent = {
        _place(line["article"]["url"]) for line in exported(folder / "tocsin.toml", "alerts", "-t", _TOPIC)
    }
    wanted = [line for line in _lines("expected.jsonl") if line["topic"] == _TOPIC]
    due = {(line["outlet"], line["slug"]) for line in wanted if line["alert"]}
    return {
        "alert precision": _ratio(len(sent & due), len(sent)),
        "alert recall": _ratio(len(sent & due), len(due)),
    }


@pytest.fixture(scope="module")
def scores(newsday, exported):
    """The measures of one run."""
    return measure(newsday, exported)


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
