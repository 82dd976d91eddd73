"""Typed dictionaries of all answers. `make types` derives this module from the OpenAPI document."""

from __future__ import annotations

from typing import Any, Generic, Literal, NotRequired, TypedDict, TypeVar

Row = TypeVar("Row")


class Page(TypedDict, Generic[Row]):
    """One page of a list; `next` is the path of the next page, or None."""

    data: list[Row]
    next: str | None


class Account(TypedDict):
    id: str
    email: str | None
    email_verified_at: str | None
    pending_email: str | None
    name: str
    language: str | None
    role: Literal["author", "customer", "editor", "owner", "shopkeeper"] | str
    status: Literal["active", "suspended"] | str
    created_at: str
    version: int
    erased_at: str | None


class Address(TypedDict):
    name: str
    company: NotRequired[str | None]
    line1: str
    line2: NotRequired[str | None]
    city: str
    region: NotRequired[str | None]
    postcode: NotRequired[str | None]
    country: str
    phone: NotRequired[str | None]


class ApiKey(TypedDict):
    id: str
    name: str
    prefix: str
    scopes: list[
        Literal[
            "accounts:read",
            "accounts:write",
            "articles:edit",
            "articles:write",
            "audit:read",
            "comments:moderate",
            "comments:write",
            "events:read",
            "imports:write",
            "items:write",
            "jobs:write",
            "mails:read",
            "me:read",
            "me:write",
            "media:write",
            "metrics:read",
            "orders:place",
            "orders:read",
            "orders:write",
            "redirects:write",
            "settings:read",
            "shop:write",
            "stock:write",
            "webhooks:write",
        ]
        | str
    ]
    created_at: str
    last_used_at: str | None
    expires_at: str


class AppliedCouponView(TypedDict):
    code: str
    applied: bool
    reason: Literal["expired", "minimum", "not-for-these", "unknown", "used-up", "yours"] | str | None
    amount: Money


class ArticleSummaryView(TypedDict):
    id: str
    type: Literal["article", "page"] | str
    slug: str
    title: str
    status: Literal["draft", "published", "scheduled"] | str
    excerpt: str | None
    language: str | None
    image: Image | None
    format: Literal["html", "markdown"] | str
    authors: list[NamedView]
    tags: list[NamedView]
    categories: list[NamedView]
    featured: bool
    comment_policy: Literal["closed", "open"] | str
    comment_count: int
    publish_at: str | None
    published_at: str | None
    created_at: str
    updated_at: str
    version: int
    url: str


class ArticleView(TypedDict):
    id: str
    type: Literal["article", "page"] | str
    slug: str
    title: str
    status: Literal["draft", "published", "scheduled"] | str
    excerpt: str | None
    language: str | None
    image: Image | None
    format: Literal["html", "markdown"] | str
    authors: list[NamedView]
    tags: list[NamedView]
    categories: list[NamedView]
    featured: bool
    comment_policy: Literal["closed", "open"] | str
    comment_count: int
    publish_at: str | None
    published_at: str | None
    created_at: str
    updated_at: str
    version: int
    url: str
    body: str | None
    body_html: str


class Attempt(TypedDict):
    at: str
    status: int | None
    ms: int
    error: str | None
    excerpt: str | None


class AuditEvent(TypedDict):
    account_id: NotRequired[str | None]
    session_id: NotRequired[str | None]
    key_id: NotRequired[str | None]
    network: NotRequired[str | None]
    request_id: NotRequired[str | None]
    id: str
    at: str
    kind: (
        Literal[
            "cancellation",
            "email",
            "erasure",
            "import",
            "key-ended",
            "key-made",
            "login",
            "login-failed",
            "logout",
            "password",
            "refund",
            "restore",
            "role",
            "second-factor",
            "settings",
            "status",
        ]
        | str
    )
    subject: str | None
    facts: dict[str, str]


class AuthorView(TypedDict):
    name: str
    slug: str
    count: int


class BracketView(TypedDict):
    up_to_g: int
    price: Money


class BuyerView(TypedDict):
    account: str | None
    email: str


class CategoryView(TypedDict):
    name: str
    slug: str
    parent: str | None
    count: int


class Check(TypedDict):
    name: str
    state: Literal["failed", "ok", "skipped", "warning"] | str
    detail: str
    remedy: str | None


