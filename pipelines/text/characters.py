"""Text as people see it: without the characters that only machines see."""

import re
from typing import Final
from unicodedata import normalize

_UNSEEN: Final = re.compile(
    # Controls, joiners and directions, half characters, tags.
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f]"
)


def clean_text(text: str) -> str:
    """The text composed (NFC), without what nobody sees: controls, joiners, directions, half characters."""
    return normalize("NFC", _UNSEEN.sub("", text))


def clean_line(text: str) -> str | None:
    """The text on one line, cleaned, single-spaced; None where nothing is left."""
    return " ".join(clean_text(text).split()) or None
