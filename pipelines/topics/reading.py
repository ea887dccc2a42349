"""One article, ready to be searched for the terms of many queries."""

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from pipelines.topics.keys import label_key, pair_keys
from pipelines.topics.places import near_by, side_by_side
from pipelines.topics.query import LabelTerm, TextTerm, Word
from pipelines.topics.tokens import Words, fold, folded_words, split_words, without_accents
from schemas.articles import Hit, TaggedArticle

TITLE: Final = "title"
"""The field of hits in the headline."""

TEXT: Final = "text"
"""The field of hits in the body, mentions of entities among them."""

ENTITY: Final = "entity"
"""The field of entities that the title names, where in it is not known."""


class Reading:
    """Answers which terms an article has, and where; the article is cut into words once."""

    def __init__(self, tagged: TaggedArticle) -> None:
        article = tagged.article
        self._fields = {TITLE: _Field(article.title or ""), TEXT: _Field(article.text)}
        self._mentions = tagged.mentions
        self._labels: dict[str, frozenset[str]] = {
            ENTITY: frozenset(tagged.title_entities).union(mention.entity for mention in tagged.mentions),
            "lang": frozenset([article.language] if article.language else ()),
            "source": frozenset([article.source]),
        }
        self._title_entities = tagged.title_entities

    def singles(self) -> set[str]:
        """The article's words, those of its title once more, and its labels; see `key_of`."""
        keys = {label_key(field, fold(value)) for field, values in self._labels.items() for value in values}
        keys.update(label_key(TITLE, word) for word in self._fields[TITLE].words)
        return keys.union(*(field.words for field in self._fields.values()))

    def pairs(self) -> set[str]:
        """Its pairs of words; see `key_of`."""
        return set[str]().union(*(pair_keys(field.words) for field in self._fields.values()))

    def has(self, term: TextTerm | LabelTerm) -> bool:
        """Whether the term occurs in the article."""
        match term:
            case TextTerm(field=None):
                return self._fields[TITLE].has(term) or self._fields[TEXT].has(term)
            case TextTerm():
                return self._fields[TITLE].has(term)
            case LabelTerm():
                return any(_carries(term, value) for value in self._labels[term.field])

    def hits(self, term: TextTerm | LabelTerm) -> Iterator[Hit]:
        """Every occurrence of the term; an entity's mentions, and its label where the title names it."""
        if isinstance(term, LabelTerm):
            yield from self._label_hits(term)
            return
        for name, field in self._fields.items():
            if term.field in (None, name):
                for start, end in field.spans(term):
                    yield Hit(term=term.written, field=name, start=start, end=end)

    def _label_hits(self, term: LabelTerm) -> Iterator[Hit]:
        values = self._title_entities if term.field == ENTITY else self._labels[term.field]
        for value in values:
            if _carries(term, value):
                yield Hit(term=term.written, field=term.field, start=0, end=len(value))
        for mention in self._mentions if term.field == ENTITY else ():
            if _carries(term, mention.entity):
                yield Hit(term=term.written, field=TEXT, start=mention.start, end=mention.end)


class _Field:
    """The words of the title or the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.words = folded_words(text)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where each word stands."""
        places: dict[str, list[int]] = {}
        for place, word in enumerate(self.words):
            places.setdefault(word, []).append(place)
        return places

    def has(self, term: TextTerm) -> bool:
        """Whether the term occurs."""
        for word in term.words:
            if not word.prefix and word.folded not in self.places:
                return False
        return bool(self._stretches(term))

    def spans(self, term: TextTerm) -> list[tuple[int, int]]:
        """Where the term occurs, in code points."""
        spans = self._split.spans
        return [(spans[first][0], spans[last][1]) for first, last in self._stretches(term)]

    def _stretches(self, term: TextTerm) -> list[tuple[int, int]]:
        places = []
        for word in term.words:
            places.append(self._places_of(word))
            if not places[-1]:
                return []
        if len(places) == 1:
            return [(place, place) for place in places[0]]
        return side_by_side(places) if term.within is None else near_by(places, term.within)

    def _places_of(self, word: Word) -> list[int]:
        if word.prefix:
            places = sorted(place for full in self._words_from(word.folded) for place in self.places[full])
        else:
            places = self.places.get(word.folded, [])
        if word.exact is None:
            return places
        return [place for place in places if _fits(word.exact, self._written(place), word.prefix)]

    def _words_from(self, stem: str) -> Iterator[str]:
        words = self._sorted
        for at in range(bisect_left(words, stem), len(words)):
            if not words[at].startswith(stem):
                return
            yield words[at]

    @cached_property
    def _split(self) -> Words:
        # Most articles match few topics: where words stand is asked of few of them.
        return split_words(self._text)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.places)

    def _written(self, place: int) -> str:
        start, end = self._split.spans[place]
        return without_accents(self._text[start:end])


def _carries(term: LabelTerm, value: str) -> bool:
    return _fits(term.value, fold(value), term.prefix)


def _fits(wanted: str, written: str, prefix: bool) -> bool:
    return written.startswith(wanted) if prefix else written == wanted