class CheckMailView(TypedDict):
    status: NotRequired[Literal["check-mail"] | str]


class ClaimedView(TypedDict):
    data: list[OrderView]


class CommentAuthorView(TypedDict):
    name: str
    slug: str | None
    staff: bool


class CommentView(TypedDict):
    id: str
    article: CommentedArticleView
    parent: str | None
    author: CommentAuthorView
    body: str
    body_html: str
    status: Literal["approved", "pending", "spam", "trash"] | str
    created_at: str
    version: int


class CommentedArticleView(TypedDict):
    id: str
    slug: str | None
    title: str | None


class CountryView(TypedDict):
    code: str
    name: str
    ships: bool


class Counts(TypedDict):
    created: NotRequired[int]
    updated: NotRequired[int]
    unchanged: NotRequired[int]


class CouponUseView(TypedDict):
    code: str
    amount: Money


class CouponView(TypedDict):
    id: str
    code: str
    kind: Literal["fixed", "free_shipping", "percent"] | str
    percent: int | None
    amount: Money | None
    min_subtotal: Money | None
    starts_at: str | None
    ends_at: str | None
    usage_limit: int | None
    per_customer: int | None
    items: list[str]
    categories: list[str]
    status: Literal["active", "retired"] | str
    used: int


class Delivery(TypedDict):
    id: str
    event: str
    state: Literal["delivered", "failed", "pending"] | str
    attempts: list[Attempt]


class Download(TypedDict):
    path: NotRequired[str | None]
    media: NotRequired[str | None]
    name: str


class DownloadExport(TypedDict):
    id: str
    sku: str
    name: str
    limit: int
    used: int
    expires_at: str | None


class DownloadView(TypedDict):
    id: str
    sku: str
    name: str
    limit: int
    used: int
    expires_at: str | None
    type: str
    bytes: int | None


class Event(TypedDict):
    id: str
    type: (
        Literal[
            "account.created",
            "account.erased",
            "account.updated",
            "article.created",
            "article.deleted",
            "article.published",
            "article.scheduled",
            "article.unpublished",
            "article.updated",
            "comment.approved",
            "comment.created",
            "comment.deleted",
            "comment.updated",
            "item.created",
            "item.deleted",
            "item.updated",
            "media.created",
            "media.deleted",
            "media.updated",
            "order.cancelled",
            "order.completed",
            "order.expired",
            "order.fulfilled",
            "order.paid",
            "order.partly_fulfilled",
            "order.partly_paid",
            "order.placed",
            "order.refunded",
            "order.updated",
            "payment.captured",
            "payment.disputed",
            "payment.failed",
            "payment.mismatch",
            "refund.failed",
            "refund.succeeded",
            "stock.low",
            "stock.moved",
            "stock.out",
            "webhook.disabled",
        ]
        | str
    )
    at: str
    subject: Subject
    actor: Literal["buyer", "staff", "stranger", "system"] | str
    data: dict[str, Any] | None


class EventPage(TypedDict):
    data: list[Event]
    cursor: str


class EventView(TypedDict):
    at: str
    kind: (
        Literal[
            "cancelled",
            "changed",
            "completed",
            "expired",
            "fulfilled",
            "paid",
            "partly_cancelled",
            "partly_fulfilled",
            "partly_paid",
            "payment_disputed",
            "payment_failed",
            "payment_mismatch",
            "placed",
            "refund_failed",
            "refunded",
            "revived",
        ]
        | str
    )
    by: Literal["buyer", "staff", "system"] | str
    by_account: str | None
    note: str | None


class ExportView(TypedDict):
    account: Account
    sessions: list[SessionView]
    api_keys: list[ApiKey]
    second_factors: list[SecondFactor]
    login_networks: list[LoginNetwork]
    failed_logins: list[FailedLogins]
    limits: list[LimitUse]
    stored_answers: list[StoredAnswer]
    articles: list[ArticleView]
    comments: list[CommentView]
    media: list[MediumView]
    orders: list[OrderExport]
    mails: list[Mail]
    audit_events: list[AuditEvent]


class FailedLogins(TypedDict):
    failures: int
    since: str


class Failure(TypedDict):
    code: str


class Fulfilment(TypedDict):
    id: str
    lines: list[FulfilmentLine]
    carrier: str | None
    tracking: str | None
    created_at: str


