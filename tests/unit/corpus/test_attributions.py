"""Quotations and speakers on the invented attributions, against floors."""

import tomllib
from hashlib import sha256
from itertools import groupby
from pathlib import Path

import pytest

from pipelines.text.sentences import split_sentences
from pipelines.text.speakers import attribute

TESTS = Path(__file__).parents[2]
FLOORS = tomllib.loads((TESTS / "floors.toml").read_text("utf-8"))["attributions"]
FILES = sorted((TESTS / "corpus/attributions").glob("*.tsv"))


def passages(path):
    """For each passage of a file, its lines as lists of cells."""
    lines = path.read_text("utf-8").splitlines()
    return [[line.split("\t") for line in group] for full, group in groupby(lines, key=bool) if full]


def labelled(passage):
    """The passage's text, and the mode and speaker of each sentence by its span."""
    text, labels, join = "", {}, ""
    for line in passage:
        if line == ["¶"]:
            join = "\n"
            continue
        mode, speaker, sentence = line
        start = len(text) + len(join)
        text += join + sentence
        labels[start, len(text)] = mode.split("/"), speaker
        join = " "
    return text, labels


def plain(speaker):
    """A speaker without case and leading article."""
    return (speaker or "").lower().removeprefix("the ").removeprefix("a ").removeprefix("an ")


def score(chosen):
    """Measures over passages, each 0..1."""
    quotes = quotes_found = attributed = right = given = rightly_given = 0
    for text, labels in map(labelled, chosen):
        spans = split_sentences(text, "en")
        found = dict(zip(spans, attribute(text, spans), strict=True))
        given += sum(each.mode != "voice" for each in found.values())
        for span, (modes, speaker) in labels.items():
            got = found.get(span)
            said = got is not None and got.mode != "voice"
            quotes += "direct_quote" in modes
            quotes_found += "direct_quote" in modes and said and got.mode in modes
            if modes != ["voice"]:
                attributed += 1
                rightly_given += said
                right += said and plain(got.speaker) == plain(speaker)
    return {
        "quote recall": quotes_found / quotes,
        "speaker right": right / attributed,
        "sentence precision": rightly_given / given,
    }


@pytest.mark.parametrize("part", ["tuned on", "kept aside"])
def test_quotations_have_their_speakers(part, record_property):
    """Quotations are found, their speakers right, and the article's own voice is left alone."""
    aside = part == "kept aside"
    chosen = [
        passage for path in FILES for place, passage in enumerate(passages(path)) if (place % 3 == 2) == aside
    ]
    for name, value in score(chosen).items():
        record_property(f"{name}, {part}", round(value, 3))
        assert value >= FLOORS[name], f"{name}, {part}: {value:.3f}"


def test_the_labels_are_those_the_floors_were_measured_on():
    """A changed corpus needs its floors measured anew."""
    digest = sha256(b"".join(path.read_bytes() for path in FILES)).hexdigest()
    assert digest == FLOORS["digest"]


def test_there_are_enough_attributions():
    """Fourteen shapes, each in at least five passages, and 150 attributed sentences together."""
    counts = [len(passages(path)) for path in FILES]
    lines = [line for path in FILES for passage in passages(path) for line in passage]
    assert len(FILES) >= 14
    assert min(counts) >= 5
    assert sum(line[0] not in {"¶", "voice"} for line in lines) >= 150
