"""Payment providers: which settings are accepted together, and that no secret is ever shown."""

from __future__ import annotations

import pytest

from api.settings import SETTINGS, Settings, SettingsError

STRIPE = {
    "KIOSQUE_PAYMENTS": "stripe,manual",
    "KIOSQUE_STRIPE_KEY": "rk_live_hush",
    "KIOSQUE_STRIPE_WEBHOOK_SECRETS": "whsec_new, whsec_old",
}


def test_a_shop_is_paid_by_hand_unless_its_operator_chooses_more():
    settings = Settings.from_env({})

    assert (settings.payments, settings.pay_minutes, settings.transfer_days) == (("manual",), 60, 7)


def test_providers_come_in_the_order_in_which_they_are_named():
    settings = Settings.from_env(STRIPE)

    assert settings.payments == ("stripe", "manual")
    assert settings.stripe_webhook_secrets == ("whsec_new", "whsec_old")


@pytest.mark.parametrize(
    ("environ", "variable"),
    [
        ({"KIOSQUE_PAYMENTS": "paypal"}, "KIOSQUE_PAYMENTS"),
        ({"KIOSQUE_PAYMENTS": ","}, "KIOSQUE_PAYMENTS"),
        ({"KIOSQUE_PAY_MINUTES": "29"}, "KIOSQUE_PAY_MINUTES"),
        ({"KIOSQUE_PAY_MINUTES": "1381"}, "KIOSQUE_PAY_MINUTES"),
        (STRIPE | {"KIOSQUE_STRIPE_KEY": ""}, "KIOSQUE_STRIPE_KEY"),
        (STRIPE | {"KIOSQUE_STRIPE_KEY": "pk_live_hush"}, "KIOSQUE_STRIPE_KEY"),
        (STRIPE | {"KIOSQUE_STRIPE_KEY": "hush"}, "KIOSQUE_STRIPE_KEY"),
        (STRIPE | {"KIOSQUE_STRIPE_WEBHOOK_SECRETS": ""}, "KIOSQUE_STRIPE_WEBHOOK_SECRETS"),
        (STRIPE | {"KIOSQUE_STRIPE_WEBHOOK_SECRETS": "whsec_a,hush"}, "KIOSQUE_STRIPE_WEBHOOK_SECRETS"),
        (STRIPE | {"KIOSQUE_PAYMENTS": "stripe,test"}, "KIOSQUE_PAYMENTS"),
        (STRIPE | {"KIOSQUE_PAYMENTS": "test"}, "KIOSQUE_PAYMENTS"),
        *((STRIPE | {"KIOSQUE_CURRENCY": code}, "KIOSQUE_CURRENCY") for code in ("ISK", "KWD", "MGA")),
    ],
)
def test_settings_by_which_nobody_could_pay_rightly_are_refused_by_name(environ, variable):
    with pytest.raises(SettingsError, match=f"{variable}: ") as refusal:
        Settings.from_env(environ)

    assert "hush" not in str(refusal.value)


@pytest.mark.parametrize("currency", ["EUR", "JPY"])
def test_stripe_takes_what_it_counts_as_we_do(currency):
    assert Settings.from_env(STRIPE | {"KIOSQUE_CURRENCY": currency}).currency == currency


def test_pretended_payments_may_stand_beside_a_key_for_trying():
    settings = Settings.from_env(
        STRIPE | {"KIOSQUE_PAYMENTS": "stripe,test", "KIOSQUE_STRIPE_KEY": "sk_test_x"}
    )

    assert settings.payments == ("stripe", "test")


def test_without_its_package_stripe_is_refused_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr("api.settings.types.find_spec", lambda _name: None)

    with pytest.raises(SettingsError, match=r"pip install 'kiosque-server\[stripe\]'"):
        Settings.from_env(STRIPE)


def test_no_secret_of_a_provider_is_shown():
    settings = Settings.from_env(STRIPE)

    shown = [row.display(getattr(settings, name)) for name, row in SETTINGS.items()]

    assert not [text for text in shown if "hush" in text or "whsec" in text]


def test_a_text_of_several_lines_is_shown_in_one():
    settings = Settings.from_env({"KIOSQUE_SELLER": "Kiosque SARL\n2 quai du Port\n"})

    assert settings.seller == "Kiosque SARL\n2 quai du Port"
    assert SETTINGS["seller"].display(settings.seller) == "Kiosque SARL / 2 quai du Port"
