"""Resets and snapshots: the state of a sandbox goes back, and nobody is shown the one before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.rehearsal.server import Sandbox


def titles(sandbox: Sandbox) -> list[str]:
    return [article["title"] for article in sandbox.get("/v1/articles?limit=100").json["data"]]


def test_a_reset_brings_back_data_clock_and_faults_as_they_were_at_first(sandbox):
    first = titles(sandbox)
    owner = sandbox.someone("owner")
    owner.article("Fog")
    sandbox.put("/rehearsal/clock", {"now": "2030-01-01T00:00:00Z"})
    sandbox.fail("/v1/items", {"code": 503})

    reset = sandbox.post("/rehearsal/resets")

    assert reset.status == 204
    assert titles(sandbox) == first
    assert owner.get("/v1/me").status == 401
    assert sandbox.get("/rehearsal/clock").json["frozen"] is False
    assert sandbox.get("/v1/items").status == 200
    assert sandbox.get("/rehearsal/faults").json["data"] == []


def test_no_answer_after_a_reset_is_older_than_it(sandbox):
    first, stale = titles(sandbox), 0

    with ThreadPoolExecutor(4) as pool:
        for _ in range(20):
            sandbox.someone("owner").article("Fog")
            assert all("Fog" in seen for seen in pool.map(titles, [sandbox] * 4))
            sandbox.post("/rehearsal/resets")
            stale += sum(seen != first for seen in pool.map(titles, [sandbox] * 8))

    assert stale == 0


def test_a_snapshot_brings_back_what_was_there_tokens_clock_and_faults_included(sandbox):
    sandbox.put("/rehearsal/clock", {"now": "2030-01-01T00:00:00Z"})
    owner = sandbox.someone("owner")
    path = owner.article("Fog")
    sandbox.fail("/v1/items", {}, {"code": 503})
    sandbox.get("/v1/items")
    stored = sandbox.put("/rehearsal/snapshots/before")

    sandbox.post("/rehearsal/resets")
    gone = sandbox.get(path)
    restored = sandbox.post("/rehearsal/resets", {"snapshot": "before"})

    assert (stored.status, gone.status, restored.status) == (204, 404, 204)
    assert sandbox.get(path).status == 200
    assert owner.get("/v1/me").status == 200
    assert sandbox.get("/rehearsal/clock").json == {"now": "2030-01-01T00:00:00.000Z", "frozen": True}
    assert [sandbox.get("/v1/items").status for _ in range(2)] == [503, 200]


def test_a_snapshot_is_listed_replaced_and_removed(sandbox):
    for name in ("b", "a", "b"):
        sandbox.put(f"/rehearsal/snapshots/{name}")

    names = [snapshot["name"] for snapshot in sandbox.get("/rehearsal/snapshots").json["data"]]
    removed = sandbox.delete("/rehearsal/snapshots/b")

    assert names == ["a", "b"]
    assert removed.status == 204
    assert sandbox.delete("/rehearsal/snapshots/b").status == 404
    assert sandbox.post("/rehearsal/resets", {"snapshot": "b"}).status == 404
    assert sandbox.put("/rehearsal/snapshots/No").status == 404


def test_whoever_reads_while_states_are_restored_sees_one_or_the_other(sandbox):
    first = len(titles(sandbox))
    owner = sandbox.someone("owner")
    for number in range(3):
        owner.article(f"Fog {number}")
    sandbox.put("/rehearsal/snapshots/more")

    with ThreadPoolExecutor(4) as pool:
        reads = [pool.submit(titles, sandbox) for _ in range(60)]
        resets = [
            sandbox.post("/rehearsal/resets", {"snapshot": "more"} if number % 2 else None).status
            for number in range(20)
        ]
        seen = {len(read.result()) for read in reads}

    assert resets == [204] * 20
    assert seen <= {first, first + 3}
