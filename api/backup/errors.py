"""Why a copy was not made: a sentence for the person at the shell."""

from __future__ import annotations

from api.errors import OperatorError


class CopyRefused(OperatorError):
    """Nothing was copied, and nothing has changed."""
