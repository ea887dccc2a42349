"""The unit that stands beside a number: percent, currency, age, magnitude, a measure. Pure logic."""

import re
from typing import Final, NamedTuple

_SIGNS: Final = {
    "$": "USD",
    "US$": "USD",
    "A$": "AUD",
    "C$": "CAD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "S$": "SGD",
    "R$": "BRL",
    "£": "GBP",
    "€": "EUR",
    "¥": "JPY",
    "₹": "INR",
    "Rs": "INR",
    "Rs.": "INR",
    "₽": "RUB",
    "₺": "TRY",
    "₪": "ILS",
    "₩": "KRW",
    "₴": "UAH",
}
# Without ALL, TRY and RON, which are words and a name in headlines.
_CODES: Final = frozenset(
    "USD EUR GBP CHF JPY CNY INR RUB ILS KRW UAH AUD CAD NZD HKD SGD BRL MXN ZAR SEK NOK DKK PLN CZK HUF "
    "BGN IRR IQD SAR AED QAR KWD EGP PKR IDR MYR THB PHP VND NGN KES".split()
)
_MONEY: Final = {
    "dollar": "USD",
    "euro": "EUR",
    "sterling": "GBP",
    "yen": "JPY",
    "yuan": "CNY",
    "renminbi": "CNY",
    "ruble": "RUB",
    "rouble": "RUB",
    "shekel": "ILS",
    "lek": "ALL",
    "leke": "ALL",
    "hryvnia": "UAH",
    "zloty": "PLN",
}
# Money whose name several countries share: the country and the money say which.
_SHARED: Final = {
    ("us", "dollar"): "USD",
    ("u.s", "dollar"): "USD",
    ("american", "dollar"): "USD",
    ("canadian", "dollar"): "CAD",
    ("australian", "dollar"): "AUD",
    ("singapore", "dollar"): "SGD",
    ("hong kong", "dollar"): "HKD",
    ("new zealand", "dollar"): "NZD",
    ("british", "pound"): "GBP",
    ("egyptian", "pound"): "EGP",
    ("swiss", "franc"): "CHF",
    ("swedish", "kron"): "SEK",
    ("norwegian", "kron"): "NOK",
    ("danish", "kron"): "DKK",
    ("czech", "crown"): "CZK",
    ("czech", "korun"): "CZK",
    ("indian", "rupee"): "INR",
    ("pakistani", "rupee"): "PKR",
    ("turkish", "lira"): "TRY",
    ("iranian", "rial"): "IRR",
    ("saudi", "riyal"): "SAR",
    ("qatari", "riyal"): "QAR",
    ("iraqi", "dinar"): "IQD",
    ("kuwaiti", "dinar"): "KWD",
    ("mexican", "peso"): "MXN",
    ("kenyan", "shilling"): "KES",
}
_MEASURES: Final = {
    word: unit
    for unit, words in {
        "percent": "% ٪ percent pct pc",
        "km": "km kms kilometre kilometres kilometer kilometers",
        "m": "m metre metres meter meters",
        "cm": "cm centimetre centimetres centimeter centimeters",
        "mm": "mm millimetre millimetres millimeter millimeters",
        "mile": "mile miles mi",
        "foot": "foot feet ft",
        "inch": "inch inches",
        "yard": "yard yards",
        "kg": "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes",
        "gram": "gram grams gramme grammes",
        "tonne": "tonne tonnes",
        "ton": "ton tons",
        "hectare": "hectare hectares ha",
        "acre": "acre acres",
        "litre": "litre litres liter liters",
        "km/h": "km/h kph kmh",
        "mph": "mph",
        "MW": "mw megawatt megawatts",
        "GW": "gw gigawatt gigawatts",
        "degree": "° °c °f degree degrees",
        "magnitude": "magnitude",
        "day": "day days",
        "week": "week weeks",
        "month": "month months",
        "year": "year years yr yrs",
        "hour": "hour hours hr hrs",
        "minute": "minute minutes min mins",
        "second": "seconds sec secs",
    }.items()
    for word in words.split()
}
_TEMPERATURE: Final = re.compile(r"[CF](?!\w)")
_NEXT: Final = re.compile(r"(?: - |[ \u00a0-])?(%|٪|°[CF]?|[€£$]|[^\W\d_]+(?:/h)?)")
_PER_CENT: Final = re.compile(r"[ -]per[ -]?cent\b")
_POINTS: Final = re.compile(r"[ -](?:(?P<basis>basis points?|bps)|percentage[ -]points?|pp)\b")
_AREA: Final = re.compile(r"[ -]?(square|sq|cubic)\.?[ -]([a-z]+)")
_NATIONAL: Final = re.compile(
    rf"[ -]({'|'.join(sorted({re.escape(nation) for nation, _ in _SHARED}, key=len, reverse=True))})\.?"
    rf" ({'|'.join(sorted({money for _, money in _SHARED}))})(?:s|[aeo][rn]?s?)?\b"
)
_OLD: Final = re.compile(r"(?: - |[ -])years?(?: - |[ -])(?:old|of[ -]age)\b|-?yo\b")
_AGED: Final = re.compile(r"(?:\bage[ds]?|\bage of|\b(?:man|woman|boy|girl) of) \Z")
_APPOSED: Final = re.compile(r"[A-Z][\w’'.]+(?:, | \()\Z")
_APPOSED_END: Final = re.compile(r",|\)|\.?\Z| and\b| of\b| who\b")
_MAGNITUDE: Final = re.compile(r"\bmagnitude(?: - | of |[ -])\Z")
_RICHTER: Final = re.compile(r" on the (?:richter|moment|open-ended)")
_PER_HOUR: Final = re.compile(r" (?:per|an) hour\b")
_BEFORE: Final = 30
_AGES: Final = range(1, 120)
_MILLION: Final = 10**6

