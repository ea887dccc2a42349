"""Which plain texts are made of dated pieces, and where these are."""

import pytest

from pipelines.text.plain_pieces import split_text

ONE = "The north quay was closed at noon after a crane driver\nsaw the wall move. Nobody was hurt, he said."
TWO = "Two tugs pulled the dredger off the bar before the tide\nturned again. Its captain had no comment."
TEMPLATES = {
    "a day and a headline": "NOTES\n\n9 March 2026 - Wall moves\n\n{}\n\n8 March 2026 - Dredger free\n\n{}\n",
    "a day above the text": "Monday, 9 March 2026\n{}\n\nSunday, 8 March 2026\n{}",
    "a headline and a day": (
        "=========\nWALL MOVES\nCourier | 2026-03-09\n\n{}\n\n"
        "=========\nDREDGER FREE\nHerald | 2026-03-08\n\n{}\n"
    ),
    "a day and then a headline": "2026-03-09\nWall moves\n\n{}\n\n2026-03-08\nDredger free\n\n{}",
    "times of one day": "Log of 9 March 2026\n\n20.41\n{}\n\n18.05\n{}",
    "times with headlines": "9 March 2026\n\n20:41 Wall moves\n{}\n\n18:05 Dredger free\n{}",
}
DAYS = "On Monday, 9 March 2026, the quay shut.\n\n{}\n\nOn Sunday, 8 March 2026, it was open.\n\n{}"


@pytest.mark.parametrize("kind", TEMPLATES)
def test_each_piece_is_a_slice(kind):
    """Whatever stands above them, the two texts come out whole, and are what their spans say."""
    text = TEMPLATES[kind].format(ONE, TWO)
    found = split_text(text)
    assert [piece.text for piece in found] == [ONE, TWO]
    assert all(text[piece.span.start : piece.span.end] == piece.text for piece in found)
    assert [piece.published_at.month for piece in found] == [3, 3]
    if "headline" in kind:
        assert [piece.title.casefold() for piece in found] == ["wall moves", "dredger free"]


def test_last_lines_that_return_are_left_out():
    """What stands below each piece is the sender's."""
    tail = "Read it there: https://rake.example/r/{}"
    text = "\n\n".join(
        f"{9 - n} March 2026\n\n{body}\n\n{tail.format(n)}" for n, body in enumerate((ONE, TWO))
    )
    assert [piece.text for piece in split_text(text)] == [ONE, TWO]


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE}\n\n{TWO}",
        f"9 March 2026\n\n{ONE}\n\n{TWO}",
        DAYS.format(ONE, TWO),
        f"First heading\n\n{ONE}\n\nSecond heading\n\n{TWO}",
        f"9 March 2026\n{ONE}\n8 March 2026\n{TWO}",
        "",
    ],
    ids=["paragraphs", "one date", "dates in sentences", "headings", "lines without a gap", "nothing"],
)
def test_an_article_stays_whole(text):
    """One date, dates in sentences, headings alone, or lines in a row make no pieces."""
    assert split_text(text) == ()


def test_a_last_sentence_keeps_its_number():
    """What returns below the pieces with another number is the sender's only where it is no sentence."""
    text = "\n\n".join(f"{9 - n} March 2026\n\n{ONE}\n\nAt least {n + 9} people were killed." for n in (0, 1))
    ends = [piece.text.rpartition("\n")[2] for piece in split_text(text)]
    assert ends == ["At least 9 people were killed.", "At least 10 people were killed."]


def test_an_article_with_dated_subheadings_keeps_its_lead():
    """Where much of the text stands above the first date, the parts are one article's."""
    assert (
        split_text(f"Minister goes\n\n{ONE}\n\n{TWO}\n\n9 March 2026\n\n{ONE}\n\n8 March 2026\n\n{TWO}") == ()
    )
