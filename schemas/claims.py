"""What is said: a Claim, and what its sentence holds."""

from enum import StrEnum

from schemas.record import record

UNATTRIBUTED = "unattributed"
"""The speaker of a claim that somebody else than the article makes, where it is unsure who."""


class Mode(StrEnum):
    """How an article makes a claim."""

    VOICE = "voice"
    """In the article's own voice."""
    DIRECT_QUOTE = "direct_quote"
    """In quotation marks."""
    INDIRECT = "indirect"
    """Reported speech."""
    STATEMENT = "statement"
    """A written statement, relayed."""
    CAPTION = "caption"
    """Under a picture."""


class Bound(StrEnum):
    """How tightly a quantity is stated."""

    EXACT = "exact"
    """"2,900"."""
    ABOUT = "about"
    """"some 3,000"."""
    AT_LEAST = "at_least"
    """"more than 3,000"."""
    AT_MOST = "at_most"
    """"up to 3,000"."""
    RANGE = "range"
    """"between 30 and 40"."""
    VAGUE = "vague"
    """"dozens"."""


@record
class Mention:
    """A span of the article's text that names an entity."""

    entity: str
    """Entity id."""
    start: int
    """First code point."""
    end: int
    """One past the last code point."""
    text: str
    """The name as used."""


@record
class Quantity:
    """A number as written, read as an interval."""

    text: str
    """As written."""
    start: int
    """First code point in the article's text."""
    end: int
    """One past the last code point."""
    low: float | None
    """Least value it can mean; None where open below."""
    high: float | None
    """Greatest value it can mean; None where open above."""
    bound: Bound
    """How tightly it is stated."""
    unit: str
    """Unit, ISO 4217 currency, `percent`, or the counted noun in the singular; empty where none is given."""


@record
class DateMention:
    """A date as written, normalised against the article's own date."""

    text: str
    """As written."""
    start: int
    """First code point in the article's text."""
    end: int
    """One past the last code point."""
    value: str | None
    """ISO 8601 day, month or year, as exact as the text is; None where it cannot be resolved."""


@record
class Claim:
    """One checkable statement in one article.

    Where its sentence makes several, all but the span is the claim's own.
    """

    id: str
    """Stable id of the article, the span and the claim's place among those of its sentence."""
    text: str
    """The sentence: the article's text from `start` to `end`."""
    start: int
    """First code point in the article's text."""
    end: int
    """One past the last code point."""
    speaker: str | None
    """Who says it, as the text names them; None for the article's own voice; `unattributed` if unsure."""
    mode: Mode
    """How it is said."""
    hedged: bool
    """True where it is stated as uncertain."""
    negated: bool
    """True where the proposition is denied."""
    quantities: tuple[Quantity, ...]
    """Numbers in order of `start`."""
    dates: tuple[DateMention, ...]
    """Dates in order of `start`."""
    mentions: tuple[Mention, ...]
    """Entities named in the sentence, in order of `start`."""
    worth: float
    """How much it is worth checking, 0..1."""
    references: tuple[Mention, ...] = ()
    """Nouns and pronouns that stand for an entity named before ("the group"), in order of `start`."""
    language: str | None = None
    """ISO 639-1 code of the words quoted, where they are in another language than the article; else None."""
