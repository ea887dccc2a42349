"""How a name sounds: one key for its spellings in Latin letters, whatever script it was carried over from.

The key follows the usual differences between systems of transliteration (Arabic, Persian, Cyrillic, German
and French habits): "Mohammed" and "Muhammad", "Zelensky" and "Zelenskyy", "Qaddafi" and "Kaddafi" share
theirs. Names that only sound alike do not: "Khomeini" and "Khamenei" differ in a vowel. Pure logic.
"""

import re
from functools import lru_cache
from typing import Final

from anyascii import anyascii

_VOWELS: Final = frozenset("aeiou")
_LETTERS: Final = re.compile("[^a-z0-9]+")
# In this order: longer strings before those that they hold.
_RULES: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("^[yj](?=e)", ""),  # Yevgeny, Evgeny
        ("sch|sh|sz", "S"),
        ("tch|ch|cz", "C"),
        ("dzh|zh|dj|j(?=[aeou])", "J"),
        ("ph", "f"),
        ("ck|q|kh|c(?![eiyz])", "k"),
        ("c", "s"),
        ("gh", "g"),
        ("th", "t"),
        ("dh", "d"),
        ("t[sz]", "Z"),
        ("z", "s"),  # organisation, organization
        ("x", "ks"),
        ("w", "v"),
        ("h$|(?<=[aeiouy])h(?=[^aeiouy])", ""),
        ("[yj]", "i"),
        ("[ae]i+", "e"),
        ("[ou]+", "u"),
        ("[ie]{2,}", "i"),
        (r"(.)\1+", r"\1"),
    )
)
_ONE_VOWEL: Final = str.maketrans("ei", "aa")


@lru_cache(maxsize=20_000)  # the words of names come again and again
def latin(word: str) -> str:
    """The word in small letters from a to z and digits, carried over from whatever script it is in."""
    return _LETTERS.sub("", anyascii(word).lower())


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """The sounds of a word, spelt one way; vowels are a, e, i and u, where e may stand for a and i."""
    spelt = latin(word)
    for pattern, spelling in _RULES:
        spelt = pattern.sub(spelling, spelt)
    return spelt


def sound_key(word: str) -> str:
    """The same for all spellings of one word, and for some words besides: `same_sound` tells them apart."""
    return sound(word).translate(_ONE_VOWEL)


def same_sound(one: str, other: str) -> bool:
    """Whether two words can be spellings of one: their sounds agree, where e agrees with a and with i.

    A word in a script without vowels agrees where the consonants do.
    """
    one, other = sound(one), sound(other)
    if one == other:
        return True
    if _VOWELS.isdisjoint(one) or _VOWELS.isdisjoint(other):
        return len(one) > 1 < len(other) and _consonants(one) == _consonants(other)
    return len(one) == len(other) and all(
        a == b or {a, b} in ({"a", "e"}, {"e", "i"}) for a, b in zip(one, other, strict=True)
    )


def _consonants(spelt: str) -> str:
    return "".join(letter for letter in spelt if letter not in _VOWELS)
