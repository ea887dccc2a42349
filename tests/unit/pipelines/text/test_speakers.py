"""Whose words sentences give, against invented passages."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.sentences import split_sentences
from pipelines.text.speakers import attribute
from schemas.claims import Mode

PASSAGES = tomllib.loads(Path(__file__).with_name("attributions.toml").read_text("utf-8"))["passage"]
PIECES = st.sampled_from(
    [
        "Volm",
        "said",
        "told",
        "who",
        "He",
        "according to",
        "the ministry",
        '"',
        "“",
        "”",
        ",",
        ":",
        ".",
        "\n",
        "denied",
    ]
)


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: passage["text"].strip()[:50])
def test_each_sentence_has_its_speaker_and_mode(passage):
    """The reporting clause, the quotation around it, or nobody."""
    text = passage["text"].strip()
    said = [
        "voice" if found.mode is Mode.VOICE else f"{found.mode}: {found.speaker}"
        for found in attribute(text, split_sentences(text, "en"))
    ]
    assert said == passage["said"]


@given(st.lists(PIECES, max_size=14))
def test_every_sentence_is_attributed_once(pieces):
    """As many attributions as sentences, with a speaker exactly where it is not the article's own voice."""
    text = " ".join(pieces)
    spans = split_sentences(text, "en")
    found = attribute(text, spans)
    assert len(found) == len(spans)
    assert all((each.speaker is None) == (each.mode is Mode.VOICE) for each in found)
    assert all(each.speaker != "" for each in found)
