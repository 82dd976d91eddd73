"""A resource that takes files, and an application that has it: Kiosque's own with one route more."""

from __future__ import annotations

from api.app import App, create_app
from api.roles import ARTICLES_WRITE
from api.settings import Settings
from api.storage import Database, open_database
from api.web import body
from api.web.context import Request, Response
from api.web.idempotency import replayable
from api.web.operation import may, operation
from api.web.responses import created
from tests.factories import CHEAP_HASHER

LIMIT = 64 * 2**20


class Pictures:
    def __init__(self, db: Database, limit: int) -> None:
        self._db, self._limit = db, limit

    @operation(may(ARTICLES_WRITE), upload=("image/png", "image/webp"), status=201, idempotent=True)
    def on_post(self, req: Request, resp: Response) -> None:
        """Say what came."""
        uploaded = body.receive(req, self._limit)
        with self._db.write() as tx, replayable(tx, req, resp) as answered:
            if not answered:
                read = sum(map(len, iter(lambda: uploaded.file.read(65_536), b"")))
                came = {"length": uploaded.length, "read": read, "sha256": uploaded.sha256.hex()}
                created(resp, came, location="/v1/pictures/1")


def application() -> App:
    settings = Settings.from_env()
    db = open_database(settings)
    return create_app(settings, db, CHEAP_HASHER, rehearsal=[("/v1/pictures", Pictures(db, LIMIT))])
