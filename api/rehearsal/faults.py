"""Faults by order: scripts for the requests to a path, each step of which happens to one request."""

from __future__ import annotations

import re
from functools import lru_cache

from api.rehearsal.queries import Candidate, State
from api.rehearsal.records import NOTHING, Step
from api.rehearsal.refusals import mistake_in

LONGEST_WAIT = 60.0

_PREFERENCE = re.compile(r"\s*(code|wait|cut)\s*=\s*\"?([A-Za-z0-9.-]+)\"?\s*\Z")
_PLACE = re.compile(r"\\\{\w+\\\}")


def next_step(state: State, ids: list[str]) -> Step | None:
    """The next step of the first of these faults that has one left."""
    for ref in ids:
        step = state.take_step(ref)
        if step is not None:
            return step
    return None


def meets(fault: Candidate, *, method: str, path: str) -> bool:
    """Whether a request meets that fault, in whose path `{name}` is one segment, `*` any number."""
    return fault.method in (None, method) and _pattern(fault.path).fullmatch(path) is not None


def preferred(header: str) -> Step | None:
    """The step that a Prefer header asks for (RFC 7240); preferences that make no sense are ignored."""
    matches = (_PREFERENCE.match(part) for part in re.split("[,;]", header))
    wishes = {match[1]: match[2] for match in matches if match}
    code, wait, cut = wishes.get("code", ""), wishes.get("wait", ""), wishes.get("cut", "")
    chosen: int | str | None = int(code) if code.isdigit() else code or None
    step = Step(
        code=None if chosen is None or mistake_in(chosen) else chosen,
        wait=float(wait) if re.fullmatch(r"\d{1,2}(\.\d+)?", wait) and float(wait) <= LONGEST_WAIT else None,
        cut=int(cut) if cut.isdigit() and not code else None,
    )
    return None if step == NOTHING else step


def applied(step: Step) -> str:
    """The value of Preference-Applied."""
    wait = None if step.wait is None else f"{step.wait:g}"
    wishes = (("code", step.code), ("wait", wait), ("cut", step.cut))
    return ", ".join(f"{name}={value}" for name, value in wishes if value is not None)


@lru_cache(1_024)
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub("[^/]+", re.escape(path)).replace(r"\*", ".*"))
