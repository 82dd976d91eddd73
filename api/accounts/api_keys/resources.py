"""The HTTP door to API keys."""

from __future__ import annotations

from dataclasses import dataclass

from api.accounts.api_keys import queries, records, rules
from api.accounts.api_keys.records import ApiKeyDraft, NewApiKey
from api.errors import NotAllowed
from api.storage import Database
from api.web import conditional
from api.web.context import Request, Response
from api.web.operation import BY_SESSION, operation
from api.web.paging import Page, PageQuery, page, page_of
from api.web.responses import created, no_content


@dataclass(frozen=True, eq=False)
class ApiKeys:
    db: Database

    @operation(BY_SESSION, query=page_of("key"), returns=Page[records.ApiKey])
    def on_get(self, req: Request, resp: Response, query: PageQuery) -> None:
        """List your API keys, newest first."""
        with self.db.read() as tx:
            rows = queries.list_keys(tx, query.page(), account_id=req.context.viewer.id)
        page(req, resp, query, rows)

    @operation(BY_SESSION, body=ApiKeyDraft, returns=NewApiKey, status=201, errors=(NotAllowed,))
    def on_post(self, req: Request, resp: Response, body: ApiKeyDraft) -> None:
        """Create an API key; its secret is shown only once."""
        with self.db.write() as tx:
            created(resp, rules.create(tx, body, actor=req.context.viewer))
        resp.delete_header("ETag")  # no later answer has these bytes


@dataclass(frozen=True, eq=False)
class ApiKey:
    db: Database

    @operation(BY_SESSION, status=204, conditional=True)
    def on_delete(self, req: Request, resp: Response, key: str) -> None:
        """Revoke an API key at once."""
        viewer = req.context.viewer
        with self.db.write() as tx:
            before = rules.find(tx, ref=key, viewer=viewer)
            conditional.check(req, resp, before)
            rules.delete(tx, before, actor=viewer)
        no_content(resp)
