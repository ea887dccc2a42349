"""Whom "the group", "the ministry" and "she" stand for, where only one can be meant. Pure logic."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import Final, NamedTuple

from pipelines.text.english.kinds import COMMON, KINDS, LOOSE, PEOPLE, PLACES
from pipelines.text.names import DAYS_AND_MONTHS, OPENERS, SENTENCE_START, TITLES, surname
from pipelines.text.quotations import find_quotations
from schemas.claims import Mention
from schemas.watch import Entity

# Without an anchor before them: searched for two to three times as fast.
_NOUN: Final = re.compile(
    rf"[Tt]h(?:e|is) ({'|'.join(KINDS)})\b(?! (?:of|that|which|called [A-Z])\b| [A-Z]|-)"
)
_PRONOUN: Final = re.compile(r"[ \n\"“‘(—]([Hh]e|[Ss]he)\b")
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_BARE: Final = re.compile(r"\b(?:[Tt]he|[Tt]his) \Z")
_IN_PLACE: Final = re.compile(r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|[Tt]o|[Oo]f|[Aa]bove|[Aa]round) (?:the )?\Z")
_AFTER_SMALL: Final = re.compile(r"(?:^| )[a-z][^ ]* \Z")
_FULL_NAME: Final = re.compile(r"(?<![\w.’'])[A-Z][\w’'-]+(?: [A-Z]\.)?(?: [A-Z][\w’'-]+){1,2}")
_SPEAKS: Final = re.compile(r"(?<![\w.’'-])[A-Z][\w’'-]+ (?:said|says|told|added|replied|denied)\b")
_WINDOW: Final = 600
_NEAR: Final = 24
_PRONOUNS_READ: Final = 100  # each costs a look at its window: a cap that keeps a hostile text linear
_PERSONS: Final = PEOPLE | TITLES


class _Named(NamedTuple):
    """What is known of an entity's names."""

    person: bool
    """Whether its name is a person's."""
    words: frozenset[str]
    """The words of its names in lower case."""


def find_references(
    text: str, mentions: Sequence[Mention], entities: Mapping[str, Entity]
) -> tuple[Mention, ...]:
    """The nouns and pronouns that stand for one of the mentioned entities, in order, as mentions of it.

    "The ministry" stands for the one ministry named before it, where the text speaks of no other; "she" for
    the one person of this and the last paragraph. What stands in quotation marks is left alone, and so is
    all that may be meant otherwise.
    """
    if not mentions:
        return ()
    mentioned = [entities[each] for each in {mention.entity for mention in mentions}]
    named = {entity.id: _named(entity.name, entity.aliases) for entity in mentioned}
    found = [*_nouns(text, mentions, named), *_pronouns(text, mentions, named)]
    unquoted = _apart(found, [(part.start, part.end) for part in find_quotations(text)])
    unnamed = _apart(unquoted, [(mention.start, mention.end) for mention in mentions])
    return tuple(sorted(unnamed, key=lambda each: each.start))


def _apart(found: Iterable[Mention], taken: Sequence[tuple[int, int]]) -> Iterator[Mention]:
    """Those that begin in none of the spans, which are in order and do not overlap."""
    for each in found:
        place = bisect_right(taken, each.start, key=lambda span: span[0]) - 1
        if place < 0 or taken[place][1] <= each.start:
            yield each


@lru_cache(maxsize=4_096)
def _named(name: str, aliases: tuple[str, ...]) -> _Named:
    words = frozenset(word.lower() for each in (name, *aliases) for word in _WORD.findall(each))
    return _Named(surname(name) is not None, words)


def _nouns(text: str, mentions: Sequence[Mention], named: Mapping[str, _Named]) -> Iterator[Mention]:
    meant: dict[str, tuple[Mention, int] | None] = {}
    for found in _NOUN.finditer(text):
        noun = found[1]
        if text[found.start() - 1 : found.start()].isalnum():
            continue
        if noun not in meant:
            meant[noun] = _antecedent(noun, text, mentions, named)
        antecedent = meant[noun]
        if antecedent and antecedent[0].end <= found.start() < antecedent[1]:
            yield Mention(entity=antecedent[0].entity, start=found.start(), end=found.end(), text=found[0])


def _antecedent(
    noun: str, text: str, mentions: Sequence[Mention], named: Mapping[str, _Named]
) -> tuple[Mention, int] | None:
    """The mention that first names what the noun may stand for, and from where on another may be meant."""
    first = next((each for each in mentions if _fits(named[each.entity], noun)), None)
    if first is None:
        return None
    others = (
        each.start for each in mentions if each.entity != first.entity and _may_fit(each, text, named, noun)
    )
    starts = [each.start for each in mentions]
    unknown = (
        place
        for place in _strangers(noun, text)
        if (at := bisect_right(starts, place) - 1) < 0 or mentions[at].end <= place
    )
    return first, min(next(others, len(text)), next(unknown, len(text)))


