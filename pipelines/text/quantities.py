"""Which quantities a sentence states: value, bound, unit. Pure logic."""

import re
from itertools import islice
from typing import Final

from pipelines.text.amounts import Amount, Kind, find_amounts
from pipelines.text.english.bounds import bound_of
from pipelines.text.english.calendar_words import DIGITS, date_spans
from pipelines.text.english.nouns import FUNCTION_WORDS, counted
from pipelines.text.english.units import Unit, currency_of, unit_of
from schemas.claims import Bound, Quantity

_EASTERN: Final = re.compile("[\u0660-\u066c\u06f0-\u06f9]")
_NUMBERED: Final = re.compile(
    r"(?:\b(?:[Nn]os?\.|[Nn]umbers?|[Aa]rticles?|[Ss]ections?|[Cc]hapters?|[Pp]ages?|[Pp]aragraphs?"
    r"|grade|level|Group of"
    r"|phase|stage|step|part|item|line|room|gate|top|season|week|round|game|route|highway) |#)\Z"
)
_CAPITALISED: Final = re.compile(r"(?<![\w’'])([A-Z][\w’'.]*)[ -]\Z")
_STARTS: Final = re.compile(r"(?:^|[.!?:;“”\"(—–|\n] ?)\Z")
_ANAPHOR: Final = re.compile(r"\b(?:the|these|those|both|other) \Z", re.IGNORECASE)
_ONLY: Final = re.compile(r"\b(?:only|just) \Z", re.IGNORECASE)
_HAVING: Final = re.compile(r"\b(?:has|have|had) \Z")
_NO: Final = re.compile(r"\bno \Z", re.IGNORECASE)
_OF: Final = re.compile(r" of\b")
_PEOPLE: Final = frozenset("dead injured missing arrested displaced evacuated person man woman child".split())
_NEAR: Final = 24
_MOST: Final = 32  # a sentence with more is a table
_NAME_NUMBER: Final = 10


def find_quantities(text: str, start: int, end: int) -> tuple[Quantity, ...]:
    """The quantities in `text[start:end]`, in order.

    The text of a quantity holds the words that bound it and its percent or currency sign, not the noun.
    `low` and `high` are both the stated value where the bound is ABOUT: the reader decides how wide.
    AT_LEAST is open above, AT_MOST below. Parts of a whole are in percent. Units are ISO 4217 codes,
    `percent`, `age`, `magnitude`, measures ("km"), or the counted noun in the singular; people who were
    killed, injured, missing, arrested, displaced or evacuated are counted as `dead`, `injured` and so on,
    whatever the words.

    Not quantities: dates, times of day, ordinals, telephone numbers, scores, numbers that belong to a name
    ("Ashraf 3", "No. 5"), "one of", "the two".
    """
    sentence = text[start:end]
    if not sentence.isascii() and _EASTERN.search(sentence):
        sentence = sentence.translate(DIGITS)
    amounts = find_amounts(
        sentence, lambda: ((span.start - start, span.end - start) for span in date_spans(text, start, end))
    )
    found = (_quantity(sentence, amount, (text, start)) for amount in amounts)
    return tuple(islice((quantity for quantity in found if quantity), _MOST))


def _quantity(sentence: str, amount: Amount, place: tuple[str, int]) -> Quantity | None:
    """The quantity that an amount of the sentence at `place` states; None where it counts nothing."""
    stated = bound_of(sentence, amount.start, amount.end)
    unit = _unit(sentence, amount, stated.start, stated.end)
    if unit.end > stated.end:
        stated = bound_of(sentence, amount.start, unit.end)
    if not _counts(sentence, amount, unit, stated.bound):
        return None
    text, offset = place
    start, end = stated.start + offset, stated.end + offset
    low, high, bound = _interval(amount, stated.bound)
    return Quantity(
        text=text[start:end], start=start, end=end, low=low, high=high, bound=bound, unit=unit.name
    )


def _unit(sentence: str, amount: Amount, start: int, end: int) -> Unit:
    """The unit of an amount that fills this span together with the words that bound it."""
    if amount.sign:
        return Unit(currency_of(amount.sign), end, measured=True)
    if amount.kind is Kind.PART:
        return Unit("percent", end, measured=True)
    measured = unit_of(sentence, amount.start, end, amount.high)
    return measured or Unit(counted(sentence, start, end, one=amount.high == 1), end, measured=False)


def _interval(amount: Amount, bound: Bound) -> tuple[float | None, float | None, Bound]:
    if amount.kind is Kind.VAGUE:
        return amount.low, amount.high, Bound.VAGUE
    if amount.low < amount.high:
        return amount.low, amount.high, Bound.RANGE
    match bound:
        case Bound.AT_LEAST:
            return amount.low, None, bound
        case Bound.AT_MOST:
            return None, amount.high, bound
        case _:
            return amount.low, amount.high, bound


def _counts(sentence: str, amount: Amount, unit: Unit, bound: Bound) -> bool:
    """Whether the number counts something, and is neither part of a name nor a pronoun."""
    written = sentence[amount.start : amount.end]
    before = sentence[max(0, amount.start - _NEAR) : amount.start]
    if written.lower() == "one" and bound is Bound.EXACT:
        alone = _NO.search(before) or _OF.match(sentence, amount.end)
        counts = (
            unit.name in _PEOPLE
            or (unit.name and _HAVING.search(before))
            or _ONLY.search(before)
            or (unit.measured and not _STARTS.search(before))
        )
        return bool(counts and not alone)
    if bound is not Bound.EXACT or unit.measured or unit.name in _PEOPLE:
        return True
    if _NUMBERED.search(before):
        return False
    name = _CAPITALISED.search(before)
    if written.isdigit():
        if name and _STARTS.search(before, 0, name.start()):
            name = None if name[1].endswith("ing") or name[1].lower() in FUNCTION_WORDS else name
        return not name or (bool(unit.name) and amount.high >= _NAME_NUMBER)
    named = written[0].isupper() and not _STARTS.search(before)
    return bool(unit.name) or not (named or _ANAPHOR.search(before))
