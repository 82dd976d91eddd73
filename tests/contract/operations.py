"""A valid body for every operation that takes one, and something real for every place in a path."""

from __future__ import annotations

from typing import Any

from api.routes import routes
from api.settings import Settings
from api.storage import Database
from api.web.metrics import Metrics
from api.web.operation import operations
from tests import factories
from tests.contract.server import Person, World
from tests.nouns import nouns

NEW_PASSWORD = "violet-harbour-91"


BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/v1/accounts"): {"email": "new@people.test", "password": NEW_PASSWORD, "name": "New"},
    ("PATCH", "/v1/accounts/{account}"): {"name": "Renamed"},
    ("POST", "/v1/sessions"): {"email": "nobody@people.test", "password": "wrong-one"},
    ("PUT", "/v1/sessions/current/confirmation"): {"password": factories.PASSWORD},
    ("PATCH", "/v1/me"): {"name": "Renamed"},
    ("PUT", "/v1/me/password"): {"current": factories.PASSWORD, "new": NEW_PASSWORD},
    ("POST", "/v1/api-keys"): {"name": "Key", "scopes": []},
    ("POST", "/v1/articles"): {"title": "Fog", "body": "Thick."},
    ("PATCH", "/v1/articles/{article}"): {"title": "Mist"},
    ("PUT", "/v1/articles/{article}/publication"): {},
    ("POST", "/v1/articles/{article}/comments"): {"body": "Well."},
    ("PATCH", "/v1/comments/{comment}"): {"status": "spam"},
    ("PATCH", "/v1/tags/{tag}"): {"name": "Renamed"},
    ("PATCH", "/v1/categories/{category}"): {"name": "Renamed"},
    ("POST", "/v1/items"): {
        "name": "Mug",
        "variants": [{"sku": "new-mug", "price": {"amount": 900, "currency": "EUR"}}],
    },
    ("PATCH", "/v1/items/{item}"): {"name": "Cup"},
    ("PATCH", "/v1/variants/{sku}"): {"price": {"amount": 901, "currency": "EUR"}},
    ("POST", "/v1/variants/{sku}/stock-movements"): {"delta": 1, "reason": "receive"},
    ("POST", "/v1/orders"): {"lines": [{"sku": "mug", "quantity": 1}]},
    ("PUT", "/v1/orders/{order}/cancellation"): {},
    ("POST", "/v1/orders/{order}/payments"): {
        "method": "cash",
        "amount": {"amount": 100, "currency": "EUR"},
    },
    ("POST", "/v1/orders/{order}/fulfilments"): {},
}
"""Operation → body, as a stranger to the database would write it."""

_DECLARED = {
    path: operations(resource)
    for path, resource in routes(Database("sqlite:///never-opened.db"), Settings.from_env({}), Metrics())
}
_QUERIES = {path: methods["GET"].query for path, methods in _DECLARED.items() if "GET" in methods}
LISTS = [path for path, query in _QUERIES.items() if query and "after" in query.__struct_fields__]
"""Every path that has pages."""
UPLOADS = {
    (method, path) for path, methods in _DECLARED.items() for method in methods if methods[method].upload
}
"""Every operation whose body is a file."""
IDEMPOTENT = [path for path, methods in _DECLARED.items() if "POST" in methods and methods["POST"].idempotent]
"""Every path whose POST takes an Idempotency-Key."""
_COLLECTIONS = {
    path.partition("{")[0]
    for path, methods in _DECLARED.items()
    if "DELETE" in methods and path.endswith("}")
}
DELETABLE = [path for path in IDEMPOTENT if f"/v1/{path.rpartition('/')[2]}/" in _COLLECTIONS]
"""Those of them that create what a DELETE removes, at its id below /v1/ and the last word of the path."""

for _noun in nouns():
    BODIES.update(_noun.bodies)


def path_for(world: World, template: str, thing: str, who: Person) -> str:
    """`template` filled with a thing that is there: `own …` of `who`, or `other …` of somebody else."""
    if "{" not in template:
        return template
    whose, _, state = thing.partition(" ")
    owner = who if whose == "own" else world.person("author")
    template = _below_order(world, template, owner)
    for place, make in _MAKERS.items():
        if place in template:
            template = template.replace(place, make(world, owner, state))
    return template.replace("{code}", "teapot").replace("{name}", "start.js")


def _below_order(world: World, template: str, owner: Person) -> str:
    """The template with an order of the owner and a payment or fulfilment of that, where both are in it."""
    for place, noun, body, person in (
        ("{payment}", "payments", {"provider": "manual"}, owner),
        ("{fulfilment}", "fulfilments", {}, world.staff["shopkeeper"]),
    ):
        if "{order}" in template and place in template:
            order = world.order(owner)["id"]
            made = world.client(person).post(f"/v1/orders/{order}/{noun}", body)
            template = template.replace("{order}", order).replace(place, made.json["id"])
    return template


def body_of(world: World, method: str, template: str) -> Any:
    """The body of BODIES."""
    body = BODIES.get((method, template), ...)
    return body(world) if callable(body) else body


def body_for(world: World, method: str, template: str) -> Any:
    """The body of BODIES, with names that are free or known in this world."""
    body = body_of(world, method, template)
    if template == "/v1/accounts" and method == "POST":
        return {**body, "email": world.email()}
    if template.startswith(("/v1/tags/", "/v1/categories/")):
        return {"name": world.sku()}
    if template == "/v1/sessions":
        return {"email": world.login().account.email, "password": factories.PASSWORD}
    if template == "/v1/items" and method == "POST":
        return {**body, "variants": [{**body["variants"][0], "sku": world.sku()}]}
    if template == "/v1/orders" and method == "POST":
        sku = world.item().variants[0].sku
        return {"lines": [{"sku": sku, "quantity": 1}], "email": world.email()}
    return body


def _article(world: World, owner: Person, state: str) -> str:
    return world.article(owner, publish_at=None if state == "draft" else "").id


def _comment(world: World, owner: Person, state: str) -> str:
    article = world.article(world.staff["author"])
    return world.comment(owner, article, approved=state != "pending").id


def _tag(world: World, owner: Person, _state: str) -> str:
    return _unused(world, owner, "tags")


def _category(world: World, owner: Person, _state: str) -> str:
    return _unused(world, owner, "categories")


def _unused(world: World, owner: Person, kind: str) -> str:
    article = world.article(owner, **{kind: (world.sku(),)})
    world.client(owner).delete(f"/v1/articles/{article.id}")
    return str(next(iter(getattr(article, kind))).slug)


def _session(world: World, owner: Person, _state: str) -> str:
    token = world.token_of(owner)
    sessions = world.stranger.by(token).get("/v1/me/sessions").json["data"]
    return next(str(session["id"]) for session in sessions if session["current"])


def _item(world: World, _owner: Person, state: str) -> str:
    return world.item(status=state or "published").id


def _sku(world: World, _owner: Person, state: str) -> str:
    if state == "uncounted":
        return world.item().variants[0].sku
    return world.item(status=state or "published", stock=5).variants[0].sku


_MAKERS = {
    "{account}": lambda _world, owner, _state: owner.id,
    "{article}": _article,
    "{comment}": _comment,
    "{session}": _session,
    "{tag}": _tag,
    "{category}": _category,
    "{key}": lambda world, owner, _state: str(world.key(owner)["id"]),
    "{item}": _item,
    "{sku}": _sku,
    "{order}": lambda world, owner, _state: str(world.order(owner)["id"]),
    **{place: make for noun in nouns() for place, make in noun.makers.items()},
}
