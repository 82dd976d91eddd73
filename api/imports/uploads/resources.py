"""The HTTP door to imports."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from api import ids
from api.audit.resources import origin_of
from api.errors import NotFound, TooMany
from api.imports.uploads import queries, rules
from api.imports.uploads.folder import Folder
from api.imports.uploads.schemas import ImportsQuery, ImportView, UploadQuery
from api.roles import IMPORTS_WRITE
from api.storage import Database
from api.web import body
from api.web.context import Request, Response
from api.web.idempotency import is_replay, replayable
from api.web.operation import may, operation
from api.web.paging import Page, page
from api.web.responses import answer
from api.web.upload import Places

TYPES = ("application/xml", "text/xml", "text/csv", "application/json", "application/octet-stream")
"""Whichever a browser takes a file for; what it is says its content."""


@dataclass(frozen=True, eq=False)
class Imports:
    db: Database
    folder: Folder
    file_bytes: int
    places: Places

    @operation(may(IMPORTS_WRITE), query=ImportsQuery, returns=Page[ImportView])
    def on_get(self, req: Request, resp: Response, query: ImportsQuery) -> None:
        """List the imports of the last 30 days that came over HTTP, newest first."""
        with self.db.read() as tx:
            rows = queries.list_imports(tx, query.page(), **query.filters())
        page(req, resp, query, rows, view=partial(ImportView.of, folder=self.folder))

    @operation(
        may(IMPORTS_WRITE),
        upload=TYPES,
        query=UploadQuery,
        returns=ImportView,
        status=202,
        errors=(TooMany,),
        idempotent=True,
        slow=True,
        later=True,
        event="import",
    )
    def on_post(self, req: Request, resp: Response, query: UploadQuery) -> None:
        """Import the export of another system, or say what that would do: the file is the body."""
        upload = body.receive(req, self.file_bytes, self.places)
        with self.db.read() as tx:
            is_known = is_replay(tx, req)
        import_id = ids.new_id("imp")
        if not is_known:
            self.folder.add(import_id, upload.file)
        with self.db.write() as tx, replayable(tx, req, resp) as replayed:
            if not replayed:
                new = rules.create(tx, import_id, query, origin=origin_of(req))
                answer(resp, ImportView.of(new, self.folder))
                resp.status, resp.location = 202, f"/v1/imports/{import_id}"
        if replayed:
            self.folder.remove(import_id)


@dataclass(frozen=True, eq=False)
class OneImport:
    db: Database
    folder: Folder

    @operation(may(IMPORTS_WRITE), returns=ImportView, errors=(NotFound,))
    def on_get(self, _req: Request, resp: Response, import_id: str) -> None:
        """Show how far an import is, or what it has come to."""
        with self.db.read() as tx:
            record = rules.find(tx, ref=import_id)
        answer(resp, ImportView.of(record, self.folder))
