"""Codes that an app makes of a secret and the time (RFC 6238): six digits, SHA-1, 30 seconds for each."""

from __future__ import annotations

import base64
import hmac
from urllib.parse import quote, urlencode

from api import times
from api.times import Instant

SECRET_BYTES = 20
"""As RFC 4226 recommends."""
SECONDS = 30
DIGITS = 6
LONGEST_ISSUER = 30
"""Characters of the site's name in an address that has to fit into a QR code."""
_EPOCH = Instant("1970-01-01T00:00:00.000Z")


def step_at(now: Instant) -> int:
    """The number of the half minute."""
    return int(times.seconds_between(_EPOCH, now) // SECONDS)


def code_at(secret: bytes, step: int) -> str:
    """The code of that half minute."""
    digest = hmac.digest(secret, step.to_bytes(8, "big", signed=True), "sha1")
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def steps_of(code: str, *, secret: bytes, now: Instant) -> list[int]:
    """The half minutes, this one and its neighbours, of which it is the code."""
    current = step_at(now)
    return [
        step
        for step in range(current - 1, current + 2)
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode())
    ]


def text_of(secret: bytes) -> str:
    """The secret as people type it into an app."""
    return base64.b32encode(secret).decode()


def uri_of(secret: bytes, *, issuer: str, account: str) -> str:
    """The address that apps read from a QR code."""
    issuer = issuer[:LONGEST_ISSUER].replace(":", " ").strip()
    label = quote(f"{issuer}:{account}", safe=":@")
    return f"otpauth://totp/{label}?" + urlencode(
        {"secret": text_of(secret), "issuer": issuer}, quote_via=quote
    )
