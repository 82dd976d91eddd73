"""Queries for payments; a payment's body and view are its records."""

from __future__ import annotations

from typing import ClassVar

from api.web.paging import PageQuery


class PaymentsQuery(PageQuery):
    prefix: ClassVar[str] = "pay"
