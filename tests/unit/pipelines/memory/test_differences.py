"""Facts compared one by one."""

import pytest

from connectors.testing import a_claim, a_date, a_mention, a_quantity
from pipelines.memory.differences import compatible, differences, same_day
from schemas.claims import Bound


def _number(text, low, high, bound=Bound.EXACT, unit="person"):
    return a_quantity(text=text, start=0, low=low, high=high, bound=bound, unit=unit)


_12 = _number("12", 12, 12)
_25 = _number("25", 25, 25)
_2900 = _number("2,900", 2900, 2900)
_ABOUT_3000 = _number("about 3,000", 3000, 3000, Bound.ABOUT)
_OVER_30000 = _number("over 30,000", 30000, None, Bound.AT_LEAST)
_MORE_THAN_30000 = _number("more than 30,000", 30000, None, Bound.AT_LEAST)
_50000 = _number("50,000", 50000, 50000)
_UP_TO_40 = _number("up to 40", None, 40, Bound.AT_MOST)
_38 = _number("38", 38, 38)
_10 = _number("10", 10, 10)
_30_TO_40 = _number("30 to 40", 30, 40, Bound.RANGE)
_DOZENS = _number("dozens", 24, 99, Bound.VAGUE)


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (_12, _12, True),
        (_12, _25, False),
        (_2900, _ABOUT_3000, True),
        (_25, _ABOUT_3000, False),
        (_OVER_30000, _MORE_THAN_30000, True),
        (_OVER_30000, _50000, False),
        (_UP_TO_40, _38, True),
        (_UP_TO_40, _10, False),
        (_30_TO_40, _38, True),
        (_30_TO_40, _25, False),
        (_DOZENS, _38, True),
        (_DOZENS, _12, False),
    ],
)
def test_two_numbers_agree_where_both_can_state_one_value(one, other, agree):
    """Bounds and roundness decide whether two numbers can be the same one, in either order."""
    assert compatible(one, other) is agree
    assert compatible(other, one) is agree


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("2019-01-08", "2019-01-08", True),
        ("2019-01-08", "2020-01-08", False),
        ("2019-01-08", "2019-01", True),
        ("2019-01-08", "2019", True),
        ("2019-02-08", "2019-01", False),
    ],
)
def test_dates_agree_as_far_as_the_vaguer_one_goes(one, other, agree):
    """A month agrees with its days, and with no day of another month."""
    assert same_day(a_date(value=one), a_date(value=other)) is agree


@pytest.mark.parametrize(("value", "agree"), [("2026-03-10", True), ("2026-03-17", False)])
def test_a_relative_date_in_a_copy_is_the_original_s(value, agree):
    """The words "this evening", copied the next morning, is the same evening; a week later it is another."""
    original = a_date(text="this evening", value="2026-03-09")
    assert same_day(original, a_date(text="This evening", value=value)) is agree


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, []),
        ({"quantities": (_12,)}, {"quantities": (_25,)}, [("quantity", "12 (person)", "25 (person)")]),
        ({"quantities": (_2900,)}, {"quantities": (_ABOUT_3000,)}, []),
        ({}, {"quantities": (_25,)}, [("quantity", None, "25 (person)")]),
        ({"quantities": (_25,)}, {}, []),
        (
            {"quantities": (_number("5", 5, 5, unit="km"),)},
            {"quantities": (_12,)},
            [("quantity", None, "12 (person)")],
        ),
        (
            {"dates": (a_date(text="January 8, 2019", value="2019-01-08"),)},
            {"dates": (a_date(text="January 8, 2020", value="2020-01-08"),)},
            [("date", "January 8, 2019", "January 8, 2020")],
        ),
        ({"negated": False}, {"negated": True}, [("polarity", "asserted", "denied")]),
        ({"hedged": True}, {"hedged": False}, [("certainty", "uncertain", "stated as fact")]),
        (
            {"mentions": (a_mention(entity="khom", text="Khom"),)},
            {"mentions": (a_mention(entity="kham", text="Kham"),)},
            [("entity", "Khom", "Kham")],
        ),
        (
            {"mentions": (a_mention(entity="pufd", text="PUFD"),)},
            {"references": (a_mention(entity="pufd", text="the group"),)},
            [],
        ),
    ],
)
def test_what_a_later_claim_says_otherwise_is_named(before, after, expected):
    """Each kind of fact gives a difference with both values, and agreement gives none."""
    found = differences(a_claim(**before), a_claim(**after))
    assert [(each.kind, each.before, each.after) for each in found] == expected
