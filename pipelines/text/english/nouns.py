"""What a number counts in words: the noun after it, or the fate of the people it counts. Pure logic."""

import re
from typing import Final

_IRREGULAR: Final = {
    "people": "person",
    "persons": "person",
    "men": "man",
    "women": "woman",
    "children": "child",
    "policemen": "policeman",
    "policewomen": "policewoman",
    "servicemen": "serviceman",
    "gunmen": "gunman",
    "firemen": "fireman",
    "fishermen": "fisherman",
    "feet": "foot",
    "teeth": "tooth",
    "mice": "mouse",
    "lives": "life",
    "wives": "wife",
    "knives": "knife",
    "thieves": "thief",
    "wolves": "wolf",
    "leaves": "leaf",
    "halves": "half",
    "others": "person",
    "media": "medium",
    "criteria": "criterion",
}
_COLLECTIVE: Final = frozenset(
    "police personnel staff crew aircraft cattle sheep fish youth clergy percent series species "
    "headquarters".split()
)
_NOT_PLURAL: Final = frozenset(
    "was is has does this its his hers ours theirs yours us plus versus perhaps always sometimes besides "
    "across towards afterwards thus yes says goes overseas upstairs news gas less unless minus bus "
    "campus virus status chaos basis crisis years-long".split()
)
FUNCTION_WORDS: Final = frozenset(
    "a an and as at about above across after against along among around because been before behind being "
    "below beside besides between both but by can could did do does during each either for from had has "
    "have he her his i if in inside into is it its may might near neither nor not of off on onto or out "
    "over per said say says she should since so such than that the their then there these they this "
    "those though through to told toward towards under until up upon was we were what when where which "
    "while who whom whose why will with within without would yet you your also only just even still "
    "later earlier ago away apart met shook took made went came gave got held found fell began broke rose "
    "sat stood swore spoke fought agreed quit".split()
)
_WORD: Final = re.compile(r"[ \u00a0-]([^\W\d_]+(?:['’-][^\W\d_]+)*)(['’](?!\w))?")
_OF_WHOM: Final = re.compile(
    r" of(?: (?:the|these|those|its|their|his|her|our|all"
    r"|them)\b)?(?: [\w’']+['’]s?(?!\w))?(?: \d[\d,]*)?(?= )"
)
_HYPHENED: Final = re.compile(r"-([a-z]{3,})(?= [a-z])")  # "a 40-page report"
_NOT_COUNTED: Final = frozenset("strong odd some plus fold way ish".split())
_FURTHEST: Final = 4

_GENERIC: Final = r"(?:people|persons?|others?|victims?|individuals?|souls|lives|men|women|were|more|in all)"
_FATES: Final = {
    "dead": r"dead|killed|die|dies|died|deaths?|fatalities|slain|murdered|perished|lost their lives|lives",
    "injured": r"injured|wounded|hurt|injuries|casualties",
    "missing": r"missing|unaccounted for",
    "arrested": r"arrested|detained|arrests|detentions|taken into custody",
    "displaced": r"displaced|homeless",
    "evacuated": r"evacuated",
}
_AFTER: Final = re.compile(
    r"(?:[ -](?:of )?(?:them|others?|more|people|persons?|victims?|individuals?)){0,2}"
    r"(?: (?:who|were|was|are|is|have|has|had|been|being|be|to|reported|confirmed|reportedly|believed|feared"
    r"|left|also|still|now|later|already|presumed|seriously|badly|critically|slightly|fatally)){0,8}"
    rf" (?:{'|'.join(f'(?P<{fate}>{words})' for fate, words in _FATES.items())})\b",
    re.IGNORECASE,
)
_CAUSES: Final = {
    "dead": r"kill(?:s|ed|ing)?|claim(?:s|ed|ing)?(?: the lives of)?|(?:death toll|toll"
    r"|number of (?:dead|deaths))\b[^.;]{0,60}"
    r"\b(?:to|at|of|is|was|from|hits?|reache[sd]|passe[sd]|past|topped|tops|:)",
    "injured": r"(?:injur|wound)(?:es?|s|ed|ing)|hurts?|hurting|number of (?:injured|wounded)\b[^.;]{0,60}"
    r"\b(?:to|at|of|is|was|from|reache[sd]|passe[sd])",
    "arrested": r"arrest(?:s|ed|ing)?|detain(?:s|ed|ing)?",
    "displaced": r"displac(?:es|ed|ing)",
    "evacuated": r"evacuat(?:es|ed|ing)",
}
_BEFORE: Final = re.compile(
    rf"\b(?:{'|'.join(f'(?P<{fate}>{words})' for fate, words in _CAUSES.items())})"
    r" (?:another |a further |a total of |the |all |some of the )?\Z",
    re.IGNORECASE,
)
_NEAR: Final = 110
_EVENTS: Final = {
    "death": "dead",
    "fatality": "dead",
    "injury": "injured",
    "arrest": "arrested",
    "detention": "arrested",
}
_USES: Final = ("ouses", "auses", "fuses", "cuses", "muses", "-uses", "abuses")
"""Endings of plurals whose singular ends in -use: houses and causes, unlike buses and viruses."""
_ANYBODY: Final = frozenset(("", "person", "victim", "individual", "soul", "life"))


def counted(sentence: str, start: int, end: int, one: bool) -> str:
    """What the number at this span of the sentence counts, lower case, in the singular; empty if nothing.

    People to whom something happened are counted by it, in whatever words: `dead`, `injured`, `missing`,
    `arrested`, `displaced`, `evacuated`. Such numbers are compared with each other, however they are put.
    """
    noun = counted_noun(sentence, end, one)
    noun = _EVENTS.get(noun, noun)
    if noun in _ANYBODY:
        fate = _AFTER.match(sentence, end) or _BEFORE.search(sentence[max(0, start - _NEAR) : start])
        if fate:
            return fate.lastgroup or noun
    return noun


def counted_noun(sentence: str, end: int, one: bool) -> str:
    """The noun that follows a number, in the singular; empty if none does.

    It is the word that a hyphen joins to the number ("a 40-page report"), or the first plural within four
    words, the last of a compound ("sales managers"), or, after `one`, the last word before the phrase ends.
    """
    skipped = _OF_WHOM.match(sentence, end)
    at = skipped.end() if skipped else end
    singular_noun = ""
    joined = _HYPHENED.match(sentence, at)
    if joined and joined[1] not in _NOT_COUNTED:
        return joined[1]
    for _ in range(_FURTHEST):
        word = _WORD.match(sentence, at)
        if not word:
            break
        noun, at = word[1].lower(), word.end()
        if noun in FUNCTION_WORDS:
            break
        if noun in _COLLECTIVE:
            singular_noun = noun
        elif is_plural(noun) or word[2]:
            compound = _WORD.match(sentence, at)  # "sales managers"
            return singular(compound[1] if compound and is_plural(compound[1]) else noun)
        elif one and not noun.endswith("ed"):
            singular_noun = noun
    return singular_noun


def is_plural(word: str) -> bool:
    """Whether a lower-case word looks like a plural noun."""
    if word in _IRREGULAR:
        return True
    return (
        len(word) > 3
        and word.endswith("s")
        and word not in _NOT_PLURAL
        and not word.endswith(("ss", "us", "is"))
    )


def singular(word: str) -> str:
    """A lower-case plural noun in the singular, by rule; other words come back as they are."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if not is_plural(word):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes", "oes", "gases")):
        return word[:-2]
    if word.endswith("uses") and word != "uses" and not word.endswith(_USES):
        return word[:-2]
    return word[:-1]
