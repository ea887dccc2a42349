"""What numbers are worth, in digits and in words."""

import re

import pytest

from pipelines.text.english.numbers import (
    DIGITS,
    FRACTION,
    VAGUE,
    WORDS,
    fraction_value,
    number_value,
    vague_value,
)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3,000", 3000),
        ("3 000", 3000),
        ("3\u202f000", 3000),
        ("3’000", 3000),
        ("3.000", 3000),
        ("3.125", 3.125),
        ("1.234.567", 1234567),
        ("1.234,50", 1234.5),
        ("1,234.50", 1234.5),
        ("12,34,567", 1234567),
        ("3,5", 3.5),
        ("0.5", 0.5),
        ("13,2007", None),
        ("3k", 3000),
        ("3.5m", 3_500_000),
        ("2bn", 2e9),
        ("2 tn", 2e12),
        ("4 lakh", 400_000),
        ("2-million", 2_000_000),
        ("3 hundred thousand", 300_000),
        ("9" * 90, None),
    ],
)
def test_digits_are_worth_what_their_separators_say(written, value):
    """Separators are read by where they stand; what makes no number is None."""
    found = re.fullmatch(DIGITS, written)
    assert found
    assert number_value(found[0]) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("one", 1),
        ("Nineteen", 19),
        ("twenty-five", 25),
        ("ninety nine", 99),
        ("a hundred", 100),
        ("one hundred and five", 105),
        ("nine hundred ninety-nine", 999),
        ("twelve hundred", 1200),
        ("three thousand", 3000),
        ("two hundred thousand", 200_000),
        ("two million three hundred thousand", 2_300_000),
        ("a dozen", 12),
        ("two dozen", 24),
        ("half a dozen", 6),
        ("a half dozen", 6),
        ("half a million", 500_000),
        ("half-million", 500_000),
        ("two and a half", 2.5),
        ("two and a half million", 2_500_000),
    ],
)
def test_number_words_are_worth_what_they_say(written, value):
    """Words from one to trillions, and the halves and dozens of news."""
    found = re.fullmatch(WORDS, written)
    assert found
    assert number_value(found[0]) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("half", 0.5),
        ("two-thirds", 2 / 3),
        ("a quarter", 0.25),
        ("one in five", 0.2),
        ("nine out of 10", 0.9),
        ("1/3", 1 / 3),
        ("¾", 0.75),
        ("ten in two", None),
    ],
)
def test_parts_of_a_whole(written, value):
    """A part is between nothing and all; anything else is none."""
    assert re.fullmatch(FRACTION, written)
    assert fraction_value(written) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("dozens", 24, 99),
        ("hundreds of thousands", 200_000, 999_000),
        ("tens of thousands", 20_000, 99_000),
        ("several hundred", 200, 900),
        ("a few dozen", 24, 108),
        ("millions", 2_000_000, 999_000_000),
    ],
)
def test_vague_numbers_are_intervals(written, low, high):
    """What only says how large gives its least and greatest meaning."""
    assert re.fullmatch(VAGUE, written)
    assert vague_value(written) == (low, high)
