"""The news day as one file of documents, each observed at a moment of its own, so that order is certain."""

import json
import re
from datetime import timedelta
from pathlib import Path

from pipelines.cli.newsday.load import FOLDER, load_newsday

_HOST = "newsday.example"


def write_documents(file: Path, days: int = 1) -> int:
    """How many documents were written: the news day, told so many times over by outlets of other hosts."""
    day = load_newsday()
    pieces = sorted(day.pieces, key=lambda piece: (piece.appears_at, piece.outlet, piece.slug))
    lines = []
    for nth in range(days):
        host = f"{nth}.{_HOST}"
        for number, piece in enumerate(pieces):
            path = f"/{piece.outlet}/{piece.slug}"
            answer = day.respond(path, day.rounds[-1], host)
            assert answer.status == 200, path
            observed_at = piece.appears_at + timedelta(days=30 * nth, milliseconds=number)
            document = {
                "url": f"http://{host}{path}",
                "html": answer.body.decode("utf-8", "replace"),
                "title": piece.title,
                "observed_at": observed_at.isoformat(),
            }
            lines.append(json.dumps(document, ensure_ascii=False))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def topics_and_entities() -> str:
    """What the news day's desk follows, as parts of a configuration file."""
    text = (FOLDER / "tocsin.toml").read_text(encoding="utf-8")
    wanted = re.compile(r"\[\[(topics|entities|publishers)\]\]")
    blocks = re.split(r"(?m)^(?=\[)", text)
    return "".join(block for block in blocks if wanted.match(block))
