"""A stranger's way in: a client generated from the OpenAPI document signs up, logs in and buys."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent
EMAIL, PASSWORD = "stranger@kiosque.test", "paper-lantern-42"


def generate(document: str, folder: Path) -> None:
    command = f"generate --url {document} --meta none --output-path {folder / 'generated_client'}"
    subprocess.run(
        [BIN / "openapi-python-client", *command.split()],
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
        check=True,
        capture_output=True,
    )


def call(module: str, client: object, **arguments: object) -> Any:
    return importlib.import_module(f"generated_client.api.{module}").sync(client=client, **arguments)


def test_a_generated_client_signs_up_logs_in_and_buys(kiosque, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    generate(f"{kiosque.url}/openapi.json", tmp_path)
    client = importlib.import_module("generated_client")
    models = importlib.import_module("generated_client.models")

    with client.Client(base_url=kiosque.url) as stranger:
        wanted = models.AccountBody(email=EMAIL, password=PASSWORD, name="Stranger")
        account = call("accounts.post_accounts", stranger, body=wanted)
        credentials = models.LoginBody(email=EMAIL, password=PASSWORD)
        login = call("sessions.post_sessions", stranger, body=credentials)
        items = call("items.get_items", stranger, in_stock=True)
    variant = next(one for item in items.data for one in item.variants if one.stock.available)
    with client.AuthenticatedClient(base_url=kiosque.url, token=login.token) as buyer:
        basket = models.OrderDraft(lines=[models.LineDraft(sku=variant.sku, quantity=1)])
        order = call("orders.post_orders", buyer, body=basket)
        mine = call("me.get_me_orders", buyer)

    assert login.account.id == account.id
    assert order.total.amount == variant.price.amount
    assert [one.id for one in mine.data] == [order.id]
