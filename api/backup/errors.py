"""The error of backups: a copy that was refused, in a sentence for the person at the shell."""

from __future__ import annotations

from api.errors import OperatorError


class CopyRefused(OperatorError):
    """Nothing was copied, and nothing has changed."""
