"""The files of the office at `/admin/`, under the strictest policy, on a host of their own if one is set."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from api.errors import NotFound
from api.settings import SAMPLE_SITE
from api.settings.types import host_and_port
from api.site.files import StaticFiles
from api.site.folder import Folder
from api.web.context import Request, Response
from api.web.responses import moved

PATHS: Final = re.compile(r"/admin(?P<path>/.*)?\Z", re.DOTALL)
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src * data: blob:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'; trusted-types rendered"
)
ON_ITS_HOST: Final = re.compile(r"/(admin|v1|media)(/|\Z)")
"""Paths that the office's own host answers; it has nothing else."""

SHARED: Final = ("/js/qr.js",)
"""Modules of the sample site that the office has too, whatever the site's folder is."""


class Pages:
    """The sink of `/admin` and everything below."""

    def __init__(self, *, behind_proxy: bool, host: OwnHost) -> None:
        own, sample = Folder(Path(__file__).parent / "static"), Folder(SAMPLE_SITE)
        self._own = StaticFiles(own, policy=POLICY, behind_proxy=behind_proxy)
        self._sample = StaticFiles(sample, policy=POLICY, behind_proxy=behind_proxy)
        self._host = host

    def __call__(self, req: Request, resp: Response, **params: str | None) -> None:
        if not self._host.is_of(req.netloc):
            raise NotFound
        path = params["path"]
        if path is None:
            moved(resp, "/admin/")
            return
        resp.set_header("Cross-Origin-Opener-Policy", "same-origin")
        (self._sample if path in SHARED else self._own).serve(req, resp, path)


class OwnHost:
    """The host of KIOSQUE_ADMIN_URL, which keeps the office off the origin of the site's scripts."""

    def __init__(self, url: str, site: str) -> None:
        """The port counts only where that of the site, at `site`, has the same name: proxies change ports."""
        self._name, self._port = host_and_port(url)
        self._scheme = urlsplit(url).scheme
        self._is_by_port = self._name == host_and_port(site)[0]

    def is_of(self, netloc: str) -> bool:
        """Whether the office may be on this host: any, unless it has its own."""
        return not self._name or self._is_own(netloc)

    def process_request(self, req: Request, _resp: Response) -> None:
        if self.lacks(req.netloc, req.path):
            raise NotFound

    def lacks(self, netloc: str, path: str) -> bool:
        """Whether this is the office's own host, and the path is none of the office's."""
        return bool(self._name) and self._is_own(netloc) and not ON_ITS_HOST.match(path)

    def _is_own(self, netloc: str) -> bool:
        try:
            name, port = host_and_port(f"{self._scheme}://{netloc}")
        except ValueError:
            return False
        return name == self._name and (port == self._port or not self._is_by_port)
