"""The door to the controls of a rehearsal: closed to pages of other sites and to whoever lacks the secret."""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import urlsplit

from api.errors import DomainError, NotAllowed
from api.settings.types import is_loopback
from api.web.http_errors import Misdirected

NO_SECRET = "Send the secret of this server as Kiosque-Rehearsal-Secret."  # noqa: S105
SECRET = "HTTP_KIOSQUE_REHEARSAL_SECRET"  # noqa: S105  # the name of the header


def refusal(environ: dict[str, Any], secret: str | None) -> DomainError | None:
    """The reason to refuse a request to the controls; a server without a secret is for this machine alone."""
    host = f"http://{environ.get('HTTP_HOST', '')}"
    if secret is None and not is_loopback(host):
        return Misdirected("A rehearsal is controlled by an address of this machine, such as 127.0.0.1.")
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and not _is_own(origin, host, secret):
        return NotAllowed("A page of another host cannot control a rehearsal.")
    if not has_secret(environ, secret):
        return NotAllowed(NO_SECRET)
    return None


def has_secret(environ: dict[str, Any], secret: str | None) -> bool:
    """Whether the request has the secret, if there is one."""
    return secret is None or hmac.compare_digest(environ.get(SECRET, "").encode(), secret.encode())


def _is_own(origin: str, host: str, secret: str | None) -> bool:
    try:
        hostname = urlsplit(origin).hostname
        return hostname is not None and (
            hostname == urlsplit(host).hostname or (secret is None and is_loopback(origin))
        )
    except ValueError:
        return False
