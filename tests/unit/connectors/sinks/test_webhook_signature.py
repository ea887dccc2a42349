"""Signatures of webhook messages: what is taken, and what is not."""

from datetime import timedelta

import pytest

from connectors.sinks.signature import sign, verify
from connectors.testing import NOON

_BODY = b'{"schema":"alert/1"}'


def test_a_signature_holds_for_a_while() -> None:
    """The receiver with the secret takes what was signed, five minutes to either side."""
    header = sign("secret", _BODY, NOON)
    for seconds in (-300, 0, 300):
        assert verify("secret", _BODY, header, NOON + timedelta(seconds=seconds))
    for seconds in (-301, 301):
        assert not verify("secret", _BODY, header, NOON + timedelta(seconds=seconds))
    assert verify("secret", _BODY, header, NOON + timedelta(seconds=301), tolerance_s=400)


def test_the_scheme_stays_as_it_was_published() -> None:
    """Receivers in other languages compute the same: a worked example, made with another tool."""
    assert sign("secret", _BODY, NOON) == (
        "t=1714651200,v1=0f01b297fc682284d9a7895937609847d7d5197250414e657234b73cf5ce470f"
    )


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        "t=,v1=",
        "v1=00",
        "t=1714651200",
        "t=1714651200,v1=",
        "t=1714651200,v1=é",
        "t=99999999999999999999999999999,v1=00",
        sign("other", _BODY, NOON),
        sign("secret", _BODY + b" ", NOON),
        sign("secret", _BODY, NOON).replace("t=1714651200", "t=1714651201"),
    ],
)
def test_what_was_not_signed_is_not_taken(header: str) -> None:
    """Another secret, body or time, and headers that are none, are refused without an error."""
    assert not verify("secret", _BODY, header, NOON)


def test_spaces_between_the_fields_do_no_harm() -> None:
    """A proxy may rewrite a header's white space."""
    assert verify("secret", _BODY, sign("secret", _BODY, NOON).replace(",", " , "), NOON)
