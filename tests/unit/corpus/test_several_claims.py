"""Sentences with several claims, and look-alikes with one, against floors."""

import tomllib
from hashlib import sha256
from pathlib import Path

import pytest

from connectors.testing import an_article
from pipelines.text.claims import find_claims
from pipelines.text.entities import EntityTagger

TESTS = Path(__file__).parents[2]
FLOORS = tomllib.loads((TESTS / "floors.toml").read_text("utf-8"))["claims"]
FOLDER = TESTS / "corpus/claims"
FILES = [FOLDER / "several.tsv", FOLDER / "one.tsv"]
TAGGER = EntityTagger([])


def rows(path, part):
    """The lines of a file that belong to this part of the corpus."""
    aside = part == "kept aside"
    return [
        line.split("\t")
        for place, line in enumerate(path.read_text("utf-8").splitlines())
        if (place % 3 == 2) == aside
    ]


def claims_in(sentence):
    """The claims of an article that is this sentence."""
    return find_claims(TAGGER.tag(an_article(text=sentence, title=None))).claims


def says(claim, label):
    """Whether a claim has the speaker, the polarity and the facts of its label."""
    speaker, sign, facts = label.split("|")
    found = [fact.text.lower() for fact in (*claim.quantities, *claim.dates)]
    return (
        (claim.speaker or "-").lower() == speaker.lower()
        and claim.negated == (sign == "-")
        and all(
            any(one in fact or fact in one for one in found) for fact in facts.lower().split(", ") if fact
        )
    )


@pytest.mark.parametrize("part", ["tuned on", "kept aside"])
def test_sentences_with_several_claims_give_each_of_them(part, record_property):
    """As many claims as labelled, each with its own speaker, polarity and facts; one where there is one."""
    several, one = (rows(path, part) for path in FILES)
    found = [(claims_in(sentence), labels) for sentence, *labels in several]
    right = [len(claims) == len(labels) and all(map(says, claims, labels)) for claims, labels in found]
    figures = {
        "counted": sum(len(claims) == len(labels) for claims, labels in found) / len(several),
        "right throughout": sum(right) / len(several),
        "left whole": sum(len(claims_in(sentence)) == 1 for (sentence,) in one) / len(one),
    }
    for name, value in figures.items():
        record_property(f"{name}, {part}", round(value, 3))
        assert value >= FLOORS[f"{name}, {part}"], f"{name}, {part}: {value:.3f}"


def test_the_labels_are_those_the_floors_were_measured_on():
    """A changed corpus needs its floors measured anew, and is never small."""
    assert sha256(b"".join(path.read_bytes() for path in FILES)).hexdigest() == FLOORS["digest"]
    assert min(len(path.read_text("utf-8").splitlines()) for path in FILES) >= 40
