"""Where a sentence goes on to another statement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.english.clauses import find_clauses

TWO = {
    "Nine men drowned and 40 were saved.": ["Nine men drowned", "40 were saved."],
    "Nine men drowned and 40 injured in the rush.": ["Nine men drowned", "40 injured in the rush."],
    "The bank cut 700 jobs, but has kept its branches.": ["The bank cut 700 jobs,", "has kept its branches."],
    "When it rained, the dam held and the road flooded the town.": [
        "When it rained, the dam held",
        "the road flooded the town.",
    ],
    "Exports fell; imports rose.": ["Exports fell", "imports rose."],
}
ONE = [
    "Three men and five women were arrested.",
    "The man who shot six people and wounded 11 was caught.",
    "After nine men drowned and 40 were hurt, the captain was held.",
    "Cooks baked and served 900 loaves.",
    "If ten people sign and the mayor agrees, it is saved.",
    "It was a smash - and - grab that had 4 robbers in it.",
]
PIECES = ["nine", "men", "died", "and", "but", ";", ",", "40", "were", "that", "who", '"', "while", "When"]


@pytest.mark.parametrize(("sentence", "clauses"), TWO.items(), ids=TWO)
def test_joined_statements_are_cut_apart(sentence, clauses):
    """Each with a predicate, the words that join them left out."""
    assert [sentence[each.start : each.end] for each in find_clauses(sentence)] == clauses


@pytest.mark.parametrize("sentence", ONE)
def test_what_only_looks_joined_is_left_whole(sentence):
    """Coordinated nouns and verbs, and clauses that describe or suppose."""
    assert [(each.start, each.end) for each in find_clauses(sentence)] == [(0, len(sentence))]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))
def test_clauses_are_stretches_in_order(sentence):
    """Whatever the words, clauses begin at the first, end at the last and do not overlap."""
    clauses = find_clauses(sentence)
    bounds = [place for each in clauses for place in (each.start, each.end)]
    assert bounds == sorted(bounds)
    assert (bounds[0], bounds[-1]) == (0, len(sentence))
