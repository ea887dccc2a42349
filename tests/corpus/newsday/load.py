"""Reads the news day from the folder that this file lies in."""

from pathlib import Path

from .pieces import parse_outlets, parse_piece
from .site import NewsDay

FOLDER = Path(__file__).parent
"""Where the articles, templates, labels and the configuration lie."""


def load_newsday() -> NewsDay:
    """The whole news day, ready to be asked for pages."""
    outlets = FOLDER / "outlets"
    return NewsDay(
        outlets=parse_outlets((outlets / "outlets.toml").read_text("utf-8")),
        pieces=tuple(parse_piece(path.read_text("utf-8")) for path in (FOLDER / "articles").glob("*.md")),
        templates={path.name: path.read_text("utf-8") for path in outlets.glob("*.j2")},
    )
