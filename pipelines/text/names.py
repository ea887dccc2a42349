"""How names are written: when a string may be a name, and which names are those of people. Pure logic."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

LONGEST_ACRONYM: Final = 5
"""Letters of the longest name whose capitals must be capitals in the text: "WHO" is not "who"."""
_NEAR: Final = 60
_LOOKED_AT: Final = 40
_WORD: Final = re.compile(r"[^\W_]+")
_FULL_NAME: Final = r"[A-Z][\w’'-]+(?: [A-Z]\.)? [A-Z][\w’'-]+"
_NAMED: Final = re.compile(rf"(?<![\w.’'])({_FULL_NAME})")
_NAME_WORD: Final = re.compile(r"[A-ZÀ-ÖØ-Þ][^\W\d_]*(?:['’-][^\W\d_]+)*\Z")
_LAST_WORD: Final = re.compile(r"(?<![\w.'’-])([A-ZÀ-ÖØ-Þ][\w.'’-]*)[ \u00a0]\Z")
_NEXT_WORD: Final = re.compile(r"[ \u00a0]([A-ZÀ-ÖØ-Þ][\w'’-]*)")
SENTENCE_START: Final = re.compile(r"(?:^|[.!?:;\n\"“”‘’«»(—-])\s*\Z")

_PARTICLES: Final = frozenset("al bin bint da de del der di dos du el ibn la le ter ten van von".split())
LINKING: Final = _PARTICLES | frozenset("and e for of the".split())
"""Words in small letters that stand inside names."""
TITLES: Final = frozenset(
    "mr mrs ms miss mx dr sir dame lord lady president vice premier chancellor prime minister secretary "
    "ambassador senator sen rep representative congressman congresswoman governor gov mayor judge "
    "justice chief general gen colonel col major maj captain capt commander lieutenant lt sergeant sgt "
    "officer inspector detective professor prof rev reverend father sister bishop archbishop pope imam "
    "sheikh ayatollah king queen prince princess attorney lawyer coach spokesman spokeswoman "
    "spokesperson director chairman chairwoman leader deputy former then-president commissioner manager "
    "prosecutor nurse".split()
)
OPENERS: Final = frozenset(
    "a after all also although and as at because before both but by even for from had has have he if in "
    "is it its later like of on once only or she since so still that the their then there they this "
    "though to under until was were what when where while who whose why with yet monday tuesday "
    "wednesday thursday friday saturday sunday yesterday today".split()
)
DAYS_AND_MONTHS: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
    "august september october november december jan feb mar apr jun jul aug sept oct nov dec".split()
)
_LINKS: Final = frozenset("of for at in from with".split())
_BODIES: Final = frozenset(
    "ministry agency government police company statement report media television radio court survey "
    "department office staff council party group movement union army website newspaper study poll "
    "organisation organization".split()
)
_ROLES: Final = frozenset(
    "spokesman spokeswoman spokesperson official officer minister president director chairman chairwoman "
    "witness resident doctor analyst lawyer source expert professor editor author ambassador senator "
    "judge chief".split()
)
# Words that make a capitalised name the name of a place, a body or a thing, first the telling beginnings.
_NOT_PEOPLE: Final = frozenset(
    "new north south east west northern southern eastern western central upper lower great greater saint "
    "st san santa sao los las costa puerto port fort camp cape mount lake hong sri saudi red white black "
    "blue green real the of and for party council union organization organisation ministry department "
    "university college school academy bank company corp corporation inc ltd group holdings army navy "
    "force forces guard guards corps police city county state states republic kingdom islands island "
    "court committee commission agency administration association federation foundation front movement "
    "club united press news times post journal television radio network street avenue square road bridge "
    "bay river sea ocean mountain mountains valley beach park desert cup league championship "
    "championships marathon open games hospital church airport station center centre institute museum "
    "gallery theatre theater office house act treaty agreement accord war day festival awards award "
    "prize security service services society trust fund international national world".split()
)


def may_be(alias: str, seen: str) -> bool:
    """Whether `seen`, equal to `alias` but for case, may be that name.

    Capitals of five letters at most ("MEK", "WHO") must be capitals in the text. Of any other name that has
    capitals, the first capitalised word must be capitalised in the text: "Reading" is not "reading".
    A name without capitals goes with any case.
    """
    if alias.isupper() and sum(map(str.isalpha, alias)) <= LONGEST_ACRONYM:
        return seen.isupper()
    for own, other in zip(_WORD.findall(alias), _WORD.findall(seen), strict=False):
        if own[0].isupper():
            return bool(other[0].isupper())
    return True


def surname(name: str) -> str | None:
    """The last word of a name that looks like a person's; None where it looks like anything else.

    A person's name is two to four capitalised words, particles aside, none of which belongs to the names of
    places, bodies or things.
    """
    words = name.split()
    if not 2 <= len(words) <= 4 or any(word.lower().strip(".") in _NOT_PEOPLE for word in words):
        return None
    if not all(_is_name_word(word) for word in words):
        return None
    last = words[-1]
    return last if len(last) > 2 and not last.isupper() else None


def _is_name_word(word: str) -> bool:
    return word in _PARTICLES or bool(
        _NAME_WORD.match(word.rstrip(".")) and (len(word) < 3 or not word.isupper())
    )


def followed_by_name(text: str, end: int) -> bool:
    """Whether a capitalised word comes right after `end`: the "Foundation" of "Rajavi Foundation"."""
    following = _NEXT_WORD.match(text, end, end + _NEAR)
    return bool(following and following[1].lower() not in DAYS_AND_MONTHS)


def names_before(text: str, start: int) -> tuple[str, ...]:
    """The names right before the surname at `start`: not titles, and not words that only begin a sentence."""
    before = text[max(0, start - _NEAR) : start]
    names = []
    while preceding := _LAST_WORD.search(before):
        word = preceding[1].lower().rstrip(".")
        before = before[: preceding.start()]
        ends = preceding[1].endswith(".") and len(word) > 1 and "." not in word  # not "A.J."
        if ends or word in TITLES or (word in OPENERS and SENTENCE_START.search(before)):
            break
        names.append(preceding[1])
    return tuple(names)


def is_person(name: str) -> bool:
    """Whether a noun phrase can name one person: "Rajavi", "a spokesman", but not "HP" or "officials"."""
    words = [word.lower().strip(".,") for word in name.split()]
    head = next((words[place - 1] for place, word in enumerate(words) if place and word in _LINKS), words[-1])
    if name.isupper() or head in _BODIES or (name[-1] == "s" and name.split()[-1].islower()):
        return False
    return head in _ROLES or not any(word in _NOT_PEOPLE for word in words)


def full_form(text: str, name: str) -> str:
    """The one full form that the text has of a surname, titled or not; otherwise the name itself."""
    *titles, last = name.split()
    if (
        not last[0].isupper()
        or last.isupper()
        or any(word.lower().strip(".") not in TITLES for word in titles)
    ):
        return name
    forms = set()
    for start in islice(_places(text, last), _LOOKED_AT):
        before = names_before(text, start)
        if before:
            initial = len(before[0].strip(".")) == 1
            forms.add(" ".join((*reversed(before[: 2 if initial else 1]), last)))
    return forms.pop() if len(forms) == 1 else name


def _places(text: str, word: str) -> Iterator[int]:
    """Where the word stands by itself; ten times as fast as compiling a pattern for it."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            yield start
        start = text.find(word, end)


def bearer(text: str, role: str) -> str | None:
    """The one person whom the text names right after this role ("minister"); None if unclear."""
    return _only(re.finditer(rf"(?i:\b{re.escape(role)}) ({_FULL_NAME})", text))


def only_person(text: str) -> str | None:
    """The one person whom the text names in full; None if it names none or more."""
    return _only(_NAMED.finditer(text))


def _only(found: Iterator[re.Match[str]]) -> str | None:
    names = {name[1] for name in islice(found, _LOOKED_AT) if surname(name[1])}
    return names.pop() if len(names) == 1 else None