class FulfilmentLine(TypedDict):
    sku: str
    quantity: int


class GuestOrderView(TypedDict):
    id: str
    number: int
    placed_at: str
    expires_at: str | None
    buyer: BuyerView
    shipping_address: Address | None
    billing_address: Address | None
    shipping_method: ShippingView | None
    order_status: Literal["cancelled", "completed", "expired", "open"] | str
    payment_status: (
        Literal["authorised", "paid", "partly_paid", "partly_refunded", "pending", "refunded", "unpaid"] | str
    )
    fulfilment_status: Literal["fulfilled", "none", "partial"] | str
    lines: list[OrderLineView]
    subtotal: Money
    discount: Money
    shipping: Money
    shipping_tax: Money
    tax: Money
    taxes: list[TaxView]
    prices_include_tax: bool
    coupons: list[CouponUseView]
    tax_id: str | None
    total: Money
    paid: Money
    refunded: Money
    credited: Money
    due: Money
    note: str | None
    staff_note: str | None
    updated_at: str
    version: int
    events: list[EventView]
    payment: NotRequired[PaymentView]
    access_token: NotRequired[str]


class Image(TypedDict):
    id: str
    url: str
    alt: str
    media: str | None
    sizes: list[ImageSize]
    width: int | None
    height: int | None


class ImageSize(TypedDict):
    url: str
    width: int
    height: int
    bytes: int


class ImportView(TypedDict):
    id: str
    state: Literal["done", "refused", "running", "waiting"] | str
    dry_run: bool
    format: str | None
    progress: Progress | None
    counts: dict[str, Counts]
    notes: list[Note]
    error: Refusal | None
    created_at: str
    ended_at: str | None


class ItemView(TypedDict):
    id: str
    slug: str
    name: str
    kind: Literal["digital", "external", "physical", "service"] | str
    tax_class: str
    external_url: str | None
    status: Literal["archived", "draft", "published", "unlisted"] | str
    summary: str | None
    description: str | None
    description_html: str | None
    categories: list[TermView]
    tags: list[TermView]
    images: list[Image]
    options: list[Option]
    properties: list[Property]
    variants: list[VariantView]
    created_at: str
    updated_at: str
    version: int
    url: str


class JobRecord(TypedDict):
    id: str
    kind: str
    state: Literal["failed", "waiting"] | str
    facts: dict[str, str]
    attempts: int
    error: str | None
    due_at: str
    failed_at: str | None
    created_at: str


class LimitUse(TypedDict):
    kind: str
    used: int
    until: str


class LinkView(TypedDict):
    url: str
    expires_at: str


class LoginCodeView(TypedDict):
    id: str


class LoginNetwork(TypedDict):
    network: str
    last_login_at: str


class LoginView(TypedDict):
    token: str
    expires_at: str
    account: Account


class Mail(TypedDict):
    id: str
    kind: (
        Literal[
            "cancelled",
            "comment-answered",
            "comment-waits",
            "download-ready",
            "email-changed",
            "expired",
            "login-code",
            "new-login",
            "order-link",
            "password-changed",
            "payment-waits",
            "receipt",
            "refunded",
            "reset",
            "shipped",
            "sign-up-taken",
            "verify",
            "webhook-disabled",
        ]
        | str
    )
    to: str | None
    subject: str | None
    language: str
    state: Literal["failed", "kept", "sent", "waiting"] | str
    attempts: int
    error: str | None
    at: str


class MailView(TypedDict):
    id: str
    kind: (
        Literal[
            "cancelled",
            "comment-answered",
            "comment-waits",
            "download-ready",
            "email-changed",
            "expired",
            "login-code",
            "new-login",
            "order-link",
            "password-changed",
            "payment-waits",
            "receipt",
            "refunded",
            "reset",
            "shipped",
            "sign-up-taken",
            "verify",
            "webhook-disabled",
        ]
        | str
    )
    to: str | None
    subject: str | None
    language: str
    state: Literal["failed", "kept", "sent", "waiting"] | str
    attempts: int
    error: str | None
    at: str
    text: str | None


