"""The dates of sentences, against a table: day of publication, sentence, `text=value`."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.dates import find_dates

with Path(__file__).with_name("dates.tsv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
PIECES = st.sampled_from(
    "May|31|2018|Monday|last|next|ago|three days|the|will|12/13/2018|Feb. 30|yesterday|,".split("|")
)


@pytest.mark.parametrize(
    ("published", "sentence", "expected"), ROWS, ids=[f"{row[0]} {row[1]}" for row in ROWS]
)
def test_dates_are_resolved_as_exactly_as_the_text_is(published, sentence, expected):
    """Every date of the sentence with its value, and nothing else."""
    published_at = None if published == "-" else datetime.fromisoformat(published).replace(tzinfo=UTC)
    found = find_dates(sentence, 0, len(sentence), published_at)
    assert ";".join(f"{date.text}={date.value or ''}" for date in found) == expected


@given(st.lists(PIECES, max_size=8), st.datetimes())
def test_any_mixture_gives_spans_and_iso_values(pieces, published_at):
    """Dates stand at their spans; values are ISO 8601 days, months or years, whenever it was published."""
    text = " ".join(pieces)
    for date in find_dates(text, 0, len(text), published_at):
        assert date.text == text[date.start : date.end]
        if date.value:
            datetime.fromisoformat((date.value + "-01-01")[: len("2018-01-01")])
