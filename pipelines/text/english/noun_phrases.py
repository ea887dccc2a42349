"""The noun phrase right before or right after a verb of speech, without a parser. Pure logic."""

import re
from typing import Final, NamedTuple

PRONOUNS: Final = frozenset("he she they it".split())
"""Pronouns that stand for a speaker named elsewhere."""

_OBJECTS: Final = {"him": "he", "her": "she", "them": "they"}
_HARD: Final = re.compile('[;:"()\ufffc]|—| [–-]+ (?![A-Z])')
_PARENTHESIS: Final = re.compile(r" ?\([^()]{0,60}\) *\Z")
_WORD: Final = re.compile(r"[ \u00a0]*([^\s,;:()\"\ufffc—]+)")
_RELATIVE: Final = re.compile(r" who (?=\w)")
_CONTRACTION: Final = re.compile(r"['’](?:ve|d|s|ll)\Z")
_NEAR: Final = 220
_MOST_WORDS: Final = 12
_ADJUNCTS: Final = frozenset(
    "also later earlier then now today yesterday tonight has have had on late early meanwhile still once "
    "often again there here monday tuesday wednesday thursday friday saturday sunday afterwards "
    "afterward however himself herself themselves itself did does do".split()
)
# Words at which the subject of a verb ends, reading leftwards.
_BEFORE_SUBJECT: Final = frozenset(
    "and or but while as when because that which who whom whose if although though where after before "
    "since so than until whether what how why nor yet is are was were has have had will would could can "
    "may might must shall should be been being do does did not into onto upon about however meanwhile he "
    "she they it we i you this there these those said says told".split()
)
_OPENERS: Final = frozenset(
    "but and in on at by for from with still also then later earlier meanwhile however yesterday today "
    "instead moreover furthermore additionally yet so thus once only even both as".split()
)
# Words at which a speaker named after the verb ends, reading rightwards.
_AFTER_SPEAKER: Final = frozenset(
    "who which that whose where when while as after before during about on upon but if because since "
    "told adding as citing referring speaking noting pointing yesterday today tonight late early to "
    "through via by into is was are were has have had will would monday tuesday wednesday thursday "
    "friday saturday sunday".split()
)
_DESCRIBING: Final = frozenset(("of", "at", "for", "with"))
_ARTICLES: Final = frozenset(("a", "an", "the"))
_DETERMINERS: Final = frozenset(
    "a an the one two three four five several many some most other another his her its their no both all "
    "this that these those any few".split()
)
_WITHOUT_PLURAL: Final = frozenset("police staff personnel management media".split())
_VAGUE: Final = frozenset(
    "some many others most few any all both one those these this that there everyone nobody".split()
)


class Phrase(NamedTuple):
    """A noun phrase beside a verb."""

    text: str
    """The words as written, without a leading "the"; another determiner in lower case."""
    ends_clause: bool
    """True where punctuation or a relative clause follows it."""


def phrase_before(text: str) -> Phrase | None:
    """The noun phrase that ends `text`, over adverbs and an apposition.

    "Hall, the director, also" gives "Hall".
    """
    clause = _HARD.split(_PARENTHESIS.sub("", text[-_NEAR:]))[-1]
    words = _RELATIVE.split(clause)[0].split()
    while words and _is_adjunct(words[-1]):
        words.pop()
    if words and words[-1].endswith(","):
        words = _apposed(" ".join(words)[:-1].split(", ")).split()
    return _phrase(_subject(words))


def _is_adjunct(word: str) -> bool:
    if word.islower():
        return word in _ADJUNCTS or word.endswith("ly")
    return word.endswith("day") and word.lower() in _ADJUNCTS


def _apposed(parts: list[str]) -> str:
    """Which part between commas speaks: the first that is all name or ends in one, else the one described."""
    parts = [part for part in parts if part]
    names = [part for part in parts if all(word[0].isupper() for word in part.split())]
    ending = [part for part in parts if part.split()[-1][0].isupper()]
    articled = [part for part in parts[:-1] if part.split()[0].lower() in _ARTICLES]
    return (*names[:1], *ending[:1], *articled[-1:], *parts[:-1][-1:], "")[0]


def _subject(words: list[str]) -> list[str]:
    """The last words that can form one noun phrase."""
    taken: list[str] = []
    for place in range(len(words) - 1, max(-1, len(words) - 1 - _MOST_WORDS), -1):
        word = words[place]
        lower = word.lower()
        if taken and word.endswith(",") and not word.endswith(("Inc.,", "Jr.,")):
            return _described(words[: place + 1], taken[::-1])
        if not taken and _CONTRACTION.sub("", lower) in PRONOUNS:
            return [_CONTRACTION.sub("", lower)]
        names = (
            lower == "and"
            and taken
            and (taken[-1][0].isupper() or place == 1)
            and (words[place - 1][:1].isupper() or place == 1)
        )
        if lower in _BEFORE_SUBJECT and not names:
            break
        taken.append(word)
    return _without_openers(taken[::-1])


def _described(before: list[str], phrase: list[str]) -> list[str]:
    """The name before the comma, where what follows only describes it.

    "Lunde, head of the river police" gives "Lunde"; "Yesterday, officials" gives "officials".
    """
    name = [word.rstrip(",") for word in before]
    names = all(word[:1].isupper() for word in name) and name[0].lower() not in _OPENERS
    return name if names and not _DESCRIBING.isdisjoint(phrase) else _without_openers(phrase)


def _without_openers(taken: list[str]) -> list[str]:
    while len(taken) > 1 and taken[0].lower().rstrip(",") in _OPENERS:
        taken.pop(0)
    return taken


def phrase_after(text: str, start: int) -> Phrase | None:
    """The noun phrase that begins at `start`: "Edda Volm" in "said Edda Volm, a councillor"."""
    words: list[str] = []
    at = start
    while len(words) < _MOST_WORDS and (found := _WORD.match(text, at)):
        word = found[1]
        lower = word.lower().rstrip(".")
        lower = _OBJECTS.get(lower, lower)
        if lower in PRONOUNS and not words:
            return Phrase(lower, ends_clause=not _WORD.match(text, found.end()))
        if lower in _AFTER_SPEAKER or (
            lower == "in" and not text[found.end() + 1 : found.end() + 2].isupper()
        ):
            return _phrase(words, ends_clause=lower not in {"that", "is", "was", "are", "were"})
        at = found.end()
        words.append(word)
        if word.endswith(".") and not text[at:].strip('" '):
            break
    return _phrase(words, ends_clause=len(words) < _MOST_WORDS)


def _phrase(words: list[str], ends_clause: bool = False) -> Phrase | None:
    """The words as a phrase, if they look like one: a pronoun, a name, a plural, a noun with its article."""
    if not words:
        return None
    first, last = words[0], words[-1].rstrip(".,'’")
    if len(words) == 1 and first.lower() in _VAGUE:
        return None
    named = last[:1].isupper() or last[:1].isdigit()
    plural = last.endswith("s") or last in _WITHOUT_PLURAL or first.endswith("s")
    if not (
        named or plural or first.lower() in PRONOUNS or first.lower() in _DETERMINERS or first[0].isupper()
    ):
        return None
    if first.lower() == "the" and len(words) > 1:
        words = words[1:]
    elif first.lower() in _DETERMINERS:
        words = [first.lower(), *words[1:]]
    text = " ".join(words).rstrip(",;:")
    return Phrase(
        text if text.endswith(("Inc.", "Jr.", "Co.", "Corp.", "Ltd.", "U.S.")) else text.rstrip("."),
        ends_clause,
    )
