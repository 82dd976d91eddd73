"""The HTTP door to what the server says of itself."""

from __future__ import annotations

import sqlalchemy as sa

from api.database import Database
from api.web.answers import answer
from api.web.context import Request, Response
from api.web.operation import ANYONE, ANYONE_AS_STRANGER, operation
from api.web.refusals import Teapot as TeapotRefusal


class Health:
    """/healthz"""

    @operation(ANYONE_AS_STRANGER, returns=dict[str, str])
    def on_get(self, _req: Request, resp: Response) -> None:
        """Say that this worker answers."""
        answer(resp, {"status": "ok"})


class Readiness:
    """/readyz"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(ANYONE_AS_STRANGER, returns=dict[str, str])
    def on_get(self, _req: Request, resp: Response) -> None:
        """Say whether the database can be used."""
        with self._db.read() as tx:
            tx.value(sa.select(sa.literal(1)))
        answer(resp, {"status": "ok"})


class Teapot:
    """/teapot"""

    @operation(ANYONE, returns=None, status=418, errors=(TeapotRefusal,))
    def on_get(self, _req: Request, _resp: Response) -> None:
        """Decline to brew coffee."""
        raise TeapotRefusal
