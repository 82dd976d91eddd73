"""Jobs over HTTP: owners see what waits or has failed, and have it tried again."""

from __future__ import annotations

from api.jobs import rules
from api.jobs.rules import LATE_AFTER, PAUSES, GiveUp


def test_an_owner_lists_jobs_by_state_and_has_a_failed_one_tried_again(db, client_as):
    owner = client_as("owner")
    with db.write() as tx:
        failed = rules.leave(tx, "webhook", {"event": "evt_1"})
        rules.postpone(tx, rules.claim(tx), GiveUp("410 Gone"), pauses=PAUSES)
        waiting = rules.leave(tx, "mail", {"mail": "mail_1"})

    def ids(query: str = "") -> list[str]:
        return [job["id"] for job in owner.simulate_get("/v1/jobs", query_string=query).json["data"]]

    assert (ids(), ids("state=failed"), ids("state=waiting")) == ([waiting, failed], [failed], [waiting])
    answer = owner.simulate_put(f"/v1/jobs/{failed}/attempt")

    assert answer.status_code == 202
    assert (answer.json["state"], answer.json["attempts"]) == ("waiting", 0)
    assert answer.json["error"] == "GiveUp: 410 Gone"
    assert ids("state=failed") == []


def test_a_job_that_is_done_cannot_be_tried_again(db, client_as):
    with db.write() as tx:
        job_id = rules.leave(tx, "mail", {})
        rules.finish(tx, rules.claim(tx))

    assert client_as("owner").simulate_put(f"/v1/jobs/{job_id}/attempt").status_code == 404


def test_readiness_and_metrics_tell_of_jobs_that_are_late(db, client, client_as, clock):
    with db.write() as tx:
        rules.leave(tx, "mail", {})
    assert client.simulate_get("/readyz").json == {"status": "ok"}

    clock.advance(seconds=LATE_AFTER + 1)

    assert client.simulate_get("/readyz").json == {"status": "ok", "jobs": "late"}
    metrics = client_as("owner").simulate_get("/metrics").text
    assert "\nkiosque_jobs_oldest_due_seconds 301.0\n" in metrics
    assert "\nkiosque_jobs_failed 0" in metrics


def test_a_job_that_has_changed_meanwhile_is_left_as_it_is(db, client_as):
    with db.write() as tx:
        job_id = rules.leave(tx, "mail", {})
    owner = client_as("owner")

    stale = owner.simulate_put(f"/v1/jobs/{job_id}/attempt", headers={"If-Match": '"stale"'})
    answer = owner.simulate_put(f"/v1/jobs/{job_id}/attempt", headers={"If-Match": stale.headers["ETag"]})

    assert (stale.status_code, answer.status_code) == (412, 202)
