"""The mail server: a mail is taken, refused for good, or to be tried again later."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import idna

from api.mail.records import Letter

SECONDS = 15.0
_HERE = ("127.0.0.1", "::1", "localhost")


class Refused(Exception):
    """The mail server will never take this mail."""


class NotNow(Exception):
    """The mail server cannot take it now."""


def message(letter: Letter, *, sender: str, to: str, message_id: str, at: datetime) -> EmailMessage:
    """A mail of two parts (RFC 5322, RFC 2046 §5.1.4), marked as sent by a program (RFC 3834)."""
    mail = EmailMessage()
    local, _, domain = to.rpartition("@")
    mail["From"], mail["Subject"] = sender, letter.subject
    mail["To"] = Address(username=local, domain=idna.encode(domain).decode() if domain else "")
    mail["Date"], mail["Message-ID"], mail["Auto-Submitted"] = (
        format_datetime(at),
        message_id,
        "auto-generated",
    )
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return mail


@dataclass(frozen=True)
class MailServer:
    """`smtp://user:password@host:587` with STARTTLS, which only this machine may do without, or `smtps://`."""

    url: str
    context: ssl.SSLContext | None = None
    """By default, certificates are verified, which smtplib by itself does not do."""

    def send(self, mail: EmailMessage) -> None:
        """Hand the mail over; raises Refused or NotNow."""
        try:
            with self._connection() as connection:
                connection.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, reason = next(iter(error.recipients.values()))
            raise _refusal(code, reason) from error
        except smtplib.SMTPAuthenticationError as error:  # the operator's mistake, not the mail's
            raise NotNow(f"the mail server refuses the login: {error.smtp_code}") from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Refused(str(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow(f"{type(error).__name__}: {error}") from error

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        parts = urlsplit(self.url)
        host, context = parts.hostname or "", self.context or ssl.create_default_context()
        connection: smtplib.SMTP
        if parts.scheme == "smtps":
            connection = smtplib.SMTP_SSL(host, parts.port or 465, timeout=SECONDS, context=context)
        else:
            connection = smtplib.SMTP(host, parts.port or 587, timeout=SECONDS)
        try:
            connection.ehlo()
            if parts.scheme == "smtp" and connection.has_extn("starttls"):
                connection.starttls(context=context)
                connection.ehlo()
            elif parts.scheme == "smtp" and host not in _HERE:
                raise NotNow("the mail server offers no STARTTLS")
            if parts.username:
                connection.login(unquote(parts.username), unquote(parts.password or ""))
            yield connection
        finally:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()


def _refusal(code: int, reason: bytes | str) -> Refused | NotNow:
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    return (Refused if 500 <= code < 600 else NotNow)(f"{code} {text}")
