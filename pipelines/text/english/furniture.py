"""Lines of a page that are no part of what it reports: stamps, credits, invitations, counters. Pure logic."""

import re
from collections.abc import Sequence
from typing import Final

from pipelines.text.words import has_numeral

_LONGEST_STAMP: Final = 20
_FEWEST_WORDS: Final = 3
# Nothing is left of "Published: 13 Nov 2007 11:06 PM CET" without these.
_STAMP_WORDS: Final = frozenset(
    "posted published updated edited modified last first time date at on by of and the am pm a p m hrs "
    "st nd rd th mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday "
    "saturday sunday jan feb mar apr may jun jul aug sep sept oct nov dec january february march april "
    "june july august september october november december gmt utc est edt cst cdt mst mdt pst pdt bst "
    "ist cet cest et pt uk local min mins minute minutes hour hours read ago".split()
)
_STAMPING: Final = frozenset("posted published updated edited modified last first".split())
_PAGE: Final = r"(?:article|story|page|post|report|column|interview|video|piece)"
_ABOUT_PAGE: Final = (
    rf"this {_PAGE} (?:(?:originally|also) )?(?:was|is|has been|appeared|ran|first appeared)\b"
    r"|the views (?:and opinions )?expressed\b|all times (?:are )?(?:local|[A-Z]{2,4})\b"
    r"|prices (?:include|exclude)\b|all rights reserved|we use cookies\b|©"
    r"|you(?: a|['’])re (?:the )?visitor\b|[\d,. ]+(?:people|readers|users) are (?:reading|viewing)\b"
    r"|[\d,. ]+comments? (?:have been|has been|so far|on this)\b"
)
_INVITATION: Final = (
    r"(?:read|see|find out|learn|know) more\b|(?:also read|don['’]t miss)\b"
    r"|(?:read|see|watch|listen|hear) (?:also|next|now|our|below|the (?:full|video|clip|film))\b"
    r"|(?:click|tap|scroll|swipe|subscribe|stay with|sign up|sign in|log in|follow|share|download|bookmark"
    r"|donate|stay tuned|join us|contact us|tell us|e-?mail us|send us|visit our|check out|print this"
    r"|take your)\b(?!,)"
    r"|for (?:more|further|full|additional|a partial|the full|the latest) (?:[\w-]+ ){0,3}"
    r"(?:information|details?|list|news|updates|coverage)\b"
    r"|(?:get|want|join|receive) .{0,80}\b(?:inbox|newsletters?|briefing|headlines)\b"
    r"|(?:you (?:can|may) )?unsubscribe\b|enter your (?:e-?mail|name|address)\b"
    r"|already a (?:subscriber|member)\b|you have (?:\w+ )?(?:free )?articles? \b|you have \d+ free\b"
    r"|to (?:continue|keep) reading\b|support (?:us|our|the [A-Z]\w+ (?:from|with|today|for as))\b"
    r"|become a (?:member|subscriber|supporter)\b"
    r"|if you .{0,100}[, ](?:call|contact|write to|e-?mail|ring|phone|visit)\b"
    r"|do you .{0,60}\? (?:write|call|e-?mail|contact|tell|let us)\b"
    r"|(?:dial|call|phone|tel)\b[\w -]{0,20}[:.]? ?\+?\d"
)
_HEADING: Final = (
    r"(?:more from|more on|most read|most popular|advertisement|latest on|here['’]?s)\b[^.]{0,100}\.?\Z"
    r"|(?:related|recommended|trending|sponsored)"
    r"(?::| (?:stories|articles|news|topics|links|content|posts)\b|\Z)"
)
_CREDIT: Final = (
    r"(?:copyright|image|photo|photograph|picture|video|source|credit|graphic|reporting|editing|writing"
    r"|additional reporting|compiled|translated)(?: by\b|:| ?©| \(c\)| \d{4}\b)"
    r"|(?:file )?(?:photograph|photo|picture|image)(?: credit)?s?:|courtesy of [^,;]{1,60}\Z"
    r"|(?:AP|AFP|EPA|PA|Reuters|Getty|Getty Images|Shutterstock|Xinhua)(?: Photo)? ?/ ?[A-Z]"
)
_FURNITURE: Final = re.compile(
    rf"\A[\W_]*(?:{_INVITATION}|{_HEADING}|{_CREDIT}|{_ABOUT_PAGE})", re.IGNORECASE
)
_NAME: Final = r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,3}"
_BYLINE: Final = re.compile(
    r"\A(?:By|BY|About|Statement by) [A-Z][^.,;:]{0,60}(?:, (?:Inc|Ltd|LLC|Staff|Associated Press"
    r"|Reuters)\b.*)?\.?\Z"
    rf"|\A(?:Written|Words|Text|Story|Pictures|Photos|Video) by {_NAME}(?: (?:for|and|in)\b.*)?\.?\Z"
)
_AUTHOR: Final = re.compile(
    rf"\A{_NAME} (?:is|was) (?:an?|the|our|[\w.’' ]{{1,30}}['’]s) (?:[\w-]+ ){{0,4}}"
    r"(?:writer|reporter|correspondent|columnist|editor|journalist|contributor|producer)"
    r"(?: (?:at|for|with|in|of|on|based|covering)\b[^,;]{0,80})?\Z"
    rf"|\A{_NAME} (?:covers|writes about|reports on) [^,;]{{1,60}} (?:for|at) [^,;]{{1,40}}\Z"
)
_AUTHOR_WORDS: Final = frozenset(
    "writer reporter correspondent columnist editor journalist contributor producer covers writes "
    "reports".split()
)
_REACHED_WORDS: Final = frozenset("reached contacted followed follow available viewed shared".split())
_REACHED: Final = re.compile(
    r"\bcan be (?:reached|contacted|followed) (?:at|on|via)\b|\bFollow \w+ on\b|\bavailable at https?\b"
    rf"|\A[Tt]h(?:is|e) {_PAGE} has been (?:viewed|shared|read) [\d,. ]+times\.?\Z"
)


def is_furniture(sentence: str, words: Sequence[str]) -> bool:
    """Whether the sentence belongs to the page and not to its report; `words` are its words in lower case.

    "You are visitor 48211", "Photo: Ida Brem", "Read more: ...", "Posted: 2 April", an author's box.
    """
    if _is_stamp(sentence, words) or _FURNITURE.match(sentence) or _BYLINE.match(sentence):
        return True
    if not _AUTHOR_WORDS.isdisjoint(words) and _AUTHOR.match(sentence.rstrip(".")):
        return True
    return not _REACHED_WORDS.isdisjoint(words) and _REACHED.search(sentence) is not None


def _is_stamp(sentence: str, words: Sequence[str]) -> bool:
    """Whether the sentence says no more than when or by whom something was put on the page."""
    if len(words) > _LONGEST_STAMP or not (words[0] in _STAMPING or has_numeral(sentence)):
        return False
    return sum(word not in _STAMP_WORDS for word in words) < _FEWEST_WORDS
