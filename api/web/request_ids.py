"""Request ids: they connect an answer, an error and a log line."""

from __future__ import annotations

import os
import re
from itertools import count
from typing import Any

from api.ids import new_id

_KEY = "kiosque.request_id"


def request_id(environ: dict[str, Any]) -> str:
    """The client's X-Request-ID if it is harmless, else a new one; the same on every call for a request."""
    known: str | None = environ.get(_KEY)
    if known is None:
        sent = environ.get("HTTP_X_REQUEST_ID")
        is_harmless = sent is not None and re.fullmatch(r"[A-Za-z0-9._-]{1,64}", sent)
        known = environ[_KEY] = str(sent) if is_harmless else f"req_{_process}{next(_requests):010d}"
    return known


def _begin_process() -> None:
    """Choose one random part for the whole process: ids must be distinct, not hard to guess."""
    global _process, _requests
    _process, _requests = new_id("")[-16:], count(1)


_process: str
_requests: count[int]
_begin_process()
os.register_at_fork(after_in_child=_begin_process)
