"""The HTTP door to media, and to the public files of pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from msgspec import structs

from api.errors import NotFound, TooMany
from api.media import files, formats, queries, records, rules, uses
from api.media.pictures import ImageTooLarge, InvalidImage
from api.media.records import Content, Words
from api.media.schemas import MediaQuery, MediumPatch, UploadQuery, UsedMediumView
from api.media.store import FILE, HASH_LENGTH, PUBLIC_CACHING, PUBLIC_TYPE, Store, size
from api.media.uses import UsesOf
from api.roles import ITEMS_WRITE, MEDIA_WRITE, Viewer
from api.settings.public_site import PublicSite
from api.storage import Database, Transaction
from api.taxonomy.rules import InUse
from api.web import body, conditional, ranges
from api.web.context import Request, Response
from api.web.credentials import check_access
from api.web.http_errors import UnsupportedMediaType
from api.web.idempotency import forget, is_replay, replayable
from api.web.operation import ANYONE_AS_STRANGER, may, operation
from api.web.paging import Page, page
from api.web.patches import Patch
from api.web.ranges import RangeNotSatisfiable
from api.web.responses import answer, created, no_content
from api.web.sendfile import Sendfile
from api.web.upload import Places

IMAGE_BYTES = 25_000_000


@dataclass(frozen=True, eq=False)
class Shown:
    """The media of a site as they are shown, with what uses them."""

    site: PublicSite
    places: Sequence[UsesOf]

    def each(self, tx: Transaction, media: Sequence[records.Medium], viewer: Viewer) -> list[UsedMediumView]:
        """The views of these media."""
        ids = [medium.id for medium in media]
        counts = queries.count_uses(tx, media_ids=ids)
        shown = uses.uses_of(tx, self.places, list(counts), viewer=viewer) if counts else {}
        return [
            UsedMediumView.of(one, self.site, uses=shown.get(one.id, []), uses_count=counts.get(one.id, 0))
            for one in media
        ]

    def one(self, tx: Transaction, medium: records.Medium, viewer: Viewer) -> UsedMediumView:
        """The view of a medium."""
        return self.each(tx, [medium], viewer)[0]


@dataclass(frozen=True, eq=False)
class Media:
    """Pictures and files."""

    db: Database
    store: Store
    shown: Shown
    file_bytes: int
    places: Places

    @operation(may(MEDIA_WRITE), query=MediaQuery, returns=Page[UsedMediumView])
    def on_get(self, req: Request, resp: Response, query: MediaQuery) -> None:
        """List media, newest first: authors their own, others all."""
        with self.db.read() as tx:
            rows = rules.list_media(tx, query.page(), viewer=req.context.viewer, **query.filters())
            views = self.shown.each(tx, rows, req.context.viewer)
        page(req, resp, query, views)

    @operation(
        may(MEDIA_WRITE),
        upload=formats.TYPES,
        query=UploadQuery,
        returns=UsedMediumView,
        status=201,
        errors=(ImageTooLarge, InvalidImage, TooMany),
        idempotent=True,
        repeats=True,
        slow=True,
        later=True,
    )
    def on_post(self, req: Request, resp: Response, query: UploadQuery) -> None:
        """Upload a picture, or as a shopkeeper a file to sell; the same bytes again are the same medium."""
        media_type = body.media_type(req)
        is_image = media_type in formats.IMAGES
        if not is_image:
            check_access(req.context.viewer, may(ITEMS_WRITE))
        upload = body.receive(req, IMAGE_BYTES if is_image else self.file_bytes, self.places)
        head = upload.file.read(formats.HEAD_BYTES)
        upload.file.seek(0)
        if not formats.begins_like(head, media_type):
            raise UnsupportedMediaType(f"The bytes are not those of a file of the type {media_type}.")
        sha256, words = upload.sha256.hex(), Words(filename=_last_part(query.filename))
        with self.db.read() as tx:
            is_known = is_replay(tx, req) or queries.find_same(
                tx, account_id=req.context.viewer.id, sha256=sha256
            )
        if is_known:
            self._store(req, resp, sha256, words, None)
            return
        with (
            files.prepared(
                self.store, upload.file, sha256=sha256, media_type=media_type, filename=words.filename
            ) as (content, made),
            self.store.adding(),
        ):
            self.store.put(made)
            self._store(req, resp, sha256, words, content)

    def _store(
        self, req: Request, resp: Response, sha256: str, words: Words, content: Content | None
    ) -> None:
        actor: Viewer = req.context.viewer
        with self.db.write() as tx, replayable(tx, req, resp) as replayed:
            if replayed:
                return
            if content is None:
                medium, is_new = rules.find_same(tx, sha256=sha256, actor=actor), False
            else:
                medium, is_new = rules.create(tx, content, words, actor=actor)
            created(resp, self.shown.one(tx, medium, actor), location=f"/v1/media/{medium.id}")
            if not is_new:
                resp.status = 200


@dataclass(frozen=True, eq=False)
class Medium:
    """A picture or a file."""

    db: Database
    shown: Shown

    @operation(may(MEDIA_WRITE), returns=UsedMediumView, errors=(NotFound,))
    def on_get(self, req: Request, resp: Response, medium: str) -> None:
        """Show a medium, and what shows it."""
        with self.db.read() as tx:
            row = rules.find(tx, ref=medium, viewer=req.context.viewer)
            view = self.shown.one(tx, row, req.context.viewer)
        answer(resp, view)

    @operation(
        may(MEDIA_WRITE), body=MediumPatch, returns=UsedMediumView, errors=(NotFound,), conditional=True
    )
    def on_patch(self, req: Request, resp: Response, medium: str, body: Patch) -> None:
        """Change what is said of a medium; its files and their addresses stay."""
        viewer, changes = req.context.viewer, body.changes()
        if "filename" in changes:
            changes["filename"] = _last_part(changes["filename"])
        with self.db.write() as tx:
            before = rules.find(tx, ref=medium, viewer=viewer, lock=True)
            conditional.check(req, resp, self.shown.one(tx, before, viewer))
            after = rules.change(tx, before, changes, actor=viewer)
            answer(resp, self.shown.one(tx, after, viewer))

    @operation(may(MEDIA_WRITE), status=204, errors=(NotFound, InUse), conditional=True)
    def on_delete(self, req: Request, resp: Response, medium: str) -> None:
        """Delete a medium that nothing shows or sells, with its files."""
        viewer = req.context.viewer
        with self.db.write() as tx:
            before = rules.find(tx, ref=medium, viewer=viewer, lock=True)
            view = self.shown.one(tx, before, viewer)
            conditional.check(req, resp, view)
            if view.uses_count:
                raise InUse(
                    "Something shows it, or sells it.", uses=[structs.asdict(use) for use in view.uses]
                )
            rules.delete(tx, before, actor=viewer)
            forget(tx, before.id)
        no_content(resp)


_FILE = re.compile(rf"{FILE}\Z")


@dataclass(frozen=True, eq=False)
class PublicFile:
    """One size of a picture, whose name never stands for other bytes."""

    store: Store
    sendfile: Sendfile

    @operation(ANYONE_AS_STRANGER, media_types=(PUBLIC_TYPE,), errors=(NotFound, RangeNotSatisfiable))
    def on_get(self, req: Request, resp: Response, file: str) -> None:
        """Read a picture in one of its sizes, or a range of it."""
        key = size(file)
        length = self.store.length(key) if _FILE.match(file) else None
        if length is None:
            raise NotFound
        etag = f'"{file.removesuffix(".webp")[-HASH_LENGTH:]}"'
        resp.set_headers(
            {
                "Accept-Ranges": "bytes",
                "ETag": etag,
                "Cache-Control": PUBLIC_CACHING,
                "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
            }
        )
        known = req.get_header("If-None-Match")
        if known is not None and conditional.matches(known, etag, weak=True):
            resp.status = 304
            return
        resp.content_type = PUBLIC_TYPE
        place = self.sendfile.place(req, files.place_of(self.store, key))
        open = partial(self.store.open, key, length)
        ranges.send(req, resp, size=length, etag=etag, open=open, place=place)


def _last_part(filename: str) -> str:
    """The name on one line, without the folders that some programs send before it."""
    return " ".join(re.split(r"[/\\]", filename)[-1].split()) or "file"
