"""What a query is, once it is read."""

from schemas.record import record


@record
class Word:
    """One word to look for."""

    folded: str
    """Without case and accents."""
    exact: str | None
    """With the case that it must have; None where any will do."""
    prefix: bool
    """True where the word may go on."""


@record
class TextTerm:
    """Words to look for in the title or the text."""

    written: str
    """The term as the topic's author wrote it, field included."""
    field: str | None
    """`title`; None for title or text."""
    words: tuple[Word, ...]
    """The words, one or more: in this order and side by side, unless `within` is given."""
    within: int | None
    """The first and the last word lie at most so many words apart, in any order."""


@record
class LabelTerm:
    """A value that the article must carry."""

    written: str
    """The term as the topic's author wrote it, field included."""
    field: str
    """`entity`, `lang` or `source`."""
    value: str
    """The value, without case and accents."""
    prefix: bool
    """True where the value may go on."""


@record
class Not:
    """Holds where a term does not."""

    term: TextTerm | LabelTerm
    """The term that must be absent."""
    at: int
    """Where its NOT stands in the query, from 0."""


@record
class And:
    """Holds where all parts do."""

    parts: tuple["Query", ...]
    """Two or more."""


@record
class Or:
    """Holds where any part does."""

    parts: tuple["Query", ...]
    """Two or more."""


Query = TextTerm | LabelTerm | Not | And | Or
"""A query in which NOT stands before single terms only: negations are moved inwards when it is read."""


def negated(query: Query, at: int) -> Query:
    """The query that holds where this one does not (De Morgan); `at` is where the NOT stands."""
    match query:
        case And(parts=parts):
            return Or(parts=tuple(negated(part, at) for part in parts))
        case Or(parts=parts):
            return And(parts=tuple(negated(part, at) for part in parts))
        case Not(term=term):
            return term
        case term:
            return Not(term=term, at=at)


def loose_not(query: Query) -> Not | None:
    """A NOT by which the query holds in an article that has none of its terms; None where there is none."""
    match query:
        case Not():
            return query
        case And(parts=parts):
            loose = [loose_not(part) for part in parts]
            return loose[0] if None not in loose else None
        case Or(parts=parts):
            return next(filter(None, map(loose_not, parts)), None)
        case _:
            return None
