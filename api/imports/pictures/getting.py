"""The outcomes of getting a picture, and what every place that has pictures does."""

from __future__ import annotations

from typing import BinaryIO, Protocol

FETCHED, THERE, WAITING = "fetched", "already there", "to be fetched"
NOT_AN_IMAGE, TOO_LARGE, BROKEN = "not an image", "too large", "broken image"
PRIVATE, TIMED_OUT, NO_HOST = "private address refused", "timed out", "no such host"
NO_CONNECTION, REDIRECTS = "no connection", "too many redirects"
NO_SITE, BUSY = "not an address", "database busy"
NOT_IN_FOLDER, SEVERAL = "not in the folder", "several files fit"

MOST_BYTES = 25_000_000
CHUNK = 65_536


class NotFetched(Exception):
    """There is no picture at an address; `is_final` if a later attempt would find none either."""

    def __init__(self, outcome: str, detail: str = "", *, is_final: bool = True) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.detail = detail
        self.is_final = is_final


class Place(Protocol):
    """A source of pictures."""

    def look(self, address: str) -> str:
        """The outcome to expect, as far as it is known without asking anybody. Raises NotFetched."""

    def copy(self, address: str, target: BinaryIO) -> None:
        """Write the bytes at an absolute address into `target`, at most MOST_BYTES. Raises NotFetched."""
