"""The environment beyond the values of settings: what the operator has set, and whose sockets are here."""

from __future__ import annotations

import os
from collections.abc import Iterable


def are_set(variables: Iterable[str]) -> list[str]:
    """Those of the variables that the operator has set."""
    return [variable for variable in variables if os.environ.get(variable)]


def has_inherited_sockets() -> bool:
    """Whether this process takes over the sockets of another one: gunicorn's USR2, or systemd."""
    return not {"GUNICORN_FD", "LISTEN_FDS"}.isdisjoint(os.environ)
