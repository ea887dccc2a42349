"""Who speaks in each sentence of a text, carried over the sentences of one quotation. Pure logic."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from pipelines.text.english.speech import HIDDEN, Speech, find_speech, may_report
from pipelines.text.names import TITLES, bearer, full_form, is_person, only_person
from pipelines.text.quotations import Quotation, find_quotations, hide_quotations
from pipelines.text.words import words_of
from schemas.claims import UNATTRIBUTED, Mode

_QUOTED_SHARE: Final = 0.4
_QUOTED_LEAST: Final = 20
_QUOTED_CLAUSE: Final = re.compile(rf"(?:\A|[:,] ?)\"{HIDDEN}{{8,}}[.,!?…]\"")
_BACK: Final = 6
_NAMED_WITHIN: Final = 250
_NAMES_LOOKED_UP: Final = 100  # each costs a search of the whole text: a cap that keeps a hostile text linear
_LEADING: Final = re.compile(r"(?:[A-Z][\w.'’-]*)(?: [A-Z][\w.'’-]*){1,4}(?=,| [a-z])")
_HE_OR_SHE: Final = frozenset(("he", "she"))
_GENDERS: Final = dict.fromkeys(("mr", "sir", "lord"), "he") | dict.fromkeys(
    ("mrs", "ms", "miss", "dame", "lady"), "she"
)


class Attribution(NamedTuple):
    """Whose words a sentence gives, and how."""

    speaker: str | None
    """As the text names them, in its fullest form; None in its own voice; `unattributed` if unsure."""
    mode: Mode
    """How the sentence is said."""


class _Line(NamedTuple):
    """What one sentence shows by itself."""

    start: int
    """Where it begins."""
    quoted: bool
    """Whether most of it stands between quotation marks."""
    speech: Speech | None
    """Its own reporting clause."""
    chains: tuple[int, ...]
    """Numbers of the quotations that it has a part of; a quotation that goes on keeps its number."""
    leads_in: str | None
    """The name that begins it, where it ends in a colon."""
    new_paragraph: bool
    """Whether it begins a paragraph."""


def attribute(text: str, sentences: Sequence[tuple[int, int]]) -> tuple[Attribution, ...]:
    """Whose words each of the sentences gives, in the order of the sentences.

    A quoted sentence without a reporting clause takes its speaker from the same quotation, from the sentence
    after it in the paragraph, or from the one before it; otherwise it is `unattributed`. A pronoun stands for
    the last speaker it fits. A surname is given in full where the text has one full form of it.
    """
    quotations = find_quotations(text)
    hidden = hide_quotations(text)
    lines = [
        _line(text, hidden, span, chains)
        for span, chains in zip(sentences, _chains(sentences, quotations), strict=True)
    ]
    speakers = _carried(lines, _own_speakers(text, lines))
    return tuple(_attribution(line, speaker) for line, speaker in zip(lines, speakers, strict=True))


def _chains(
    sentences: Iterable[tuple[int, int]], quotations: Sequence[Quotation]
) -> Iterator[tuple[int, ...]]:
    """For each sentence, the numbers of the quotations it has a part of."""
    starts, ends = [part.start for part in quotations], [part.end for part in quotations]
    numbers = tuple(accumulate(0 if part.goes_on else 1 for part in quotations))
    for start, end in sentences:
        yield numbers[bisect_right(ends, start) : bisect_left(starts, end)]


def _line(text: str, hidden: str, span: tuple[int, int], chains: tuple[int, ...]) -> _Line:
    start, end = span
    sentence = hidden[start:end]
    covered = sentence.count(HIDDEN)
    leading = _LEADING.match(sentence) if sentence.endswith(":") else None
    speech = find_speech(sentence) if may_report(sentence, words_of(text[start:end])) else None
    mostly = covered >= _QUOTED_SHARE * len(sentence) and covered >= min(_QUOTED_LEAST, 0.8 * len(sentence))
    return _Line(
        start=start,
        quoted=mostly or bool(speech and _QUOTED_CLAUSE.search(sentence)),
        speech=speech,
        chains=chains,
        leads_in=leading[0] if leading else None,
        new_paragraph=hidden[start - 1 : start] in {"", "\n"},
    )


def _own_speakers(text: str, lines: Iterable[_Line]) -> list[str | None]:
    """The speakers that the sentences' own reporting clauses name."""
    speakers: list[str | None] = []
    full: dict[str, str] = {}
    for line in lines:
        if line.speech is None:
            speakers.append(line.leads_in)
        elif line.speech.pronoun:
            recent = (name for name in reversed(speakers[-_BACK:]) if name and name != UNATTRIBUTED)
            fitting = (name for name in recent if _fits(line.speech.speaker, name))
            speakers.append(next(fitting, None) or _only_person(text, line) or UNATTRIBUTED)
        else:
            name = line.speech.speaker
            if name not in full and len(full) < _NAMES_LOOKED_UP:
                full[name] = (bearer(text, name) if name in TITLES else None) or full_form(text, name)
            speakers.append(full.get(name, name))
    return speakers


def _only_person(text: str, line: _Line) -> str | None:
    """The one person whom the text names in full shortly before the sentence, for "he" and "she"."""
    if line.speech is None or line.speech.speaker not in _HE_OR_SHE:
        return None
    return only_person(text[max(0, line.start - _NAMED_WITHIN) : line.start])


def _fits(pronoun: str, name: str) -> bool:
    match pronoun:
        case "he" | "she":
            first = name.split()[0].strip(".").lower()
            return is_person(name) and _GENDERS.get(first, pronoun) == pronoun
        case "it":
            return not is_person(name)
        case _:
            return True


def _carried(lines: Sequence[_Line], own: Sequence[str | None]) -> list[str | None]:
    """The speakers of all sentences, those of quotations without a reporting clause found around them."""
    owners: dict[int, str] = {}
    for line, speaker in zip(lines, own, strict=True):
        for chain in line.chains:
            if speaker and (line.quoted or speaker != UNATTRIBUTED):
                owners.setdefault(chain, speaker)
    speakers = list(own)
    for place, line in enumerate(lines):
        if line.speech is None:
            speakers[place] = _around(lines, own, speakers, place, owners) if line.quoted else None
    return speakers


def _around(
    lines: Sequence[_Line],
    own: Sequence[str | None],
    speakers: Sequence[str | None],
    place: int,
    owners: Mapping[int, str],
) -> str:
    """The speaker of a quoted sentence without a reporting clause, from the sentences around it."""
    same = next((owners[chain] for chain in lines[place].chains if chain in owners), None)
    follows = place + 1 < len(lines) and lines[place + 1].quoted and not lines[place + 1].new_paragraph
    after = own[place + 1] if follows else None
    before = (own[place - 1] or (speakers[place - 1] if lines[place - 1].quoted else None)) if place else None
    return same or after or before or UNATTRIBUTED


def _attribution(line: _Line, speaker: str | None) -> Attribution:
    if line.quoted:
        return Attribution(speaker, Mode.DIRECT_QUOTE)
    if line.speech is None:
        return Attribution(None, Mode.VOICE)
    return Attribution(speaker, Mode.STATEMENT if line.speech.written else Mode.INDIRECT)