class MediumView(TypedDict):
    id: str
    filename: str
    type: (
        Literal[
            "application/epub+zip",
            "application/pdf",
            "application/zip",
            "audio/mpeg",
            "image/avif",
            "image/gif",
            "image/jpeg",
            "image/png",
            "image/webp",
            "video/mp4",
        ]
        | str
    )
    bytes: int
    sha256: str
    width: int | None
    height: int | None
    alt: str
    caption: str
    credit: str
    sizes: list[SizeView]
    url: str | None
    created_at: str
    version: int


class Money(TypedDict):
    amount: int
    currency: str


class Movement(TypedDict):
    id: str
    delta: int
    reason: (
        Literal[
            "adjust",
            "cancellation",
            "expiry",
            "import",
            "initial",
            "loss",
            "order",
            "receive",
            "return",
            "tracked",
            "untracked",
        ]
        | str
    )
    note: str | None
    order: str | None
    by: str | None
    created_at: str


class NamedView(TypedDict):
    name: str
    slug: str


class NewApiKey(TypedDict):
    id: str
    name: str
    prefix: str
    scopes: list[
        Literal[
            "accounts:read",
            "accounts:write",
            "articles:edit",
            "articles:write",
            "audit:read",
            "comments:moderate",
            "comments:write",
            "events:read",
            "imports:write",
            "items:write",
            "jobs:write",
            "mails:read",
            "me:read",
            "me:write",
            "media:write",
            "metrics:read",
            "orders:place",
            "orders:read",
            "orders:write",
            "redirects:write",
            "settings:read",
            "shop:write",
            "stock:write",
            "webhooks:write",
        ]
        | str
    ]
    created_at: str
    last_used_at: str | None
    expires_at: str
    secret: str


class NewSecondFactor(TypedDict):
    id: str
    secret: str
    uri: str
    recovery_codes: list[str]


class NewWebhook(TypedDict):
    id: str
    url: str
    events: list[str]
    description: str | None
    status: Literal["active", "disabled"] | str
    disabled_reason: Literal["failing", "gone"] | str | None
    created_at: str
    secret: str


class NextStep(TypedDict):
    url: str
    expires_at: str | None


class Note(TypedDict):
    code: Literal["more", "noted", "skipped"] | str
    kind: str
    detail: str
    count: int
    labels: list[str]


class Option(TypedDict):
    name: str
    values: list[str]


class OrderExport(TypedDict):
    id: str
    number: int
    placed_at: str
    expires_at: str | None
    buyer: BuyerView
    shipping_address: Address | None
    billing_address: Address | None
    shipping_method: ShippingView | None
    order_status: Literal["cancelled", "completed", "expired", "open"] | str
    payment_status: (
        Literal["authorised", "paid", "partly_paid", "partly_refunded", "pending", "refunded", "unpaid"] | str
    )
    fulfilment_status: Literal["fulfilled", "none", "partial"] | str
    lines: list[OrderLineView]
    subtotal: Money
    discount: Money
    shipping: Money
    shipping_tax: Money
    tax: Money
    taxes: list[TaxView]
    prices_include_tax: bool
    coupons: list[CouponUseView]
    tax_id: str | None
    total: Money
    paid: Money
    refunded: Money
    credited: Money
    due: Money
    note: str | None
    staff_note: str | None
    updated_at: str
    version: int
    events: list[EventView]
    payments: list[PaymentView]
    refunds: list[RefundView]
    fulfilments: list[Fulfilment]
    downloads: list[DownloadExport]


class OrderLineView(TypedDict):
    sku: str
    variant: str
    name: str
    quantity: int
    unit_price: Money
    total: Money
    discount: Money
    tax: Money
    fulfilled: int
    cancelled: int
    returned: int


class OrderView(TypedDict):
    id: str
    number: int
    placed_at: str
    expires_at: str | None
    buyer: BuyerView
    shipping_address: Address | None
    billing_address: Address | None
    shipping_method: ShippingView | None
    order_status: Literal["cancelled", "completed", "expired", "open"] | str
    payment_status: (
        Literal["authorised", "paid", "partly_paid", "partly_refunded", "pending", "refunded", "unpaid"] | str
    )
    fulfilment_status: Literal["fulfilled", "none", "partial"] | str
    lines: list[OrderLineView]
    subtotal: Money
    discount: Money
    shipping: Money
    shipping_tax: Money
    tax: Money
    taxes: list[TaxView]
    prices_include_tax: bool
    coupons: list[CouponUseView]
    tax_id: str | None
    total: Money
    paid: Money
    refunded: Money
    credited: Money
    due: Money
    note: str | None
    staff_note: str | None
    updated_at: str
    version: int
    events: list[EventView]


