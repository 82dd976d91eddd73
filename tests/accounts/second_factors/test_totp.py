"""Codes of an app: those of RFC 6238, for a minute and a half."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from api import times
from api.accounts.second_factors import totp

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_codes_are_the_last_six_digits_of_those_in_the_rfc(second, code):
    now = times.instant(datetime.fromtimestamp(second, UTC))

    assert totp.code_at(SECRET, totp.step_at(now)) == code


@pytest.mark.parametrize(("steps", "is_right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_right_one_step_to_either_side(steps, is_right):
    now = times.Instant("2026-11-22T09:30:00.000Z")
    current = totp.step_at(now)

    found = totp.steps_of(totp.code_at(SECRET, current + steps), secret=SECRET, now=now)

    assert found == ([current + steps] if is_right else [])


def test_a_clock_before_1970_has_codes_too():
    assert len(totp.code_at(SECRET, totp.step_at(times.Instant("1901-01-01T00:00:00.000Z")))) == 6


def test_the_address_for_an_app_names_the_site_and_the_account():
    uri = totp.uri_of(SECRET, issuer="Tide & Type: " + "a" * 99, account="ada+x@kiosque.test")

    parts = urlsplit(uri)
    query = parse_qs(parts.query)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == f"/{query['issuer'][0]}:ada+x@kiosque.test"
    assert query["issuer"][0].startswith("Tide & Type")
    assert ":" not in query["issuer"][0]
    assert query["secret"] == ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"]
    assert len(uri) < 200
