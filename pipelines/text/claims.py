"""The claims that an article makes: one for each sentence that states something. Pure logic."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import Final

from pipelines.text.captions import find_captions, is_inside
from pipelines.text.dates import find_dates
from pipelines.text.english.modality import is_hedged, is_negated
from pipelines.text.english.statements import is_statement
from pipelines.text.language import foreign_language
from pipelines.text.parts import Facts, Part, find_parts
from pipelines.text.quantities import find_quantities
from pipelines.text.quotations import quoted_words
from pipelines.text.sentences import split_sentences
from pipelines.text.speakers import Attribution, attribute
from pipelines.text.words import words_of
from pipelines.text.worth import check_worthiness
from schemas.articles import Article, ClaimedArticle, TaggedArticle
from schemas.claims import Claim, Mention, Mode
from schemas.ids import stable_id

_SEVERAL: Final = 2
_LONGEST: Final = 2_000  # code points; a longer "sentence" is a table or a dump


def find_claims(tagged: TaggedArticle) -> ClaimedArticle:
    """The tagged article with its claims, in order, in time linear in the length of its text.

    Their span is the sentence. A sentence that states several things gives several claims: numbers, dates,
    mentions, polarity and speaker are those of the part that states each. Satire claims nothing.
    """
    article = tagged.article
    if article.satire:
        return ClaimedArticle(tagged=tagged, claims=())
    spans = split_sentences(article.text, article.language)
    sentences = [_parts(article, span) for span in spans]
    turns = [turn for span, parts in zip(spans, sentences, strict=True) for turn in _turns(span, parts)]
    attributions = iter(attribute(article.text, turns))
    captions = find_captions(article.text)
    claims: list[Claim] = []
    for span, parts in zip(spans, sentences, strict=True):
        said = tuple(islice(attributions, parts[-1].turn + 1 if parts else 1))
        if captions and is_inside(captions, span[0]):
            said = tuple(attribution._replace(mode=Mode.CAPTION) for attribution in said)
        claims += [
            _claim(tagged, span, (ordinal, part), said[part.turn]) for ordinal, part in enumerate(parts)
        ]
    return ClaimedArticle(tagged=tagged, claims=tuple(claims))


def _parts(article: Article, span: tuple[int, int]) -> tuple[Part, ...]:
    """The parts of the sentence at `span` that claim something; none where it states nothing."""
    start, end = span
    if end - start > _LONGEST:
        return ()
    sentence = article.text[start:end]
    words = words_of(sentence)
    if not is_statement(sentence, words):
        return ()
    quantities = find_quantities(article.text, start, end)
    dates = find_dates(article.text, start, end, article.published_at)
    return find_parts(article.text, span, words, Facts(quantities, dates))


def _turns(span: tuple[int, int], parts: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """The stretches of the sentence at `span` that have one speaker each."""
    if len(parts) < _SEVERAL:
        yield span
        return
    for _, grouped in groupby(parts, key=lambda part: part.turn):
        turn = tuple(grouped)
        yield turn[0].start, turn[-1].end


def _inside(mentions: Sequence[Mention], start: int, end: int) -> tuple[Mention, ...]:
    first = bisect_left(mentions, start, key=lambda mention: mention.start)
    last = bisect_left(mentions, end, key=lambda mention: mention.start)
    return tuple(mentions[first:last])


def _claim(
    tagged: TaggedArticle, span: tuple[int, int], place: tuple[int, Part], attribution: Attribution
) -> Claim:
    """What a part of the sentence at `span` claims."""
    (start, end), (ordinal, part), article = span, place, tagged.article
    stated = article.text[part.start : part.end]
    words = words_of(stated)
    distinct = frozenset(words)
    hedged = is_hedged(stated, distinct)
    mentions = _inside(tagged.mentions, part.named_from, part.end)
    references = _inside(tagged.references, part.named_from, part.end)
    quoted = attribution.mode is Mode.DIRECT_QUOTE
    return Claim(
        id=stable_id("claim", article.id, start, end, ordinal),
        text=article.text[start:end],
        start=start,
        end=end,
        speaker=attribution.speaker,
        mode=attribution.mode,
        hedged=hedged,
        negated=is_negated(stated, distinct),
        quantities=part.facts.quantities,
        dates=part.facts.dates,
        mentions=mentions,
        references=references,
        language=foreign_language(quoted_words(article.text, part.start, part.end), article.language)
        if quoted
        else None,
        worth=check_worthiness(
            words, part.facts.quantities, named=bool(mentions or references), hedged=hedged
        ),
    )
