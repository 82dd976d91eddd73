"""The site's static files, served at every path without a resource: conditional, by range, compressed."""

from __future__ import annotations

import hashlib
import io
import os
import re
from email.utils import parsedate_to_datetime
from functools import lru_cache, partial
from mimetypes import MimeTypes
from typing import IO
from urllib.parse import quote

from api.errors import NotFound
from api.site import hints
from api.site.folder import File, Folder
from api.site.heads import Heads
from api.site.old_addresses import OldAddresses
from api.web import conditional, ranges
from api.web.context import Request, Response
from api.web.http_errors import MethodNotAllowed, NoSuchPath
from api.web.responses import moved

ALLOW = "GET, HEAD, OPTIONS"
READING = ("GET", "HEAD")
MISSING = "/404.html"
"""The site's page for a path that has nothing."""
LARGEST_PAGE = 1_048_576
"""Bytes up to which a page is searched for the mark of what it is about."""

_PAGE = "text/html; charset=utf-8"

_TYPES = MimeTypes(filenames=())
for _extension, _media_type in (
    (".js", "text/javascript"),
    (".mjs", "text/javascript"),
    (".avif", "image/avif"),
    (".webp", "image/webp"),
    (".woff2", "font/woff2"),
    (".webmanifest", "application/manifest+json"),
):
    _TYPES.add_type(_media_type, _extension)

_HASHED_NAME = re.compile(r"[.-][0-9a-f]{8,64}\.")
_CODINGS = (("br", ".br"), ("gzip", ".gz"))


