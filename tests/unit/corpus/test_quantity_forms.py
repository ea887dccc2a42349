"""The quantities of the table of forms, against a floor; every third row is kept aside while tuning."""

import csv
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest

from pipelines.text.quantities import find_quantities

TESTS = Path(__file__).parents[2]
FLOORS = tomllib.loads((TESTS / "floors.toml").read_text("utf-8"))["quantities"]
TABLE = TESTS / "corpus/quantities.tsv"

with TABLE.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def shown(quantity):
    """One quantity as the table writes it: `text = value bound unit`, open ends empty."""
    ends = ["" if end is None else f"{end:.12g}" for end in (quantity.low, quantity.high)]
    value = ends[0] if ends[0] == ends[1] else "..".join(ends)
    return f"{quantity.text} = {value} {quantity.bound} {quantity.unit}".strip()


@pytest.mark.parametrize(
    ("part", "rows"),
    [("all", ROWS), ("kept aside", ROWS[2::3])],
    ids=["all", "kept aside"],
)
def test_forms_are_read_right(part, rows, record_property):
    """All quantities of a row are right, and nothing else is found in it."""
    right = sum(
        "; ".join(map(shown, find_quantities(sentence, 0, len(sentence)))) == expected
        for sentence, expected in rows
    )
    record_property(part, round(right / len(rows), 3))
    assert right / len(rows) >= FLOORS[part]


def test_the_table_is_the_one_the_floors_were_measured_on():
    """A changed table needs its floors measured anew, and is never small."""
    assert sha256(TABLE.read_bytes()).hexdigest() == FLOORS["digest"]
    assert len(ROWS) >= 200
