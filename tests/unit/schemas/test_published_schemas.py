"""The JSON Schemas in `schemas/json` are those of the records."""

from pathlib import Path

import schemas
from schemas.published import published

_FOLDER = Path(schemas.__file__).parent / "json"


def test_published_schemas_are_fresh() -> None:
    """Every record's schema is checked in as it is now; `tocsin schemas --write schemas/json` renews them."""
    assert {file.name: file.read_text(encoding="utf-8") for file in _FOLDER.glob("*.json")} == published()
