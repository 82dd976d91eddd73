"""The routes of a rehearsal as a table of contents; an application has them beside its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from api.accounts.passwords import Hasher
from api.rehearsal import resources
from api.rehearsal.outboxes import OUTBOXES, Outbox
from api.routes import Route

if TYPE_CHECKING:
    from api.rehearsal.sandbox import Sandbox


def routes(sandbox: Sandbox, hasher: Hasher, outboxes: Mapping[str, Outbox] = OUTBOXES) -> list[Route]:
    """Path → resource."""
    return [
        ("/rehearsal/resets", resources.Resets(sandbox)),
        ("/rehearsal/snapshots", resources.Snapshots(sandbox)),
        ("/rehearsal/snapshots/{snapshot}", resources.NamedSnapshot(sandbox)),
        ("/rehearsal/clock", resources.SandboxClock(sandbox)),
        ("/rehearsal/clock/advances", resources.ClockAdvances(sandbox)),
        ("/rehearsal/faults", resources.Faults(sandbox)),
        ("/rehearsal/faults/{fault}", resources.NamedFault(sandbox)),
        ("/rehearsal/requests", resources.Requests(sandbox)),
        *((f"/rehearsal/{name}", resources.Sent(sandbox, outbox)) for name, outbox in outboxes.items()),
        ("/rehearsal/jobs", resources.Jobs(sandbox)),
        ("/rehearsal/accounts", resources.People(sandbox, hasher)),
    ]
