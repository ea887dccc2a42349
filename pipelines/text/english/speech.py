"""Who a sentence says is speaking: "X said", "said X", "according to X". Pure logic.

Quoted words must be hidden from it (`HIDDEN`), so that only the reporting clause is read.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from pipelines.text.english.noun_phrases import PRONOUNS, Phrase, phrase_after, phrase_before
from pipelines.text.names import TITLES

HIDDEN: Final = "\ufffc"
"""Stands for each character between quotation marks, but for punctuation that ends the quotation; the marks
themselves are written as straight double ones."""

_ALWAYS: Final = (
    "said says say told tells insisted insists argued argues explained explains stated claimed claims "
    "alleged "
    "alleges maintained contended contends asserted testified remarked wrote writes tweeted denied "
    "denies deny "
    "accused accuses vowed vows swears recalled thinks believes hopes"
).split()
_WITH_CLAUSE: Final = (
    "added adds declared declares warned warns announced announces confirmed confirms reported reports "
    "noted notes "
    "acknowledged acknowledges admitted admits revealed reveals disclosed suggested suggests estimated "
    "estimates "
    "predicted predicts conceded concedes complained stressed emphasised emphasized reiterated promised "
    "pledged "
    "concluded indicated hinted cautioned believed hoped thought feared replied responded implied "
    "implies lamented "
    "found finds pointed"
).split()
_WITH_QUOTE: Final = "continued continues asked asks cried shouted joked quipped commented comments".split()
_WITH_JUDGEMENT: Final = "called calls described describes put puts".split()
_WITH_OF: Final = "speak speaks spoke".split()
_INVERTED: Final = frozenset(
    "said says added adds wrote writes reported reports explained recalled noted insisted warned argued "
    "claimed replied asked asks continued commented joked promised announced predicted conceded admitted "
    "recalls tells warns argues notes replies".split()
)
_VERB: Final = re.compile(
    rf"\b(?:(?P<always>{'|'.join(_ALWAYS)})|(?P<clause>{'|'.join(_WITH_CLAUSE)})"
    rf"|(?P<quote>{'|'.join(_WITH_QUOTE)})|(?P<judgement>{'|'.join(_WITH_JUDGEMENT)})"
    rf"|(?:{'|'.join(_WITH_OF)})(?= of\b))\b"
)
_CLAUSE: Final = re.compile(
    r"(?: (?:(?:on )?\w+day|today|yesterday|\w+ly|in a statement))?(?: (?:he|she|it|they|there)\b"
    r"|[ ,:]*\"|[,:.]|$)"
    r"|(?! (?:a|an|the|its|his|her|their) )(?: [\w.’'-]+){0,6}? (?:that|how|whether)\b"
)
# "called the visit an insult", "described it as a lie", "puts the number at nine".
_JUDGEMENT: Final = re.compile(
    r"(?! (?:on|for|off|in|to|up|out|with) )(?: [\w.’'-]+){1,8}? (?:(?:an?|as|at [\w-]+)(?![\w-])|\")"
)
_SOURCE: Final = re.compile(r"\b[Aa]ccording to |\bquoted (?=.{3,80}? as saying\b)")
_QUOTED_AS: Final = re.compile(r"\b(?:is|was|were|are|been) quoted\b.{0,60}?\bas saying\b")
_HEADLINE: Final = re.compile(
    r": ([A-Z]{2,6}|[Pp]olice|[Oo]fficials?|[Ss]ources?|[Mm]inist(?:er|ry)|[Rr]eports?|[Ss]tudy|[Pp]oll"
    r"|[Aa]gency|[Mm]edia|[Ee]xperts?|[Gg]overnment|[Ss]pokes(?:man|woman|person))\Z"
)
_LEADING: Final = re.compile(
    r"(?:The |A |An )?([A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,4})(?=,| (?:was|is|has|had|also|[a-z]+ed"
    r"|[a-z]+s)\b)"
)
_BY: Final = re.compile(r" by\b|(?<=accused) of\b")
_WRITTEN: Final = re.compile(
    r"\b(?:[Ii]n|[Bb]y|[Vv]ia|[Aa]|[Tt]he) (?:[\w-]+ ){0,3}?"
    r"(?:statement|release|communiqu[eé]|memo|memorandum|letter|tweet|blog post|filing|e-?mail|bulletin)\b"
)
_OF_STATEMENT: Final = re.compile(
    r"(?:an? |the |its |his |her |their )?(?:[\w-]+ ){0,2}(?:statement|release|communiqu[eé]|memo"
    r"|letter) (?:from|by|of|issued by) (?:the )?",
    re.IGNORECASE,
)
_ITS_STATEMENT: Final = re.compile(r"['’]s? (?:[\w-]+ ){0,2}(?:statement|release|letter|memo)\Z")
# Before a verb of speech: "is said to", "to say", "the reported deal", "did not say".
_NOBODY_SPEAKS: Final = frozenset(
    "to be been being was were is are am get got not never cannot the a an his her its their this these "
    "those of as by my our your much most least more widely generally just".split()
)
_PREPOSITIONS: Final = frozenset("of for at from in with and by".split())
_NEAR: Final = 300  # code points before a verb in which its subject is sought
_VERBS: Final = frozenset(
    (*_ALWAYS, *_WITH_CLAUSE, *_WITH_QUOTE, *_WITH_JUDGEMENT, *_WITH_OF, "according", "quoted")
)


class Speech(NamedTuple):
    """A reporting clause."""

    speaker: str
    """Who speaks, as written; a pronoun in lower case where it stands for somebody named elsewhere."""
    written: bool
    """True where a written statement is relayed."""

    @property
    def pronoun(self) -> bool:
        """Whether the speaker is only a pronoun."""
        return self.speaker in PRONOUNS


def may_report(sentence: str, words: Iterable[str]) -> bool:
    """False where `find_speech` finds nothing; a quick look at the sentence's words in lower case."""
    return not _VERBS.isdisjoint(words) or _HEADLINE.search(sentence) is not None


