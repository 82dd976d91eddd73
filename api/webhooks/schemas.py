"""Webhooks as JSON."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from api.text.fields import Moment
from api.web.paging import PageQuery
from api.web.patches import patch_of
from api.webhooks.records import DeliveryState, WebhookDraft, WebhookStatus

WebhookPatch = patch_of(WebhookDraft, status=WebhookStatus)


class WebhooksQuery(PageQuery):
    prefix: ClassVar[str] = "whk"
    status: WebhookStatus | None = None


class DeliveryQuery(PageQuery):
    prefix: ClassVar[str] = "dlv"
    state: DeliveryState | None = None


class ReplayBody(Struct, kw_only=True, forbid_unknown_fields=True):
    """The time whose events are delivered once more, by default up to now."""

    since: Moment
    until: Moment | None = None


class ReplayView(Struct):
    """A replay that has begun."""

    events: Annotated[int, Meta(ge=0, examples=[12])]
    """How many are delivered once more."""