_LONGEST_FIRST = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
SIGN: Final = rf"(?:{_LONGEST_FIRST}|\b(?:{'|'.join(sorted(_CODES))})\b)"
"""Pattern of the signs and codes that stand before an amount of money."""
SIGN_STARTERS: Final = frozenset(
    (*_CODES, "$", "£", "€", "¥", "₹", "₽", "₺", "₪", "₩", "₴", "Rs", "US", "A", "C")
) | {"NZ", "HK", "S", "R"}
"""Every token that can begin a sign."""


class Unit(NamedTuple):
    """A unit, and where the amount as written ends with it."""

    name: str
    """Normalised: ISO 4217 code, `percent`, `age`, `magnitude`, "km", "year"."""
    end: int
    """One past the last code point of the amount and its percent or currency sign; measures are left out."""
    measured: bool
    """False where the name is a counted noun, or empty."""


def unit_of(sentence: str, start: int, end: int, value: float) -> Unit | None:
    """The unit of the number at this span of the sentence; None where it is a plain count."""
    before, after = sentence[max(0, start - _BEFORE) : start], sentence[end : end + _BEFORE].lower()
    found = _percent_or_money(sentence, end, after, value)
    if found:
        return found
    if _OLD.match(after) or (value in _AGES and _is_age(before, after)):
        return Unit("age", end, measured=True)
    if _MAGNITUDE.search(before.lower()) or _RICHTER.match(after):
        return Unit("magnitude", end, measured=True)
    if _TEMPERATURE.match(sentence, end):
        return Unit("degree", end, measured=True)
    measure = _measure(after)
    return Unit(measure, end, measured=True) if measure else None


def currency_of(sign: str) -> str:
    """The ISO 4217 code of a sign or code before an amount."""
    return _SIGNS.get(sign, sign)


def _percent_or_money(sentence: str, end: int, after: str, value: float) -> Unit | None:
    if sign := _PER_CENT.match(after):
        return Unit("percent", end + sign.end(), measured=True)
    if sign := _POINTS.match(after):
        point = "basis point" if sign["basis"] else "percentage point"
        return Unit(point, end + sign.end(), measured=True)
    if (sign := _NATIONAL.match(after)) and (code := _SHARED.get((sign[1], sign[2]))):
        return Unit(code, end + sign.end(), measured=True)
    if not (sign := _NEXT.match(after)):
        return None
    word, at = sign[1].removesuffix("s"), end + sign.end()
    written = sentence[end + sign.start(1) : at]
    if word in {"%", "٪", "pct", "pc", "percent"}:
        return Unit("percent", at, measured=True)
    if word == "pound" and (value >= _MILLION or "sterling" in after):
        return Unit("GBP", at, measured=True)
    if code := _MONEY.get(word) or _SIGNS.get(written) or (written if written in _CODES else None):
        return Unit(code, at, measured=True)
    return None


def _is_age(before: str, after: str) -> bool:
    """Whether a bare number is an age: "aged 16", or "Gray, 16,"."""
    return bool(_AGED.search(before) or (_APPOSED.search(before) and _APPOSED_END.match(after)))


def _measure(after: str) -> str | None:
    if area := _AREA.match(after):
        unit = _MEASURES.get(area[2])
        return unit and f"{'cubic' if area[1] == 'cubic' else 'square'} {unit}"
    found = _NEXT.match(after)
    unit = _MEASURES.get(found[1]) if found else None
    if found and unit in {"km", "mile"} and _PER_HOUR.match(after, found.end()):
        return "km/h" if unit == "km" else "mph"
    return unit
