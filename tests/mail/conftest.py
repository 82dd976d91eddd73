"""Fixtures: a real mail server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

Start = Callable[..., "Office"]


class Office(Controller):
    """A mail server on a free port that answers DATA with `verdict`, and remembers what it took."""

    def __init__(self, verdict: str = "250 OK", **options: Any) -> None:
        self.taken: list[bytes] = []
        self.recipients: list[str] = []
        self.verdict = verdict
        self.options = options
        super().__init__(self, hostname="127.0.0.1", port=0)

    def factory(self) -> SMTP:
        return SMTP(self, enable_SMTPUTF8=True, **self.options)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    async def handle_RCPT(self, *arguments: Any) -> str:
        _, _, envelope, address, _ = arguments
        if address.startswith("nobody"):
            return "550 no such mailbox"
        if address.startswith("busy"):
            return "450 mailbox busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        if self.verdict == "drop":
            server.transport.abort()
            return "250 too late"
        self.recipients += envelope.rcpt_tos
        self.taken.append(envelope.content)
        return self.verdict


@pytest.fixture
def start() -> Iterator[Start]:
    offices: list[Office] = []

    def begin(verdict: str = "250 OK", **options: Any) -> Office:
        office = Office(verdict, **options)
        office.start()
        offices.append(office)
        return office

    yield begin
    for office in offices:
        office.stop()
