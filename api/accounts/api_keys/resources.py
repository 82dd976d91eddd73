"""The HTTP door to API keys."""

from __future__ import annotations

from dataclasses import dataclass

from api.accounts.api_keys import queries, records, rules
from api.accounts.api_keys.records import ApiKeyDraft, NewApiKey
from api.accounts.profiles import rules as profiles
from api.audit import rules as audit
from api.audit.resources import origin_of
from api.errors import NotAllowed
from api.roles import ACCOUNTS_READ, ACCOUNTS_WRITE
from api.storage import Database
from api.web import conditional
from api.web.context import Request, Response
from api.web.operation import BY_FRESH_SESSION, BY_SESSION, may, operation
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

    @operation(
        BY_FRESH_SESSION,
        body=ApiKeyDraft,
        returns=NewApiKey,
        status=201,
        errors=(NotAllowed, rules.TooManyKeys),
        event="key-made",
    )
    def on_post(self, req: Request, resp: Response, body: ApiKeyDraft) -> None:
        """Create an API key; its secret is shown only once."""
        with self.db.write() as tx:
            key = rules.create(tx, body, actor=req.context.viewer)
            audit.note(
                tx,
                "key-made",
                origin_of(req),
                subject=req.context.viewer.id,
                key=key.id,
                scopes=" ".join(key.scopes),
            )
        req.context.facts = {"made": key.id, "scopes": " ".join(key.scopes)}
        created(resp, key)
        resp.delete_header("ETag")  # no later answer has these bytes


@dataclass(frozen=True, eq=False)
class ApiKey:
    db: Database

    @operation(BY_SESSION, status=204, conditional=True, event="key-ended")
    def on_delete(self, req: Request, resp: Response, key: str) -> None:
        """Revoke an API key at once."""
        _revoke(self.db, req, resp, key, account_id=req.context.viewer.id)


@dataclass(frozen=True, eq=False)
class AccountApiKeys:
    db: Database

    @operation(may(ACCOUNTS_READ, by_session=True), query=page_of("key"), returns=Page[records.ApiKey])
    def on_get(self, req: Request, resp: Response, account: str, query: PageQuery) -> None:
        """List the API keys of an account, newest first."""
        with self.db.read() as tx:
            profiles.find(tx, ref=account)
            rows = queries.list_keys(tx, query.page(), account_id=account)
        page(req, resp, query, rows)


@dataclass(frozen=True, eq=False)
class AccountApiKey:
    db: Database

    @operation(may(ACCOUNTS_WRITE, fresh=True), status=204, conditional=True, event="key-ended")
    def on_delete(self, req: Request, resp: Response, account: str, key: str) -> None:
        """Revoke an API key of an account at once."""
        _revoke(self.db, req, resp, key, account_id=account)


def _revoke(db: Database, req: Request, resp: Response, ref: str, *, account_id: str) -> None:
    with db.write() as tx:
        key = rules.find(tx, ref=ref, account_id=account_id)
        conditional.check(req, resp, key)
        rules.delete(tx, key, account_id=account_id)
        audit.note(tx, "key-ended", origin_of(req), subject=account_id, key=key.id)
    no_content(resp)
