"""Jobs, as they are claimed by a worker and as they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.text.fields import Time, id_example

JobState = Literal["waiting", "failed"]


class Job(Struct, frozen=True):
    """An attempt at a job, which is this worker's until the lease ends."""

    id: str
    kind: str
    facts: Mapping[str, str]
    attempts: int
    """How many there have been, this one included."""
    claim: str
    """The mark of this attempt: whoever comes back after another has begun changes nothing."""


class JobRecord(Struct, frozen=True):
    """A job that is not done yet: waiting for its time, or failed for good."""

    id: Annotated[str, id_example("job")]
    kind: Annotated[str, Meta(examples=["webhook"])]
    state: JobState
    facts: Annotated[dict[str, str], Meta(examples=[{"event": "evt_01k9zq3v8r5m2x7c4b6n8p0qwe"}])]
    """What the job is about: ids, never secrets."""
    attempts: Annotated[int, Meta(ge=0, examples=[3])]
    error: Annotated[str | None, Meta(examples=["TimeoutError: no answer within 20 s"])]
    """The reason why the latest attempt failed."""
    due_at: Time
    failed_at: Annotated[Time | None, Meta(examples=[None])]
    created_at: Time
