"""Which sentences state something that a reader could check. Pure logic."""

import re
from collections.abc import Sequence
from typing import Final

from pipelines.text.words import has_numeral

_FEWEST_WORDS: Final = 3
_LEAD_IN: Final = 8
_LONGEST_STAMP: Final = 20
_FEELING: Final = 8
_ANNOUNCING: Final = frozenset(
    "said says replied commented added wrote asked read reads blunt statement".split()
)
_QUESTION: Final = re.compile(r"\?[\"”’'»)\] ]*\Z|\?[\"”’'»] ?(?:[\w.’']+ ){0,5}(?:asked|asks|wondered)\b")
# Nothing is left of "Published: 13 Nov 2007 11:06 PM CET" without these.
_STAMP_WORDS: Final = frozenset(
    "posted published updated edited modified last first time date at on by of and the am pm a p m hrs "
    "st nd rd th mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday "
    "saturday sunday jan feb mar apr may jun jul aug sep sept oct nov dec january february march april "
    "june july august september october november december gmt utc est edt cst cdt mst mdt pst pdt bst "
    "ist cet cest et pt uk local min mins minute minutes hour hours read ago".split()
)
_STAMPING: Final = frozenset("posted published updated edited modified last first".split())
_FURNITURE: Final = re.compile(
    r"\A[\W_]*(?:(?:read|see|find out|learn|know) more\b"
    r"|(?:read|see|watch|listen|hear) (?:also|next|now|the full|below)\b"
    r"|(?:click|tap|scroll|swipe|subscribe|stay with|sign up|sign in|log in|follow|share|download"
    r"|bookmark|donate"
    r"|stay tuned"
    r"|join us|contact us|tell us|e-?mail us|send us|visit our|check out|print this|take your)\b"
    r"|for (?:more|further|full|additional|a partial|the full|the latest) (?:[\w-]+ ){0,3}(?:information"
    r"|details?|list"
    r"|news|updates|coverage)\b"
    r"|(?:more from|more on|related|recommended|most read|most popular|trending|advertisement|sponsored"
    r"|latest on"
    r"|here['’]?s)\b[^.]{0,100}\.?\Z"
    r"|(?:copyright|image|photo|photograph|picture|video|source|credit|graphic|reporting|editing|writing"
    r"|additional reporting|compiled|translated)(?: by\b|:| ?©| \(c\)| \d{4}\b)"
    r"|©|all rights reserved|we use cookies\b|this (?:article|story|post) (?:was|is|has been) "
    r"|(?:dial|call|phone|tel)\b[\w -]{0,20}[:.]? ?\+?\d)",
    re.IGNORECASE,
)
_BYLINE: Final = re.compile(
    r"\A(?:By|BY|About|Statement by) [A-Z][^.,;:]{0,60}(?:, (?:Inc|Ltd|LLC|Staff|Associated Press"
    r"|Reuters)\b.*)?\.?\Z"
)
_REACHED_WORDS: Final = frozenset("reached contacted followed follow available".split())
_REACHED: Final = re.compile(
    r"\bcan be (?:reached|contacted|followed) (?:at|on|via)\b|\bFollow \w+ on\b|\bavailable at https?\b"
)
_FEELS: Final = re.compile(
    r"\A[\W_]*(?:(?:and|but|so|because|that['’ ]+s why) )?(?:i|we)"
    r"(?: ?['’] ?(?:m|re)| am| are| was| were| feel| felt| understand| think| hope| wish| love| guess"
    r"| mean)\b",
    re.IGNORECASE,
)
# "Should the court agree, he would leave", "Had they stayed, they would be dead", "Suppose nobody came".
_SUPPOSED: Final = re.compile(
    r"\A[\W_]*(?:(?:suppose|imagine|what if)\b"
    r"|(?:should|were|had) (?:the|it|he|she|they|we|i|you|a|an|his|her|their)\b.*\b(?:would|could|might)\b)",
    re.IGNORECASE,
)
_SHORT_CRY: Final = re.compile(r"\A[^.?]{1,40}![\"”’'» ]*\Z")
_NAME_OR_NUMBER: Final = re.compile(r"\d|(?<=[a-z,] )(?!I\b)[A-Z]")


def is_statement(sentence: str, words: Sequence[str]) -> bool:
    """Whether the sentence states something that can be checked; `words` are its words in lower case.

    Not statements: questions, date lines, bylines, headings of one or two words, short lead-ins to a
    quotation or a list, page furniture ("Read more"), suppositions ("Had they stayed, they would be dead"),
    short cries and bare feelings ("I was shocked").
    """
    if len(words) < _FEWEST_WORDS or _is_stamp(sentence, words) or _QUESTION.search(sentence):
        return False
    if _FURNITURE.match(sentence) or _BYLINE.match(sentence) or _SUPPOSED.match(sentence):
        return False
    if not _REACHED_WORDS.isdisjoint(words) and _REACHED.search(sentence):
        return False
    if sentence.endswith((":", ",")) and (len(words) <= _LEAD_IN or words[-1] in _ANNOUNCING):
        return False
    bare = len(words) <= _FEELING and "by" not in words and not _NAME_OR_NUMBER.search(sentence)
    return not (bare and (_FEELS.match(sentence) or _SHORT_CRY.match(sentence)))


def _is_stamp(sentence: str, words: Sequence[str]) -> bool:
    """Whether the sentence says no more than when or by whom something was put on the page."""
    if len(words) > _LONGEST_STAMP or not (words[0] in _STAMPING or has_numeral(sentence)):
        return False
    return sum(word not in _STAMP_WORDS for word in words) < _FEWEST_WORDS
