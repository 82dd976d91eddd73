"""The HTTP door of the server's description of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

import api
from api.errors import Unavailable
from api.jobs import rules as jobs
from api.roles import METRICS_READ
from api.settings import Settings
from api.storage import Database
from api.web.context import Request, Response
from api.web.http_errors import Teapot as TeapotRefusal
from api.web.metrics import MEDIA_TYPE, Gauge, Metrics
from api.web.operation import ANYONE, ANYONE_AS_STRANGER, Access, operation
from api.web.responses import answer, document

Mode = Literal["live", "rehearsal"]

LOCAL_OR_METRICS_READ = Access(
    who=f"this machine, or {METRICS_READ}", permissions=(METRICS_READ,), local=True
)


class StatusView(msgspec.Struct):
    """The answer to a probe."""

    status: Annotated[str, Meta(examples=["ok"])]


class ReadinessView(StatusView):
    """The answer to a probe that asks whether the database can be used."""

    jobs: Annotated[Literal["late"], Meta(examples=["late"])] | UnsetType = UNSET
    """There when a job has been due for more than 5 minutes: nobody does them, or they take too long."""


class RootView(msgspec.Struct):
    """The entry point of the API."""

    name: Annotated[str, Meta(examples=["Kiosque"])]
    tagline: Annotated[str | None, Meta(examples=["A small press on the quay"])]
    languages: Annotated[tuple[str, ...], Meta(examples=[["en"]])]
    country: Annotated[str | None, Meta(examples=["FR"])]
    currency: Annotated[str, Meta(description="ISO 4217: that of every price.", examples=["EUR"])]
    prices_include_tax: Annotated[bool, Meta(examples=[True])]
    seller: Annotated[
        str | None,
        Meta(
            description="Name, address and tax number of the shop, in lines, for the page of an order.",
            examples=["Kiosque SARL\n12 quai du Port, 29900 Concarneau\nFR 12 345678901"],
        ),
    ]
    article_url: Annotated[str, Meta(examples=["https://example.org/article/?slug={slug}"])]
    item_url: Annotated[str, Meta(examples=["https://example.org/item/?slug={slug}"])]
    version: Annotated[str, Meta(examples=[api.__version__])]
    mode: Annotated[Mode, Meta(examples=["live"])]
    links: Annotated[dict[str, str], Meta(examples=[{"articles": "https://example.org/v1/articles"}])]


class Root:
    """The entry point of the API; `paths` are those of all routes."""

    BESIDE = (
        ("openapi", "/openapi.json"),
        ("docs", "/docs"),
        ("problems", "/problems"),
        ("feed", "/feed.json"),
        ("atom", "/feed.atom"),
        ("sitemap", "/sitemap.xml"),
        ("health", "/healthz"),
        ("readiness", "/readyz"),
    )

    def __init__(self, settings: Settings, paths: Callable[[], Iterable[str]], mode: Mode) -> None:
        self._site = settings.public_site
        self._currency = settings.currency
        self._prices_include_tax = settings.tariff.prices_include_tax
        self._seller = settings.seller
        self._mode = mode
        self._paths = paths

    @operation(ANYONE, returns=RootView)
    def on_get(self, _req: Request, resp: Response) -> None:
        """Show the site's name and addresses, the version and links to everything else."""
        site = self._site
        view = RootView(
            name=site.name,
            tagline=site.tagline or None,
            languages=site.languages,
            country=site.country or None,
            currency=self._currency,
            prices_include_tax=self._prices_include_tax,
            seller=self._seller or None,
            article_url=site.article_page,
            item_url=site.item_page,
            version=api.__version__,
            mode=self._mode,
            links=self._links(),
        )
        answer(resp, view)

    def _links(self) -> dict[str, str]:
        """Every path directly under /v1, and those outside it."""
        names = (path.removeprefix("/v1/") for path in self._paths() if path.startswith("/v1/"))
        collections = ((name.replace("-", "_"), f"/v1/{name}") for name in names if "/" not in name)
        return {name: f"{self._site.url}{path}" for name, path in (*collections, *self.BESIDE)}


class Health:
    """/healthz"""

    @operation(ANYONE_AS_STRANGER, returns=StatusView)
    def on_get(self, _req: Request, resp: Response) -> None:
        """Check that this worker answers."""
        answer(resp, StatusView("ok"))


class Readiness:
    """/readyz"""

    def __init__(self, db: Database) -> None:
        self._db = db

    @operation(ANYONE_AS_STRANGER, returns=ReadinessView)
    def on_get(self, _req: Request, resp: Response) -> None:
        """Check that the database can be used."""
        with self._db.read() as tx:
            late = jobs.seconds_late(tx) > jobs.LATE_AFTER
        answer(resp, ReadinessView("ok", jobs="late" if late else UNSET))


class OpenApi:
    """/openapi.json"""

    def __init__(self, describe: Callable[[], dict[str, Any]]) -> None:
        self._describe = describe
        self._description: dict[str, Any] | None = None

    @operation(ANYONE, returns=Annotated[dict[str, Any], Meta(examples=[{"openapi": "3.1.0"}])], kept=True)
    def on_get(self, _req: Request, resp: Response) -> None:
        """Describe this API as OpenAPI 3.1."""
        if self._description is None:
            self._description = self._describe()
        answer(resp, self._description)


class MetricsText:
    """/metrics"""

    def __init__(self, metrics: Metrics, db: Database) -> None:
        self._metrics = metrics
        self._db = db

    @operation(LOCAL_OR_METRICS_READ, media_types=(MEDIA_TYPE,))
    def on_get(self, _req: Request, resp: Response) -> None:
        """Show the metrics for Prometheus (OpenMetrics)."""
        document(resp, self._metrics.text(self._gauges()), MEDIA_TYPE)

    def _gauges(self) -> list[Gauge]:
        try:
            with self._db.read() as tx:
                return jobs.gauges(tx)
        except Unavailable:
            return []  # whoever looks into an outage needs the other metrics


class Teapot:
    """/teapot"""

    @operation(ANYONE, status=418, errors=(TeapotRefusal,))
    def on_get(self, _req: Request, _resp: Response) -> None:
        """Decline to brew coffee."""
        raise TeapotRefusal
