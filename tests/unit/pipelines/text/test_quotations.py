"""Where quotations begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.quotations import find_quotations


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('He said "I go." Then "she" left.', ['"I go."', '"she"']),
        ("“A. B,” he said. “C.”", ["“A. B,”", "“C.”"]),
        ("«Oui», dit-il. „Ja“, sagte er.", ["«Oui»", "„Ja“"]),
        ("'We go now,' he said of the workers' rights.", ["'We go now,'"]),
        (
            "The guard's hat fell. 'His hat fell off,' he said. He's 'the best' there.",
            ["'His hat fell off,'", "'the best'"],
        ),
        ("It isn't 'odd' and rock 'n' roll lives.", []),
        ("He is 6' 2\" tall.", []),
        ('It went on, "said Volm.', ['"said Volm.']),
        ("Unclosed “quote here\nNext paragraph.", ["“quote here"]),
        ('"One line\nand another." End.', ['"One line\nand another."']),
        ("no marks", []),
        ("” stray", []),
        ("", []),
    ],
)
def test_quotations_are_found_with_any_marks(text, quoted):
    """Straight, curly, single, angled, unclosed, over lines; apostrophes and inches are none."""
    assert [text[start:end] for start, end, _ in find_quotations(text)] == quoted


def test_a_quotation_goes_on_in_the_next_paragraph():
    """A paragraph that opens again goes on the quotation that the one before left open."""
    text = "“One.\n“Two.\n“Three.” End.\n“Four.”"
    assert [goes_on for _, _, goes_on in find_quotations(text)] == [False, True, True, False]


@given(st.text(st.sampled_from("ab.,\n '\"“”‘’«»„"), max_size=40))
def test_quotations_are_spans_in_order(text):
    """They lie in the text, are not empty and do not overlap, whatever the marks."""
    done = 0
    for start, end, _ in find_quotations(text):
        assert done <= start < end <= len(text)
        done = end
