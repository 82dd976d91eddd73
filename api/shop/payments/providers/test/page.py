"""The page on which buyers choose how a test payment ends; it works without scripts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from babel.numbers import format_currency

from api.shop.money import exponent
from api.shop.payments.providers.test.records import Outcome, TestPayment

LANGUAGES = ("en", "fr")

STYLE = """
:root { color-scheme: light dark;
  --paper: #fbf6ec; --ink: #14213a; --line: #8a8266; --act: #17646d; --on: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #0f1728; --ink: #f4ecdc; --line: #8793ad; --act: #7fd0d4; --on: #0f1728; }
}
body { margin: 0; padding: 1.5rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 26rem; margin: 0 auto; }
h1 { font-size: 1.5rem; line-height: 1.2; }
a { color: var(--act); }
.sum { font-size: 1.75rem; font-weight: 700; margin: 0 0 1rem; }
form { display: grid; gap: .6rem; }
button { font: inherit; text-align: start; padding: .7rem 1rem; border-radius: .5rem; cursor: pointer;
  border: 1px solid var(--line); background: var(--paper); color: var(--ink); }
button.first { border-color: var(--act); background: var(--act); color: var(--on); font-weight: 600; }
:focus-visible { outline: 3px solid var(--act); outline-offset: 3px; }
"""


def policy(payment: TestPayment) -> str:
    """The Content-Security-Policy: nothing but this style, and forms that end at the shop."""
    shop = urlsplit(payment.return_url)
    return (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src 'self';"
        f" form-action 'self' {shop.scheme}://{shop.netloc}; base-uri 'none'; frame-ancestors 'none'"
    )


def render(payment: TestPayment, language: str) -> bytes:
    """The page as HTML."""
    words, is_asked_again = _WORDS[language], payment.outcome == "challenge"
    choices: tuple[Outcome, ...] = _CHALLENGED if is_asked_again else tuple(_WORDS["en"]["choices"])
    amount = Decimal(payment.amount).scaleb(-exponent(payment.currency))
    return (
        _template()
        .render(
            language=language,
            style=STYLE,
            words=words,
            payment=payment,
            sum=format_currency(amount, payment.currency, locale=language),
            lead=words["challenge" if is_asked_again else "choose"],
            choices=[(each, words["choices"][each]) for each in choices] if payment.state == "open" else [],
            state=words["states"][payment.state],
        )
        .encode()
    )


_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_CHALLENGED: tuple[Outcome, ...] = ("success", "decline")
_WORDS: Mapping[str, Mapping[str, Any]] = {
    "en": {
        "title": "Test payment",
        "notice": "This is a test: no money moves.",
        "choose": "Choose how the payment ends.",
        "challenge": "Your bank asks whether it is you who pays.",
        "back": "Back to the shop",
        "choices": {
            "success": "The payment succeeds",
            "decline": "The payment is declined",
            "challenge": "The bank asks for a confirmation",
            "delayed_success": "It succeeds after 10 seconds",
            "delayed_failure": "It fails after 10 seconds",
            "abandon": "I give up",
        },
        "states": {
            "open": "",
            "processing": "The payment is under way.",
            "authorised": "The amount is reserved.",
            "captured": "The payment has succeeded.",
            "failed": "The payment has failed.",
            "cancelled": "The payment was given up, or its time is over.",
        },
    },
    "fr": {
        "title": "Paiement d’essai",
        "notice": "Ceci est un essai : aucune somme n’est débitée.",
        "choose": "Choisissez l’issue du paiement.",
        "challenge": "Votre banque demande si c’est bien vous qui payez.",
        "back": "Retour à la boutique",
        "choices": {
            "success": "Le paiement réussit",
            "decline": "Le paiement est refusé",
            "challenge": "La banque demande une confirmation",
            "delayed_success": "Il réussit après 10 secondes",
            "delayed_failure": "Il échoue après 10 secondes",
            "abandon": "J’abandonne",
        },
        "states": {
            "open": "",
            "processing": "Le paiement est en cours.",
            "authorised": "La somme est réservée.",
            "captured": "Le paiement a réussi.",
            "failed": "Le paiement a échoué.",
            "cancelled": "Le paiement a été abandonné, ou son délai est passé.",
        },
    },
}


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return environment.from_string(Path(__file__).with_name("page.html").read_text())
