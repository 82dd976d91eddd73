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
from api.web.routing import Router


def create_app(
    settings: Settings, db: Database, hasher: Hasher | None = None
) -> falcon.App[Request, Response]:
    """The application over `db`, whose schema is up to date; tests bring a cheaper hasher."""
    identify = Identification(db).identify
    metrics = Metrics()
    app: falcon.App[Request, Response] = falcon.App(
        request_type=Request,
        response_type=Response,
        router=Router(db.attempt),
        middleware=[Cors(settings), Envelope(metrics), Gate(settings, identify)],
    )
    problems.install(app)
    for path, resource in routes(db, settings, metrics, hasher):
        app.add_route(path, resource)
    app.add_sink(StaticFiles(settings.site), "/")
    return app
