"""Where a sentence goes on to another statement: "..., but the owner denied it". Pure logic."""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

JOINING: Final = frozenset("and but yet while whereas although though".split())
"""Words that join clauses, among other things."""
_JOINT: Final = re.compile(r" (?P<word>and|but|yet|while|whereas|although|though) |; ")
_WORD: Final = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*|[,;:()“”\"-]")
_AUXILIARIES: Final = frozenset(
    "is are was were has have had will would can could may might must did does do isn't aren't wasn't "
    "weren't hasn't haven't hadn't won't wouldn't can't couldn't didn't doesn't don't cannot".split()
)
# Pasts that are no participles: whatever follows, somebody did it.
_PASTS: Final = frozenset(
    "took went gave rose fell began broke flew saw wrote spoke chose drove grew knew threw stole shook sank "
    "sang wore came became ran fled died drowned escaped voted collapsed remained survived returned "
    "disappeared arrived resigned marched stood stayed slept".split()
)
_PASTS_OR_PARTICIPLES: Final = frozenset(
    "said told made found held lost won left met paid sold bought brought sent built cut put hit hurt shot "
    "led kept spent caught taught thought fought felt set shut spread burnt struck swept won laid fed".split()
)
_PRESENTS: Final = frozenset(
    "says say tells insists argues claims denies alleges warns adds announces reports estimates believes "
    "expects plans wants hopes employs owns includes costs runs makes takes gives holds shows remains puts "
    "counts demands accuses sells speaks serves covers lives works leads faces needs carries rejects "
    "believe expect plan want hope employ live remain demand reject deny".split()
)
_OBJECT_STARTS: Final = frozenset(
    "a an the this that these those his her its their our my one two three four five six seven eight nine "
    "ten eleven twelve dozens hundreds thousands several some many most all no none him them it us nobody "
    "about nearly almost at more".split()
)
_LEADS_TO_NO_VERB: Final = frozenset("to a an the of his her its their by".split())
_NAMES: Final = frozenset(("May", "Will", "US"))  # no verb
_STOPS: Final = frozenset(
    "who which whose whom that what where when because after before than as if to , ; : ( )".split()
)
_RELATIVES: Final = frozenset("who which whose whom where when because if whether unless until".split())
_TEMPORAL: Final = frozenset("after before since as once while although though despite".split())
_OPENING: Final = _RELATIVES | _TEMPORAL
_CONTENT_VERBS: Final = frozenset(
    "said says say told claimed claims insisted insists denied denies confirmed confirms reported reports "
    "added heard warned warns believes believed announced showed shows found argued alleged estimated".split()
)
_SAYING: Final = frozenset("said says say told".split())
_ADVERBS: Final = frozenset("also later then now still since only".split())
_AFTER_COUNT: Final = frozenset(
    "injured hurt wounded missing dead arrested detained killed rescued in at on".split()
)
_CLOSING: Final = '"”’ –—'
_MORE: Final = frozenset("more others other people".split())
_PAUSES: Final = frozenset((",", ";", '"', "”"))
_VERBS: Final = _AUXILIARIES | _PASTS | _PRESENTS
_SHORTEST_PAST: Final = 4
_NEAR: Final = 80
_SUBJECT_WORDS: Final = 9


class Clause(NamedTuple):
    """A stretch of a sentence that can stand as a statement of its own."""

    start: int
    """First code point in the sentence."""
    end: int
    """One past the last code point."""
    own_subject: bool
    """False where its subject stands in the clause before it: "and closed 31 branches"."""


def may_join(sentence: str, words: Iterable[str]) -> bool:
    """False where `find_clauses` finds one clause; a quick look at the sentence's words in lower case."""
    return not JOINING.isdisjoint(words) or ";" in sentence


def joins_between(sentence: str, start: int, end: int) -> bool:
    """Whether a word that may join clauses stands between the two places."""
    return _JOINT.search(sentence, start, end) is not None


