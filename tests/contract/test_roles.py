"""Contract 2 and 5: every operation of the document, by everybody, on their own and on another's things."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.operations import body_for, path_for
from tests.contract.schema import Schemas
from tests.contract.server import ROLES, World
from tests.nouns import nouns

pytestmark = pytest.mark.mostly_on("sqlite")

WHO = ("stranger", "garbage", *ROLES, "key")
"""`garbage` is a token that nobody has; `key` is the owner's API key without scopes."""

# "." where the contract does not decide. The columns are WHO, in that order.
TABLE = """
GET    /v1                                    -                200 401 200 200 200 200 200 200
GET    /healthz                               -                200 200 200 200 200 200 200 200
GET    /readyz                                -                200 200 200 200 200 200 200 200
GET    /openapi.json                          -                200 401 200 200 200 200 200 200
GET    /docs                                  -                200 401 200 200 200 200 200 200
GET    /docs/{name}                           -                200 401 200 200 200 200 200 200
GET    /problems                              -                200 401 200 200 200 200 200 200
GET    /problems/{code}                       -                200 401 200 200 200 200 200 200
GET    /teapot                                -                418 401 418 418 418 418 418 418
GET    /feed.json                             -                200 401 200 200 200 200 200 200
GET    /feed.atom                             -                200 401 200 200 200 200 200 200
GET    /sitemap.xml                           -                200 401 200 200 200 200 200 200
GET    /robots.txt                            -                200 401 200 200 200 200 200 200
POST   /v1/accounts                           -                201 201 201 201 201 201 201 201
GET    /v1/accounts                           -                401 401 403 403 403 403 200 403
GET    /v1/accounts/{account}                 own              401 401 200 200 200 200 200 403
GET    /v1/accounts/{account}                 other            401 401 403 403 403 403 200 403
PATCH  /v1/accounts/{account}                 own              401 401 403 403 403 403 200 403
PATCH  /v1/accounts/{account}                 other            401 401 403 403 403 403 200 403
GET    /v1/accounts/{account}/sessions        own              401 401 403 403 403 403 200 403
GET    /v1/accounts/{account}/sessions        other            401 401 403 403 403 403 200 403
DELETE /v1/accounts/{account}/sessions/{session} own           401 401 403 403 403 403 204 403
DELETE /v1/accounts/{account}/sessions/{session} other         401 401 403 403 403 403 204 403
GET    /v1/accounts/{account}/api-keys        own              401 401 403 403 403 403 200 403
GET    /v1/accounts/{account}/api-keys        other            401 401 403 403 403 403 200 403
DELETE /v1/accounts/{account}/api-keys/{key}  own              401 401 403 403 403 403 204 403
DELETE /v1/accounts/{account}/api-keys/{key}  other            401 401 403 403 403 403 204 403
POST   /v1/sessions                           -                201 201 201 201 201 201 201 201
DELETE /v1/sessions/current                   -                401 401 204 204 204 204 204 403
PUT    /v1/sessions/current/confirmation      -                401 401 204 204 204 204 204 403
GET    /v1/me                                 -                401 401 200 200 200 200 200 403
PATCH  /v1/me                                 -                401 401 200 200 200 200 200 403
PUT    /v1/me/password                        -                401 401 204 204 204 204 204 403
GET    /v1/me/sessions                        -                401 401 200 200 200 200 200 403
DELETE /v1/me/sessions/{session}              own              401 401 204 204 204 204 204 403
DELETE /v1/me/sessions/{session}              other            401 401 404 404 404 404 404 403
GET    /v1/me/orders                          -                401 401 200 200 200 200 200 403
GET    /v1/api-keys                           -                401 401 200 200 200 200 200 403
POST   /v1/api-keys                           -                401 401 201 201 201 201 201 403
DELETE /v1/api-keys/{key}                     own              401 401 204 204 204 204 204 403
DELETE /v1/api-keys/{key}                     other            401 401 404 404 404 404 404 403
GET    /v1/roles                              -                200 401 200 200 200 200 200 200
GET    /v1/articles                           -                200 401 200 200 200 200 200 200
GET    /v1/articles?status=draft              -                401 401 403 200 200 403 200 403
POST   /v1/articles                           -                401 401 403 201 201 403 201 403
GET    /v1/articles/{article}                 other published  200 401 200 200 200 200 200 200
GET    /v1/articles/{article}                 other draft      404 401 404 404 200 404 200 404
GET    /v1/articles/{article}                 own draft        404 401  .  200 200  .  200  .
PATCH  /v1/articles/{article}                 own draft        401 401 403 200 200 403 200 403
PATCH  /v1/articles/{article}                 other published  401 401 403 403 200 403 200 403
PATCH  /v1/articles/{article}                 other draft      401 401 403 404 200 403 200 403
DELETE /v1/articles/{article}                 own draft        401 401 403 204 204 403 204 403
DELETE /v1/articles/{article}                 other published  401 401 403 403 204 403 204 403
DELETE /v1/articles/{article}                 other draft      401 401 403 404 204 403 204 403
PUT    /v1/articles/{article}/publication     own draft        401 401 403 200 200 403 200 403
PUT    /v1/articles/{article}/publication     other published  401 401 403 403 200 403 200 403
PUT    /v1/articles/{article}/publication     other draft      401 401 403 404 200 403 200 403
DELETE /v1/articles/{article}/publication     own published    401 401 403 204 204 403 204 403
DELETE /v1/articles/{article}/publication     other published  401 401 403 403 204 403 204 403
DELETE /v1/articles/{article}/publication     other draft      401 401 403 404 204 403 204 403
GET    /v1/articles/{article}/comments        other published  200 401 200 200 200 200 200 200
GET    /v1/articles/{article}/comments        other draft      404 401 404 404 200 404 200 404
POST   /v1/articles/{article}/comments        other published  401 401 201 201 201 201 201 403
POST   /v1/articles/{article}/comments        other draft      401 401 404 404  .  404  .  403
GET    /v1/comments                           -                401 401 403 200 200 403 200 403
GET    /v1/me/comments                        -                401 401 200 200 200 200 200 403
PATCH  /v1/comments/{comment}                 own pending      401 401 403 403 200 403 200 403
PATCH  /v1/comments/{comment}                 other approved   401 401 403 403 200 403 200 403
DELETE /v1/comments/{comment}                 own pending      401 401 204 204 204 204 204 403
DELETE /v1/comments/{comment}                 other approved   401 401 403 403 204 403 204 403
DELETE /v1/comments/{comment}                 other pending    401 401 404 404 204 404 204 403
GET    /v1/tags                               -                200 401 200 200 200 200 200 200
GET    /v1/categories                         -                200 401 200 200 200 200 200 200
PATCH  /v1/tags/{tag}                         -                401 401 403 403 200 403 200 403
DELETE /v1/tags/{tag}                         -                401 401 403 403 204 403 204 403
PATCH  /v1/categories/{category}              -                401 401 403 403 200 403 200 403
DELETE /v1/categories/{category}              -                401 401 403 403 204 403 204 403
GET    /v1/authors                            -                200 401 200 200 200 200 200 200
GET    /v1/items                              -                200 401 200 200 200 200 200 200
GET    /v1/items?status=draft                 -                401 401 403 403 403 200 200 403
POST   /v1/items                              -                401 401 403 403 403 201 201 403
GET    /v1/items/{item}                       - published      200 401 200 200 200 200 200 200
GET    /v1/items/{item}                       - draft          404 401 404 404 404 200 200 404
PATCH  /v1/items/{item}                       - published      401 401 403 403 403 200 200 403
PATCH  /v1/items/{item}                       - draft          401 401 403 403 403 200 200 403
DELETE /v1/items/{item}                       - published      401 401 403 403 403 204 204 403
GET    /v1/variants/{sku}                     - published      200 401 200 200 200 200 200 200
GET    /v1/variants/{sku}                     - draft          404 401 404 404 404 200 200 404
PATCH  /v1/variants/{sku}                     - published      401 401 403 403 403 200 200 403
GET    /v1/variants/{sku}/stock-movements     - published      401 401 403 403 403 200 200 403
POST   /v1/variants/{sku}/stock-movements     - published      401 401 403 403 403 201 201 403
POST   /v1/orders                             -                201 401 201 201 201 201 201 403
GET    /v1/orders                             -                401 401 403 403 403 200 200 403
GET    /v1/orders/{order}                     own              401 401 200 200 200 200 200 403
GET    /v1/orders/{order}                     other            401 401 404 404 404 200 200 403
PUT    /v1/orders/{order}/cancellation        own              401 401 200 200 200 200 200 403
PUT    /v1/orders/{order}/cancellation        other            401 401 404 404 404 200 200 403
GET    /v1/orders/{order}/payments            own              401 401 200 200 200 200 200 403
GET    /v1/orders/{order}/payments            other            401 401 404 404 404 200 200 403
POST   /v1/orders/{order}/payments            own              401 401 403 403 403 201 201 403
POST   /v1/orders/{order}/payments            other            401 401 404 404 404 201 201 403
GET    /v1/orders/{order}/fulfilments         own              401 401 200 200 200 200 200 403
GET    /v1/orders/{order}/fulfilments         other            401 401 404 404 404 200 200 403
POST   /v1/orders/{order}/fulfilments         own              401 401 403 403 403 201 201 403
POST   /v1/orders/{order}/fulfilments         other            401 401 403 403 403 201 201 403
GET    /metrics                               -                200 401 200 200 200 200 200 200
"""

