"""The claims that an article makes: one for each sentence that states something. Pure logic."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from pipelines.text.dates import find_dates
from pipelines.text.english.modality import is_hedged, is_negated
from pipelines.text.english.statements import is_statement
from pipelines.text.quantities import find_quantities
from pipelines.text.sentences import split_sentences
from pipelines.text.speakers import Attribution, attribute
from pipelines.text.words import words_of
from pipelines.text.worth import check_worthiness
from schemas.articles import Article, ClaimedArticle, TaggedArticle
from schemas.claims import Claim, Mention, Mode
from schemas.ids import stable_id

_LONGEST: Final = 2_000  # code points; a longer "sentence" is a table or a dump
_CAPTION_WORDS: Final = frozenset(("pictured", "photo", "file"))
_CAPTION: Final = re.compile(
    r"\A(?:Pictured|FILE|File photo|Photo)\b|\((?:pictured|file photo)\b|\bin this file photo\b"
)


def find_claims(tagged: TaggedArticle) -> ClaimedArticle:
    """The tagged article with its claims, in order, in time linear in the length of its text.

    One claim a sentence: its span is the sentence. The id ends in an ordinal, always 0 so far, that will tell
    several claims of one sentence apart.
    """
    article = tagged.article
    spans = split_sentences(article.text, article.language)
    claims = (
        _claim(article, span, _inside(tagged.mentions, span), attribution)
        for span, attribution in zip(spans, attribute(article.text, spans), strict=True)
    )
    return ClaimedArticle(tagged=tagged, claims=tuple(claim for claim in claims if claim))


def _inside(mentions: Sequence[Mention], span: tuple[int, int]) -> tuple[Mention, ...]:
    first = bisect_left(mentions, span[0], key=lambda mention: mention.start)
    last = bisect_left(mentions, span[1], key=lambda mention: mention.start)
    return tuple(mentions[first:last])


def _claim(
    article: Article, span: tuple[int, int], mentions: tuple[Mention, ...], attribution: Attribution
) -> Claim | None:
    """What the sentence at `span` claims; None where it states nothing."""
    start, end = span
    if end - start > _LONGEST:
        return None
    sentence = article.text[start:end]
    words = words_of(sentence)
    if not is_statement(sentence, words):
        return None
    distinct = frozenset(words)
    hedged = is_hedged(sentence, distinct)
    quantities = find_quantities(article.text, start, end)
    return Claim(
        id=stable_id("claim", article.id, start, end, 0),
        text=sentence,
        start=start,
        end=end,
        speaker=attribution.speaker,
        mode=Mode.CAPTION if _is_caption(sentence, distinct) else attribution.mode,
        hedged=hedged,
        negated=is_negated(sentence, distinct),
        quantities=quantities,
        dates=find_dates(article.text, start, end, article.published_at),
        mentions=mentions,
        worth=check_worthiness(words, quantities, named=bool(mentions), hedged=hedged),
    )


def _is_caption(sentence: str, words: AbstractSet[str]) -> bool:
    return not words.isdisjoint(_CAPTION_WORDS) and bool(_CAPTION.search(sentence))
