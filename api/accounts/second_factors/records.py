"""Second factors as they are stored and shown."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.text.fields import Time, id_example

FactorStatus = Literal["pending", "active"]


class SecondFactor(Struct, frozen=True):
    """A second factor, without its secret; a login needs it once it is active."""

    id: Annotated[str, id_example("fac")]
    status: FactorStatus
    recovery_codes_left: Annotated[int, Meta(examples=[10])]
    created_at: Time
    activated_at: Annotated[Time | None, Meta(examples=[None])]


class NewSecondFactor(Struct, frozen=True):
    """The secret and the recovery codes of a new second factor, which are not shown again."""

    id: Annotated[str, id_example("fac")]
    secret: Annotated[str, Meta(examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"])]
    uri: Annotated[
        str,
        Meta(
            examples=[
                "otpauth://totp/Kiosque:ada@example.org"
                "?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Kiosque"
            ]
        ),
    ]
    """For a QR code."""
    recovery_codes: Annotated[tuple[str, ...], Meta(examples=[["9k2m-x4q7-t0vb-6w3n"]])]


class Secret(Struct, frozen=True):
    """The secret of a factor, of which its codes are made."""

    id: str
    secret: bytes
    last_step: int
    """The half minute of the latest code that was used."""


class Evidence(Struct, frozen=True, kw_only=True):
    """One of the two that prove a second factor."""

    code: str | None = None
    recovery_code: str | None = None
