"""The port of payments: everything that the shop asks of a provider, and all that a provider can answer.

A payment has an id of ours before its provider hears of it. Everything may be asked again: a provider that
is asked twice for one id does it once. An event of the provider is a hint to look, and never believed beyond
that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, Protocol

from msgspec import Struct

from api.times import Instant

ProviderName = Literal["manual", "test", "stripe"]

PaymentState = Literal["open", "processing", "authorised", "captured", "failed", "cancelled"]
"""`open`: the buyer is to act; `processing`: the money is under way; `authorised`: it is reserved for us."""

LIVE: Final[tuple[PaymentState, ...]] = ("open", "processing", "authorised")
"""The states in which money may still come."""

RANK: Final[Mapping[PaymentState, int]] = {
    "open": 0,
    "processing": 1,
    "authorised": 2,
    "failed": 3,
    "cancelled": 3,
    "captured": 4,
}
"""News of a lower rank than what is known is old: money that came is never argued away."""

LOOK: Final = "payment.look"
"""The kind of the job that looks at a payment: its facts are `{payment}`."""


class Refused(Exception):
    """The provider has said no, and nothing happened: `code` is for programs, the text for people."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(text or code)
        self.code = code


class NotSigned(Exception):
    """The event is not from the provider: its signature is missing, wrong or old."""


class Unreachable(Exception):
    """Nobody knows whether it happened: ask again with the same id."""


class Ask(Struct, frozen=True):
    """A payment to begin. The same id comes with the same values each time, or the provider refuses it."""

    payment: str
    order: str
    label: str
    """The one line that the buyer reads at the provider, such as `Order 10042`."""
    amount: int
    currency: str
    email: str
    return_url: str
    ends_at: Instant
    """When the buyer's chance ends: computed once, then stored."""
    capture: bool = True
    """Whether the money is taken at once, or only reserved."""
    language: str = "en"


class Begun(Struct, frozen=True):
    """A payment as the shop knows it; `reference` is None until the provider's answer arrived."""

    payment: str
    reference: str | None
    amount: int
    currency: str


class Dispute(Struct, frozen=True):
    """A buyer's bank takes the money back, or tries to."""

    reference: str
    amount: int
    state: Literal["open", "won", "lost"]


class Seen(Struct, frozen=True):
    """The truth about a payment at the provider, at this moment."""

    state: PaymentState
    reference: str | None = None
    captured: int = 0
    next_url: str | None = None
    """The page that the buyer is to open, while the payment is `open`."""
    ends_at: Instant | None = None
    """When an open or authorised one ends by itself."""
    failure: str | None = None
    """The provider's code for why it failed, or why the latest attempt did while it is still open."""
    mismatch: str | None = None
    """Set when what the provider holds is not what we asked for: such a payment is never called paid."""
    dispute: Dispute | None = None


class Sent(Struct, frozen=True):
    """A refund that the provider has taken on; `pending` may still be refused when asked for again."""

    reference: str
    state: Literal["pending", "succeeded"]


class Hint(Struct, frozen=True):
    """An event of the provider: its id, and our payment that it may be about, or a name to find it by."""

    event: str
    payment: str | None
    about: str | None = None
    """The provider's own name for what the event is about, when it does not name our payment."""


class Provider(Protocol):
    """A mover of money. Each call may take seconds, and none is made with a transaction open.

    All but `hint` raise Refused, when nothing happened, and Unreachable, when nobody knows.
    """

    @property
    def name(self) -> ProviderName:
        """The name in settings, paths and payments."""

    @property
    def label(self) -> str:
        """The name for the buyer, who chooses among them."""

    @property
    def is_test(self) -> bool:
        """Whether no real money moves."""

    def open(self, ask: Ask) -> Seen:
        """Begin a payment, or find the one that was begun for the same id."""

    def look(self, begun: Begun) -> Seen:
        """Find out what is true now. One without a reference is to be opened again instead."""

    def cancel(self, begun: Begun) -> Seen:
        """Give it up unless it is too late; returns what is true then, which may be that the money came."""

    def capture(self, begun: Begun, *, amount: int) -> Seen:
        """Take so much of what is reserved, once, and let go of the rest."""

    def refund(self, begun: Begun, *, refund: str, amount: int) -> Sent:
        """Send money back, once for each `refund`; repeated, say what became of it."""

    def hint(self, headers: Mapping[str, str], body: bytes) -> Hint | None:
        """The payment that an event is about, None if it is of no interest; makes no calls.

        Raises NotSigned. `headers` has lower-case names.
        """

    def payment_of(self, about: str) -> str | None:
        """Our payment behind the name in a hint, None if it is none of ours."""
