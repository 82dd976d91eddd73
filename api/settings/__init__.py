"""Every setting in one table, read from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from api.errors import OperatorError
from api.settings import conflicts, cores, types
from api.settings.public_site import PublicSite
from api.settings.rows import Setting, setting
from api.settings.shop import ShopSettings

SAMPLE_SITE = conflicts.SAMPLE_SITE


class SettingsError(OperatorError):
    """All mistakes in the settings, one per line."""

    def __init__(self, mistakes: list[str]) -> None:
        self.mistakes = mistakes
        super().__init__("\n  ".join(["these settings cannot be used:", *mistakes]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(ShopSettings):
    """The operator's choices."""

    data: Path = setting(
        "KIOSQUE_DATA", types.NEW_FOLDER, "./data", "folder of all data; created with mode 0700"
    )
    database_url: str = setting(
        "KIOSQUE_DATABASE_URL",
        types.DATABASE,
        lambda values: f"sqlite:///{values['data'] / 'kiosque.db'}",
        "or `postgresql://user@host/name`",
        shown="`sqlite:///<KIOSQUE_DATA>/kiosque.db`",
    )
    synchronous: str = setting(
        "KIOSQUE_SYNCHRONOUS",
        types.one_of("full", "normal"),
        "full",
        "SQLite: `normal` is faster and may lose the last commits at power loss",
    )
    bind: str = setting(
        "KIOSQUE_BIND",
        types.ADDRESS,
        "127.0.0.1:8000",
        "address that the server listens on; port 0: a free one",
    )
    url: str = setting(
        "KIOSQUE_URL",
        types.WEB_URL,
        lambda values: f"http://{values['bind']}",
        "public address: links are built from it, never from the Host header",
        shown="`http://<KIOSQUE_BIND>`",
    )
    site_name: str = setting("KIOSQUE_NAME", types.line(100), "Kiosque", "name of the site")
    tagline: str = setting("KIOSQUE_TAGLINE", types.line(200), "", "what the site is, in one line")
    article_url: str = setting(
        "KIOSQUE_ARTICLE_URL",
        types.PAGE,
        "/article/?slug={slug}",
        "page of an article: `{slug}` in a path of the site, or in the address of another one",
    )
    item_url: str = setting("KIOSQUE_ITEM_URL", types.PAGE, "/item/?slug={slug}", "page of an item, likewise")
    languages: tuple[str, ...] = setting(
        "KIOSQUE_LANGUAGES",
        types.LANGUAGES,
        "en",
        "languages of the site, comma-separated, the main one first",
    )
    hosts: frozenset[str] = setting(
        "KIOSQUE_HOSTS",
        types.HOSTS,
        "",
        "hosts that are served, comma-separated; others get 421",
        shown="empty: any",
    )
    cors_origins: frozenset[str] = setting(
        "KIOSQUE_CORS_ORIGINS",
        types.ORIGINS,
        "",
        "origins that browsers may call from, comma-separated",
        shown="empty: none",
    )
    proxy: tuple[str, ...] = setting(
        "KIOSQUE_PROXY",
        types.NETWORKS,
        "",
        "addresses of the trusted proxy, comma-separated; forwarding headers of others are ignored",
        shown="empty: none",
    )
    sendfile: str = setting(
        "KIOSQUE_SENDFILE",
        types.LOCATION,
        lambda _: "",
        "location of nginx, such as `/protected/`, from which it sends pictures and downloads by itself",
        shown="empty: Kiosque sends them",
    )
    sign_up: str = setting(
        "KIOSQUE_SIGN_UP",
        types.one_of("open", "verified", "closed"),
        "open",
        "whether strangers may create accounts; `verified`: they work once their e-mail is confirmed;"
        " `closed`: only the operator, at the shell",
    )
    staff_codes: str = setting(
        "KIOSQUE_STAFF_CODES",
        types.one_of("on", "off"),
        "off",
        "whether staff, and not only customers, may log in by a code that is mailed to them",
    )
    staff_second_factor: str = setting(
        "KIOSQUE_STAFF_SECOND_FACTOR",
        types.one_of("optional", "required"),
        "optional",
        "`required`: staff and their API keys can do nothing before their account has a second factor",
    )
    audit_days: int = setting(
        "KIOSQUE_AUDIT_DAYS",
        types.count(30, 36_500),
        "365",
        "days for which the audit is stored: who did what to whose account",
    )
    admin: str = setting(
        "KIOSQUE_ADMIN", types.one_of("on", "off"), "on", "whether the office is served at `/admin/`"
    )
    admin_url: str = setting(
        "KIOSQUE_ADMIN_URL",
        types.ORIGIN,
        lambda _: "",
        "origin of the office, such as `https://office.example.org`, if it has a host of its own",
        shown="empty: that of KIOSQUE_URL",
    )
    limits: str = setting(
        "KIOSQUE_LIMITS",
        types.one_of("on", "off"),
        "on",
        "limits on how often a network or an account may do something; `off` only on this machine, for tests",
    )
    site: Path = setting(
        "KIOSQUE_SITE",
        types.FOLDER,
        lambda _: SAMPLE_SITE,
        "folder of static files served at `/`",
        shown="the sample site in the package",
    )
    site_csp: str = setting(
        "KIOSQUE_SITE_CSP",
        types.HEADER_VALUE,
        "default-src 'self'; img-src * data:; media-src *; object-src 'none'; base-uri 'none';"
        " form-action 'self'; frame-ancestors 'none'",
        "Content-Security-Policy of the files in KIOSQUE_SITE",
    )
    mail_url: str = setting(
        "KIOSQUE_MAIL_URL",
        types.MAIL_SERVER,
        lambda _: "",
        "`smtp://user:password@host:587` (STARTTLS) or `smtps://…` to send mails; `print:` prints them",
        shown="empty: mails are kept, not sent",
    )
    mail_from: str = setting(
        "KIOSQUE_MAIL_FROM",
        types.SENDER,
        lambda _: "",
        "sender of mails, as in `Shop <shop@example.org>`; needed to send any",
        shown="empty",
    )
    mail_templates: Path | None = setting(
        "KIOSQUE_MAIL_TEMPLATES",
        types.FOLDER,
        lambda _: None,
        "folder of templates that replace those of the package, such as `reset.en.md`",
        shown="empty: those of the package",
    )
    webhook_inside: frozenset[str] = setting(
        "KIOSQUE_WEBHOOK_INSIDE",
        types.HOSTS,
        "",
        "hosts of your own network that webhooks may reach, comma-separated, over http too",
        shown="empty: none",
    )
    jobs: str = setting(
        "KIOSQUE_JOBS",
        types.one_of("here", "elsewhere"),
        "here",
        "where background work is done: in a thread of each worker, or `elsewhere` by `kiosque work`",
    )
    workers: int = setting(
        "WEB_CONCURRENCY",
        types.count(1, 64),
        lambda values: cores.default_workers(values["database_url"]),
        "worker processes",
        shown="min(4, cores it may use)",
    )
    threads: int = setting("KIOSQUE_THREADS", types.count(1, 64), "4", "threads in each worker")
    cache_bytes: int = setting(
        "KIOSQUE_CACHE_BYTES",
        types.count(0, 2**31 - 1),
        "8388608",
        "memory in each worker for answers that everybody gets; 0: no cache",
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read every setting, or raise SettingsError with all the mistakes at once."""
        values: dict[str, Any] = {}
        mistakes = []
        for name, row in SETTINGS.items():
            text = environ.get(row.variable, "")
            try:
                values[name] = row.kind.read(text) if text else row.default(values)
            except ValueError as mistake:
                mistakes.append(f"{row.variable}: {mistake}")
                values[name] = row.default(values)  # later defaults may be built from it
        if mistakes:
            raise SettingsError(mistakes)
        return cls(**values)._without_conflicts()

    @property
    def public_site(self) -> PublicSite:
        """The site as its visitors know it."""
        return PublicSite(
            url=self.url,
            name=self.site_name,
            tagline=self.tagline,
            article_page=_absolute(self.url, self.article_url),
            item_page=_absolute(self.url, self.item_url),
            media=self.media_public_url or f"{self.url}/media",
            languages=self.languages,
            country=self.country,
        )

    def over(self, database_url: str) -> Settings:
        """The same settings with another database; raises SettingsError if it cannot be used."""
        try:
            other = replace(self, database_url=types.DATABASE.read(database_url))
        except ValueError as mistake:
            raise SettingsError([str(mistake)]) from None
        return other._without_conflicts()

    def is_on_site(self, path: Path) -> bool:
        """Whether the site would send the file at `path` to everybody, links followed."""
        return path.resolve().is_relative_to(self.site.resolve())

    def _without_conflicts(self) -> Settings:
        mistakes = list(conflicts.between(self))
        if mistakes:
            raise SettingsError(mistakes)
        return self


_LAST = {each.name for each in fields(ShopSettings)}
SETTINGS: Mapping[str, Setting] = {
    each.name: each.metadata["setting"]
    for each in sorted(fields(Settings), key=lambda each: each.name in _LAST)
}
"""By field, those of media and of the shop last."""


def _absolute(site: str, page: str) -> str:
    return f"{site}{page}" if page.startswith("/") else page
