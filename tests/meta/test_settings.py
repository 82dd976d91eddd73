"""The settings in force: all of them, for owners, and no secret."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.meta.settings.rules import in_force
from api.settings import SETTINGS, Settings
from tests.nouns import Noun

NOUN = Noun(
    roles="""
GET    /v1/settings                           -                401 401 403 403 403 403 200 403
"""
)


@pytest.mark.only_on("sqlite")
def test_owners_see_every_setting_in_the_order_of_the_documentation(client_as):
    answer = client_as("owner").simulate_get("/v1/settings")

    shown = {each["variable"]: each for each in answer.json["data"]}
    assert list(shown) == [row.variable for row in SETTINGS.values()]
    assert answer.json["next"] is None
    assert shown["KIOSQUE_URL"] == {
        "variable": "KIOSQUE_URL",
        "type": "URL",
        "value": "https://kiosque.test",
        "default": "http://<KIOSQUE_BIND>",
        "set": True,
        "secret": False,
        "description": "public address: links are built from it, never from the Host header",
    }
    assert (shown["KIOSQUE_THREADS"]["value"], shown["KIOSQUE_THREADS"]["set"]) == ("4", False)


def test_no_secret_is_shown():
    secrets = {
        "stripe_key": "rk_test_hush",
        "stripe_webhook_secrets": ("whsec_hush",),
        "mail_url": "smtp://ada:hush@mail.test:587",
        "database_url": "postgresql://ada:hu@sh@db.test/kiosque?sslmode=require&password=hush&sslpassword=hush",
    }

    shown = {each.variable: each for each in in_force(replace(Settings.from_env({}), **secrets))}

    assert not [each for each in shown.values() if "hush" in f"{each}" or "sh@" in f"{each}"]
    assert (shown["KIOSQUE_STRIPE_KEY"].value, shown["KIOSQUE_STRIPE_KEY"].set) == (None, True)
    assert shown["KIOSQUE_MAIL_URL"].value == "smtp://ada:***@mail.test:587"
    assert shown["KIOSQUE_DATABASE_URL"].value == (
        "postgresql://ada:***@db.test/kiosque?sslmode=require&password=***&sslpassword=***"
    )


def test_a_secret_that_is_not_set_says_so():
    shown = {each.variable: each for each in in_force(Settings.from_env({}))}

    assert (shown["KIOSQUE_STRIPE_KEY"].set, shown["KIOSQUE_STRIPE_KEY"].secret) == (False, True)
    assert [each.variable for each in shown.values() if each.set] == []
