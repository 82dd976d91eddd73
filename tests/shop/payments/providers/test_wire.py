"""The wire between the shop and Stripe: neither the stand-in nor the shop invents a field of it."""

from __future__ import annotations

import builtins
import json
import sys
from typing import Any, get_args, get_origin, get_type_hints

import stripe as package
from stripe.params import PaymentIntentCaptureParams, RefundCreateParams
from stripe.params.checkout import SessionCreateParams

CREATE, REFUND = "POST /v1/checkout/sessions", "POST /v1/refunds"


def fields_of(kind: Any) -> dict[str, Any]:
    """The fields of an object of Stripe's package, or of parameters, with their types."""
    return get_type_hints(kind, localns=Names(kind))


class Names(dict[str, Any]):
    """Names that only a type checker imports mean anything."""

    def __init__(self, kind: type) -> None:
        super().__init__()
        self._known = {name for base in kind.__mro__ for name in vars(sys.modules[base.__module__])}

    def __missing__(self, name: str) -> Any:
        if name in self._known or name.startswith("__") or hasattr(builtins, name):
            raise KeyError(name)
        return dict  # which can have parameters


def inner(kind: Any) -> list[Any]:
    """The classes that a type allows."""
    if get_origin(kind) is not None:
        return [each for part in get_args(kind) for each in inner(part)]
    return [kind] if isinstance(kind, type) else []


def unknown(thing: dict[str, Any], kind: Any, at: str) -> list[str]:
    """The fields that the kind does not have, at any depth; a list of parameters is one by its places."""
    fields = fields_of(kind)
    found = [f"{at}.{name}" for name in thing if name not in fields]
    for name, value in thing.items():
        within = [each for each in inner(fields.get(name)) if getattr(each, "__annotations__", None)]
        parts = [value] if isinstance(value, dict) else []
        if parts and set(value) == {"0"}:
            parts = [value["0"]]
        for part in parts:
            if within and name != "metadata":
                found += min((unknown(part, each, f"{at}.{name}") for each in within), key=len)
    return found


def test_the_stand_in_invents_no_field(server, stripe, stripe_till):
    begun, _ = stripe_till.begin()
    stripe_till.pay("pay_1", "decline")
    stripe_till.pay("pay_1", "success")
    stripe.refund(begun, refund="ref_1", amount=1)
    server.account.dispute(begun.reference)
    events = [json.loads(body) for body in server.account.events.held]
    kinds = {
        "checkout.session": package.checkout.Session,
        "payment_intent": package.PaymentIntent,
        "charge": package.Charge,
        "refund": package.Refund,
        "dispute": package.Dispute,
        "event": package.Event,
    }

    account = server.account
    things = [*events, *account.intents.values(), *account.charges.values(), *account.refunds.values()]
    things += [event["data"]["object"] for event in events]

    assert [
        each for thing in things for each in unknown(thing, kinds[thing["object"]], thing["object"])
    ] == []
    assert {thing["object"] for thing in things} == set(kinds)


def test_the_shop_sends_no_parameter_that_stripe_does_not_have(server, stripe, stripe_till):
    begun, _ = stripe_till.begin(capture=False)
    stripe_till.pay("pay_1", "success")
    stripe.capture(begun, amount=1900)
    stripe.refund(begun, refund="ref_1", amount=1)
    kinds = {
        CREATE: SessionCreateParams,
        REFUND: RefundCreateParams,
        "capture": PaymentIntentCaptureParams,
    }

    sent = [
        (part, form)
        for (method, path, _), form in zip(server.requests, server.forms, strict=True)
        for part in kinds
        if f"{method} {path}".endswith(part)
    ]

    assert [each for part, form in sent for each in unknown(form, kinds[part], part)] == []
    assert {part for part, _ in sent} == set(kinds)
