"""The HTTP door by which tests govern a sandbox."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from api import ids, times
from api.accounts.passwords import Hasher
from api.accounts.profiles import registration
from api.accounts.sessions import rules as sessions
from api.errors import InvalidFormat, NotFound
from api.rehearsal.outboxes import Outbox
from api.rehearsal.records import SYSTEM, Fault, clock_at
from api.rehearsal.schemas import (
    AdvanceBody,
    ClockBody,
    ClockView,
    FaultBody,
    FaultView,
    JobsBody,
    JobsView,
    PersonBody,
    PersonView,
    RequestView,
    ResetBody,
    SnapshotView,
    within_years,
)
from api.web.context import Request, Response
from api.web.operation import ANYONE_AS_STRANGER, operation
from api.web.paging import Page
from api.web.responses import answer, created, listed, no_content

if TYPE_CHECKING:
    from api.rehearsal.sandbox import Sandbox


@dataclass(frozen=True, eq=False)
class Resets:
    sandbox: Sandbox

    @operation(ANYONE_AS_STRANGER, body=ResetBody, status=204, errors=(NotFound,))
    def on_post(self, _req: Request, resp: Response, body: ResetBody) -> None:
        """Put data, clock and faults back to what they were at first, or in a snapshot."""
        self.sandbox.reset(body.snapshot)
        no_content(resp)


@dataclass(frozen=True, eq=False)
class Snapshots:
    sandbox: Sandbox

    @operation(ANYONE_AS_STRANGER, returns=Page[SnapshotView])
    def on_get(self, _req: Request, resp: Response) -> None:
        """List the snapshots by name."""
        listed(resp, [SnapshotView.of(each) for each in self.sandbox.state.list_snapshots()], next_page=None)


@dataclass(frozen=True, eq=False)
class NamedSnapshot:
    sandbox: Sandbox

    @operation(ANYONE_AS_STRANGER, status=204)
    def on_put(self, _req: Request, resp: Response, snapshot: str) -> None:
        """Store data, clock and faults as they are now."""
        self.sandbox.take_snapshot(snapshot)
        no_content(resp)

    @operation(ANYONE_AS_STRANGER, status=204, errors=(NotFound,))
    def on_delete(self, _req: Request, resp: Response, snapshot: str) -> None:
        """Remove a snapshot."""
        self.sandbox.delete_snapshot(snapshot)
        no_content(resp)


@dataclass(frozen=True, eq=False)
class SandboxClock:
    sandbox: Sandbox

    @operation(ANYONE_AS_STRANGER, returns=ClockView)
    def on_get(self, _req: Request, resp: Response) -> None:
        """Show the time of the sandbox."""
        answer(resp, ClockView.of(self.sandbox.state.clock()))

    @operation(ANYONE_AS_STRANGER, body=ClockBody, returns=ClockView)
    def on_put(self, _req: Request, resp: Response, body: ClockBody) -> None:
        """Set the time of the sandbox, which stands or runs on from there."""
        with self.sandbox.state.exclusive():
            now = body.instant() or self.sandbox.now()
            self.sandbox.state.set_clock(clock_at(now, frozen=body.frozen))
        answer(resp, ClockView.of(self.sandbox.state.clock()))

    @operation(ANYONE_AS_STRANGER, status=204)
    def on_delete(self, _req: Request, resp: Response) -> None:
        """Go back to the system's time."""
        self.sandbox.state.set_clock(SYSTEM)
        no_content(resp)


@dataclass(frozen=True, eq=False)
class ClockAdvances:
    sandbox: Sandbox

    @operation(ANYONE_AS_STRANGER, body=AdvanceBody, returns=ClockView)
    def on_post(self, _req: Request, resp: Response, body: AdvanceBody) -> None:
        """Put the clock forward; it stands or runs on as before."""
        with self.sandbox.state.exclusive():
            clock = self.sandbox.state.clock()
            now = within_years(times.later(clock.now(), seconds=body.seconds), "/seconds")
            self.sandbox.state.set_clock(clock_at(now, frozen=clock.frozen_at is not None))
        answer(resp, ClockView.of(self.sandbox.state.clock()))


