"""The JSON by which tests govern a sandbox."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from api import times
from api.errors import InvalidFormat
from api.rehearsal.faults import LONGEST_WAIT
from api.rehearsal.records import Clock, Fault, SeenRequest, Snapshot, Step
from api.rehearsal.refusals import mistake_in
from api.roles import Role
from api.text.fields import Moment, Time, id_example
from api.times import Instant
from api.web.views import view_of

YEARS = (2000, 2999)
"""The years that a clock may show; ids and pages have room for them."""

Name = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,40}\Z", examples=["before-checkout"])]


class ResetBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The state to go back to: that of a snapshot, or the first one."""

    snapshot: Name | None = None


class SnapshotView(msgspec.Struct):
    """A stored state."""

    name: Name
    created_at: Time

    @classmethod
    def of(cls, snapshot: Snapshot) -> SnapshotView:
        return view_of(cls, snapshot)


class ClockBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A clock: `now` is by default the time that it shows, and it stands unless `frozen` is false."""

    now: Moment | None = None
    frozen: Annotated[bool, Meta(examples=[True])] = True

    def instant(self) -> Instant | None:
        """`now` as it is stored; InvalidFormat for a year out of bounds."""
        return None if self.now is None else within_years(times.instant(self.now), "/now")


class AdvanceBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The seconds by which a clock is put forward."""

    seconds: Annotated[float, Meta(ge=0, le=3.2e9, examples=[1_800])]


class ClockView(msgspec.Struct):
    """The time of the sandbox."""

    now: Time
    frozen: Annotated[bool, Meta(examples=[True])]

    @classmethod
    def of(cls, clock: Clock) -> ClockView:
        return cls(clock.now(), clock.frozen_at is not None)


Wait = Annotated[float, Meta(ge=0, le=LONGEST_WAIT)]
Cut = Annotated[int, Meta(ge=0, le=2**31)]


class StepBody(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The treatment of one request; `{}` lets it through."""

    code: Annotated[int | str | None, Meta(examples=[503])] = None
    wait: Annotated[Wait | None, Meta(examples=[])] = None
    cut: Annotated[Cut | None, Meta(examples=[])] = None
    after: Annotated[bool, Meta(examples=[True])] = False


class FaultBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A script for the requests to a path: `{name}` in it is one segment, `*` any number."""

    method: Annotated[str, Meta(pattern=r"^[A-Z]{1,20}\Z", examples=["POST"])] | None = None
    path: Annotated[str, Meta(min_length=1, max_length=1_000, pattern="^/", examples=["/v1/orders"])]
    sequence: Annotated[list[StepBody], Meta(min_length=1, max_length=1_000)]

    def steps(self) -> tuple[Step, ...]:
        """The script; InvalidFormat for a refusal that does not exist."""
        mistakes = [
            (f"/sequence/{number}/code", mistake)
            for number, step in enumerate(self.sequence)
            if step.code is not None and (mistake := mistake_in(step.code))
        ]
        mistakes += [
            (f"/sequence/{number}/cut", "A refusal is not cut off: send either code or cut.")
            for number, step in enumerate(self.sequence)
            if step.code is not None and step.cut is not None
        ]
        if mistakes:
            raise InvalidFormat.at_each(mistakes)
        return tuple(Step(step.code, step.wait, step.cut, step.after) for step in self.sequence)


class FaultView(msgspec.Struct):
    """A script, and how many of its steps have been taken."""

    id: Annotated[str, id_example("flt")]
    method: Annotated[str | None, Meta(examples=["POST"])]
    path: Annotated[str, Meta(examples=["/v1/orders"])]
    sequence: list[StepBody]
    used: Annotated[int, Meta(examples=[0])]

    @classmethod
    def of(cls, fault: Fault) -> FaultView:
        return view_of(cls, fault, sequence=[_step_view(step) for step in fault.sequence])


class RequestView(msgspec.Struct):
    """A request that the sandbox got, and how it was answered."""

    at: Time
    method: Annotated[str, Meta(examples=["POST"])]
    path: Annotated[str, Meta(examples=["/v1/orders"])]
    query: Annotated[str, Meta(examples=[""])]
    headers: Annotated[dict[str, str], Meta(examples=[{"content-type": "application/json"}])]
    body: Annotated[Any, Meta(examples=[{"lines": [{"sku": "mug", "quantity": 1}]}])]
    status: Annotated[int, Meta(examples=[201])]
    fault: StepBody | None
    request_id: Annotated[str, Meta(examples=["req_01kb2v9r5e8x4m7t3w6y0z1a2c"])]

    @classmethod
    def of(cls, request: SeenRequest) -> RequestView:
        return view_of(cls, request, fault=_step_view(request.fault) if request.fault else None)


class JobsBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The end of the work: there is none but when all is done that is due."""

    until_idle: Annotated[bool, Meta(examples=[True])] = True


class JobsView(msgspec.Struct):
    """The number of jobs that were done, or tried."""

    done: Annotated[int, Meta(examples=[2])]


class PersonBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The role of a new account."""

    role: Role = "customer"


class PersonView(msgspec.Struct):
    """Somebody to be: a new account, and a session of it that has just begun."""

    email: Annotated[str, Meta(examples=["customer-4n7bcd@kiosque.test"])]
    password: Annotated[str, Meta(examples=["mrm2ZfYoJ2Cq"])]
    token: Annotated[str, Meta(examples=["kkt_ks_dGhlIGhhcmJvdXIgaXMgZm9nZ3kgdG9kYXk"])]


def within_years(now: Instant, pointer: str) -> Instant:
    """`now`; InvalidFormat for a year that a clock cannot show."""
    first, last = YEARS
    if first <= int(now[:4]) <= last:
        return now
    raise InvalidFormat.at(pointer, f"The clock shows the years {first} to {last}.")


def _step_view(step: Step) -> StepBody:
    return StepBody(step.code, step.wait, step.cut, step.after)
