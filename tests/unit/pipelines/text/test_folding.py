"""Folded text, and the way back to the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Café Müller", "cafe muller"),
        ("Cafe\u0301", "cafe"),
        ("People’s ‘Voice’", "people's 'voice'"),
        ("Süd-Ost", "sud ost"),
        ("Süd – Ost  West", "sud ost west"),
        ("Straße Ærø Łódź", "strasse aero lodz"),
        ("M\u200cE\u200bK", "mek"),
        ("soft\u00adly", "softly"),
        ("İstanbul", "istanbul"),
        ("ＭＥＫ", "mek"),
        ("ﬁnal", "final"),
        ("ΑΘΗΝΑ ПУТИН", "αθηνα путин"),
        ("علي ك", "علی ک"),
        ("a—b", "a—b"),
    ],
)
def test_folding_makes_spellings_of_one_name_equal(text, folded):
    """Case, accents, apostrophes, hyphens, spaces and invisible characters do not matter."""
    assert fold(text).text == folded


def test_a_span_leads_back_to_the_text_as_written():
    """A folded span gives the original one, however lengths changed before it."""
    text = "Straße  Cafe\u0301 M\u200cEK."
    folded = fold(text)
    for name, written in [("strasse", "Straße"), ("cafe", "Cafe\u0301"), ("mek", "M\u200cEK")]:
        start = folded.text.index(name)
        first, last = folded.original(start, start + len(name))
        assert text[first:last] == written


@given(st.text(max_size=40))
def test_every_span_leads_into_the_text(text):
    """Original spans stay within the text and in order, for any text."""
    folded = fold(text)
    places = [folded.original(at, at)[0] for at in range(len(folded.text) + 1)]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)