class PaymentProviderView(TypedDict):
    id: Literal["manual", "stripe", "test"] | str
    label: str
    test: bool


class PaymentView(TypedDict):
    id: str
    provider: str
    state: Literal["authorised", "cancelled", "captured", "failed", "open", "processing"] | str
    amount: Money
    captured: Money
    refunded: Money
    method: str | None
    reference: str | None
    next: NextStep | None
    failure: Failure | None
    instructions: str | None
    created_at: str


class ProblemView(TypedDict):
    type: str
    code: str
    status: int
    title: str
    meaning: str
    remedy: str


class Progress(TypedDict):
    step: Literal["articles", "comments", "items", "reading", "texts"] | str
    done: NotRequired[int]
    total: NotRequired[int | None]


class Property(TypedDict):
    name: str
    value: str


class QuoteLineView(TypedDict):
    sku: str
    variant: str
    name: str
    quantity: int
    available: int | None
    unit_price: Money
    total: Money
    discount: Money
    tax: Money


class QuoteView(TypedDict):
    lines: list[QuoteLineView]
    shipping_options: list[ShippingOptionView]
    shipping_method: ShippingView | None
    coupons: list[AppliedCouponView]
    prices_include_tax: bool
    subtotal: Money
    discount: Money
    shipping: Money
    shipping_tax: Money
    tax: Money
    taxes: list[TaxView]
    total: Money


class ReadinessView(TypedDict):
    status: str
    jobs: NotRequired[Literal["late"] | str]


RedirectView = TypedDict(
    "RedirectView",
    {"id": "str", "from": "str", "to": "str | None", "target": "Target | None", "created_at": "str"},
)


class RefundLine(TypedDict):
    sku: str
    quantity: int
    restock: NotRequired[bool]


class RefundView(TypedDict):
    id: str
    payment: str
    state: Literal["failed", "pending", "succeeded"] | str
    amount: Money
    lines: list[RefundLine]
    reason: str | None
    created_at: str


class Refusal(TypedDict):
    detail: str
    remedy: str
    line: NotRequired[int | None]
    column: NotRequired[int | None]


class RenderingView(TypedDict):
    body_html: str


class ReplayView(TypedDict):
    events: int


class RoleView(TypedDict):
    role: Literal["author", "customer", "editor", "owner", "shopkeeper"] | str
    permissions: list[
        Literal[
            "accounts:read",
            "accounts:write",
            "articles:edit",
            "articles:write",
            "audit:read",
            "comments:moderate",
            "comments:write",
            "events:read",
            "imports:write",
            "items:write",
            "jobs:write",
            "mails:read",
            "me:read",
            "me:write",
            "media:write",
            "metrics:read",
            "orders:place",
            "orders:read",
            "orders:write",
            "redirects:write",
            "settings:read",
            "shop:write",
            "stock:write",
            "webhooks:write",
        ]
        | str
    ]


class RootView(TypedDict):
    name: str
    tagline: str | None
    languages: list[str]
    country: str | None
    currency: str
    prices_include_tax: bool
    seller: str | None
    article_url: str
    item_url: str
    version: str
    mode: Literal["live", "rehearsal"] | str
    links: dict[str, str]


Sale = TypedDict("Sale", {"price": "Money", "from": "str | None", "until": "str | None"})


class SecondFactor(TypedDict):
    id: str
    status: Literal["active", "pending"] | str
    recovery_codes_left: int
    created_at: str
    activated_at: str | None


class Secret(TypedDict):
    secret: str


class SessionView(TypedDict):
    id: str
    created_at: str
    last_used_at: str
    expires_at: str
    user_agent: str | None
    current: bool


class SettingInForce(TypedDict):
    variable: str
    type: str
    value: str | None
    default: str
    set: bool
    secret: bool
    description: str


class ShippingMethod(TypedDict):
    id: str
    name: str
    countries: list[str]
    regions: list[str]
    price: Money
    free_over: Money | None
    brackets: list[BracketView]
    tax_class: str
    position: int
    status: Literal["active", "retired"] | str


class ShippingOptionView(TypedDict):
    method: str
    name: str
    price: Money


