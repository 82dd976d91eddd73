"""The WSGI application, made of its parts: the only module that knows them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

import falcon

from api.accounts.identification import Identification
from api.accounts.passwords import Hasher
from api.admin import pages as office
from api.articles.writing import publication
from api.jobs.worker import Worker
from api.routes import Route, routes
from api.settings import Settings
from api.shop.guests import tokens
from api.shop.orders import rules as orders
from api.shop.variants import sales
from api.sights import sights
from api.site.files import StaticFiles
from api.site.folder import Folder
from api.site.heads import Heads
from api.site.old_addresses import OldAddresses
from api.storage import Database, open_database
from api.storage.change_token import changes_of
from api.tasks import tasks
from api.times import Instant
from api.web import problems
from api.web.cached import Cache
from api.web.client_address import ClientNetworks
from api.web.context import Request, Response
from api.web.cors import Cors
from api.web.metrics import Metrics
from api.web.middleware import Envelope, Gate, Outcome
from api.web.operation import operations
from api.web.routing import Router
from api.webhooks.sender import rehearse


class App(falcon.App[Request, Response]):
    """Falcon's application behind the cache, with the facts that the server's policy needs."""

    cache: Cache
    metrics: Metrics
    networks: ClientNetworks
    office: office.OwnHost
    settings: Settings
    background: Worker
    lanes: Mapping[tuple[str, str], Literal["slow", "slower"]] = {}
    """The lane of each operation that hashes a password, by method and path."""

    def __call__(self, env: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer from the cache, or by a responder (PEP 3333)."""
        if self.office.lacks(env.get("HTTP_HOST", ""), env["PATH_INFO"]):
            return self.respond(env, start_response)
        cached = self.cache.answer(env, start_response)
        return super().__call__(env, start_response) if cached is None else cached

    def respond(self, env: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer by middleware and responder, whatever is in the cache."""
        return super().__call__(env, start_response)

    def is_at_hand(self, env: dict[str, Any]) -> bool:
        """Whether the answer is at hand, so that it needs no thread."""
        return self.cache.look_up_at_once(env)


def open_app(settings: Settings) -> App:
    """The application over the configured database, whose use `/metrics` reports."""
    metrics = Metrics()
    return create_app(settings, open_database(settings, metrics), metrics=metrics)


def create_app(
    settings: Settings,
    db: Database,
    hasher: Hasher | None = None,
    *,
    metrics: Metrics | None = None,
    rehearsal: Sequence[Route] = (),
) -> App:
    """The application over `db`, whose schema is up to date; tests pass a cheaper hasher.

    A rehearsal also passes the routes by which tests govern it.
    """
    staff_need_factor = settings.staff_second_factor == "required"
    others = {tokens.PREFIX: tokens.resolve}
    identify = Identification(db, others, staff_need_factor=staff_need_factor).identify
    metrics, networks = metrics or Metrics(), ClientNetworks(settings.proxy)
    office_host = office.OwnHost(settings.admin_url, settings.url)
    app = App(
        request_type=Request,
        response_type=Response,
        router=Router(db.attempt),
        middleware=[
            Outcome(metrics, networks),
            Cors(settings),
            Envelope(settings.url),
            Gate(settings, identify),
            office_host,
        ],
    )
    problems.install(app, settings.url)
    post = rehearse if rehearsal else None
    table = routes(db, settings, metrics, hasher, post=post, rehearsal=rehearsal)
    app.cache = _cache(db, settings, table, metrics, networks)
    app.background = Worker(db, tasks(db, settings, post))
    db.sight_of = sights(settings.public_site)
    app.metrics, app.networks, app.settings, app.office = metrics, networks, settings, office_host
    for path, resource in table:
        app.add_route(path, resource)
    app.lanes = {
        (method, path): "slower" if declared.later else "slow"
        for path, resource in table
        for method, declared in operations(resource).items()
        if declared.slow
    }
    folder = Folder(settings.site)
    app.add_sink(
        StaticFiles(
            folder,
            policy=settings.site_csp,
            behind_proxy=bool(settings.proxy),
            heads=Heads(db, settings.public_site),
            old_addresses=OldAddresses(db, settings.public_site, folder),
        ),
        "/",
    )
    if settings.admin == "on":
        app.add_sink(office.Pages(behind_proxy=bool(settings.proxy), host=office_host), office.PATHS)
    return app


def _cache(
    db: Database, settings: Settings, table: list[Route], metrics: Metrics, networks: ClientNetworks
) -> Cache:
    paths = [
        path
        for path, resource in table
        if any(declared.kept for declared in operations(resource).values()) and settings.cache_bytes
    ]

    def next_change(after: Instant) -> Instant | None:
        with db.read() as tx:
            changes = (
                publication.next_after(tx, after),
                orders.next_expiry(tx, after),
                sales.next_turn(tx, after),
            )
        return min((change for change in changes if change is not None), default=None)

    return Cache(
        changes_of(db),
        next_change,
        metrics,
        networks,
        paths=paths,
        varying=(
            "HTTP_ACCEPT",
            *(("HTTP_ORIGIN",) if settings.cors_origins else ()),
            *(("HTTP_HOST",) if settings.hosts else ()),
        ),
        limit=settings.cache_bytes,
    )
