"""Which parts of a sentence are claims of their own, and who says each. Pure logic."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from pipelines.text.english.clauses import JOINING, Clause, find_clauses, joins_between, may_join
from pipelines.text.english.modality import is_negated, may_deny
from pipelines.text.english.speech import Speech, find_speech, may_report
from pipelines.text.quotations import hide_quotations
from pipelines.text.words import words_of
from schemas.claims import DateMention, Quantity

_DENYING: Final = ("deni", "deny", "reject", "refute", "dismiss")


class Facts(NamedTuple):
    """The numbers and dates of a stretch of text, in order."""

    quantities: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]


class Part(NamedTuple):
    """A part of a sentence that is a claim of its own; the whole sentence where it makes one claim."""

    start: int
    """First code point in the article's text."""
    end: int
    """One past the last code point."""
    named_from: int
    """From where on names count: where its subject stands, which may be in the part before it."""
    turn: int
    """Which of the sentence's speakers says it, from 0."""
    facts: Facts
    """Its numbers and dates."""


def find_parts(text: str, span: tuple[int, int], words: Sequence[str], facts: Facts) -> tuple[Part, ...]:
    """The parts of the sentence at `span`, of these words and facts, that state different things; in order.

    Clauses are parts of their own where they hold different numbers or dates, are told by different
    speakers, or one is denied and the other is not.
    """
    start, end = span
    whole = Part(start, end, start, 0, facts)
    sentence = text[start:end]
    if not may_join(sentence, words) or not _may_differ(sentence, words, _places(facts, start)):
        return (whole,)
    parts: list[Part] = []
    for clause in find_clauses(sentence):
        part = _part(clause, start, facts)
        if not parts:
            parts.append(part)
        elif _is_cut(part.start, facts):
            _add(text, parts, part, own_subject=clause.own_subject)
        else:
            parts.append(_joined(parts.pop(), part))
    return tuple(parts) if len(parts) > 1 else (whole,)


def _add(text: str, parts: list[Part], part: Part, *, own_subject: bool) -> None:
    """Puts a clause behind the parts before it, as one of its own where it differs."""
    last = parts[-1]
    turn = next(each.start for each in parts if each.turn == last.turn)
    if own_subject and _is_turn(text, (turn, last.end), part):
        parts.append(part._replace(turn=last.turn + 1))
    elif _differ(text, last, part, own_subject=own_subject):
        named_from = part.start if own_subject else last.named_from
        parts.append(part._replace(turn=last.turn, named_from=named_from))
    else:
        parts.append(_joined(parts.pop(), part))


def _places(facts: Facts, offset: int) -> list[int]:
    quantities = (each.start - offset for each in facts.quantities)
    return [*quantities, *(each.start - offset for each in facts.dates)]


def _may_differ(sentence: str, words: Sequence[str], facts: Sequence[int]) -> bool:
    """False where no two clauses can differ; a quick look. `facts` are the places of numbers and dates."""
    if len(facts) > 1 and joins_between(sentence, min(facts), max(facts)):
        return True
    joint = next((place for place, word in enumerate(words) if word in JOINING), 0)
    return may_deny(sentence, frozenset(words)) or may_report(sentence, words[joint:])


def _part(clause: Clause, offset: int, facts: Facts) -> Part:
    start, end = offset + clause.start, offset + clause.end
    return Part(start, end, start, 0, _within(facts, start, end))


def _within(facts: Facts, start: int, end: int) -> Facts:
    return Facts(
        tuple(each for each in facts.quantities if start <= each.start < end),
        tuple(each for each in facts.dates if start <= each.start < end),
    )


def _is_cut(place: int, facts: Facts) -> bool:
    """Whether no number or date reaches over the place: "between 30 and 40"."""
    spans = [(each.start, each.end) for each in facts.quantities]
    spans += [(each.start, each.end) for each in facts.dates]
    return not any(start < place < end for start, end in spans)


def _joined(one: Part, other: Part) -> Part:
    facts = Facts(one.facts.quantities + other.facts.quantities, one.facts.dates + other.facts.dates)
    return one._replace(end=other.end, facts=facts)


def _differ(text: str, one: Part, other: Part, *, own_subject: bool) -> bool:
    if _count_apart(one.facts, other.facts):
        # An age, and when somebody said it, are no part of what is said.
        held, holds = (
            _within(part.facts, part.start, part.start + _told_at(text, part)) for part in (one, other)
        )
        if _count_apart(held, holds):
            return True
    after = text[other.start : other.end]
    denies = own_subject or after.startswith(_DENYING)
    return denies and _denies(text[one.start : one.end]) != _denies(after)


def _count_apart(one: Facts, other: Facts) -> bool:
    held, holds = _values(one), _values(other)
    return bool(held and holds) and held != holds


def _values(facts: Facts) -> set[tuple[object, ...]]:
    numbers = {(each.unit, each.low, each.high) for each in facts.quantities if each.unit != "age"}
    return numbers | {(each.value or each.text,) for each in facts.dates}


def _denies(part: str) -> bool:
    return is_negated(part, frozenset(words_of(part)))


def _is_turn(text: str, before: tuple[int, int], part: Part) -> bool:
    """Whether somebody else speaks in this part than in the stretch before it."""
    hidden = hide_quotations(text)
    clause = hidden[part.start : part.end]
    now = _speech(clause)
    if not now or now.pronoun:
        return False
    said = _speech(hidden[slice(*before)])
    if said is None:
        return "according to" not in clause and _told_at(text, part) == len(clause)
    return said.speaker.lower() != now.speaker.lower()


def _speech(clause: str) -> Speech | None:
    return find_speech(clause) if may_report(clause, words_of(clause)) else None


def _told_at(text: str, part: Part) -> int:
    """Where in a part its last words begin, if they name who says it: "the ministry said on Monday"."""
    clause = hide_quotations(text)[part.start : part.end]
    comma = clause.rstrip(' ,.;"').rfind(",")
    return comma if comma > 0 and _speech(clause[comma + 1 :].rstrip(' ,.;"')) else len(clause)
