"""The HTTP door to the audit, and what it stores of where a request comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from msgspec import Meta

from api.audit import queries
from api.audit.records import AuditEvent, AuditKind, Origin
from api.ids import PATTERN
from api.roles import AUDIT_READ
from api.storage import Database
from api.web.context import Request, Response
from api.web.operation import may, operation
from api.web.paging import Page, PageQuery, page


class AuditQuery(PageQuery):
    """A page of audit events: `account` is who did it, or to whom it happened."""

    prefix: ClassVar[str] = "aud"
    account: Annotated[str, Meta(pattern=rf"^acc_{PATTERN}\Z")] | None = None
    kind: AuditKind | None = None


@dataclass(frozen=True, eq=False)
class AuditEvents:
    db: Database

    @operation(may(AUDIT_READ), query=AuditQuery, returns=Page[AuditEvent])
    def on_get(self, req: Request, resp: Response, query: AuditQuery) -> None:
        """List who did what to whose account, newest first."""
        with self.db.read() as tx:
            rows = queries.list_audit_events(tx, query.page(), **query.filters())
        page(req, resp, query, rows)


def origin_of(req: Request, *, account_id: str | None = None, session_id: str | None = None) -> Origin:
    """The origin of a request; a login adds the account and the session that it has found."""
    context = req.context
    viewer = context.viewer
    return Origin(
        account_id=viewer.account_id if viewer else account_id,
        session_id=viewer.session_id if viewer else session_id,
        key_id=viewer.key_id if viewer else None,
        network=context.client,
        request_id=context.request_id,
    )
