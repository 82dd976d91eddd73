"""The network: pictures are asked for within bounds of time and size, and of nobody inside."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import urljoin

from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Url, parse_url

from api import __version__
from api.imports.pictures import getting
from api.imports.pictures.getting import CHUNK, MOST_BYTES, NotFetched
from api.webhooks.deadline import Deadline
from api.webhooks.reaching import NotPublic, Reach, host_of

MOST_REDIRECTS = 5
MOST_SILENT = 3
"""Attempts in a row to reach a host, after which it is not tried again by this run."""

_HEADERS = {
    "user-agent": f"Kiosque/{__version__} (media fetch)",
    "accept": "image/avif,image/webp,image/png,image/jpeg,image/gif",
    "accept-encoding": "identity",
    "connection": "close",
}
_MOVED = (301, 302, 303, 307, 308)
_LATER = (408, 425, 429)
"""Refusals that hold for now only, as all of 500 and more do."""


@dataclass
class Network:
    """Every host of the public internet, and those that `reach` has inside."""

    reach: Reach = field(default_factory=Reach)
    seconds: float = 60.0
    """For all of a picture, redirects included."""
    silence: float = 10.0
    """For each answer to begin, and between two parts of it."""

    def __post_init__(self) -> None:
        self._silent: Counter[str] = Counter()
        self._lock = threading.Lock()

    def look(self, address: str) -> str:
        """Nothing is known before it is asked for."""
        _parsed(address)
        return getting.WAITING

    def copy(self, address: str, target: BinaryIO) -> None:
        """Ask for the picture, also where it has moved to."""
        end = time.monotonic() + self.seconds
        for _ in range(MOST_REDIRECTS + 1):
            moved = self._ask(address, target, end - time.monotonic())
            if moved is None:
                return
            try:
                address = urljoin(address, moved)
            except ValueError:
                raise NotFetched(getting.NO_SITE, moved[:200]) from None
        raise NotFetched(getting.REDIRECTS)

    def _ask(self, address: str, target: BinaryIO, seconds: float) -> str | None:
        """Copy the picture, or return the address that it has moved to."""
        url = _parsed(address)
        host = host_of(url)
        with self._lock:
            if self._silent[host] >= MOST_SILENT:
                raise NotFetched(getting.NO_CONNECTION, f"{host} did not answer before", is_final=False)
        try:
            return self._answer(url, target, seconds)
        except NotPublic as error:
            raise NotFetched(getting.PRIVATE, str(error)) from error
        except socket.gaierror as error:
            self._note_silence(host)
            raise NotFetched(getting.NO_HOST, host, is_final=False) from error
        except TimeoutError as error:
            self._note_silence(host)
            raise NotFetched(getting.TIMED_OUT, is_final=False) from error
        except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            if isinstance(error, (ConnectionError, ssl.SSLError)):
                self._note_silence(host)
            timed_out = isinstance(error.__cause__ or error.__context__, TimeoutError)
            outcome = getting.TIMED_OUT if timed_out else getting.NO_CONNECTION
            raise NotFetched(outcome, f"{type(error).__name__}: {error}"[:200], is_final=False) from error

    def _answer(self, url: Url, target: BinaryIO, seconds: float) -> str | None:
        with (
            Deadline(max(seconds, 0.001)) as deadline,
            closing(self.reach.connection(url, deadline, timeout=self.silence)) as connection,
        ):
            connection.request("GET", url.request_uri, headers=_HEADERS, preload_content=False)
            with closing(connection.getresponse()) as answer:
                with self._lock:
                    del self._silent[host_of(url)]
                if answer.status in _MOVED and (location := answer.headers.get("location")):
                    return location
                if answer.status != 200:
                    is_final = answer.status < 500 and answer.status not in _LATER
                    raise NotFetched(str(answer.status), is_final=is_final)
                _copy(answer, target)
        return None

    def _note_silence(self, host: str) -> None:
        with self._lock:
            self._silent[host] += 1


def _copy(answer: BaseHTTPResponse, target: BinaryIO) -> None:
    length = answer.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > MOST_BYTES:
        raise NotFetched(getting.TOO_LARGE)
    size = 0
    while chunk := answer.read(CHUNK, decode_content=True):
        size += len(chunk)
        if size > MOST_BYTES:
            raise NotFetched(getting.TOO_LARGE)
        target.write(chunk)


def _parsed(address: str) -> Url:
    try:
        url = parse_url(address)
    except HTTPError:
        raise NotFetched(getting.NO_SITE) from None
    if url.scheme not in ("http", "https") or not url.host:
        raise NotFetched(getting.NO_SITE)
    return url
