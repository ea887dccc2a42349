"""Nouns that stand for a body named before, and the words in names that tell what kind of body it is."""

from typing import Final

_BODIES: Final = frozenset(
    "organisation organization group movement union front council league association federation party "
    "network society foundation alliance coalition brotherhood militia committee institute syndicate".split()
)
_COMPANIES: Final = frozenset(
    "company corporation corp inc ltd limited plc gmbh group holdings industries motors airlines airways "
    "mining oil gas energy shipping pharmaceuticals technologies".split()
)
_POLITICAL: Final = frozenset("movement union front organisation organization party league alliance".split())
_ITSELF: Final = (
    "ministry council court bank party union university agency committee commission federation foundation "
    "association league club museum hospital church directorate institute parliament senate"
)

KINDS: Final = {noun: frozenset((noun,)) for noun in _ITSELF.split()} | {
    "group": _BODIES,
    "organisation": _BODIES,
    "organization": _BODIES,
    "movement": _POLITICAL,
    "company": _COMPANIES,
    "firm": _COMPANIES,
}
"""For each noun, the words of which a name must hold one for "the" noun to stand for its bearer."""
LOOSE: Final = frozenset("group organisation organization movement company firm".split())
"""Nouns that also fit names which do not tell what they are the names of."""
COMMON: Final = {
    "company": ("company", "companies", "firm", "firms", "subsidiary", "competitor"),
    "firm": ("company", "companies", "firm", "firms", "subsidiary", "competitor"),
    "group": (*_BODIES, "groups", "organisations", "organizations", "movements", "parties", "gang"),
    "organisation": (*_BODIES, "groups", "organisations", "organizations", "movements", "parties"),
    "organization": (*_BODIES, "groups", "organisations", "organizations", "movements", "parties"),
    "movement": ("movement", "movements", "group", "party", "parties"),
    "party": ("party", "parties"),
    "ministry": ("ministry", "ministries"),
    "agency": ("agency", "agencies"),
    "church": ("church", "churches"),
}
"""For each noun, common nouns that bring in another that it may stand for; elsewhere it and its plural."""
PLACES: Final = frozenset(
    "camp city town village river lake mountain island province region district county street square "
    "harbour port bridge valley airport prison base state republic kingdom".split()
)
"""Words in the names of places."""
PEOPLE: Final = frozenset(
    "man woman boy girl husband wife father mother brother sister son daughter uncle aunt friend colleague "
    "nurse bishop priest driver teacher student soldier guard rival victim suspect attacker gunman neighbour "
    "neighbor predecessor successor deputy king queen pope owner founder author reporter leader head".split()
)
"""Common nouns for one person, beside titles and offices."""
