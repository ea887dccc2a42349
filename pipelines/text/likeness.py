"""How likely two names are one: spelling, order, initials, titles and legal forms set aside. Pure logic.

After the way of sanctions screening (word by word alignment, then what is left over): names agree where every
word of the shorter one has a partner in the longer one, and differ where each has a word of its own.
"""

import re
from collections.abc import Sequence
from typing import Final

from rapidfuzz.distance import OSA

from pipelines.text.names import TITLES
from pipelines.text.spelling import latin, same_sound

SAME_NAME: Final = 0.7
"""Likeness from which on two names are taken for one, slips of the pen included."""

_WORD: Final = re.compile(r"[^\W_]+(?:['’`][^\W_]+)*\.?")
_DOTTED: Final = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_IDEOGRAPHS: Final = re.compile("[\u3400-\u9fff]")
_LEGAL_FORMS: Final = frozenset(
    "ag aktiengesellschaft gmbh ltd limited llc inc incorporated corp corporation co company plc sa srl sarl "
    "spa nv bv oao ooo zao pao ao jsc ojsc pjsc llp lp pty pte sp zoo kg se asa ab oy aps kk joint stock "
    "open public liability liabilities mv the of and for de la y et und".split()
)
_PARTICLES: Final = frozenset("al el ul ur bin ben ibn bint abu abou von van der de la du del di da".split())
_SOUNDS_ALIKE: Final = 0.95
_INITIAL: Final = 0.85
_SLIP: Final = 0.7
_LEFT_OVER: Final = 0.12
_BOTH_LEFT_OVER: Final = 0.6


def likeness(one: str, other: str) -> float:
    """How likely two names name one person or body, 0..1; `SAME_NAME` and above is a match."""
    if _IDEOGRAPHS.search(one) and _IDEOGRAPHS.search(other):
        return float(one == other)  # two signs may be read alike
    first, second = _telling_words(one), _telling_words(other)
    if not first or not second:
        return 0.0
    return max(_aligned(first, second), _joined(first, second))


def _telling_words(name: str) -> list[str]:
    """The Latin words of a name without titles, legal forms and particles, unless nothing else is there."""
    name = _DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), name.replace("&", " and "))
    words = [word for word in (latin(found) for found in _WORD.findall(name)) if word]
    telling = [word for word in words if word not in TITLES | _LEGAL_FORMS | _PARTICLES]
    return telling or words


def _aligned(first: Sequence[str], second: Sequence[str]) -> float:
    """Likeness by the best partner for each word, in any order."""
    pairs = sorted(
        (
            (_word_likeness(a, b), -abs(i - j), i, j)
            for i, a in enumerate(first)
            for j, b in enumerate(second)
        ),
        reverse=True,
    )
    alone_one, alone_other = set(range(len(first))), set(range(len(second)))
    partners: list[tuple[float, int]] = []
    for alike, _, i, j in pairs:
        if alike >= _SLIP and i in alone_one and j in alone_other:
            alone_one.discard(i)
            alone_other.discard(j)
            partners.append((alike, max(len(first[i]), len(second[j]))))
    if not partners:
        return 0.0
    weight = sum(letters for _, letters in partners)
    score = sum(alike * letters for alike, letters in partners) / weight
    if alone_one and alone_other:
        return score * _BOTH_LEFT_OVER
    left = len(alone_one) + len(alone_other)
    return score - _LEFT_OVER * left / len(partners)


def _word_likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if len(one) == 1 or len(other) == 1:
        return _INITIAL if one[0] == other[0] else 0.0
    if same_sound(one, other):
        return _SOUNDS_ALIKE
    longest = max(len(one), len(other))
    slips = OSA.distance(one, other)
    return 1 - slips / longest if slips <= (longest + 1) // 4 else 0.0


def _joined(first: Sequence[str], second: Sequence[str]) -> float:
    """Likeness of names that are only set apart otherwise: "Good Will" and "Goodwill"."""
    if len(first) == len(second):
        return 0.0
    one, other = "".join(first), "".join(second)
    return _word_likeness(one, other) if min(len(one), len(other)) > 1 else 0.0
