"""A hook of schemathesis: no two valid requests share an Idempotency-Key, which it draws from few."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import schemathesis


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """Replace the key unless an invalid one is tried."""
    if "Idempotency-Key" in case.headers and case.meta and case.meta.generation.mode.value == "positive":
        case.headers["Idempotency-Key"] = uuid4().hex
