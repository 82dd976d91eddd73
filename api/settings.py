"""Every setting in one table: variable, default, meaning, and how its text is read."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from api import sqlite
from api.errors import OperatorError


class SettingsError(OperatorError):
    """Mistakes in the settings, all of them, a line each."""

    def __init__(self, mistakes: list[str]) -> None:
        self.mistakes = mistakes
        super().__init__("\n  ".join(["these settings cannot be used:", *mistakes]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the operator chose; one field for each row of SETTINGS."""

    data: Path
    database_url: str
    synchronous: str
    bind: str
    url: str
    hosts: frozenset[str]
    cors_origins: frozenset[str]
    proxy: tuple[str, ...]
    currency: str
    site: Path
    workers: int
    threads: int
    cache_bytes: int

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read every setting, or raise SettingsError with all the mistakes at once."""
        values: dict[str, Any] = {}
        mistakes = []
        for setting in SETTINGS:
            try:
                text = environ.get(setting.variable, "")
                values[setting.field] = setting.read(text) if text else setting.default(values)
            except ValueError as mistake:
                mistakes.append(f"{setting.variable}: {mistake}")
                values[setting.field] = setting.default(values)  # later defaults may be built from it
        if mistakes:
            raise SettingsError(mistakes)
        return _with_site_apart(cls(**values))

    def over(self, database_url: str) -> Settings:
        """The same settings over another database; SettingsError when it cannot be used."""
        try:
            return _with_site_apart(replace(self, database_url=_database_url(database_url)))
        except ValueError as mistake:
            raise SettingsError([str(mistake)]) from None

    def is_on_site(self, path: Path) -> bool:
        """Whether the site would send what is at `path` to everybody, links followed."""
        return path.resolve().is_relative_to(self.site.resolve())


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of the table: `shown` is the default as people read it, `default` computes it."""

    variable: str
    field: str
    kind: str
    shown: str
    help: str
    read: Callable[[str], Any]
    default: Callable[[Mapping[str, Any]], Any]


def _with_site_apart(settings: Settings) -> Settings:
    """The settings; SettingsError when everybody could download the data, or the site lies among them."""
    site, data = settings.site.resolve(), settings.data.resolve()
    _, is_file, database = settings.database_url.partition("?")[0].partition("sqlite:///")
    on_site = f"lies in KIOSQUE_SITE ({site}): everybody could download it"
    if settings.is_on_site(data):
        mistake = f"KIOSQUE_DATA: {settings.data} {on_site}"
    elif is_file and settings.is_on_site(Path(database)):
        mistake = f"KIOSQUE_DATABASE_URL: {database} {on_site}"
    elif site.is_relative_to(data) and settings.site != SAMPLE_SITE:  # that one is wherever the package is
        mistake = f"KIOSQUE_SITE: {site} lies in KIOSQUE_DATA ({settings.data}), which is for its owner alone"
    else:
        return settings
    raise SettingsError([mistake])


def _address(text: str) -> str:
    host, separator, port = text.rpartition(":")
    if not separator or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"{text!r} is not an address and a port, such as 127.0.0.1:8000")
    return text


def _web_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"{text!r} is not the address of a site, such as https://example.org")
    return text.rstrip("/")


def _database_url(text: str) -> str:
    if not re.match(r"sqlite:///.|postgres(ql)?://.", text):
        raise ValueError("it starts neither with sqlite:/// nor with postgresql://")  # may hold a password
    if text.startswith("postgres") and find_spec("psycopg") is None:
        raise ValueError("PostgreSQL needs its driver: pip install 'kiosque-server[postgres]'")
    try:
        _ = urlsplit(text).port
    except ValueError:
        raise ValueError("its port is no number; in a password, / is written %2F, ? %3F, # %23") from None
    if text.startswith("sqlite:///file:"):
        raise ValueError("SQLite's file is named by its path, as in sqlite:////var/lib/kiosque/kiosque.db")
    return text


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if (
        parts.scheme not in ("http", "https")
        or not parts.netloc
        or text != f"{parts.scheme}://{parts.netloc}"
    ):
        raise ValueError(f"{text!r} is not an origin, such as https://example.org (no path, no final slash)")
    return text.lower()


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _network(text: str) -> str:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is not an IP address, such as 127.0.0.1 or 10.0.0.0/8") from None
    return text


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"{text!r} is not one of {', '.join(choices)}")
        return text

    return read


