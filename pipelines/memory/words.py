"""The words that two claims are compared by, and the passages that two articles are."""

import re
import unicodedata
from collections.abc import Sequence
from zlib import crc32

from schemas.claims import Claim

_MARKS = dict.fromkeys(point for point in range(0x300, 0x10000) if unicodedata.combining(chr(point)))
_WORD = re.compile(r"[^\W_]+")
_PASSAGE_WORDS = 8
_KEEP_ONE_IN = 2

# Words that say nothing of what a claim is about; verbs of saying are here because the speaker is a fact of
# its own, compared apart.
_EMPTY_WORDS = frozenset(
    """
    a an and are as at be been but by for from had has have he her his in is it its not of on or our said say
    says she so such than that the their them then there these they this those to was we were what when which
    who will with would you
    """.split()
)


def words_of(text: str) -> list[str]:
    """The text's words in order, lower case and without accents."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).translate(_MARKS)
    return _WORD.findall(text.lower())


def telling_words(text: str) -> frozenset[str]:
    """The text's words that say something."""
    return frozenset(words_of(text)) - _EMPTY_WORDS


def wording_of(sentence: Sequence[Claim]) -> frozenset[str]:
    """The telling words of a sentence, whose claims these are, beside its numbers and dates.

    Those are compared as facts. Left in, a rare number weighs as much as all else: "fourteen are missing"
    and "nine are missing" would not be taken for one fact with two values.
    """
    text, offset = sentence[0].text, sentence[0].start
    facts = [(fact.start, fact.end) for claim in sentence for fact in claim.quantities]
    facts += [(fact.start, fact.end) for claim in sentence for fact in claim.dates]
    for first, last in facts:
        start, end = first - offset, last - offset
        text = text[:start] + " " * (end - start) + text[end:]
    return telling_words(text)


def passages_of(text: str) -> tuple[int, ...]:
    """A fixed half of the text's eight-word shingles, as sorted 32-bit hashes.

    Sampling by the hash's value keeps the same shingles in every text (Broder, "On the resemblance and
    containment of documents", 1997), so that what a cut copy shares with its release can still be counted.
    """
    words = words_of(text)
    shingles = (" ".join(words[i : i + _PASSAGE_WORDS]) for i in range(len(words) - _PASSAGE_WORDS + 1))
    hashes = {crc32(shingle.encode()) for shingle in shingles}
    return tuple(sorted(value for value in hashes if value % _KEEP_ONE_IN == 0))
