"""What goes wrong outside our code, in a sentence for the person at the shell."""

from __future__ import annotations

from sqlalchemy import exc

from api.errors import DomainError, OperatorError


def sentence(error: Exception) -> str | None:
    """The sentence, or None for what nobody foresaw: that deserves its trace."""
    match error:
        case OperatorError():
            return str(error)
        case DomainError():
            detail = "; ".join(field.detail for field in error.errors) or error.detail
            cause = error.__cause__
            return f"{detail} ({cause.orig})" if isinstance(cause, exc.DBAPIError) else detail
        case exc.DBAPIError():
            return f"the database says: {error.orig}"
        case OSError() if error.filename:
            return f"{error.filename}: {error.strerror}"
        case OSError():
            return str(error)
    return None
