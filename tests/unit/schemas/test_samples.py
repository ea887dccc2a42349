"""Records as earlier releases wrote them: read by this one, and by anybody who goes by the published schema.

A sample is never edited. A new tag gets a sample of its own.
"""

import json
from pathlib import Path

import jsonschema
import pytest

import schemas
from schemas.codec import RECORDS, decode_any, encode

_SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))
_PUBLISHED = Path(schemas.__file__).parent / "json"


def holds(written, stored):
    """Whether all that was stored is written; fields may have been added to records since."""
    match stored:
        case dict():
            return all(key in written and holds(written[key], stored[key]) for key in stored)
        case list():
            return len(written) == len(stored) and all(map(holds, written, stored))
        case _:
            return bool(written == stored)


@pytest.mark.parametrize("sample", _SAMPLES, ids=lambda path: path.name)
def test_a_stored_record_is_read_for_ever(sample: Path) -> None:
    """It decodes to the record of its tag, and is written again with all that it held."""
    stored = json.loads(sample.read_text("utf-8"))
    record = decode_any(json.dumps(stored))
    assert type(record) is RECORDS[stored["schema"]]
    assert holds(json.loads(encode(record)), stored)


@pytest.mark.parametrize("sample", _SAMPLES, ids=lambda path: path.name)
def test_a_stored_record_keeps_to_the_published_schema(sample: Path) -> None:
    """So do readers in other languages understand what is on their topic already."""
    stored = json.loads(sample.read_text("utf-8"))
    schema = json.loads((_PUBLISHED / sample.name).read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(stored)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(stored | {"config": None})


def test_an_alert_is_among_them() -> None:
    """What leaves Tocsin is what others rely on."""
    assert "alert-1.json" in [sample.name for sample in _SAMPLES]
