"""The treatments of a request: it waits, is refused, or is carried out and its answer lost or cut off."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from api.app import App
from api.errors import DomainError
from api.rehearsal.records import Step
from api.rehearsal.refusals import PROXYS, REFUSAL, proxys_answer, refusal_of

Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[..., Any]
Blocks: TypeAlias = Iterable[bytes]


def carry_out(app: App, environ: Environ, start_response: StartResponse, step: Step) -> Blocks:
    """The answer to a request that is treated so."""
    if step.wait is not None and not step.after:
        time.sleep(step.wait)
    if step.code is None:
        blocks = app(environ, start_response)
    elif step.after:
        _read(app(environ, _ignore))
    if step.wait is not None and step.after:
        time.sleep(step.wait)
    if step.code in PROXYS:
        return proxys_answer(int(step.code), start_response)
    if step.code is not None:
        return refuse(app, environ, start_response, refusal_of(step.code))
    return blocks if step.cut is None else _cut(blocks, step.cut)


def refuse(app: App, environ: Environ, start_response: StartResponse, error: DomainError) -> Blocks:
    """The answer to a request that the application refuses with `error`, whatever it is about."""
    environ[REFUSAL] = error
    return app.respond(environ, start_response)


def _ignore(_status: str, _headers: list[tuple[str, str]], *_exc_info: Any) -> Any:
    return lambda _data: None


def _read(blocks: Blocks) -> None:
    try:
        for _ in blocks:
            pass
    finally:
        _close(blocks)


def _cut(blocks: Blocks, length: int) -> Iterator[bytes]:
    """The first bytes of an answer, after which the connection ends."""
    try:
        for block in blocks:
            if length <= 0:
                break
            yield block[:length]
            length -= len(block)
    finally:
        _close(blocks)
    raise ConnectionAbortedError


def _close(blocks: Blocks) -> None:
    close = getattr(blocks, "close", None)
    if close is not None:
        close()
