"""The WSGI application of `kiosque rehearse`: it picks the sandbox, and lets happen what was ordered."""

from __future__ import annotations

import io
from typing import Any

import msgspec

from api.accounts.identification import REHEARSED
from api.errors import DomainError, NotAllowed
from api.rehearsal import door, faults, steps
from api.rehearsal.queries import Candidate
from api.rehearsal.records import NOTHING, SeenRequest, Step
from api.rehearsal.sandbox import NAME, Sandbox
from api.rehearsal.sandboxes import Sandboxes
from api.rehearsal.steps import Blocks, Environ, StartResponse
from api.web.body import BODY_LIMIT
from api.web.http_errors import BadRequest
from api.web.request_ids import request_id

CONTROLS = "/rehearsal/"

LARGEST_BODY = 65_536
"""Bytes up to which a body is shown among the requests."""

LARGEST_UPLOAD = 2**40
"""Bytes up to which a body is received while its resource has yet to say how many it takes."""


class Rehearsal:
    """All sandboxes as one application; `first_port` is that of sandbox 0."""

    def __init__(self, sandboxes: Sandboxes, *, first_port: int, secret: str | None) -> None:
        self._sandboxes, self._first_port, self._secret = sandboxes, first_port, secret
        first, _ = sandboxes.use("0")
        self.lanes, self.metrics = first.app.lanes, first.app.metrics
        self.networks, self.settings = first.app.networks, first.app.settings

    def __call__(self, environ: Environ, start_response: StartResponse) -> Blocks:
        """Answer as the sandbox does, unless a fault was ordered (PEP 3333)."""
        is_control = environ["PATH_INFO"].startswith(CONTROLS)
        refusal = self._mistake_in_name(environ)
        name = self.name_of(environ) if refusal is None else self._name_by_port(environ)
        if refusal is None and is_control:
            refusal = door.refusal(environ, self._secret)
        sandbox, candidates = self._sandboxes.use(name)
        answer = Answer(start_response, [("Kiosque-Rehearsal", name)])
        if refusal is not None:
            return steps.refuse(sandbox.app, environ, answer, refusal)
        if is_control:
            return sandbox.app.respond(environ, answer)
        return self._rehearse(sandbox, environ, answer, candidates)

    def is_at_hand(self, _environ: Environ) -> bool:
        """Never: an answer needs the state of its sandbox first, so the event loop is no place for it."""
        return False

    def name_of(self, environ: Environ) -> str:
        """The name of the sandbox that a request is for: by header, else by port."""
        sent = str(environ.get("HTTP_KIOSQUE_SANDBOX", ""))
        return sent if NAME.fullmatch(sent) else self._name_by_port(environ)

    def _name_by_port(self, environ: Environ) -> str:
        return str(int(environ.get("SERVER_PORT") or self._first_port) - self._first_port)

    def _mistake_in_name(self, environ: Environ) -> DomainError | None:
        if "HTTP_KIOSQUE_SANDBOX" not in environ:
            return None
        if not NAME.fullmatch(environ["HTTP_KIOSQUE_SANDBOX"]):
            return BadRequest("Kiosque-Sandbox has 1 to 40 of the characters a–z, 0–9 and -.")
        if not door.has_secret(environ, self._secret):
            return NotAllowed(door.NO_SECRET)
        return None

    def _rehearse(
        self, sandbox: Sandbox, environ: Environ, answer: Answer, candidates: list[Candidate]
    ) -> Blocks:
        at, headers, stream = sandbox.now(), _headers_of(environ), environ["wsgi.input"]
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        if "HTTP_AUTHORIZATION" in environ:
            environ["HTTP_AUTHORIZATION"] = environ["HTTP_AUTHORIZATION"].replace(f" {REHEARSED}", " ", 1)
        step = self._step(sandbox, environ, path, answer, candidates)
        blocks = steps.carry_out(sandbox.app, environ, answer, step or NOTHING)
        sandbox.state.insert_request(
            SeenRequest(
                at,
                method=environ["REQUEST_METHOD"],
                path=path,
                query=environ["QUERY_STRING"],
                headers=headers,
                body=_body_of(stream),
                status=answer.status,
                fault=step,
                request_id=request_id(environ),
            )
        )
        return blocks

    def _step(
        self, sandbox: Sandbox, environ: Environ, path: str, answer: Answer, candidates: list[Candidate]
    ) -> Step | None:
        """The treatment that the request asks for itself, or the next step of a fault that it meets."""
        method, preference = environ["REQUEST_METHOD"], None
        if "HTTP_PREFER" in environ and door.has_secret(environ, self._secret):
            preference = faults.preferred(environ["HTTP_PREFER"])
        met = [fault.id for fault in candidates if faults.meets(fault, method=method, path=path)]
        if preference or met:
            environ[BODY_LIMIT] = LARGEST_UPLOAD
            environ["wsgi.input"].read(0)  # while the body is still to come, this call is not the last one
        if preference is None:
            return faults.next_step(sandbox.state, met)
        answer.headers.append(("Preference-Applied", faults.applied(preference)))
        return preference


class Answer:
    """start_response, with headers added and the status remembered."""

    def __init__(self, start_response: StartResponse, headers: list[tuple[str, str]]) -> None:
        self._start_response = start_response
        self.headers = headers
        self.status = 0

    def __call__(self, status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
        self.status = int(status[:3])
        return self._start_response(status, [*headers, *self.headers], *exc_info)


def _headers_of(environ: Environ) -> dict[str, str]:
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    return headers | ({"content-type": environ["CONTENT_TYPE"]} if environ.get("CONTENT_TYPE") else {})


def _body_of(stream: Any) -> Any:
    """The JSON, or the text, of a body that has arrived."""
    body = stream.getvalue() if isinstance(stream, io.BytesIO) else b""
    if not body or len(body) > LARGEST_BODY:
        return None
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return body.decode("utf-8", "replace")
