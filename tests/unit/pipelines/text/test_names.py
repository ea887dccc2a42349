"""How names are told from words, and people from everything else that has a name."""

import pytest

from pipelines.text.names import bearer, full_form, is_person, may_be, names_before, surname


@pytest.mark.parametrize(
    ("alias", "seen", "same"),
    [
        ("WHO", "WHO", True),
        ("WHO", "Who", False),
        ("UNESCO", "Unesco", True),
        ("UNESCO", "unesco", False),
        ("Reading", "READING", True),
        ("Reading", "reading", False),
        ("al-Nour", "al-nour", False),
        ("al-Nour", "Al-Nour", True),
        ("the group", "The Group", True),
        ("جبهة", "جبهة", True),
    ],
)
def test_case_tells_names_from_words(alias, seen, same):
    """Short capitals are exact; a capitalised name is never a word in lower case."""
    assert may_be(alias, seen) is same


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("Edda Volm", "Volm"),
        ("J. K. Orsal", "Orsal"),
        ("Piet van der Orsal", "Orsal"),
        ("José Goñi", "Goñi"),
        ("Volm", None),
        ("New Kestria", None),
        ("Red Cross", None),
        ("Torvel Police", None),
        ("Union of Exiles", None),
        ("Vantol GAS", None),
        ("the group", None),
    ],
)
def test_only_names_of_people_have_a_surname(name, last):
    """Places, bodies and single words have none."""
    assert surname(name) == last


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Edda Volm", ("Edda",)),
        ("Chief A. J. Volm", ("J.", "A.")),
        ("Chief A.J. Volm", ("A.J.",)),
        ("Minister Volm", ()),
        ("He left. But Volm", ()),
        ("He met But Volm", ("But",)),
        ("on Monday. Volm", ()),
        ("then Volm", ()),
    ],
)
def test_names_before_a_surname(text, names):
    """First names and initials count; titles, sentence openers and other sentences do not."""
    assert names_before(text, text.index("Volm")) == names


@pytest.mark.parametrize(
    ("text", "name", "full"),
    [
        ("Edda Volm spoke. Volm left.", "Volm", "Edda Volm"),
        ("Edda Volm spoke. Mr. Volm left.", "Mr. Volm", "Edda Volm"),
        ("Edda Volm and Jonas Volm spoke.", "Volm", "Volm"),
        ("Volm spoke.", "Volm", "Volm"),
        ("Edda PUFD.", "PUFD", "PUFD"),
        ("Edda Volm spoke.", "the spokesman", "the spokesman"),
    ],
)
def test_a_surname_is_given_in_full_where_there_is_one_full_form(text, name, full):
    """One full form is taken, two are ambiguous."""
    assert full_form(text, name) == full


def test_a_role_stands_for_its_one_bearer():
    """Two bearers of a role, or none, leave it open."""
    text = "Interior Minister Danilo Kresh met Senator Ines Tamblyn and Senator Piet Orsal."
    assert bearer(text, "minister") == "Danilo Kresh"
    assert bearer(text, "senator") is None
    assert bearer(text, "judge") is None


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Edda Volm", True),
        ("a spokesman for the ministry", True),
        ("a police officer", True),
        ("HP", False),
        ("officials", False),
        ("the Interior Ministry", False),
        ("Torvel Council", False),
    ],
)
def test_people_are_told_from_bodies(name, person):
    """One can be "he", the other is "it"."""
    assert is_person(name) is person
