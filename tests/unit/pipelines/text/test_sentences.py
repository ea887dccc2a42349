"""Where sentences are cut, and that nothing of the text is lost or said twice."""

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.sentences import split_sentences

CASES = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text("utf-8"))["case"]
NEWS = st.text(st.sampled_from("aB1 .?!,\n\"“”'’«»()éق"), max_size=60)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_sentences_are_cut_where_a_reader_would(case):
    """Abbreviations, decimals, clocks and quotations do not end a sentence; a new line does."""
    text = case["text"]
    assert [text[start:end] for start, end in split_sentences(text, "en")] == case["sentences"]


@given(NEWS)
def test_sentences_cover_the_text_once(text):
    """Every character but white space is in one sentence; spans are ordered, trimmed, and within a line."""
    spans = split_sentences(text, None)
    assert all(start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    pieces = [text[start:end] for start, end in spans]
    assert all(piece == piece.strip() and "\n" not in piece for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_long_paragraph_is_cut_like_a_short_one():
    """Cutting in windows leaves no seam."""
    paragraph = "The river rose on Monday and nobody left the valley. " * 400
    spans = split_sentences(paragraph, "en")
    assert len(spans) == 400
    assert {end - start for start, end in spans} == {52}
