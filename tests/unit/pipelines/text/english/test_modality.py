"""Which sentences deny and which hedge, against a table."""

import csv
from pathlib import Path

import pytest

from pipelines.text.english.modality import is_hedged, is_negated
from pipelines.text.words import words_of

with Path(__file__).with_name("modality.tsv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize(("denies", "hedges", "sentence"), ROWS, ids=[row[2] for row in ROWS])
def test_denials_and_hedges_are_told_from_their_look_alikes(denies, hedges, sentence):
    """A denial is "did not" but never "not only"; a hedge is "may have" but never "in May"."""
    words = frozenset(words_of(sentence))
    assert is_negated(sentence, words) == (denies == "neg")
    assert is_hedged(sentence, words) == (hedges == "hedge")
