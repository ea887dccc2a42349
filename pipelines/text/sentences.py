"""Where the sentences of a text are. Pure logic over sentencex, with the cuts that news needs mended."""

import re
from collections.abc import Iterator
from typing import Final

from sentencex import get_sentence_boundaries

_MARKS: Final = '"“”„«»‹›'
# sentencex never cuts inside quotation marks, but news quotes several sentences at once: they are hidden.
_UNQUOTE: Final = str.maketrans(dict.fromkeys(_MARKS, " "))
_GAP: Final = re.compile(rf"[\s{_MARKS}]*")
_CLOSING: Final = frozenset("”»›")
_OPENING: Final = frozenset("“„«‹")
_WINDOW: Final = 5_000  # sentencex takes time quadratic in the length of what it is given
_NEAR: Final = 80
_FAR: Final = 2_000  # how far back marks are counted: a cap that keeps a hostile paragraph linear
_LETTER: Final = re.compile(r"[^\W_]")
# "ended at 5 p.m. Sunday", "Jonas Lunde Jr. On The Run", "said Ms. Volm": a full stop that ends no sentence.
_UNENDED: Final = re.compile(
    r"(?:\b[ap]\. ?m|\b(?:Mr|Mrs|Ms|Dr|Jr|Sr|St|Sgt|Snr|Rep|Sen|Gov|Gen|Col|Capt|Lt|Prof|Rev|Hon|vs))\.\s*$"
)
_AFTER_CLOCK: Final = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"|(?:[A-Z]{1,3}T|GMT|UTC|ET|PT|local|on)\b"
)
# '"Is it true?" Smith asked.': what follows the quotation belongs to it.
_TAIL: Final = re.compile(
    r"(?:[A-Z][\w.'’-]+ ){1,4}(?:said|says|asked|asks|added|adds|told|wrote|replied|cried|shouted)\b"
)


def split_sentences(text: str, language: str | None) -> tuple[tuple[int, int], ...]:
    """The spans of the sentences, in code points, in order.

    Spans are trimmed of white space, never cross a newline and together hold every other character.
    Sentences inside one pair of quotation marks are cut apart. An unknown language is read as English.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            spans.extend(_trimmed(text, start + a, start + b) for a, b in _pieces(line, language or "en"))
        start += len(line) + 1
    return tuple(span for span in spans if span[0] < span[1])


def _pieces(line: str, language: str) -> Iterator[tuple[int, int]]:
    """The sentences of one paragraph, white space still around them."""
    start = window = 0
    hidden = line.translate(_UNQUOTE)
    while window < len(line):
        boundaries = get_sentence_boundaries(language, hidden[window : window + _WINDOW])
        for boundary in boundaries[:-1]:
            cut = _beside_marks(line, window + boundary["end_index"])
            if cut > start and _ends(line, start, cut):
                yield start, cut
                start = cut
        whole = window + _WINDOW >= len(line)
        window = start if start > window and not whole else window + _WINDOW
    yield start, len(line)


def _beside_marks(line: str, cut: int) -> int:
    """The cut moved over the marks beside it: closing marks end a sentence, opening ones begin one."""
    begin = cut
    while begin > 0 and (line[begin - 1].isspace() or line[begin - 1] in _MARKS):
        begin -= 1
    gap = _GAP.match(line, begin)
    end = gap.end() if gap else cut
    cut = begin
    for at in range(begin, end):
        if line[at] in _CLOSING or (line[at] not in _OPENING and _closes(line, at)):
            cut = at + 1
        elif not line[at].isspace():
            break
    return cut


def _closes(line: str, at: int) -> bool:
    """Whether the straight mark at `at` closes: by the spaces beside it, else by how many came before."""
    if line[at] != '"':
        return False
    before = at > 0 and not line[at - 1].isspace()
    after = at + 1 < len(line) and not line[at + 1].isspace()
    return before if before != after else line.count('"', max(0, at - _FAR), at) % 2 == 1


def _ends(line: str, start: int, cut: int) -> bool:
    """Whether a sentence really ends at `cut`."""
    head, rest = line[max(start, cut - _NEAR) : cut], line[cut : cut + _NEAR].lstrip()
    body = rest.lstrip(_MARKS + "'‘’([ ")
    if not _LETTER.search(head) or not _LETTER.search(rest):
        return False
    if body[:1].islower():
        return False
    if unended := _UNENDED.search(head):
        return unended[0][0] in "ap" and not _AFTER_CLOCK.match(body)
    return not (head[-1] in _MARKS + "'’" and head.rstrip(_MARKS + "'’ ")[-1:] in "?!" and _TAIL.match(body))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
