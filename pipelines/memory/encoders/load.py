"""Sentences as unit vectors, by the two encoders that lie beside this file; nothing is downloaded."""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import onnxruntime
import safetensors.numpy
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer

from pipelines.memory.index import Encoders
from pipelines.memory.vectors import Vector
from schemas.errors import ConfigError

_MOST_TOKENS: Final = 128
"""Longer sentences are cut: time grows with length, and what comes later rarely is the claim."""


def static_vectors(texts: Sequence[str]) -> Vector:
    """One row of 256 for each text: the sum of its tokens' vectors, scaled to length 1.

    A text without a known token gives a row of zeros. Depends on nothing but the text.
    """
    return _rows(_static_encoder(), texts, width=256)


def sentence_vectors(texts: Sequence[str]) -> Vector:
    """One row of 384 for each text, of length 1.

    The same text gives the same row whatever texts come with it: each is encoded alone, because the
    quantised layers scale with the largest value of their batch. (In batches of 16 cosines move by up to
    0.02, and nothing is gained: 230 texts/s against 260.) Another processor may round otherwise.
    """
    return _rows(_sentence_encoder(), texts, width=384)


ENCODERS: Final = Encoders(static=static_vectors, sentence=sentence_vectors)
"""The two encoders as memories use them."""


def _rows(encode: Callable[[str], Vector], texts: Sequence[str], *, width: int) -> Vector:
    rows = np.zeros((len(texts), width), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        vector = encode(text)
        length = np.linalg.norm(vector)
        if length > 0:
            row[:] = vector / length
    return rows


@cache
def _static_encoder() -> Callable[[str], Vector]:
    # One thread for products of vectors, too: two that wait for each other take up to a hundred times as
    # long on a busy machine, and the order of adding, which shows in the last digit, would depend on them.
    threadpool_limits(1, user_api="blas")
    tokenizer = _tokenizer("static")
    unknown = tokenizer.token_to_id("[UNK]")
    table: NDArray[np.int8] = safetensors.numpy.load(_checked("static/model.safetensors"))["embeddings"]

    def encode(text: str) -> Vector:
        ids = [token for token in tokenizer.encode(text, add_special_tokens=False).ids if token != unknown]
        # Sums of small whole numbers are exact, so the order of adding does not show in the result.
        total: Vector = table[ids].sum(axis=0, dtype=np.float32)
        return total

    return encode


@cache
def _sentence_encoder() -> Callable[[str], Vector]:
    tokenizer = _tokenizer("minilm")
    options = onnxruntime.SessionOptions()
    # One thread each: extraction and the other steps keep the other cores busy, and a pool of threads
    # that spins while it waits would take them away.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        _checked("minilm/model.onnx"), options, providers=["CPUExecutionProvider"]
    )

    def encode(text: str) -> Vector:
        ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        vector: Vector = session.run(["emb"], feed)[0][0]
        return vector

    return encode


def _tokenizer(encoder: str) -> Tokenizer:
    tokenizer = Tokenizer.from_str(_checked(f"{encoder}/tokenizer.json").decode())
    tokenizer.no_padding()
    tokenizer.enable_truncation(_MOST_TOKENS)
    return tokenizer


def _checked(name: str) -> bytes:
    folder = files(__package__)
    hint = "install Tocsin anew: its package holds the models"
    try:
        content = folder.joinpath(name).read_bytes()
        listed = folder.joinpath("SHA256SUMS").read_text("ascii")
    except OSError as error:
        raise ConfigError(f"cannot read the encoder's file {name}: {error}", hint=hint) from error
    if f"{hashlib.sha256(content).hexdigest()}  {name}\n" not in listed:
        raise ConfigError(
            f"the encoder's file {name} is damaged: its checksum is not the one in SHA256SUMS", hint=hint
        )
    return content
