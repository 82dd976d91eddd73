"""Queries for fulfilments; a fulfilment's body and view are its records."""

from __future__ import annotations

from typing import ClassVar

from api.web.paging import PageQuery


class FulfilmentsQuery(PageQuery):
    prefix: ClassVar[str] = "ful"
