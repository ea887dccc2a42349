"""How much a sentence is worth checking: a sum of few features that anybody can follow. Pure logic."""

from collections.abc import Sequence
from typing import Final

from schemas.claims import Quantity

_PAST: Final = frozenset(
    "was were had did said gave took made went lost won spent paid told came got left ran cut put began "
    "built bought sold sent brought held met found fell rose grew led kept broke hit shot fought drove "
    "fled".split()
)
_COMPARING: Final = frozenset(
    "most least highest lowest largest biggest smallest worst best only ever never every record more "
    "less fewer higher lower first twice double".split()
)
_OPEN: Final = frozenset(
    "will would shall should must can could may might perhaps maybe probably going need let hope".split()
)
_PERSONAL: Final = frozenset("i i'm i've i'd my me we we're our us you your".split())
_OPINION: Final = frozenset(
    "think believe feel hope want love like wish guess mean agree thank thanks please welcome well "
    "sorry".split()
)

BASE: Final = 0.25
WEIGHTS: Final = {
    "number": 0.15,
    "money or percent": 0.20,
    "past event": 0.12,
    "comparison": 0.10,
    "entity": 0.10,
    "long": 0.10,
    "open": -0.08,
    "personal": -0.08,
    "opinion": -0.08,
    "hedged": -0.08,
    "short": -0.10,
}
"""What each feature adds. Their order of size follows a regression on check-worthy sentences of political
debates (mean average precision 0.20, 0.07 by chance); entities were added for news."""
_LONG: Final = 18
_SHORT: Final = 6


def check_worthiness(
    words: Sequence[str], quantities: Sequence[Quantity], *, named: bool, hedged: bool
) -> float:
    """How much the sentence is worth checking, 0..1: the base and the weights of the features it has.

    `words` are its words in lower case, in order; `named` says whether it names a tracked entity.
    """
    distinct = frozenset(words)
    features = {
        "number": bool(quantities),
        "money or percent": any(_is_rate(quantity.unit) for quantity in quantities),
        "past event": not distinct.isdisjoint(_PAST) or any(word.endswith("ed") for word in distinct),
        "comparison": not distinct.isdisjoint(_COMPARING),
        "entity": named,
        "long": len(words) >= _LONG,
        "open": not distinct.isdisjoint(_OPEN),
        "personal": not distinct.isdisjoint(_PERSONAL),
        "opinion": not distinct.isdisjoint(_OPINION),
        "hedged": hedged,
        "short": len(words) < _SHORT,
    }
    score = BASE + sum(WEIGHTS[feature] for feature, present in features.items() if present)
    return round(min(1.0, max(0.0, score)), 2)


def _is_rate(unit: str) -> bool:
    return unit == "percent" or (len(unit) == 3 and unit.isupper())