class StaticFiles:
    """The sink of the application: GET and HEAD of regular files under `root`."""

    def __init__(
        self,
        folder: Folder,
        *,
        policy: str,
        behind_proxy: bool,
        heads: Heads | None = None,
        old_addresses: OldAddresses | None = None,
    ) -> None:
        self._policy = policy
        self._behind_proxy = behind_proxy
        self._heads = heads
        self._old_addresses = old_addresses
        self._folder = folder

    def __call__(self, req: Request, resp: Response, **_params: str) -> None:
        self.serve(req, resp, req.path)

    def serve(self, req: Request, resp: Response, path: str) -> None:
        """Answer with what the folder has at `path`, which is that of the request or the end of it."""
        try:
            file = self._moved_front(req) or self._find(req, path)
        except NotFound:
            location = self._moved(req)
            if location is None:
                self._send_missing(req, resp)
            else:
                moved(resp, location)
            return
        if isinstance(file, str):
            moved(resp, file)
            return
        if req.method == "OPTIONS":
            resp.status = 204
            resp.set_header("Allow", ALLOW)
            return
        if req.method not in READING:
            resp.set_header("Allow", ALLOW)
            raise MethodNotAllowed
        self._send(req, resp, file)

    def _find(self, req: Request, path: str) -> File | str:
        """The file at the path, or the request's path with a slash where a folder has an index."""
        if path.split("/")[1] == "v1":
            raise NoSuchPath
        try:
            return self._folder.at(path)
        except NotFound:
            self._folder.at(f"{path}/")
            # Not the request target itself, which may name another host.
            return f"{quote(req.path)}/" + (f"?{req.query_string}" if req.query_string else "")

    def _moved_front(self, req: Request) -> str | None:
        """Where the front page leads with this query, as addresses of other systems do."""
        if req.path != "/" or not req.query_string or not self._old_addresses or req.method not in READING:
            return None
        return self._old_addresses.location_of_front(req.query_string)

    def _moved(self, req: Request) -> str | None:
        """Where a path without a file leads."""
        if not self._old_addresses or req.method not in READING:
            return None
        return self._old_addresses.location(req.path, req.query_string)

    def _send_missing(self, req: Request, resp: Response) -> None:
        """The site's own page for people; NotFound for programs, and where the site has none."""
        if req.method not in READING or "text/html" not in (req.get_header("Accept") or "").lower():
            raise NotFound
        page = self._folder.at(MISSING).read()
        if self._heads:
            page = self._heads.completed(page, "") or page
        resp.status = 404
        resp.set_headers({"Cache-Control": "no-store", "Content-Security-Policy": self._policy})
        _send_page(req, resp, page)

    def _send(self, req: Request, resp: Response, file: File) -> None:
        media_type, immutable = _kind(os.path.basename(file.path))  # noqa: PTH119
        chosen, coding = self._compressed(req, file)
        resp.set_headers(
            {
                "Accept-Ranges": "bytes",
                "Cache-Control": "public, max-age=31536000, immutable" if immutable else "public, no-cache",
                "Content-Security-Policy": self._policy_of(media_type),
                "ETag": chosen.etag,
                "Last-Modified": chosen.last_modified,
                "Vary": "Accept-Encoding",
            }
        )
        if media_type == "text/html":
            if req.get_header("Range") is None:
                hints.announce(
                    req,
                    resp,
                    file=file.path,
                    size=file.size,
                    modified=file.modified,
                    behind_proxy=self._behind_proxy,
                )
            if self._heads and file.size <= LARGEST_PAGE:
                page = self._heads.completed(file.read(), req.query_string)
                if page is not None:
                    self._send_completed(req, resp, page)
                    return
        if _is_known(req, chosen):
            resp.status = 304
            return
        resp.content_type = f"{media_type}; charset=utf-8" if _is_text(media_type) else media_type
        if coding:
            resp.set_header("Content-Encoding", coding)
        ranges.send(
            req,
            resp,
            size=chosen.size,
            etag=chosen.etag,
            last_modified=chosen.last_modified,
            open=partial(_opened, chosen),
        )

    def _policy_of(self, media_type: str) -> str:
        # Opened by itself, an image of this kind could run scripts as a page of ours.
        return f"{self._policy}; sandbox" if media_type == "image/svg+xml" else self._policy

    def _send_completed(self, req: Request, resp: Response, page: bytes) -> None:
        """A page with the name of the site, or about an article or an item."""
        etag = f'"{hashlib.sha256(page).hexdigest()[:32]}"'
        for header in ("Last-Modified", "Vary"):
            resp.delete_header(header)
        resp.set_header("ETag", etag)
        known = req.get_header("If-None-Match")
        if known is not None and conditional.matches(known, etag, weak=True):
            resp.status = 304
        else:
            resp.content_type = _PAGE
            ranges.send(req, resp, size=len(page), etag=etag, open=partial(io.BytesIO, page))

    def _compressed(self, req: Request, file: File) -> tuple[File, str | None]:
        """The file, or a compressed sibling of it in a coding that the client accepts."""
        accepted = req.accepted_codings
        for coding, suffix in _CODINGS:
            if coding in accepted:
                try:
                    return self._folder.file(file.path + suffix), coding
                except NotFound:
                    continue
        return file, None


@lru_cache(1_024)
def _kind(name: str) -> tuple[str, bool]:
    """The media type, and whether the name contains a hash, so that the content never changes."""
    media_type = _TYPES.guess_type(name)[0] or "application/octet-stream"
    return media_type, _HASHED_NAME.search(name) is not None


def _is_known(req: Request, file: File) -> bool:
    """Whether the client has these bytes; If-None-Match, if sent, decides alone (RFC 9110 §13.2.2)."""
    known = req.get_header("If-None-Match")
    if known is not None:
        return conditional.matches(known, file.etag, weak=True)
    since = req.get_header("If-Modified-Since")
    if since is None:
        return False
    try:
        return file.modified // 1_000_000_000 <= parsedate_to_datetime(since).timestamp()
    except (ValueError, OverflowError):
        return False


def _is_text(media_type: str) -> bool:
    return media_type.startswith("text/") or media_type in (
        "application/json",
        "application/xml",
        "image/svg+xml",
    )


def _send_page(req: Request, resp: Response, page: bytes) -> None:
    resp.content_type = _PAGE
    if req.method == "HEAD":
        resp.content_length = len(page)
    else:
        resp.data = page


def _opened(file: File) -> IO[bytes]:
    if file.size <= ranges.AT_ONCE:
        return io.BytesIO(file.read())
    try:
        return open(file.path, "rb")  # noqa: PTH123
    except OSError:
        raise NotFound from None