def find_clauses(sentence: str) -> tuple[Clause, ...]:
    """The coordinated clauses of a sentence, in order, the words that join them left out.

    One that covers the whole sentence where nothing joins two statements. Words inside a relative or a
    conditional clause and coordinated nouns ("three men and five women were arrested") are not cut.
    """
    clauses = [Clause(0, len(sentence), own_subject=True)]
    for joint in _JOINT.finditer(sentence):
        last = clauses[-1]
        end = len(sentence[: joint.start()].rstrip(_CLOSING))
        comma = joint["word"] is None or sentence[end - 1] in ",;"
        after = _words(sentence[joint.end() : joint.end() + _NEAR])
        own_subject = _begins(after, strict=not comma)
        if own_subject is None:
            continue
        before = _words(sentence[last.start : end])
        one_act = not own_subject and (
            joint["word"] == "while" or (_is_verb(after, 0) and _is_verb(before, len(before) - 1))
        )
        # "shot and killed" is one act in two words, "smash - and - grab" one word.
        if one_act or before[-1:] == ["-"] or not _states(before, comma=comma):
            continue
        clauses[-1] = last._replace(end=end)
        clauses.append(Clause(joint.end(), len(sentence), own_subject))
    return tuple(clauses)


def _words(text: str) -> list[str]:
    return [word if word in _NAMES else word.lower() for word in _WORD.findall(text)]


def _begins(words: Sequence[str], *, strict: bool) -> bool | None:
    """Whether a statement that begins here has its own subject; None where none begins."""
    for place in range(min(len(words), _SUBJECT_WORDS)):
        if words[place] in _STOPS:
            break
        if _is_verb(words, place, strict=strict):
            return not all(word in _ADVERBS or word.endswith("ly") for word in words[:place])
    return False if _counts_elliptically(words) else None


def _counts_elliptically(words: Sequence[str]) -> bool:
    """Whether only a count is new, as in "40 injured" or "three more in hospital"."""
    if not words or not (words[0][0].isdigit() or words[0] in _OBJECT_STARTS):
        return False
    rest = [word for word in words[1:4] if word not in _MORE]
    return bool(rest) and rest[0] in _AFTER_COUNT


def _states(words: Sequence[str], *, comma: bool) -> bool:
    """Whether these words end in a statement that another can be put beside."""
    main = _main(words, comma=comma)
    return any(_is_verb(main, place) for place in range(len(main)))


def _main(words: Sequence[str], *, comma: bool) -> Sequence[str]:
    """What is said last, without who says it; nothing inside a clause that only describes or supposes."""
    if words and words[0] in _OPENING:
        if "," not in words:
            return ()
        words = words[words.index(",") + 1 :]
    inner = words if comma else words[_last(words, _PAUSES) + 1 :]
    if not comma and any(_describes(inner, place) for place in range(len(inner))):
        return ()
    said = _last(inner, _CONTENT_VERBS)
    content = inner[said + 1 :]
    # "nine ships sank, the ministry said": what is said stands before.
    before = not content or content[0] in _PAUSES or (comma and inner[said] not in _SAYING)
    return words if before and not any(_is_verb(content, place) for place in range(len(content))) else content


def _describes(words: Sequence[str], place: int) -> bool:
    """Whether a relative, temporal or conditional clause begins at the word."""
    word = words[place]
    if word in _TEMPORAL:
        return any(_is_verb(words, later) for later in range(place + 2, len(words)))
    return word in _RELATIVES or (word == "that" and (not place or words[place - 1] not in _CONTENT_VERBS))


def _last(words: Sequence[str], wanted: AbstractSet[str]) -> int:
    return next((place for place in range(len(words) - 1, -1, -1) if words[place] in wanted), -1)


def _is_verb(words: Sequence[str], place: int, *, strict: bool = False) -> bool:
    """Whether the word is a predicate; if `strict`, what could be a participle only before an object."""
    if place < 0 or (place and words[place - 1] in _LEADS_TO_NO_VERB):
        return False
    word = words[place]
    if word in _VERBS:
        return True
    if not (word in _PASTS_OR_PARTICIPLES or (word.endswith("ed") and len(word) > _SHORTEST_PAST)):
        return False
    if not place or not strict:
        return True
    following = words[place + 1] if place + 1 < len(words) else ""
    return following in _OBJECT_STARTS or following[:1].isdigit()
