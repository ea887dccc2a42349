"""Lines around an article's text that are not its own: titles and bylines above, boxes and notices below."""

import re
from typing import Final

from pipelines.text.metadata import PageMetadata

_TOP_LINES: Final = 8
_END_LINES: Final = 8
_SHORT_WORDS: Final = 14
_TEASER_WORDS: Final = 32
_TEASERS_SHARE: Final = 0.2

_ABOVE: Final = re.compile(
    r"(?:by|von|par|por|di|av|door)\s+\S.{0,60}"
    r"|(?:\d+|one|two|three|four|five)[ -]?min(?:ute)?s?(?: read)?"
    r"|(?:(?:last|first)\s+)?(?:published|updated|posted)\b.{0,60}"
    r"|share(?: this)?(?: (?:post|article|story))?|(?:table of )?contents|in this article"
    r"|(?:\w+,?\s+)?(?:\d{1,2}\.?\s+\w+|\w+\s+\d{1,2}),?\s+\d{4}.{0,20}"
    r"|\d{4}-\d\d-\d\d.{0,20}|(?:- )?(?:home|news|menu|search)",
    re.IGNORECASE,
)
_NOTICE: Final = re.compile(
    r"(?:click here|tap here) to\b|(?:subscribe|sign up|join|register)\b.{0,80}"
    r"\b(?:newsletters?|inbox|premium|alerts|updates|channel|today|emails?|forum)\b"
    r"|get (?:the|our)\b.{0,80}\b(?:inbox|newsletter)\b"
    r"|follow (?:us|me|\w+'s full coverage)\b|(?:all )?(?:content )?copyright (?:©|\(c\)|\d)|©"
    r"|all rights reserved"
    r"|(?:skip )?advertisement$|(?:post )?comments?(?: \(\+\))?$|(?:first|last) (?:published|updated)\b"
    r"|sign up for our\b|thanks for (?:reading|visiting)"
    r"|(?:also read|related|read(?: more)?|see (?:also|more)|learn more|lesen sie (?:auch|hier)|zum artikel):"
    r"|(?:contact us|get started(?: today)?|subscribe|sign up|learn more|where to buy)$"
    r"|(?:article |re)?(?:viewed|written) by:?\s.{0,40}$|.{0,40}\bcontains? (?:some )?affiliate links\b"
    r"|we may (?:earn|receive|get) .{0,20}\bcommission\b|.{0,80}\bwe may earn .{0,20}\bcommission\b"
    r"|(?:disclosure|disclaimer):",
    re.IGNORECASE,
)
_OTHER_STORIES: Final = re.compile(
    r"(?:you (?:may|might) also (?:like|enjoy)|more (?:from|news|stories|by this)\b.{0,40}|related\b.{0,30}"
    r"|(?:further reading|up next|don['’]t miss|read (?:more|next|also)|recommended|explore more"
    r"|featured articles|most (?:read|popular)|trending|other posts|today on \w+|mehr zum thema.{0,60}"
    r"|lesen sie auch|à lire aussi|lire aussi|lee también|leggi anche|leia (?:também|mais)))\s*[.:…]*",
    re.IGNORECASE,
)
_IS_SOMEBODY: Final = r"\s+(?:is|was|has|have|covers?|writes|reports|joined|serves|works)\b"


def without_frame(text: str, said: PageMetadata) -> str:
    """The text without the lines of its frame; never empty where there was text.

    Above: the titles that the page gives anyway, names of its authors, dates of issue, reading times. Below:
    lists of other stories under their heading, who the author is, calls to subscribe, notices of rights.
    A line within the text goes only where it is nothing but a call or a notice.
    """
    lines = text.split("\n")
    kept = _without_bottom(_without_top(lines, said), said)
    return "\n".join(kept) if any(map(str.strip, kept)) else text


def _without_top(lines: list[str], said: PageMetadata) -> list[str]:
    titles = {_folded(heading) for heading in said.headings}
    names = {_folded(author) for author in said.authors}
    top = [line for line in lines[:_TOP_LINES] if not _is_above(line.strip(), titles, names)]
    return top + lines[_TOP_LINES:]


def _is_above(line: str, titles: set[str], names: set[str]) -> bool:
    folded = _folded(line)
    if folded and (folded in titles or folded in names):
        return True
    is_sentence = line.endswith((".", "!", "?"))
    return len(line.split()) <= _SHORT_WORDS and not is_sentence and _ABOVE.fullmatch(line) is not None


def _without_bottom(lines: list[str], said: PageMetadata) -> list[str]:
    lines = _before_other_stories(lines)
    ours = "|".join(re.escape(author) for author in said.authors if " " in author)
    about = re.compile(rf"(?:{ours}){_IS_SOMEBODY}") if ours else None
    end = max(1, len(lines) - _END_LINES)
    return [
        line
        for place, line in enumerate(lines)
        if not _is_notice(line) and not (about and place >= end and about.match(line))
    ]


def _is_notice(line: str) -> bool:
    return len(line.split()) <= _TEASER_WORDS and _NOTICE.match(line.removeprefix("- ").strip()) is not None


def _before_other_stories(lines: list[str]) -> list[str]:
    """The lines above a heading of other stories with nothing but teasers below it, and no such heading."""
    cut, after = len(lines), 0
    whole = sum(map(len, lines))
    for place in range(len(lines) - 1, 0, -1):
        after += len(lines[place])
        if len(lines[place].split()) > _TEASER_WORDS or after > _TEASERS_SHARE * whole:
            break
        if _is_heading_of_others(lines[place]):
            cut = place
    return [line for place, line in enumerate(lines[:cut]) if not place or not _is_heading_of_others(line)]


def _is_heading_of_others(line: str) -> bool:
    return _OTHER_STORIES.fullmatch(line.removeprefix("- ").strip()) is not None


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
