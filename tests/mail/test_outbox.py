"""Mails from the transaction that asks for them to whoever sends, prints or reads them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from falcon.testing import TestClient

from api.app import create_app
from api.jobs.worker import Tasks, Worker
from api.mail import queries, rules
from api.mail.records import Request
from api.mail.sending import PAUSES, Sender
from api.mail.writing import Link
from api.settings import Settings
from api.storage import Database, Transaction
from tests.factories import CHEAP_HASHER, make_account, sign_in
from tests.nouns import Noun

MAIL = "mail_01k9zq3v8r5m2x7c4b6n8p0qwe"


def _fill(tx: Transaction, _owner: Any) -> None:
    rules.post(tx, "login-code", to="ada@example.org", language="en")


NOUN = Noun(
    roles="""
    GET    /v1/mails                              -                401 401 403 403 403 403 200 403
    GET    /v1/mails/{mail}                       other            401 401 403 403 403 403 404 403
    PUT    /v1/mails/{mail}/sending               other            401 401 403 403 403 403 404 403
    """,
    makers={"{mail}": lambda *_: MAIL},
    breaking={
        "ck_mails_state": "UPDATE mails SET state = 'lost'",
        "ck_mails_attempts": "UPDATE mails SET attempts = -1",
        "ck_mails_to_staff": "UPDATE mails SET to_staff = 2",
    },
    fill=_fill,
)

Work = Callable[..., None]


def compose(tx: Transaction, _request: Request) -> dict[str, Any]:
    secret = tx.new_id("tok")
    return {"link": Link(f"https://kiosque.test/reset/#token={secret}"), "minutes": 30}


@pytest.fixture
def work(db: Database, settings: Settings) -> Work:
    """Do all jobs that are due, with other settings."""

    def until_idle(composing: Any = compose, **others: Any) -> None:
        sender = Sender(db, replace(settings, mail_from="shop@kiosque.test", **others), {"reset": composing})
        Worker(db, Tasks({rules.JOB: sender.handler})).until_idle()

    return until_idle


@pytest.fixture
def owner(db: Database, settings: Settings) -> TestClient:
    """An owner whose session is fresh."""
    with db.write() as tx:
        token = sign_in(tx, make_account(tx, role="owner"))
    return TestClient(create_app(settings, db, CHEAP_HASHER), headers={"Authorization": f"Bearer {token}"})


def post(db: Database, **others: Any) -> str:
    with db.write() as tx:
        return rules.post(tx, "reset", **{"to": "ada@example.org", "language": "en", **others}).id


def find(db: Database, mail_id: str) -> Any:
    with db.read() as tx:
        return rules.find(tx, ref=mail_id).mail


def test_a_mail_is_sent_once_and_its_text_is_nowhere_afterwards(db, work, start):
    office = start()
    mail_id = post(db)

    work(mail_url=f"smtp://127.0.0.1:{office.port}")
    work(mail_url=f"smtp://127.0.0.1:{office.port}")

    assert office.recipients == ["ada@example.org"]
    assert b"#token=3Dtok_" in office.taken[0].replace(b"=\r\n", b"")
    mail = find(db, mail_id)
    assert (mail.state, mail.attempts, mail.subject) == ("sent", 1, "A new password for Kiosque")
    with db.read() as tx:
        assert queries.find_text(tx, mail_id=mail_id) is None


def test_a_mail_that_is_put_off_is_tried_again_and_in_the_end_has_failed(db, work, clock, start):
    office = start("451 try later")
    mail_id = post(db)

    for pause in (*PAUSES, 0):
        work(mail_url=f"smtp://127.0.0.1:{office.port}")
        clock.advance(seconds=pause * 1.3)

    mail = find(db, mail_id)
    assert (mail.state, mail.attempts, mail.error) == ("failed", len(PAUSES) + 1, "451 try later")
    office.verdict = "250 OK"
    with db.write() as tx:
        assert rules.send_again(tx, rules.find(tx, ref=mail_id)).mail.state == "waiting"
    work(mail_url=f"smtp://127.0.0.1:{office.port}")
    assert find(db, mail_id).state == "sent"


def test_a_mail_that_waits_for_its_next_attempt_is_sent_at_once_when_somebody_asks(db, work, owner, start):
    office = start("451 try later")
    mail_id = post(db)
    work(mail_url=f"smtp://127.0.0.1:{office.port}")
    office.verdict = "250 OK"

    answers = [owner.simulate_put(f"/v1/mails/{mail_id}/sending") for _ in range(2)]
    work(mail_url=f"smtp://127.0.0.1:{office.port}")

    assert [answer.status_code for answer in answers] == [202, 202]
    assert office.recipients == ["ada@example.org"] * 2  # put off, then sent once
    assert find(db, mail_id).state == "sent"


def test_a_refused_mail_has_failed_at_once(db, work, start):
    office = start("554 this is spam")
    mail_id = post(db)

    work(mail_url=f"smtp://127.0.0.1:{office.port}")

    assert (find(db, mail_id).state, find(db, mail_id).error) == ("failed", "554 this is spam")


def test_without_a_mail_server_an_owner_reads_what_waits(db, work, owner):
    mail_id = post(db)
    work()

    mail = owner.simulate_get(f"/v1/mails/{mail_id}").json
    (listed,) = owner.simulate_get("/v1/mails", query_string="state=kept&to=ada@example.org&kind=reset").json[
        "data"
    ]

    assert (mail["state"], mail["attempts"]) == ("kept", 0)
    assert "https://kiosque.test/reset/#token=tok_" in mail["text"]
    assert listed == {name: value for name, value in mail.items() if name != "text"}
    assert owner.simulate_get("/v1/mails", query_string="state=sent").json["data"] == []


def test_the_text_needs_a_fresh_session(db, work, clock, owner):
    mail_id = post(db)
    work()
    clock.advance(minutes=11)

    assert owner.simulate_get(f"/v1/mails/{mail_id}").json["text"] is None


def test_a_link_in_a_mail_to_other_staff_does_not_work(db, work, owner):
    mail_id = post(db, to_staff=True)
    work()

    text = owner.simulate_get(f"/v1/mails/{mail_id}").json["text"]

    assert "#token=…" in text
    assert "tok_" not in text


def test_a_text_that_was_kept_is_not_shown_once_mails_are_sent(db, settings, work, owner, start):
    mail_id = post(db)
    work()
    url = f"smtp://127.0.0.1:{start().port}"
    sending = create_app(replace(settings, mail_url=url), db, CHEAP_HASHER)

    owner.app = sending
    shown = owner.simulate_put(f"/v1/mails/{mail_id}/sending").json["text"]
    work(mail_url=url)

    assert shown is None
    with db.read() as tx:
        assert queries.find_text(tx, mail_id=mail_id) is None


def test_a_kept_mail_is_sent_only_when_somebody_asks(db, work, owner, start):
    office = start()
    mail_id = post(db)
    work()
    work(mail_url=f"smtp://127.0.0.1:{office.port}")
    assert office.taken == []

    answer = owner.simulate_put(f"/v1/mails/{mail_id}/sending")
    work(mail_url=f"smtp://127.0.0.1:{office.port}")

    assert (answer.status_code, answer.json["state"]) == (202, "waiting")
    assert len(office.taken) == 1


def test_the_demonstration_prints_its_mails(db, work, capsys):
    post(db)

    work(mail_url="print:")

    printed = capsys.readouterr().out
    assert "— Mail to ada@example.org —\nSubject: A new password for Kiosque\n" in printed
    assert "#token=tok_" in printed


def test_a_mail_that_has_become_needless_is_not_sent(db, work, start):
    office = start()
    mail_id = post(db)

    work(lambda _tx, _request: None, mail_url=f"smtp://127.0.0.1:{office.port}")

    assert office.taken == []
    assert (find(db, mail_id).state, find(db, mail_id).error) == ("kept", "it was no longer needed")


def test_what_is_undone_sends_nothing(db, work, start):
    office = start()

    def undone() -> None:
        with db.write() as tx:
            rules.post(tx, "reset", to="ada@example.org", language="en")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    work(mail_url=f"smtp://127.0.0.1:{office.port}")

    assert office.taken == []


def test_an_erased_account_leaves_mails_without_address_subject_and_text(db, work, owner):
    mail_id = post(db, account_id="acc_1", facts={"order": "ord_1"})
    work()

    with db.write() as tx:
        rules.forget(tx, account_id="acc_1")

    mail = owner.simulate_get(f"/v1/mails/{mail_id}").json
    assert (mail["to"], mail["subject"], mail["text"]) == (None, None, None)
    assert owner.simulate_put(f"/v1/mails/{mail_id}/sending").status_code == 404


def test_a_mail_that_is_on_its_way_when_its_account_is_erased_says_nothing_afterwards(db, work, start):
    office = start()
    on_its_way, waiting = (post(db, account_id="acc_1", facts={"order": name}) for name in "ab")

    async def erase(*_: Any) -> str:
        with db.write() as tx:
            rules.forget(tx, account_id="acc_1")
        return "250 OK"

    office.handle_DATA = erase
    work(mail_url=f"smtp://127.0.0.1:{office.port}")

    mails = [find(db, mail_id) for mail_id in (on_its_way, waiting)]
    assert [(mail.state, mail.to, mail.subject) for mail in mails] == [("kept", None, None)] * 2


def test_old_mails_are_deleted_but_none_that_waits(db, work, clock):
    old = post(db)
    work()
    clock.advance(days=rules.DAYS - 1)
    waiting = post(db)
    clock.advance(days=2)

    with db.write() as tx:
        assert rules.sweep(tx, most=9) == 1

    with db.read() as tx:
        assert queries.find_request(tx, mail_id=old) is None
        assert queries.find_request(tx, mail_id=waiting) is not None


def test_a_mail_that_has_changed_meanwhile_is_left_as_it_is(db, work, owner):
    mail_id = post(db)
    work()

    stale = owner.simulate_put(f"/v1/mails/{mail_id}/sending", headers={"If-Match": '"stale"'})
    seen = owner.simulate_get(f"/v1/mails/{mail_id}")
    answer = owner.simulate_put(f"/v1/mails/{mail_id}/sending", headers={"If-Match": seen.headers["ETag"]})

    assert (stale.status_code, answer.status_code) == (412, 202)
    assert (
        owner.simulate_get(
            f"/v1/mails/{mail_id}", headers={"If-None-Match": seen.headers["ETag"]}
        ).status_code
        == 200
    )
