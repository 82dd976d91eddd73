"""Contract 3.16, 3.17 and 6.51, ETag, If-None-Match and If-Match, on every operation of the document."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.contract.operations import body_for, path_for
from tests.contract.schema import Schemas
from tests.contract.server import Person, World
from tests.contract.test_roles import ROWS

pytestmark = pytest.mark.mostly_on("sqlite")

OF_ITS_OWN = {
    ("PUT", "/v1/jobs/{job}/attempt"),
    ("PUT", "/v1/test-payments/{payment}/outcome"),
    ("PUT", "/v1/mails/{mail}/sending"),
    ("PUT", "/v1/webhooks/{webhook}/deliveries/{delivery}/attempt"),
}
"""Writes of things that no request makes here: the tests of jobs, mails and webhooks try If-Match."""
WRITES = [
    (method, path, thing)
    for method, path, thing, statuses in ROWS
    if method in ("PUT", "PATCH", "DELETE") and statuses[6] in ("200", "204") and "other" not in thing
    if (method, path) not in OF_ITS_OWN
]
READ = {
    "/v1/sessions/current": None,
    "/v1/sessions/current/confirmation": None,
    "/v1/me/sessions/{session}": None,
    "/v1/api-keys/{key}": None,
    "/v1/accounts/{account}/sessions/{session}": None,
    "/v1/accounts/{account}/api-keys/{key}": None,
    "/v1/comments/{comment}": None,
    "/v1/redirects/{redirect}": None,
    "/v1/tags/{tag}": None,
    "/v1/categories/{category}": None,
    "/v1/me/password": "/v1/me",
    "/v1/orders/{order}/fulfilments/{fulfilment}": None,
    "/v1/orders/{order}/access-tokens": None,
}
"""Where the writer's own GET is, when it is not the path itself; None when there is none."""

UNTAGGED = ("/teapot", "/metrics", "/v1/checks", "/v1/mails/{mail}", "/v1/jobs", "/test-payments/{payment}")
"""What changes by itself, or is not here: this server takes no test payments."""

every_write = pytest.mark.parametrize(("method", "path", "thing"), WRITES, ids=[" ".join(w) for w in WRITES])


class Write:
    """One write of one thing, by the owner; each `send` of a change is made on a fresh thing."""

    def __init__(self, world: World, method: str, template: str, thing: str) -> None:
        self.world, self.method, self.template, self.thing = world, method, template, thing
        self.person: Person = world.login("owner")
        self.client = world.client(self.person)
        self.path = path_for(world, template, thing, self.person)
        self.body = body_for(world, method, template)

    def send(self, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.call(self.method, self.path, self.body, headers=named)

    def read(self) -> str | None:
        """The ETag of the writer's own GET."""
        place = READ.get(self.template, self.path)
        if place is None:
            return None
        place = re.sub("/(publication|cancellation|tracking|activation|return)$", "", place)
        return str(self.client.get(place).etag)


def test_every_write_of_one_thing_takes_part(document: dict[str, Any]):
    writes = {(m, p) for m, p, _ in Schemas(document).operations() if m in ("PUT", "PATCH", "DELETE")}

    # An own account is patched in /v1/accounts too.
    assert writes == {(method, path) for method, path, _ in WRITES} | OF_ITS_OWN


@every_write
def test_a_stale_or_weak_if_match_changes_nothing(world: World, method: str, path: str, thing: str):
    write = Write(world, method, path, thing)
    before = write.read()
    etag = write.send(If_Match='"stale"').etag

    for stale in (
        'W/"stale"',
        '"a", "b"',
        "",
        "nonsense",
        '"',
        f"W/{etag}",
        etag.strip('"'),
        f'{etag[:-1]}x"',
    ):
        answer = write.send(If_Match=stale)
        answer.is_problem(412, "precondition-failed")
        assert answer.etag == etag
    assert before in (etag, None)
    assert write.read() == before


@every_write
@pytest.mark.parametrize("form", ["{}", '"x", {}', ' {} ,"x"', "*", '"x",{},W/"y"'])
def test_a_fresh_if_match_lets_the_change_through(
    world: World, method: str, path: str, thing: str, form: str
):
    write = Write(world, method, path, thing)
    etag = write.read() or write.send(If_Match='"stale"').etag

    assert write.send(If_Match=form.format(etag)).status in (200, 204)


@every_write
def test_if_none_match_on_a_write_wants_it_to_be_different(world: World, method: str, path: str, thing: str):
    write = Write(world, method, path, thing)
    etag = write.send(If_Match='"stale"').etag

    for known in (etag, f"W/{etag}", "*", f'"x", {etag}'):
        write.send(If_None_Match=known).is_problem(412, "precondition-failed")
    assert write.send(If_None_Match='"x"').status in (200, 204)


@every_write
def test_what_a_write_answers_is_what_a_get_gives_then(world: World, method: str, path: str, thing: str):
    write = Write(world, method, path, thing)

    answer = write.send()

    if answer.status == 200 and write.read() is not None:
        assert write.read() == answer.etag


def test_every_get_has_an_etag_and_knows_it_again(world: World, document: dict[str, Any]):
    owner, wrong = world.staff["owner"], []
    client = world.client(owner)
    for template, methods in document["paths"].items():
        if "get" not in methods or template in UNTAGGED:
            continue
        path = path_for(world, template, "own published", owner)
        first = client.get(path)
        for known in (first.etag, f"W/{first.etag}", "*", f'"x", {first.etag}, "y"'):
            for method in ("GET", "HEAD"):
                again = client.call(method, path, headers={"If-None-Match": known})
                same = ("etag", "vary", "cache-control", "content-security-policy")
                if again.status != 304 or any(again.header(n) != first.header(n) for n in same):
                    wrong.append((method, path, known, again.status, again.pairs))
                if {"content-type", "content-length"} & {name for name, _ in again.pairs}:
                    wrong.append((method, path, "describes a body that is not there"))
        for other in ('"x"', f"{first.etag}x", "", "nonsense", first.etag.strip('"')):
            if client.get(path, If_None_Match=other).status != 200:
                wrong.append((path, other))
    assert not wrong


def test_the_same_bytes_have_one_etag_for_everybody_on_every_worker(world: World):
    item = world.item()

    for path in ("/v1/articles", f"/v1/items/{item.id}", "/v1/roles", "/openapi.json", "/v1"):
        clients = [world.stranger, *(world.client(role) for role in world.staff)] * 2
        assert len({(answer.etag, answer.body) for answer in (client.get(path) for client in clients)}) == 1


def test_a_change_gives_another_etag_to_the_thing_and_to_its_list(world: World):
    item = world.item()
    paths = (f"/v1/items/{item.id}", "/v1/items")
    before = [world.stranger.get(path).etag for path in paths]

    world.client("shopkeeper").patch(f"/v1/items/{item.id}", {"summary": "New"})

    assert all(world.stranger.get(path).etag != etag for path, etag in zip(paths, before, strict=True))


def test_of_two_writers_with_one_etag_one_wins(world: World):
    article = world.article(world.staff["author"])
    path, client = f"/v1/articles/{article.id}", world.client("author")
    etag = client.get(path).etag

    with ThreadPoolExecutor(8) as pool:
        statuses = list(
            pool.map(lambda n: client.patch(path, {"title": f"Title {n}"}, If_Match=etag).status, range(8))
        )

    assert sorted(statuses) == [200] + [412] * 7