def _currency(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise ValueError(f"{text!r} is not a currency code of ISO 4217, such as EUR")
    return text


def _folder(text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise ValueError(f"{text!r} is not a folder")
    return path.resolve()


def _count(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise ValueError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return read


def _default_workers(database_url: str) -> int:
    if database_url.startswith("sqlite") and not sqlite.is_safe():
        return 1
    return min(4, os.cpu_count() or 1)


SAMPLE_SITE = Path(__file__).parent / "site" / "sample"

SETTINGS = (
    Setting("KIOSQUE_DATA", "data", "folder", "`./data`",
            "folder of everything it keeps; made with mode 0700",
            lambda text: Path(text).absolute(), lambda _: Path("data").absolute()),
    Setting("KIOSQUE_DATABASE_URL", "database_url", "URL", "`sqlite:///<KIOSQUE_DATA>/kiosque.db`",
            "or `postgresql://user@host/name`",
            _database_url, lambda values: f"sqlite:///{values['data'] / 'kiosque.db'}"),
    Setting("KIOSQUE_SYNCHRONOUS", "synchronous", "`full` or `normal`", "`full`",
            "SQLite: `normal` is faster and may lose the last commits at power loss",
            _one_of("full", "normal"), lambda _: "full"),
    Setting("KIOSQUE_BIND", "bind", "address:port", "`127.0.0.1:8000`",
            "where the server listens",
            _address, lambda _: "127.0.0.1:8000"),
    Setting("KIOSQUE_URL", "url", "URL", "`http://<KIOSQUE_BIND>`",
            "public address: links are built from it, never from the Host header",
            _web_url, lambda values: f"http://{values['bind']}"),
    Setting("KIOSQUE_HOSTS", "hosts", "list of hosts", "empty: any",
            "hosts answered, comma-separated; others get 421",
            lambda text: frozenset(host.lower() for host in _words(text)), lambda _: frozenset()),
    Setting("KIOSQUE_CORS_ORIGINS", "cors_origins", "list of origins", "empty: none",
            "origins that browsers may call from, comma-separated",
            lambda text: frozenset(_origin(word) for word in _words(text)), lambda _: frozenset()),
    Setting("KIOSQUE_PROXY", "proxy", "list of addresses", "empty",
            "addresses of the trusted proxy; only then are forwarding headers believed",
            lambda text: tuple(map(_network, _words(text))), lambda _: ()),
    Setting("KIOSQUE_CURRENCY", "currency", "ISO 4217 code", "`EUR`",
            "the one currency of this server's shop; prices include tax",
            _currency, lambda _: "EUR"),
    Setting("KIOSQUE_SITE", "site", "folder", "the sample site in the package",
            "folder of static files served at `/`",
            _folder, lambda _: SAMPLE_SITE),
    Setting("WEB_CONCURRENCY", "workers", "1–64", "min(4, cores)",
            "worker processes",
            _count(1, 64), lambda values: _default_workers(values["database_url"])),
    Setting("KIOSQUE_THREADS", "threads", "1–64", "`4`",
            "threads in each worker",
            _count(1, 64), lambda _: 4),
    Setting("KIOSQUE_CACHE_BYTES", "cache_bytes", "0–2147483647", "`8388608`",
            "memory in each worker for answers that everybody gets; 0: none is kept",
            _count(0, 2**31 - 1), lambda _: 2**23),
)  # fmt: skip
