"""The HTTP door to API keys."""

from __future__ import annotations

from api.accounts.api_keys import queries as key_queries
from api.accounts.api_keys import rules as api_keys
from api.accounts.api_keys.schemas import ApiKeyBody, ApiKeysQuery, ApiKeyView, NewApiKeyView
from api.errors import NotAllowed
from api.storage import Database
from api.web import conditional
from api.web.context import Request, Response
from api.web.operation import BY_SESSION, operation
from api.web.paging import Page, page
from api.web.responses import created, no_content


class ApiKeys:
    """/v1/api-keys"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(BY_SESSION, query=ApiKeysQuery, returns=Page[ApiKeyView])
    def on_get(self, req: Request, resp: Response, query: ApiKeysQuery) -> None:
        """List your API keys, newest first."""
        with self._db.read() as tx:
            rows = key_queries.list_keys(tx, query.page(), account_id=req.context.viewer.id)
        page(req, resp, query, rows, view=ApiKeyView.of)

    @operation(BY_SESSION, body=ApiKeyBody, returns=NewApiKeyView, status=201, errors=(NotAllowed,))
    def on_post(self, req: Request, resp: Response, body: ApiKeyBody) -> None:
        """Make an API key; its secret is shown this once."""
        days = body.expires_in_days or api_keys.DEFAULT_DAYS
        with self._db.write() as tx:
            new = api_keys.make(tx, viewer=req.context.viewer, name=body.name, scopes=body.scopes, days=days)
        created(resp, NewApiKeyView.made(new))
        resp.delete_header("ETag")  # no later answer has these bytes


class ApiKey:
    """/v1/api-keys/{key}"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(BY_SESSION, status=204, conditional=True)
    def on_delete(self, req: Request, resp: Response, key: str) -> None:
        """Revoke an API key at once."""
        account_id = req.context.viewer.id
        with self._db.write() as tx:
            found = api_keys.find(tx, account_id=account_id, key_id=key)
            conditional.check(req, resp, ApiKeyView.of(found))
            api_keys.revoke(tx, account_id=account_id, key_id=key)
        no_content(resp)
