"""Signatures of webhook messages: who sent a body, and when.

The header `Tocsin-Signature` holds `t=<unix seconds>,v1=<hex>`, where the hex is HMAC-SHA256 with the
shared secret over the seconds, a full stop and the body as sent. The time is signed too, so that an old
message cannot be sent again by somebody who overheard it. A receiver imports `verify`, or copies it.
"""

import hashlib
import hmac
from datetime import datetime


def sign(secret: str, body: bytes, at: datetime) -> str:
    """The value of the header for a body that is sent at this moment."""
    moment = int(at.timestamp())
    return f"t={moment},v1={_digest(secret, moment, body)}"


def verify(secret: str, body: bytes, header: str, now: datetime, *, tolerance_s: float = 300.0) -> bool:
    """True where the header was made with the secret for this body, at most `tolerance_s` from now.

    `body` is the body as received, before it is parsed. Compares in constant time.
    """
    try:
        fields = dict(part.strip().split("=", 1) for part in header.split(","))
        moment, signature = int(fields["t"]), fields["v1"]
    except (ValueError, KeyError):
        return False
    is_signed = hmac.compare_digest(
        signature.encode(errors="replace"), _digest(secret, moment, body).encode()
    )
    return is_signed and abs(now.timestamp() - moment) <= tolerance_s


def _digest(secret: str, moment: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
