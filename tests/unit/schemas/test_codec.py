"""The codec: what was written comes back, and nothing else is taken in."""

import json
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.testing import a_claim, a_page, an_alert, an_item
from schemas.codec import RECORDS, decode, decode_any, encode, json_schema, tag_of, to_plain
from schemas.errors import Rejected
from schemas.failures import Reason
from schemas.items import Item, Page

_PLAIN = {
    str: st.text(),
    bytes: st.binary(),
    int: st.integers(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    NoneType: st.none(),
}
_INSTANTS = st.datetimes(timezones=st.just(UTC))


@cache
def _strategy(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a type, as the records declare them."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    if get_origin(kind) is Annotated:
        return _INSTANTS
    if get_origin(kind) in (Union, UnionType):
        return st.one_of(*map(_strategy, get_args(kind)))
    if get_origin(kind) is tuple:
        return st.lists(_strategy(get_args(kind)[0]), max_size=2).map(tuple)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    assert is_dataclass(kind), kind
    return _records(kind)


def _records(kind: type) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind, include_extras=True)
    made = {field.name: st.deferred(lambda hint=hints[field.name]: _strategy(hint)) for field in fields(kind)}
    if kind is not Page:
        return st.builds(kind, **made)
    html, text = (
        (made | {"html": st.binary(), "text": st.none()}),
        (made | {"html": st.none(), "text": st.text()}),
    )
    return st.builds(Page, **html) | st.builds(Page, **text)


@pytest.mark.parametrize("tag", RECORDS)
@settings(max_examples=15)
@given(data=st.data())
def test_every_record_comes_back(tag: str, data: st.DataObject) -> None:
    """Any record is one line of JSON that decodes to an equal record, which is written the same again."""
    record = data.draw(_strategy(RECORDS[tag]))
    line = encode(record)
    assert b"\n" not in line
    assert decode(line, RECORDS[tag]) == decode_any(line) == record
    assert encode(decode_any(line)) == line
    assert json.loads(line) == to_plain(record)
    assert next(iter(json.loads(line))) == "schema"


def test_instants_come_back_in_utc() -> None:
    """Whatever zone an instant is written in, it is read in UTC."""
    line = encode(an_item()).replace(b"2024-05-02T12:00:00Z", b"2024-05-02T14:30:00.25+02:30")
    assert decode(line, Item).observed_at == datetime(2024, 5, 2, 12, 0, 0, 250_000, tzinfo=UTC)
    assert decode(line, Item).observed_at.utcoffset() == timedelta()


def _changed(record: object, **changes: object) -> str:
    return json.dumps(to_plain(record) | changes)


def _without(record: object, key: str) -> str:
    return json.dumps({name: value for name, value in to_plain(record).items() if name != key})


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        ("", "not JSON"),
        ("nonsense", "not JSON"),
        ("[]", "unknown schema tag None"),
        ("{}", "unknown schema tag None"),
        (_changed(an_alert(), schema="alert/2"), "unknown schema tag 'alert/2'"),
        (_changed(an_alert(), schema="alert"), "unknown schema tag 'alert'"),
        (_changed(an_alert(), schema=1), "unknown schema tag 1"),
        (_changed(an_alert(), schema=["alert/1"]), "unknown schema tag"),
        (_changed(an_item(), schema="alert/1"), "not a alert/1 record"),
        (_changed(an_alert(), extra=1), "extra"),
        (_without(an_alert(), "topic"), "topic"),
        (_changed(an_alert(), topic=7), "topic"),
        (_changed(an_alert(), topic=None), "topic"),
        (_changed(an_alert(), matched="bridge"), "matched"),
        (_changed(an_alert(), created_at="2024-05-02T12:00:00"), "created_at"),
        (_changed(an_alert(), created_at=1714651200), "created_at"),
        (_changed(an_alert(), created_at="0001-01-01T00:00:00+14:00"), "created_at"),
        (_changed(a_page(), text=None), "html or text"),
        (_changed(a_page(html=b"x"), html="not base64!"), "html"),
    ],
)
def test_what_is_not_the_record_is_rejected(line: str, detail: str) -> None:
    """Other tags, unknown and missing keys and wrong types are refused, and the message names them."""
    with pytest.raises(Rejected, match=detail) as caught:
        decode_any(line)
    assert caught.value.reason is Reason.MALFORMED


def test_a_newer_tag_gets_a_hint() -> None:
    """A record that a newer Tocsin wrote is refused with what to do about it."""
    with pytest.raises(Rejected) as caught:
        decode_any(_changed(an_alert(), schema="alert/9"))
    assert "upgrade" in (caught.value.hint or "")


def test_another_record_is_not_taken_for_the_expected_one() -> None:
    """A record that is well formed and of another type is refused."""
    with pytest.raises(Rejected, match=r"expected a page/1 record, found item/1"):
        decode(encode(an_item()), Page)


def test_nested_keys_are_as_strict() -> None:
    """An unknown key deep inside is refused with its path."""
    alert = to_plain(an_alert())
    alert["findings"][0]["claim"]["sure"] = True
    with pytest.raises(Rejected, match=r"findings\.0\.claim\.sure"):
        decode_any(json.dumps(alert))


@pytest.mark.parametrize("record", [an_item(title="\ud800"), an_alert(topic="a\udfff")])
def test_half_a_character_cannot_be_written(record: object) -> None:
    """Text that UTF-8 cannot carry is refused when written, not when somebody else reads it."""
    with pytest.raises(Rejected) as caught:
        encode(record)
    assert caught.value.reason is Reason.MALFORMED


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_lacks_do_not_come_back(value: float) -> None:
    """A score that is no number never reaches a reader as one."""
    with pytest.raises(Rejected):
        decode_any(
            encode(
                replace(an_alert(), findings=(replace(an_alert().findings[0], claim=a_claim(worth=value)),))
            )
        )


@pytest.mark.parametrize("tag", RECORDS)
def test_the_schema_asks_for_the_tag_and_every_field(tag: str) -> None:
    """A published schema takes exactly the record's fields and its tag; one added later may be missing."""
    schema = json_schema(tag)
    names = {"schema", *(field.name for field in fields(RECORDS[tag]))}
    added = {field.name for field in fields(RECORDS[tag]) if field.default is not MISSING}
    assert set(schema["properties"]) == names
    assert set(schema["required"]) == names - added
    assert schema["additionalProperties"] is False
    assert schema["properties"]["schema"] == {"const": tag}
    assert tag_of(RECORDS[tag]) == tag
