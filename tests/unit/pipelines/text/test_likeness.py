"""Which names are spellings of one."""

import pytest

from pipelines.text.likeness import SAME_NAME, likeness
from pipelines.text.spelling import latin, same_sound, sound_key

ONE_WORD = [
    ("Yevgeny", "Evgenii"),
    ("Hussain", "Husein"),
    ("Qadir", "Kadir"),
    ("Jamshid", "Djamschid"),
    ("Nejad", "Nezhad"),
    ("Dolmatov", "Dolmatow"),
    ("Долматов", "Dolmatov"),
    ("Rouhi", "Ruhy"),
    ("محمد", "Mohammed"),
]
TWO_WORDS = [("Homani", "Hamani"), ("Volm", "Falm"), ("Ida", "Uda"), ("Sorel", "Morel"), ("", "Sorel")]

ONE_NAME = [
    ("Sorel, Mirela", "Mirela Sorel"),
    ("Dr. Mirela Sorel", "Mirela Sorel"),
    ("M. Sorel", "Mirela Sorel"),
    ("Mirela Ana Sorel", "Mirela Sorel"),
    ("Mirella Sorell", "Mirela Sorel"),
    ("Мирела Сорел", "Mirela Sorel"),
    ("Vantol Gas Ltd", "Vantol Gas Limited"),
    ("V.G.T. Company", "VGT Co."),
    ("Sun Rise Bank", "Sunrise Bank"),
]
TWO_NAMES = [
    ("Mirela Sorel", "Tadeo Sorel"),
    ("T. Sorel", "Mirela Sorel"),
    ("Bank of Torvel (North)", "Bank of Torvel (South)"),
    ("Ana Ivo Sorel", "Ana Rado Sorel"),
    ("", "Mirela Sorel"),
    ("高山", "高石"),
]


@pytest.mark.parametrize(("one", "other"), ONE_WORD)
def test_spellings_of_one_word_sound_the_same(one, other):
    """Systems of transliteration and scripts do not matter."""
    assert same_sound(one, other)
    assert same_sound(other, one)


@pytest.mark.parametrize(("one", "other"), TWO_WORDS)
def test_other_words_sound_otherwise(one, other):
    """A vowel that no transliteration swaps, or a consonant, tells words apart."""
    assert not same_sound(one, other)


def test_a_key_is_shared_by_what_sounds_the_same():
    """The key may be shared by more, never by less, but for scripts without vowels."""
    assert all(sound_key(one) == sound_key(other) for one, other in ONE_WORD[:-1])


def test_latin_letters_of_any_script():
    """Small letters and digits are left."""
    assert [latin(word) for word in ("Čapek", "Сорель", "O’Brien", "№5", "…")] == [
        "capek",
        "sorel",
        "obrien",
        "no5",
        "",
    ]


@pytest.mark.parametrize(("one", "other"), ONE_NAME)
def test_one_name_in_two_forms(one, other):
    """Order, titles, initials, middle names, slips, scripts and legal forms do not matter."""
    assert min(likeness(one, other), likeness(other, one)) >= SAME_NAME


@pytest.mark.parametrize(("one", "other"), TWO_NAMES)
def test_names_of_two(one, other):
    """Where each has a word of its own, the names are of two."""
    assert max(likeness(one, other), likeness(other, one)) < SAME_NAME