TABLES = (TABLE, *(noun.roles for noun in nouns()))
LINES = [line.split() for table in TABLES for line in table.strip().splitlines()]
ROWS = [(line[0], line[1], " ".join(line[2:-8]), line[-8:]) for line in LINES]
TEAPOT = ("GET", "/teapot")  # never succeeds, so the document does not offer it


def test_the_table_knows_every_operation_and_no_other(document: dict[str, Any]):
    running = {(method, path) for method, path, _ in Schemas(document).operations()}

    known = {(method, path.partition("?")[0]) for method, path, *_ in ROWS}

    assert known - {TEAPOT} == running


@pytest.mark.parametrize(
    ("method", "path", "thing", "statuses"), ROWS, ids=[f"{m} {p} {t}" for m, p, t, _ in ROWS]
)
def test_everybody_may_do_what_the_contract_says(
    world: World, document: dict[str, Any], method: str, path: str, thing: str, statuses: list[str]
):
    tokens = {"stranger": None, "garbage": "ks_" + "A" * 43}

    found = {}
    for who in WHO:
        person = world.login(who if who in ROLES else "owner")
        tokens |= (
            {"key": world.key(person)["secret"]} if who == "key" else {who: tokens.get(who, person.token)}
        )
        target = path_for(world, path, thing, person)
        answer = world.stranger.by(tokens[who]).call(method, target, body_for(world, method, path))
        found[who] = str(answer.status)

    expected = {
        who: found[who] if status == "." else status for who, status in zip(WHO, statuses, strict=True)
    }
    assert found == expected
