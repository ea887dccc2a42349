"""The words of a sentence, which most questions about it can be answered by. Pure logic."""

import re
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NUMERAL: Final = re.compile(r"[\d½⅓⅔¼¾]")


@lru_cache(maxsize=512)  # several steps ask about the same sentence, one after the other has read the article
def words_of(sentence: str) -> tuple[str, ...]:
    """The words in lower case, in order: letters with apostrophes inside, without numbers and marks."""
    return tuple(_WORD.findall(sentence.lower()))


def has_numeral(sentence: str) -> bool:
    """Whether a digit or a fraction sign stands in the sentence."""
    return _NUMERAL.search(sentence) is not None
