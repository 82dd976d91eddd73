"""Contract 6.56, and who may read the metrics (contract 2.7 and 2.8)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.contract.server import World


def test_a_locked_database_is_busy_for_writers_and_open_for_readers(strict: World):
    article = strict.article(strict.staff["author"])
    path, author = f"/v1/articles/{article.id}", strict.client("author")

    with ThreadPoolExecutor(1) as pool:
        with strict.db.write():
            writing = pool.submit(author.patch, path, {"title": "Waits in vain"})
            reads = []
            while not writing.done():
                reads.append(strict.stranger.get(path))
        refused = writing.result()

    refused.is_problem(503, "busy")
    assert refused.header("Retry-After") == "1"
    assert {read.status for read in reads} == {200}
    assert author.patch(path, {"title": "Goes through"}).status == 200


def test_metrics_are_for_the_machine_itself_or_for_those_who_may(world: World):
    owner = world.key(world.staff["owner"], ("metrics:read",))["secret"]
    scopeless = world.key(world.staff["owner"])["secret"]

    assert world.stranger.get("/metrics").status == 200
    for header in ("X-Forwarded-For", "Forwarded"):
        told = {header: "127.0.0.1"}
        world.stranger.call("GET", "/metrics", headers=told).is_problem(401, "authentication-required")
        world.client("editor").call("GET", "/metrics", headers=told).is_problem(403, "forbidden")
        keyed = world.stranger.by(scopeless).call("GET", "/metrics", headers=told)
        keyed.is_problem(403, "insufficient-scope")
        answer = world.stranger.by(owner).call("GET", "/metrics", headers=told)
        assert answer.status == 200
        assert (answer.header("Content-Type") or "").startswith("application/openmetrics-text")
        assert answer.body.endswith(b"# EOF\n")
