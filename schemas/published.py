"""The JSON Schemas that Tocsin publishes, for readers in any language: the files of `schemas/json`."""

import json

from schemas.codec import RECORDS, json_schema


def published() -> dict[str, str]:
    """Name of each schema file and what stands in it: `alert/1` is `alert-1.json`."""
    return {f"{tag.replace('/', '-')}.json": _text(tag) for tag in RECORDS}


def _text(tag: str) -> str:
    return json.dumps(json_schema(tag), indent=2, ensure_ascii=False) + "\n"