class ShippingView(TypedDict):
    id: str
    name: str
    price: Money


class SizeView(TypedDict):
    url: str
    width: int
    height: int
    bytes: int


class StatusView(TypedDict):
    status: str


class StockView(TypedDict):
    tracked: bool
    available: int | None


class StoredAnswer(TypedDict):
    method: str
    path: str
    key: str
    created_at: str


class Subject(TypedDict):
    kind: (
        Literal[
            "account",
            "article",
            "comment",
            "item",
            "media",
            "order",
            "payment",
            "refund",
            "variant",
            "webhook",
        ]
        | str
    )
    id: str


class Summary(TypedDict):
    articles_draft: NotRequired[int | None]
    articles_scheduled: NotRequired[int | None]
    comments_pending: NotRequired[int | None]
    orders_unpaid: NotRequired[int | None]
    orders_to_send: NotRequired[int | None]
    refunds_pending: NotRequired[int | None]
    refunds_failed: NotRequired[int | None]
    stock_low: NotRequired[int | None]
    stock_out: NotRequired[int | None]
    jobs_failed: NotRequired[int | None]
    mails_failed: NotRequired[int | None]
    webhooks_disabled: NotRequired[int | None]


class TagView(TypedDict):
    name: str
    slug: str
    count: int


class Target(TypedDict):
    kind: Literal["article", "category", "item", "tag"] | str
    id: str


TaxRate = TypedDict(
    "TaxRate",
    {"id": "str", "class": "str", "country": "str", "region": "str | None", "name": "str", "rate": "str"},
)


class TaxView(TypedDict):
    name: str
    rate: str
    net: Money
    amount: Money


class TermView(TypedDict):
    name: str
    slug: str


class TestPaymentView(TypedDict):
    id: str
    state: Literal["authorised", "cancelled", "captured", "failed", "open", "processing"] | str
    outcome: (
        Literal["abandon", "challenge", "decline", "delayed_failure", "delayed_success", "success"]
        | str
        | None
    )
    amount: Money
    captured: Money
    failure: str | None


class Trial(TypedDict):
    delivered: bool
    status: int | None
    ms: int
    error: str | None


class Use(TypedDict):
    kind: Literal["article", "item", "order"] | str
    id: str
    title: str


class UsedMediumView(TypedDict):
    id: str
    filename: str
    type: (
        Literal[
            "application/epub+zip",
            "application/pdf",
            "application/zip",
            "audio/mpeg",
            "image/avif",
            "image/gif",
            "image/jpeg",
            "image/png",
            "image/webp",
            "video/mp4",
        ]
        | str
    )
    bytes: int
    sha256: str
    width: int | None
    height: int | None
    alt: str
    caption: str
    credit: str
    sizes: list[SizeView]
    url: str | None
    created_at: str
    version: int
    uses: list[Use]
    uses_count: int


class VariantView(TypedDict):
    id: str
    sku: str
    name: str
    options: dict[str, str]
    price: Money
    regular_price: Money
    sale: Sale | None
    compare_at: Money | None
    weight_g: int | None
    max_per_order: int | None
    downloads: list[Download]
    stock: StockView
    on_sale: bool
    version: int


class Webhook(TypedDict):
    id: str
    url: str
    events: list[str]
    description: str | None
    status: Literal["active", "disabled"] | str
    disabled_reason: Literal["failing", "gone"] | str | None
    created_at: str


WITHOUT_KEY = (
    "/v1/webhooks",
    "/v1/webhooks/[^/]+/secrets",
    "/v1/webhooks/[^/]+/tests",
    "/v1/accounts",
    "/v1/setup",
    "/v1/sessions",
    "/v1/me/second-factors",
    "/v1/me/email-verifications",
    "/v1/email-confirmations",
    "/v1/email-restorations",
    "/v1/login-codes",
    "/v1/password-resets",
    "/v1/password-changes",
    "/v1/api-keys",
    "/v1/renderings",
    "/v1/downloads/[^/]+/links",
    "/v1/order-links",
    "/v1/me/order-claims",
    "/v1/quotes",
    "/v1/payment-providers/[^/]+/events",
    "/test-payments/[^/]+",
)
"""Patterns of the paths where no POST may be repeated: the server stores no answer by Idempotency-Key."""