def find_speech(sentence: str) -> Speech | None:
    """The first reporting clause of a sentence; None where nobody is said to speak."""
    phrase = _source(sentence)
    if not phrase:
        clauses = (_speaker(sentence, verb) for verb in _VERB.finditer(sentence))
        phrase = next((found for found in clauses if found), None)
    return _speech(phrase, bool(_WRITTEN.search(sentence))) if phrase else None


def _source(sentence: str) -> Phrase | None:
    """Who is named as the source without a clause of their own."""
    if "quoted" in sentence and (quoted := _QUOTED_AS.search(sentence)):
        return phrase_before(sentence[: quoted.start()])
    if source := _SOURCE.search(sentence):
        return phrase_after(sentence, source.end() - 1)
    headline = _HEADLINE.search(sentence)
    return Phrase(headline[1], ends_clause=True) if headline else None


def _speaker(sentence: str, verb: re.Match[str]) -> Phrase | None:
    """Who does what the verb says; None where the verb reports nothing here."""
    before = sentence[max(0, verb.start() - _NEAR) : verb.start()].rstrip()
    last = before.rsplit(None, 1)[-1].lower() if before else ""
    if last in _NOBODY_SPEAKS or last.endswith(("n't", "n’t")) or _BY.match(sentence, verb.end()):
        return None
    inverted = verb[0] in _INVERTED and (not before or before[-1] in '",')
    after = phrase_after(sentence, verb.end()) if inverted else None
    if after and (before[-1:] != "," or (after.ends_clause and after.text[0].isupper())):
        return after
    if not _reports(sentence, verb):
        return None
    if last in {"and", "but"}:
        leading = _LEADING.match(sentence)
        return Phrase(leading[1], ends_clause=False) if leading else None
    return phrase_before(before) or (after if after and after.ends_clause else None)


def _reports(sentence: str, verb: re.Match[str]) -> bool:
    """Whether what follows the verb is reported, and not just an object: "announced a strike"."""
    match verb.lastgroup:
        case "clause":
            return _CLAUSE.match(sentence, verb.end()) is not None
        case "quote":
            return '"' in sentence
        case "judgement":
            return _JUDGEMENT.match(sentence, verb.end()) is not None
        case _:
            return True


def _speech(phrase: Phrase, written: bool) -> Speech:
    """The speaker without titles and roles before a full name, or a statement that speaks for them."""
    text = phrase.text
    if statement := _OF_STATEMENT.match(text):
        text, written = text[statement.end() :], True
    text, cuts = _ITS_STATEMENT.subn("", text)
    words = text.split()
    titles = [place for place, word in enumerate(words[:-2], 1) if word.lower().strip(".,") in TITLES]
    names = next((place for place, word in enumerate(words) if word[0].isupper()), len(words))
    start = max(titles, default=0) or (names if _PREPOSITIONS.isdisjoint(words[:names]) else 0)
    if len(words) - start > 1 and all(word[0].isupper() for word in words[start:]):
        words = words[start:]
    return Speech(" ".join(words), written or cuts > 0)
