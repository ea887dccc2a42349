"""Which sentences state something that a reader could check. Pure logic."""

import re
from collections.abc import Sequence
from typing import Final

from pipelines.text.english.furniture import is_furniture

_FEWEST_WORDS: Final = 3
_LEAD_IN: Final = 8
_FEELING: Final = 8
_ANNOUNCING: Final = frozenset(
    "said says replied commented added wrote asked read reads blunt statement".split()
)
_QUESTION: Final = re.compile(r"\?[\"”’'»)\] ]*\Z|\?[\"”’'»] ?(?:[\w.’']+ ){0,5}(?:asked|asks|wondered)\b")
_FEELS: Final = re.compile(
    r"\A[\W_]*(?:(?:and|but|so|because|that['’ ]+s why) )?(?:i|we)"
    r"(?: ?['’] ?(?:m|re)| am| are| was| were| feel| felt| understand| think| hope| wish| love| guess"
    r"| mean)\b",
    re.IGNORECASE,
)
# "Should the court agree, he would leave", "Had they stayed, they would be dead", "Suppose nobody came".
_SUPPOSED: Final = re.compile(
    r"\A[\W_]*(?:(?:suppose|imagine|what if|let (?:us|me) (?:suppose|imagine|assume))\b"
    r"|(?:should|were|had) (?:the|it|he|she|they|we|i|you|a|an|his|her|their)\b.*\b(?:would|could|might)\b)",
    re.IGNORECASE,
)
_SHORT_CRY: Final = re.compile(r"\A[^.?]{1,40}![\"”’'» ]*\Z")
_NAME_OR_NUMBER: Final = re.compile(r"\d|(?<=[a-z,] )(?!I\b)[A-Z]")


def is_statement(sentence: str, words: Sequence[str]) -> bool:
    """Whether the sentence states something that can be checked; `words` are its words in lower case."""
    return why_no_statement(sentence, words) is None


def why_no_statement(sentence: str, words: Sequence[str]) -> str | None:
    """What the sentence is instead of a statement, in words; None where it is one.

    Not statements: questions, headings of one or two words, short lead-ins to a quotation or a list, page
    furniture ("Read more"), suppositions ("Had they stayed, they would be dead"), short cries and bare
    feelings ("I was shocked").
    """
    if len(words) < _FEWEST_WORDS:
        return "too few words"
    if is_furniture(sentence, words):
        return "furniture of the page"
    if _QUESTION.search(sentence):
        return "a question"
    if _SUPPOSED.match(sentence):
        return "a supposition"
    if sentence.endswith((":", ",")) and (len(words) <= _LEAD_IN or words[-1] in _ANNOUNCING):
        return "a lead-in"
    bare = len(words) <= _FEELING and "by" not in words and not _NAME_OR_NUMBER.search(sentence)
    return "a feeling or a cry" if bare and (_FEELS.match(sentence) or _SHORT_CRY.match(sentence)) else None
