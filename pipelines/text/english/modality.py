"""Whether a sentence states its claim as uncertain, and whether it denies it. Pure logic."""

import re
from collections.abc import Set as AbstractSet
from typing import Final

from pipelines.text.words import words_of

_HEDGES: Final = frozenset(
    "allegedly reportedly apparently possibly probably perhaps maybe presumably supposedly purportedly "
    "seemingly potentially unconfirmed rumoured rumored might".split()
)
_HEDGE_CLUES: Final = frozenset(
    "could may believed thought feared suspected alleged understood presumed considered expected appears "
    "appeared appear seems seemed seem likely unlikely unclear unknown if "
    "whether forecast forecasts projected predicted predict "
    "predicts expect expects would".split()
)
_HEDGED: Final = re.compile(
    r"\bcould\b(?! ?n[o'’]t)|(?<![A-Z] )\bmay\b(?! \d)"
    r"|\b(?:is|are|was|were|been|be|being)(?: \w+ly| also| still| now)? (?:believed|thought|said"
    r"|reported|feared|suspected"
    r"|alleged|understood|presumed|expected|likely|unlikely)(?: to\b| that\b| dead\b)"
    r"|\b(?:appear|seem)(?:s|ed)? (?:to\b|that\b|as if\b)|\b(?:likely|unlikely) to\b"
    r"|\b(?:unclear|not clear|unknown|not known) (?:if|whether)\b|\A[\"“‘']?If\b"
    r"|\b(?:is|are|was|were|been|being)(?: \w+ly| also| still| now)? (?:forecast|projected|predicted|tipped)"
    r" (?:to|at)\b"
    r"|\b(?:forecasts|predicts?|expects?) (?:that\b|an? |(?:[\w%-]+ ){1,4}?(?:to|will|would)\b)"
    r"|\bwould (?!ask|see|check|decide|know|find)\b[^;.]*\bif\b"
    r"|\bwould have\b[^;.]*\bhad (?:the|he|she|they|it|we|an?|his|her|their)\b"
)
_NEGATIONS: Final = frozenset(
    "not no never cannot none nobody nothing neither nor denied denies deny denying refuted refutes "
    "refute rejected rejects ruled failed fails without dismissed".split()
)
_SUBORDINATE: Final = re.compile(
    r"(?:, | )(?:who|which|whose|whom|where|when|although|though|while|because|since|unless|until"
    r"|despite|whether"
    r"|rather than|and not|but not)\b[^,;:.\"“”]*"
)
_NOT_A_DENIAL: Final = re.compile(
    r"\bnot (?:only|just|merely|least|necessarily|until|long|far|clear|known|sure|certain)\b"
    r"|\bno (?:fewer|less|more) than\b|\bno (?:doubt|matter|sooner)\b|\bno\. ?\d|\bnothing (?:but|less)\b"
    r"|\b(?:why|if|or) not\b|\bnever mind\b"
)
# Denied of a part only: "the deal, not yet signed, covers three ports".
_LOCAL: Final = re.compile(r", (?:not|never|no longer)\b[^,;:.\"“”]*(?=,)|\bto not\b")
_SHORTENED: Final = re.compile(r"n['’]t\b|n ['’] t\b")  # the second as some archives are tokenised
_DENIALS: Final = frozenset("not cannot never nobody neither nothing".split())
_DENIED: Final = re.compile(
    r"n['’]t\b|n ['’] t\b|\bno longer\b|\bno[ -]one\b|\b(?<!second to )none\b(?! (?:other|the less))"
    r"|\A[\"“‘']?(?:there (?:is|are|was|were) )?no [a-z]"
    r"|\b(?:is|are|was|were|be|been|has|have|had|find|finds|found|saw|see|gave|give|gives|offered"
    r"|provided|showed"
    r"|shows|got|received|with|made|that|said|there) no [a-z]"
    r"|\bfail(?:s|ed) to\b|\bruled out\b|\brefute[sd]?\b|\bwithout evidence\b"
    r"|\b(?:reject|dismiss)(?:s|es|ed|ing) (?:\w+ ){0,3}?"
    r"(?:claims?|allegations?|accusations?|reports?|suggestions?|charges?)\b"
)
_DENYING: Final = re.compile(
    r"(?<!was )(?<!were )(?<!been )(?<!being )(?<!is )(?<!are )\bden(?:y|ies|ied|ying)\b"
    r"(?! (?:\w+ ){0,2}?(?:entry|access|bail|visas?|parole|permission|asylum|request|application|appeal"
    r"|motion)\b)"
)


def is_hedged(sentence: str, words: AbstractSet[str]) -> bool:
    """Whether the claim is stated as uncertain: "allegedly", "may have", "is believed to", "If ...".

    `words` are the sentence's words in lower case: most sentences are answered by a look at them.
    """
    if not words.isdisjoint(_HEDGES):
        return True
    clues = not words.isdisjoint(_HEDGE_CLUES) or "said to " in sentence or "reported to " in sentence
    return clues and bool(_HEDGED.search(sentence))


def may_deny(sentence: str, words: AbstractSet[str]) -> bool:
    """False where nothing in the sentence can deny; a quick look at its words in lower case."""
    return not words.isdisjoint(_NEGATIONS) or _SHORTENED.search(sentence) is not None


def is_negated(sentence: str, words: AbstractSet[str]) -> bool:
    """Whether the sentence denies its proposition: "did not", "no evidence that", "X denied that".

    A denial in a relative or adverbial clause ("police, who gave no name, arrested him") does not count.
    """
    if not may_deny(sentence, words):
        return False
    main = _NOT_A_DENIAL.sub(" ", _LOCAL.sub(" ", _SUBORDINATE.sub(" ", sentence.lower())))
    return not _DENIALS.isdisjoint(words_of(main)) or bool(_DENIED.search(main) or _DENYING.search(main))
