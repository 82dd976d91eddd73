"""Contract 4.39: the audit of a server that somebody has started."""

from __future__ import annotations

from tests.contract.client import Client


def test_the_start_of_the_server_is_in_the_audit_with_its_settings_and_no_secret(owner: Client):
    (event,) = owner.get("/v1/audit-events?kind=settings").json["data"]

    assert {event[name] for name in ("account_id", "subject", "session_id", "key_id", "network")} == {None}
    assert {"url", "database_url", "audit_days"} <= event["facts"].keys()
    assert ":***@" in event["facts"]["database_url"] or "@" not in event["facts"]["database_url"]
