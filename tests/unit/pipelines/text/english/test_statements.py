"""Which sentences state something."""

from pathlib import Path

import pytest

from pipelines.text.english.statements import is_statement
from pipelines.text.words import words_of

ROWS = [
    line.split("\t") for line in Path(__file__).with_name("statements.tsv").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("sentence", [sentence for label, sentence in ROWS if label == "yes"])
def test_statements_are_kept(sentence):
    """Events, numbers, headlines, quotations and conditions can be checked."""
    assert is_statement(sentence, words_of(sentence))


@pytest.mark.parametrize("sentence", ["", *(sentence for label, sentence in ROWS if label == "no")])
def test_what_states_nothing_is_left_out(sentence):
    """Questions, date lines, page furniture, lead-ins, suppositions and bare feelings cannot be checked."""
    assert not is_statement(sentence, words_of(sentence))
