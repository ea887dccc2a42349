"""The encoders give the same vector for the same sentence, and refuse damaged files."""

import shutil

import numpy as np
import pytest

from pipelines.memory.encoders import load
from pipelines.memory.encoders.load import sentence_vectors, static_vectors
from schemas.errors import ConfigError

SENTENCES = [
    "Twelve people died when the river flooded the old town, the ministry said.",
    "The ministry said twelve people were killed by the flood in the old town.",
    "The central bank kept its main rate unchanged.",
    "A parrot escaped from the zoo.",
    "Twelve.",
]
ENCODERS = [
    pytest.param(static_vectors, 256, id="static"),
    pytest.param(sentence_vectors, 384, id="sentence"),
]


@pytest.mark.parametrize(("encode", "width"), ENCODERS)
def test_each_text_is_one_row_of_length_one(encode, width):
    """Rows are unit vectors of a known width, as float32."""
    rows = encode(SENTENCES)
    assert rows.shape == (len(SENTENCES), width)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(("encode", "width"), ENCODERS)
def test_no_text_is_no_row(encode, width):
    """The shape holds when there is nothing to encode."""
    assert encode([]).shape == (0, width)


@pytest.mark.parametrize(("encode", "width"), ENCODERS)
def test_a_text_has_the_same_vector_in_any_company(encode, width):
    """Alone, in a batch and in another order: the same bits."""
    together = encode(SENTENCES)
    reversed_rows = encode(SENTENCES[::-1])[::-1]
    alone = np.concatenate([encode([text]) for text in SENTENCES])
    assert np.array_equal(together, reversed_rows)
    assert np.array_equal(together, alone)


@pytest.mark.parametrize(("encode", "width"), ENCODERS)
def test_a_rewording_is_nearer_than_another_story(encode, width):
    """The first two sentences say the same, the others do not."""
    rows = encode(SENTENCES)
    cosines = rows[0] @ rows[1:].T
    assert cosines[0] > 0.75
    assert cosines[0] > cosines[1:].max() + 0.3


def test_a_text_without_known_tokens_is_a_row_of_zeros():
    """Nothing is known of it, so it is like nothing."""
    assert not static_vectors([""]).any()


def test_a_long_text_is_cut():
    """What comes after 128 tokens does not count."""
    long = "flood " * 126
    assert np.array_equal(sentence_vectors([long]), sentence_vectors([long + "parrot " * 50]))


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the small files, read in place of the package's."""
    source = load.files(load.__package__)
    (tmp_path / "static").mkdir()
    for name in ("SHA256SUMS", "static/tokenizer.json"):
        shutil.copy(source.joinpath(name), tmp_path / name)
    monkeypatch.setattr(load, "files", lambda package: tmp_path)
    return tmp_path


def test_a_damaged_file_is_refused(copied):
    """One changed byte is found, and the message says what to do."""
    damaged = copied / "static/tokenizer.json"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b" ")
    with pytest.raises(ConfigError, match=r"static/tokenizer\.json is damaged") as refused:
        load._checked("static/tokenizer.json")
    assert "install Tocsin anew" in refused.value.hint


def test_a_missing_file_is_refused(copied):
    """An incomplete installation is said, not stumbled over."""
    with pytest.raises(ConfigError, match=r"cannot read the encoder's file static/model\.safetensors"):
        load._checked("static/model.safetensors")
