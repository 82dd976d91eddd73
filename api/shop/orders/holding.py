"""The time for which an order holds its stock, which depends on how its buyer means to pay."""

from __future__ import annotations

from dataclasses import dataclass

from api.times import Instant, later

GRACE_MINUTES = 10
"""Minutes for which news of a payment may be on its way after the payment has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The operator's choices: `minutes` 0 means that no order expires, `days` are those of a transfer."""

    minutes: int = 0
    days: int = 7
    pay_minutes: int = 60
    only_by_hand: bool = False
    """Whether money can only be received by hand, so that who names no provider chose that."""

    def at_first(self, provider: str | None, *, now: Instant) -> Instant | None:
        """The end of a new order whose buyer has chosen that provider, or none yet; None: never."""
        if self.is_by_hand(provider):
            return self.during(None, now=now)
        return self._later(now, minutes=self.minutes)

    def is_by_hand(self, provider: str | None) -> bool:
        """Whether a buyer who has chosen that provider, or none yet, will pay by hand."""
        return provider == "manual" if provider else self.only_by_hand

    def during(self, ends_at: Instant | None, *, now: Instant) -> Instant | None:
        """The end of an order of which a payment has begun that ends then; None: one by hand."""
        if ends_at is None:
            return self._later(now, minutes=self.days * 24 * 60)
        return self._later(ends_at, minutes=GRACE_MINUTES)

    def after_attempt(self, expires_at: Instant | None, *, now: Instant) -> Instant | None:
        """The end of an order after a payment that failed: there is time for another try."""
        return max(filter(None, (expires_at, self._later(now, minutes=self.minutes))), default=None)

    def _later(self, instant: Instant, *, minutes: int) -> Instant | None:
        return later(instant, minutes=minutes) if self.minutes and minutes else None
