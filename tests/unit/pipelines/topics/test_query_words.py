"""How texts are cut into words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.topics.tokens import fold, folded_words, split_words, without_accents

WORDS = [
    ("", []),
    ("Tirana, 2009.", ["Tirana", "2009"]),
    ("Al-Qaeda's camp", ["Al", "Qaeda", "camp"]),
    ("l’Iran d'Ali", ["l", "Iran", "d", "Ali"]),
    ("Rajavi's RAJAVI'S Rajavi’s", ["Rajavi", "RAJAVI", "Rajavi"]),
    ("'s-Gravenhage isn't", ["s", "Gravenhage", "isn", "t"]),
    ("free_iran", ["free", "iran"]),
    ("Pe\u0301ter and P\u00e9ter", ["Pe\u0301ter", "and", "P\u00e9ter"]),
    ("Raj\u200bavi\u200b said", ["Raj\u200bavi", "said"]),
    ("\U0001f525fire\U0001f525 in Łódź", ["fire", "in", "Łódź"]),
    ("北京is", ["北", "京", "is"]),
    ("हिन्दी में", ["हिन्दी", "में"]),
]
FOLDED = [
    ("TIRANA", "tirana"),
    ("Łódź", "lodz"),
    ("Durrës", "durres"),
    ("Straße", "strasse"),
    ("İstanbul", "istanbul"),
    ("Æon", "aeon"),
    ("e\u0301", "e"),
    ("ﬁre", "fire"),
    ("Τάξης", "ταξησ"),
    ("서울", "서울"),
    ("soft\u00adhyphen", "softhyphen"),
]


@pytest.mark.parametrize(("text", "words"), WORDS)
def test_words_are_cut_with_their_places(text, words):
    """The spans, in code points, hold the words as written, without their possessives."""
    assert [text[start:end] for start, end in split_words(text).spans] == words


@pytest.mark.parametrize(("word", "folded"), FOLDED)
def test_folding_forgets_how_a_word_is_written(word, folded):
    """Case, accents, strokes, ligatures and invisible characters go; the letters stay."""
    assert fold(word) == folded
    assert fold(without_accents(word)) == folded


@given(st.text())
def test_each_word_is_what_its_span_holds(text):
    """Spans stand in order, do not overlap, and hold what folds to the word."""
    words = split_words(text)
    assert [fold(text[start:end]) for start, end in words.spans] == list(words.folded)
    edges = [edge for span in words.spans for edge in span]
    assert edges == sorted(edges)
    assert all(start < end for start, end in words.spans)


@given(st.text(alphabet="aS-_ 0.'’‘“…•é\u0301\u200b\u00a0ß東\n", max_size=20) | st.text(max_size=20))
def test_words_without_their_places_are_the_same_words(text):
    """The quick way of cutting a text gives what the exact one gives."""
    assert tuple(folded_words(text)) == split_words(text).folded
