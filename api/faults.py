"""What goes wrong outside our code, in a sentence for the person at the shell."""

from __future__ import annotations

from sqlalchemy import exc

from api.errors import DomainError, OperatorError, Unavailable


def sentence(error: Exception) -> str | None:
    """The sentence, or None for what nobody foresaw: that deserves its trace."""
    match error:
        case OperatorError():
            return str(error)
        case exc.DBAPIError(orig=said) | Unavailable(__cause__=exc.DBAPIError(orig=said)):
            return f"the database says: {said}"
        case DomainError():
            return "; ".join(field.detail for field in error.errors) or error.detail
        case OSError() if error.filename:
            return f"{error.filename}: {error.strerror}"
        case OSError():
            return str(error)
    return None
