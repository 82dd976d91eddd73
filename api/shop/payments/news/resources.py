"""The HTTP door to payment providers: which there are, and where they send their events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct

from api.errors import NotFound
from api.shop.payments.news import rules
from api.shop.payments.port import NotSigned, Provider, ProviderName
from api.storage import Database
from api.web import body
from api.web.context import Request, Response
from api.web.http_errors import Refusal
from api.web.operation import ANYONE, ANYONE_AS_STRANGER, BODY_BYTES, operation
from api.web.paging import Page
from api.web.responses import listed, no_content


class BadSignature(Refusal):
    """The event is not signed by the payment provider, or its signature is older than 5 minutes."""

    code, title = "bad-signature", "Bad signature"
    remedy = "Send the bytes as the provider signed them; its operator checks the secret and the clock."


class PaymentProviderView(Struct, frozen=True):
    """A way to pay."""

    id: ProviderName
    label: Annotated[str, Meta(examples=["Bank transfer or cash"])]
    """For buyers, in the main language of the site."""
    test: Annotated[bool, Meta(examples=[False])]
    """Whether no money moves."""


@dataclass(frozen=True, eq=False)
class PaymentProviders:
    providers: Mapping[str, Provider]

    @operation(ANYONE, returns=Page[PaymentProviderView])
    def on_get(self, _req: Request, resp: Response) -> None:
        """List the ways to pay, in the order of the shop."""
        views = [PaymentProviderView(each.name, each.label, each.is_test) for each in self.providers.values()]
        listed(resp, views, next_page=None)


@dataclass(frozen=True, eq=False)
class ProviderEvents:
    db: Database
    providers: Mapping[str, Provider]

    @operation(ANYONE_AS_STRANGER, upload=("application/json",), status=204, errors=(NotFound, BadSignature))
    def on_post(self, req: Request, resp: Response, provider: str) -> None:
        """Take an event of a payment provider, which signs it."""
        if provider not in self.providers:
            raise NotFound
        headers = {name.lower(): value for name, value in req.headers.items()}
        try:
            hint = self.providers[provider].hint(headers, body.receive(req, BODY_BYTES).file.read())
        except NotSigned:
            raise BadSignature from None
        if hint is not None:
            with self.db.write() as tx:
                rules.receive(tx, hint, provider=provider)
        no_content(resp)
