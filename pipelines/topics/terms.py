"""Reads one term of a query."""

import re
from typing import Final

from pipelines.topics.faults import Written
from pipelines.topics.lexer import Lexeme
from pipelines.topics.query import LabelTerm, TextTerm, Word
from pipelines.topics.tokens import fold, split_words, without_accents

_LEAST_STEM: Final = 2
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_STAR_HINT: Final = f"a * stands for the rest of a word, after {_LEAST_STEM} letters or more: Alban*"


def read_term(source: Written, lexeme: Lexeme, field: str | None) -> TextTerm | LabelTerm:
    """The term that this lexeme, bare or quoted, is in a field.

    Raises:
        ConfigError: it cannot be a term there.
    """
    written = f"{field}:{lexeme.written}" if field else lexeme.written
    if field is None or field == "title":
        words = _read_words(source, lexeme)
        _check_within(source, lexeme, words)
        return TextTerm(written=written, field=field, words=words, within=lexeme.within)
    if lexeme.exact or lexeme.within is not None:
        hint = f"= and ~ are for words in the title and the text; write {field}:{lexeme.text}"
        raise source.fault(lexeme.at, f"a plain value after {field}:", hint=hint)
    value, prefix = _read_value(source, lexeme, field)
    return LabelTerm(written=written, field=field, value=value, prefix=prefix)


def _read_words(source: Written, lexeme: Lexeme) -> tuple[Word, ...]:
    text = lexeme.text
    split = split_words(text)
    if not split.spans:
        raise source.fault(lexeme.text_at, "a word", hint="a word has a letter or a digit")
    words = list(zip(split.folded, split.spans, strict=True))
    stems = {end for folded, (_, end) in words if len(folded) >= _LEAST_STEM}
    stars = {at for at, character in enumerate(text) if character == "*"}
    goes_on = stars & {start - 1 for start, _ in split.spans}
    for star in sorted(stars):
        if star not in stems or star in goes_on:
            expected = f"{_LEAST_STEM} letters or more before the * and none behind it"
            raise source.fault(lexeme.text_at + star, expected, hint=_STAR_HINT)
    return tuple(
        Word(
            folded=folded,
            exact=without_accents(text[start:end]) if lexeme.exact else None,
            prefix=end in stars,
        )
        for folded, (start, end) in words
    )


def _check_within(source: Written, lexeme: Lexeme, words: tuple[Word, ...]) -> None:
    if lexeme.within is None:
        return
    if len(words) == 1:
        hint = 'near is for words beside each other, such as "Camp Ashraf"~5'
        raise source.fault(lexeme.at, "two words or more before the ~", hint=hint)
    least = len(set(words)) - 1
    if lexeme.within < least:
        at = lexeme.at + len(lexeme.written) - len(str(lexeme.within))
        hint = f"{len(words)} words lie at least {least} apart from the first to the last"
        raise source.fault(at, f"{least} or more", hint=hint)


def _read_value(source: Written, lexeme: Lexeme, field: str) -> tuple[str, bool]:
    value = lexeme.text.strip()
    stem = value.removesuffix("*")
    prefix = stem != value
    star = lexeme.text.find("*")
    if field == "lang":
        if not _LANGUAGE.fullmatch(value.lower()):
            raise source.fault(lexeme.text_at, "a language code after lang:", hint="such as lang:en")
    elif not stem:
        raise source.fault(lexeme.text_at, f"a value after {field}:", hint=f"such as {field}:mek")
    elif "*" in stem or (prefix and len(stem) < _LEAST_STEM):
        expected = f"{_LEAST_STEM} characters or more before the * and none behind it"
        raise source.fault(lexeme.text_at + star, expected, hint=_STAR_HINT)
    return fold(stem), prefix
