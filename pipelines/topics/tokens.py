"""Words as the query language sees them: folded for comparing, with their exact places in the text."""

import re
from typing import Final
from unicodedata import category, combining, normalize

from schemas.record import record

_MARKS: Final = "".join(chr(code) for code in range(0x300, 0x10000) if category(chr(code)).startswith("M"))
_UNSEEN: Final = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
# Chinese and Japanese set no spaces: each of their characters is a word, and a query of several is a phrase.
_UNSPACED: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER: Final = rf"[^\W_{_UNSPACED}]"
_WORD: Final = re.compile(
    rf"([{_UNSPACED}]|{_LETTER}+(?:[{_MARKS}{_UNSEEN}]+{_LETTER}+)*[{_MARKS}]*)"
    rf"(?:['’ʼ＇][sS](?![\w{_MARKS}]))?"  # a possessive is no word of its own
)
_UNSEEN_CHARACTER: Final = re.compile(f"[{_UNSEEN}]")
# Letters that Unicode does not decompose, though people type them without their stroke or ligature.
_PLAIN: Final = str.maketrans(
    {
        "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ħ": "h", "Ħ": "H",
        "ŧ": "t", "Ŧ": "T", "ı": "i", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "TH",
    }
)  # fmt: skip


# The marks that news is set with. Without them most English text is ASCII, which is cut three times as fast.
_TYPESET: Final = (("’", "'"), *((mark, " ") for mark in "‘“”„–—…•·\u00a0\u2009\u202f"))
_ASCII_BREAKS: Final = {code: " " for code in range(128) if not chr(code).isalnum()}
_ASCII_POSSESSIVE: Final = re.compile(r"([a-z0-9])'s(?!\w)")


@record
class Words:
    """The words of one text, in order."""

    folded: tuple[str, ...]
    """Each word as `fold` leaves it."""
    spans: tuple[tuple[int, int], ...]
    """Where each word stands, in code points; a possessive ending lies outside."""


def split_words(text: str) -> Words:
    """The words of the text: runs of letters and digits, cut at hyphens and apostrophes as at any mark.

    A possessive `'s` belongs to no word. Invisible characters inside a word do not cut it. Linear.
    """
    spans = tuple(found.span(1) for found in _WORD.finditer(text))
    if text.isascii():
        text = text.lower()
        return Words(folded=tuple(text[start:end] for start, end in spans), spans=spans)
    return Words(folded=tuple(fold(text[start:end]) for start, end in spans), spans=spans)


def folded_words(text: str) -> list[str]:
    """The same words as `split_words(text).folded`, sooner, because nobody asks where they stand."""
    if not text.isascii():
        for mark, plain in _TYPESET:
            text = text.replace(mark, plain)
        if not text.isascii():
            return [word.lower() if word.isascii() else fold(word) for word in _WORD.findall(text)]
    text = text.lower()
    if "'s" in text:
        text = _ASCII_POSSESSIVE.sub(r"\1 ", text)
    return text.translate(_ASCII_BREAKS).split()


def fold(text: str) -> str:
    """The text without case, accents, ligatures and invisible characters."""
    return text.lower() if text.isascii() else without_accents(text).casefold()


def without_accents(text: str) -> str:
    """The text without accents, ligatures and invisible characters; the case stays."""
    if text.isascii():
        return text
    decomposed = normalize("NFKD", _UNSEEN_CHARACTER.sub("", text))
    plain = "".join(character for character in decomposed if not combining(character))
    return normalize("NFC", plain.translate(_PLAIN))
