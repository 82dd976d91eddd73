"""Handing mails to a mail server: what it takes, refuses, puts off, and where we do not trust it."""

from __future__ import annotations

import ssl
import subprocess
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from api.mail.records import Letter
from api.mail.smtp import MailServer, NotNow, Refused, message
from tests.mail.conftest import Office
from tests.test_serving import free_port


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody vouches for, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    request = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*request, *files, *names], check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


def letter(to: str = "ada@example.org", subject: str = "Hello") -> EmailMessage:
    return message(
        Letter(subject, "Plain.\n", "<p>Rich.</p>"),
        sender="Shop <shop@kiosque.test>",
        to=to,
        message_id="<mail_1@kiosque.test>",
        at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    )


def server_of(office: Office, context: ssl.SSLContext | None = None, login: str = "") -> MailServer:
    return MailServer(f"smtp://{login}127.0.0.1:{office.port}", context)


def test_a_mail_arrives_in_two_parts_and_says_that_a_program_sent_it(start):
    office = start()

    server_of(office).send(letter())

    (taken,) = office.taken
    text = bytes(taken).decode()
    assert office.recipients == ["ada@example.org"]
    assert "Auto-Submitted: auto-generated" in text
    assert "Message-ID: <mail_1@kiosque.test>" in text
    assert "Date: Sun, 22 Nov 2026 09:30:00 +0000" in text
    assert text.index("Plain.") < text.index("<p>Rich.</p>")


@pytest.mark.parametrize(
    ("to", "verdict", "error"),
    [
        ("nobody@example.org", "250 OK", Refused),
        ("busy@example.org", "250 OK", NotNow),
        ("ada@example.org", "554 this is spam", Refused),
        ("ada@example.org", "451 try later", NotNow),
        ("ada@example.org", "drop", NotNow),
    ],
)
def test_what_the_server_answers_decides_whether_to_try_again(to, verdict, error, start):
    office = start(verdict)

    with pytest.raises(error):
        server_of(office).send(letter(to))


def test_a_server_that_is_not_there_is_tried_again():
    with pytest.raises(NotNow):
        MailServer(f"smtp://127.0.0.1:{free_port()}").send(letter())


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(start, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*map(str, certificate))
    office = start(tls_context=context)

    with pytest.raises(NotNow, match="CERTIFICATE_VERIFY_FAILED"):
        server_of(office).send(letter())
    assert office.taken == []


def test_a_trusted_server_gets_login_and_mail_over_tls(start, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*map(str, certificate))
    logins = []

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        logins.append((data.login, data.password))
        return AuthResult(success=True)

    office = start(tls_context=context, authenticator=authenticate, auth_required=True)
    trusting = ssl.create_default_context(cafile=str(certificate[0]))

    server_of(office, trusting, login="shop:p%40ss@").send(letter())

    assert logins == [(b"shop", b"p@ss")]
    assert len(office.taken) == 1


def test_a_refused_login_is_the_operators_mistake_and_the_mail_waits(start):
    office = start(authenticator=lambda *_: AuthResult(success=False, handled=False), auth_require_tls=False)

    with pytest.raises(NotNow, match="login"):
        server_of(office, login="shop:wrong@").send(letter())


def test_a_domain_of_another_script_is_written_as_dns_knows_it(start):
    office = start()

    server_of(office).send(letter("ada@bücher.example"))

    assert office.recipients == ["ada@xn--bcher-kva.example"]


def test_a_subject_never_becomes_a_header():
    with pytest.raises(ValueError):
        letter(subject="Hello\r\nBcc: all@example.org")
