"""The only place where the parts meet: settings in, WSGI application out."""

from __future__ import annotations

import falcon

from api.accounts.identification import Identification
from api.accounts.passwords import Hasher
from api.database import Database
from api.routes import routes
from api.settings import Settings
from api.site.files import StaticFiles
from api.web import problems
from api.web.context import Request, Response
from api.web.cors import Cors
from api.web.metrics import Metrics
from api.web.middleware import Envelope, Gate
from api.web.operation import operations
from api.web.routing import Router


class App(falcon.App[Request, Response]):
    """Falcon's application, which tells its server what takes long."""

    slow_requests: frozenset[tuple[str, str]] = frozenset()
    """Method and path of each."""


def create_app(settings: Settings, db: Database, hasher: Hasher | None = None) -> App:
    """The application over `db`, whose schema is up to date; tests bring a cheaper hasher."""
    identify = Identification(db).identify
    metrics = Metrics()
    app = App(
        request_type=Request,
        response_type=Response,
        router=Router(db.attempt),
        middleware=[Cors(settings), Envelope(metrics), Gate(settings, identify)],
    )
    problems.install(app)
    table = routes(db, settings, metrics, hasher)
    for path, resource in table:
        app.add_route(path, resource)
    app.slow_requests = frozenset(
        (method, path)
        for path, resource in table
        for method, declared in operations(resource).items()
        if declared.slow
    )
    app.add_sink(StaticFiles(settings.site), "/")
    return app
