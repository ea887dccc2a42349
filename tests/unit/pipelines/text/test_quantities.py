"""The quantities of sentences, against a table of forms: `text = value bound unit`, open ends empty."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.quantities import find_quantities

with Path(__file__).with_name("quantities.tsv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
PIECES = st.sampled_from(
    [
        "3,000",
        "12",
        "1.5",
        "٣٠٠",
        "a ",
        "dozens of",
        "half ",
        "three",
        "million",
        "people",
        "killed",
        "$",
        "%",
        "–",
        " to ",
        " and ",
        "between ",
        "about ",
        "May ",
        "one ",
        "No. ",
        ". ",
    ]
)


def shown(quantity):
    """One quantity as the table writes it."""
    ends = ["" if end is None else f"{end:.12g}" for end in (quantity.low, quantity.high)]
    value = ends[0] if ends[0] == ends[1] else "..".join(ends)
    return f"{quantity.text} = {value} {quantity.bound} {quantity.unit}".strip()


@pytest.mark.parametrize(("sentence", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_quantities_are_read_as_written(sentence, expected):
    """Value, bound and unit of every quantity in the sentence, and nothing else."""
    assert "; ".join(map(shown, find_quantities(sentence, 0, len(sentence)))) == expected


def test_offsets_are_into_the_whole_text():
    """A sentence in the middle of a text gives spans of the text."""
    text = "He left. About 3,000 people stayed. They ate."
    (quantity,) = find_quantities(text, 9, 35)
    assert text[quantity.start : quantity.end] == quantity.text == "About 3,000"


@given(st.lists(PIECES, max_size=12), st.sampled_from(["", " "]))
def test_any_mixture_gives_spans_in_order(pieces, space):
    """Quantities stand at their spans, in order, with ends that bound their value."""
    text = space.join(pieces)
    quantities = find_quantities(text, 0, len(text))
    assert [quantity.text for quantity in quantities] == [text[each.start : each.end] for each in quantities]
    assert [each.start for each in quantities] == sorted(each.start for each in quantities)
    ends = [(each.low, each.high) for each in quantities if None not in (each.low, each.high)]
    assert all(low <= high for low, high in ends)


def test_a_table_is_cut_short():
    """A sentence of very many numbers gives the first of them, in bounded time."""
    assert len(find_quantities("12 people, " * 500, 0, 5_500)) == 32