@dataclass(frozen=True, eq=False)
class Faults:
    sandbox: Sandbox

    @operation(ANYONE_AS_STRANGER, returns=Page[FaultView])
    def on_get(self, _req: Request, resp: Response) -> None:
        """List the faults, the oldest first."""
        listed(resp, [FaultView.of(each) for each in self.sandbox.state.list_faults()], next_page=None)

    @operation(ANYONE_AS_STRANGER, body=FaultBody, returns=FaultView, status=201)
    def on_post(self, _req: Request, resp: Response, body: FaultBody) -> None:
        """Order faults: each step of the script happens to one request, whichever worker gets it."""
        fault = Fault(ids.new_id("flt"), body.method, body.path, body.steps())
        self.sandbox.state.insert_fault(fault)
        created(resp, FaultView.of(fault), location=f"/rehearsal/faults/{fault.id}")

    @operation(ANYONE_AS_STRANGER, status=204)
    def on_delete(self, _req: Request, resp: Response) -> None:
        """Remove all faults."""
        self.sandbox.state.delete_faults()
        no_content(resp)


@dataclass(frozen=True, eq=False)
class NamedFault:
    sandbox: Sandbox

    @operation(ANYONE_AS_STRANGER, status=204, errors=(NotFound,))
    def on_delete(self, _req: Request, resp: Response, fault: str) -> None:
        """Remove a fault."""
        if not self.sandbox.state.delete_fault(fault):
            raise NotFound
        no_content(resp)


@dataclass(frozen=True, eq=False)
class Requests:
    sandbox: Sandbox

    @operation(ANYONE_AS_STRANGER, returns=Page[RequestView])
    def on_get(self, _req: Request, resp: Response) -> None:
        """List the latest 1,000 requests, the oldest first."""
        listed(resp, [RequestView.of(each) for each in self.sandbox.state.list_requests()], next_page=None)

    @operation(ANYONE_AS_STRANGER, status=204)
    def on_delete(self, _req: Request, resp: Response) -> None:
        """Forget all requests."""
        self.sandbox.state.delete_requests()
        no_content(resp)


@dataclass(frozen=True, eq=False)
class Sent:
    sandbox: Sandbox
    outbox: Outbox

    @operation(ANYONE_AS_STRANGER, returns=Page[Annotated[dict[str, Any], Meta(examples=[{}])]])
    def on_get(self, _req: Request, resp: Response) -> None:
        """List what would have gone out by now, the oldest first."""
        self.sandbox.app.background.until_idle()
        with self.sandbox.db.read() as tx:
            sent = self.outbox.list_sent(tx)
        listed(resp, sent, next_page=None)

    @operation(ANYONE_AS_STRANGER, status=204)
    def on_delete(self, _req: Request, resp: Response) -> None:
        """Forget what would have gone out."""
        with self.sandbox.db.write() as tx:
            self.outbox.empty(tx)
        no_content(resp)


@dataclass(frozen=True, eq=False)
class Jobs:
    sandbox: Sandbox

    @operation(ANYONE_AS_STRANGER, body=JobsBody, returns=JobsView)
    def on_post(self, _req: Request, resp: Response, body: JobsBody) -> None:
        """Do all background work that is due by the clock of the sandbox."""
        if not body.until_idle:
            raise InvalidFormat.at("/until_idle", "Must be true.")
        answer(resp, JobsView(self.sandbox.app.background.until_idle()))


@dataclass(frozen=True, eq=False)
class People:
    sandbox: Sandbox
    hasher: Hasher

    @operation(ANYONE_AS_STRANGER, body=PersonBody, returns=PersonView, status=201)
    def on_post(self, _req: Request, resp: Response, body: PersonBody) -> None:
        """Make somebody to be: an account of that role, logged in."""
        email, password = f"{body.role}-{secrets.token_hex(4)}@kiosque.test", secrets.token_urlsafe(12)
        password_hash = self.hasher.hash(password)
        with self.sandbox.db.write() as tx:
            account = registration.register(
                tx, email=email, name=body.role.title(), password_hash=password_hash, role=body.role
            )
            session = sessions.create(tx, account)
        created(resp, PersonView(email, password, session.token))
