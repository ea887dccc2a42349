"""Stable ids: the same everywhere, and never the same for different things."""

import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.ids import stable_id

_PARTS = st.lists(st.none() | st.text(max_size=4) | st.binary(max_size=4) | st.integers(), max_size=4)


def test_an_id_stays_what_it_was() -> None:
    """An id that was ever written is still found: this value may never change."""
    assert stable_id("claim", "text", b"bytes", 7, None) == "ce79128bfc151d66195dac56ba185a8c"


def test_an_id_is_the_same_in_another_process() -> None:
    """An id does not depend on the process, whose string hashes are seeded anew each time."""
    script = (
        "from schemas.ids import stable_id; print(stable_id('page', 'https://é.example', b'\\xff', 3, None))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script], check=True, capture_output=True, text=True
        ).stdout.strip()
        for _ in range(2)
    }
    assert found == {stable_id("page", "https://é.example", b"\xff", 3, None)}


@settings(max_examples=200)
@given(one=_PARTS, two=_PARTS)
def test_different_parts_have_different_ids(one: list, two: list) -> None:
    """Two lists of parts share an id only where they are equal, types included."""
    same = [(type(part), part) for part in one] == [(type(part), part) for part in two]
    assert (stable_id("k", *one) == stable_id("k", *two)) == same


@settings(max_examples=100)
@given(text=st.text(min_size=2), at=st.integers(min_value=0))
def test_where_parts_are_split_matters(text: str, at: int) -> None:
    """The same characters split elsewhere are other parts, and bytes are not text."""
    at = 1 + at % (len(text) - 1)
    ids = [
        stable_id("k", text),
        stable_id("k", text[:at], text[at:]),
        stable_id("k", text, None),
        stable_id("k", text, ""),
        stable_id("k", text.encode()),
        stable_id("other", text),
    ]
    assert len(set(ids)) == len(ids)


def test_numbers_and_nothing_do_not_run_together() -> None:
    """A number is not its digits, and nothing is not an empty text."""
    ids = [
        stable_id("k", 1),
        stable_id("k", "1"),
        stable_id("k", b"1"),
        stable_id("k", None),
        stable_id("k", ""),
        stable_id("k"),
        stable_id("k", 11),
        stable_id("k", 1, 1),
    ]
    assert len(set(ids)) == len(ids)


def test_half_a_character_has_an_id() -> None:
    """Hostile text with lone surrogates gets an id like any other."""
    assert stable_id("k", "\ud800") != stable_id("k", "\udfff")