def _fits(named: _Named, noun: str) -> bool:
    return not named.person and not named.words.isdisjoint(KINDS[noun])


def _may_fit(mention: Mention, text: str, named: Mapping[str, _Named], noun: str) -> bool:
    """Whether an entity is of the noun's kind, or its names and its place in the text leave that open."""
    entity = named[mention.entity]
    if _fits(entity, noun):
        return True
    tells = entity.person or not entity.words.isdisjoint(PLACES) or any(map(entity.words.__contains__, KINDS))
    return (
        noun in LOOSE
        and not tells
        and not _IN_PLACE.search(text[max(0, mention.start - _NEAR) : mention.start])
    )


def _strangers(noun: str, text: str) -> Iterator[int]:
    """Where the text brings in something else that the noun may stand for; in order."""
    for word in _strange_words(noun).finditer(text):
        before = text[max(0, word.start() - _NEAR) : word.start()]
        if word.lastgroup == "kind":
            refers = word[0].lower() in KINDS and _BARE.search(before)
            if not refers or text.startswith(" of ", word.end()):
                yield word.start()
        elif _is_unknown_name(text, word, before):
            yield word.start()


@cache
def _strange_words(noun: str) -> re.Pattern[str]:
    """Words that may bring in another of the kind; after a loose noun, any that is capitalised too."""
    words = "|".join((*COMMON.get(noun, (noun, f"{noun}s")), *map(str.title, sorted(KINDS[noun]))))
    name = r"|[A-Z][^\W\d_]+" if noun in LOOSE else ""
    return re.compile(rf"(?<![\w'’-])(?:(?P<kind>{words})(?![\w-]){name})")


def _is_unknown_name(text: str, word: re.Match[str], before: str) -> bool:
    """Whether the capitalised word may name a body: no place, no day, no person, no sentence's first word."""
    if word[0].lower() in DAYS_AND_MONTHS | TITLES | OPENERS or SENTENCE_START.search(before):
        return False
    single = _AFTER_SMALL.search(before) and not text[word.end() + 1 : word.end() + 2].isupper()
    return bool(single) and not _IN_PLACE.search(before)


def _pronouns(text: str, mentions: Sequence[Mention], named: Mapping[str, _Named]) -> Iterator[Mention]:
    people = [mention for mention in mentions if named[mention.entity].person]
    ends = [mention.end for mention in people]
    for found in islice(_PRONOUN.finditer(text) if people else (), _PRONOUNS_READ):
        start, end = found.span(1)
        begin = _window(text, start)
        near = [each for each in people[: bisect_right(ends, start)] if each.start >= begin]
        if len({each.entity for each in near}) == 1 and not _anybody_else(text, begin, start, near):
            yield Mention(entity=near[0].entity, start=start, end=end, text=found[1])


def _window(text: str, place: int) -> int:
    """Where the paragraph before the one at this place begins, if not too far back."""
    paragraph = text.rfind("\n", 0, place)
    return max(text.rfind("\n", 0, max(0, paragraph)) + 1 if paragraph >= 0 else 0, place - _WINDOW)


def _anybody_else(text: str, begin: int, end: int, near: Sequence[Mention]) -> bool:
    """Whether anybody but the person of these mentions comes into the stretch."""
    window = text[begin:end]
    spans = [(mention.start - begin, mention.end - begin) for mention in near]
    names = [name for name in _FULL_NAME.finditer(window) if " " in name[0] and surname(name[0])]
    if any(_is_other(name.span(), spans) for name in (*names, *_SPEAKS.finditer(window))):
        return True
    return any(
        word[0].lower() in _PERSONS and not _describes(window, word.span(), spans)
        for word in _WORD.finditer(window)
    )


def _is_other(span: tuple[int, int], spans: Iterable[tuple[int, int]]) -> bool:
    return not any(start < span[1] and span[0] < end for start, end in spans)


def _describes(window: str, span: tuple[int, int], spans: Iterable[tuple[int, int]]) -> bool:
    """Whether the word is a title before one of the names, or stands between the commas after it."""
    return any(
        re.fullmatch(r"(?: [A-Z][\w-]*| of| for)* ", window[span[1] : start])
        if span[1] <= start
        else re.fullmatch(r", [^,.;:\n]*", window[end : span[0]])
        for start, end in spans
    )
