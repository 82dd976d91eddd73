"""The command `kiosque`, also as `python -m api`: its user's mistakes end in a sentence, not in a trace."""

from __future__ import annotations

import sys

import click

from api.cli import kiosque


def main() -> None:
    """Run the command of the arguments; exits with 1 after a mistake of its user."""
    try:
        kiosque.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Exception as error:
        explained = sentence(error)
        if explained is None:
            raise
        click.echo(f"kiosque: {explained}", err=True)
        sys.exit(1)


def sentence(error: Exception) -> str | None:
    """An error outside our code in a sentence; None for a mistake in it, which deserves its trace."""
    from sqlalchemy import exc

    from api.errors import DomainError, OperatorError, Unavailable

    match error:
        case OperatorError():
            return str(error)
        case exc.DBAPIError(orig=reason) | Unavailable(__cause__=exc.DBAPIError(orig=reason)):
            return f"the database says: {reason}"
        case DomainError():
            return "; ".join(field.detail for field in error.errors) or error.detail
        case OSError() if error.filename:
            return f"{error.filename}: {error.strerror}"
        case OSError():
            return str(error)
    return None


if __name__ == "__main__":
    main()
