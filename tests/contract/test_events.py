"""Contract 4.27: whatever writes leaves an event of what it has changed."""

from __future__ import annotations

import pytest

from tests.contract.operations import body_for, path_for
from tests.contract.server import World
from tests.contract.test_roles import ROWS, WHO
from tests.server.process import wait_until

WITHOUT = {
    "sessions": "who is signed in is nobody else's business",
    "api-keys": "as sessions",
    "password": "an account does not show it",
    "second-factors": "as passwords",
    "tags": "nothing has the tag of this test",
    "categories": "as tags",
    "redirects": "addresses are no things",
    "attempt": "jobs are work, not things",
    "sending": "mails are sent, not shown to others",
    "email-verifications": "asks for a mail",
    "password-resets": "asks for a mail",
    "login-codes": "asks for a mail",
    "access-tokens": "as sessions",
    "order-links": "asks for a mail",
    "order-claims": "the owner of this test has nothing to claim",
    "webhooks": "who is told what happened is no event",
    "coupons": "a table of the shop, which orders copy from",
    "shipping-methods": "as coupons",
    "tax-rates": "as coupons",
    "quotes": "stores nothing",
    "return": "looks at a provider",
    "links": "the buyer's own way to a file",
    "renderings": "stores nothing",
    "imports": "what the file brings is, once it is imported",
}
"""A part of a path → why what is written there is no event."""
SUBJECTS = {
    "articles": {"article", "comment"},
    "comments": {"comment"},
    "items": {"item"},
    "media": {"media"},
    "variants": {"item", "variant"},
    "orders": {"order", "payment"},
    "accounts": {"account"},
    "me": {"account"},
}
OWNER = WHO.index("owner")
WRITES: dict[tuple[str, str], str] = {}
for _method, _path, _thing, _statuses in ROWS:
    if _method != "GET" and _statuses[OWNER].startswith("2") and not {*WITHOUT} & {*_path.split("/")}:
        WRITES.setdefault((_method, _path), _thing)
del WRITES["DELETE", "/v1/variants/{sku}/tracking"]  # the stock of this test is not counted


@pytest.mark.parametrize(("method", "path"), WRITES, ids=[f"{method} {path}" for method, path in WRITES])
def test_whatever_writes_leaves_an_event_of_its_subject(world: World, method: str, path: str):
    owner, reader = world.login("owner"), world.client("owner")
    target, body = path_for(world, path, WRITES[method, path], owner), body_for(world, method, path)
    cursor = reader.get("/v1/events?after=now").json["cursor"]

    answer = world.client(owner).call(method, target, body)

    assert answer.status < 300, answer.json
    expected, since = SUBJECTS[path.split("/")[2]], f"/v1/events?after={cursor}"
    # An event may appear up to 1 s after its write.
    wait_until(lambda: expected & {event["subject"]["kind"] for event in reader.get(since).json["data"]})
