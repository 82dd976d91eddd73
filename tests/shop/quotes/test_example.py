"""The example of docs/prices.md comes out as the page says."""

from __future__ import annotations

import json
import re
from pathlib import Path

from falcon.testing import TestClient

from api.app import create_app
from api.shop.pricing.arithmetic import share
from tests.factories import CHEAP_HASHER, make_account, make_item, sign_in

SUMS = ("subtotal", "discount", "shipping", "tax", "total")
PAGE = (Path(__file__).parents[3] / "docs" / "prices.md").read_text()


def cents(text):
    return round(float(text or 0) * 100)


def test_the_page_computes_as_the_shop_does(db, settings):
    with db.write() as tx:
        make_item(tx, sku="mug", price=1_900)
        make_item(tx, sku="book", price=1_200, name="Book", tax_class="books")
        token = sign_in(tx, make_account(tx, role="shopkeeper"))
    at_home = type(settings).from_env({"KIOSQUE_DATA": str(settings.data), "KIOSQUE_COUNTRY": "FR"})
    keeper = TestClient(create_app(at_home, db, CHEAP_HASHER), headers={"Authorization": f"Bearer {token}"})

    for path, body in re.findall(r"^    POST (\S+)\n    (.+)$", PAGE, re.MULTILINE):
        answer = keeper.simulate_post(path, json=json.loads(body))
        assert answer.status_code in (200, 201)

    quote = {name: answer.json[name]["amount"] for name in SUMS}
    rows = [[line["total"], line["discount"], line["tax"]] for line in answer.json["lines"]] + [
        [answer.json["shipping"], {"amount": 0}, answer.json["shipping_tax"]]
    ]
    shown = [[amount["amount"] for amount in row] for row in rows]
    shown.append([quote["subtotal"] + quote["shipping"], quote["discount"], quote["tax"]])
    table = re.findall(r"^\| (?:\d \w+|Parcel|\*\*in all\*\*) \|(.+)\|$", PAGE, re.MULTILINE)
    said = [[cents(cell.strip()) for cell in row.split("|")] for row in table]
    assert [[total, discount, tax] for total, discount, _, tax in said] == shown
    assert [total - discount for total, discount, *_ in said] == [paid for *_, paid, _ in said]
    assert said[-1][2] == quote["total"]


def test_the_parts_of_the_refund_are_those_of_the_page():
    parts = [
        cents(part) for part in re.search(r"already:\s([\d.]+), ([\d.]+)\sand ([\d]+\.[\d]+)", PAGE).groups()
    ]

    assert parts == [share(5_287, settled=settled, units=1, of=3) for settled in range(3)]
