"""The routes as a table of contents: every path and its resource."""

from __future__ import annotations

from collections.abc import Sequence

import api
from api.accounts import weak_passwords
from api.accounts.api_keys import resources as keys
from api.accounts.email_changes import resources as email_changes
from api.accounts.limits.rules import Limits
from api.accounts.login_codes import resources as login_codes
from api.accounts.passwords import Hasher
from api.accounts.profiles import resources as accounts
from api.accounts.resets import resources as resets
from api.accounts.second_factors import resources as second_factors
from api.accounts.sessions import resources as sessions
from api.accounts.setup import resources as setup
from api.accounts.verification import resources as verification
from api.articles.announcements import rules as announcements
from api.articles.authors import resources as authors
from api.articles.comments import resources as comments
from api.articles.feeds import resources as feeds
from api.articles.writing import indexing as article_indexing
from api.articles.writing import queries as article_queries
from api.articles.writing import resources as articles
from api.articles.writing import uses as article_uses
from api.audit import resources as audit
from api.events import resources as events
from api.imports.uploads import folder as import_folder
from api.imports.uploads import resources as imports
from api.jobs import resources as jobs
from api.mail import resources as mails
from api.media import files as media_files
from api.media import resources as media
from api.meta import docs, problems
from api.meta import resources as meta
from api.meta.checks import resources as checks
from api.meta.settings import resources as in_force
from api.meta.summary import resources as summary
from api.personal_data import resources as personal_data
from api.redirects import resources as redirects
from api.roles import ARTICLES_EDIT, ITEMS_WRITE
from api.settings import Settings
from api.shop.cancellations import resources as cancellations
from api.shop.coupons import resources as coupons
from api.shop.downloads import files as download_files
from api.shop.downloads import resources as downloads
from api.shop.downloads import uses as download_uses
from api.shop.fulfilments import resources as fulfilments
from api.shop.guests import resources as guests
from api.shop.items import addresses as item_addresses
from api.shop.items import indexing as item_indexing
from api.shop.items import queries as item_queries
from api.shop.items import resources as items
from api.shop.items import uses as item_uses
from api.shop.orders import resources as orders
from api.shop.payments import calls as payment_calls
from api.shop.payments import providers as payment_providers
from api.shop.payments import resources as payments
from api.shop.payments.news import resources as payment_news
from api.shop.payments.providers.test import resources as test_payments
from api.shop.payments.return_urls import ReturnUrls
from api.shop.quotes import resources as quotes
from api.shop.refunds import resources as refunds
from api.shop.shipping import resources as shipping
from api.shop.stock import resources as stock
from api.shop.taxes import resources as taxes
from api.shop.variants import resources as variants
from api.storage import Database
from api.taxonomy import resources as taxonomy
from api.web.client_address import ClientNetworks
from api.web.metrics import Metrics
from api.web.openapi.document import describe
from api.web.sendfile import Sendfile
from api.web.upload import Places
from api.webhooks import resources as webhooks
from api.webhooks.deliveries import resources as deliveries
from api.webhooks.sender import Post, Sender

Route = tuple[str, object]
_ACCOUNTS = {
    "open": accounts.Accounts,
    "verified": accounts.VerifiedAccounts,
    "closed": accounts.ClosedAccounts,
}

SHELVES: taxonomy.Shelves = {
    "articles": taxonomy.Shelf(
        article_queries.TERMS, ARTICLES_EDIT, article_indexing.index_some, announcements.note_updated
    ),
    "items": taxonomy.Shelf(
        item_queries.TERMS, ITEMS_WRITE, item_indexing.index_some, item_indexing.note_updated
    ),
}


def routes(
    db: Database,
    settings: Settings,
    metrics: Metrics,
    hasher: Hasher | None = None,
    *,
    post: Post | None = None,
    rehearsal: Sequence[Route] = (),
) -> list[Route]:
    """Path → resource, grouped by feature; a rehearsal adds its own, and GET /v1 says that it is one."""
    mode: meta.Mode = "rehearsal" if rehearsal else "live"
    prints = settings.mail_url == "print:"
    shows = mails.Shows(texts=prints or not settings.mail_url, all_links=prints or mode == "rehearsal")
    hasher = hasher or Hasher()
    site = settings.public_site
    networks = ClientNetworks(settings.proxy)
    sendfile = Sendfile(settings.sendfile, networks)
    places = Places(settings.data / "uploads")
    inside = settings.webhook_inside
    limits = Limits(settings.limits == "on")
    own_words = weak_passwords.own_words(settings.site_name, settings.url)
    pictures = media_files.store_of(settings, db)
    uses = (article_uses.list_uses, item_uses.list_uses, download_uses.list_uses)
    shown_media = media.Shown(site, uses)
    files = download_files.files_of(settings, pictures)
    to_import = import_folder.folder_of(settings)
    staff_codes, refused = settings.staff_codes == "on", metrics.counter(*sessions.REFUSED)
    providers = payment_providers.switched_on(settings, db)
    has_test = "test" in providers
    calls = payment_calls.calls(db, settings, providers)
    return_urls = ReturnUrls(settings.url, settings.cors_origins)
    all_accounts = _ACCOUNTS[settings.sign_up]
    placed = metrics.counter(*orders.PLACED)
    all_orders = (
        guests.Orders(db, settings, calls, return_urls, placed, networks)
        if settings.guests == "on"
        else orders.Orders(db, settings, calls, return_urls, placed)
    )
    table: list[Route] = [
        # the server itself
        ("/v1", meta.Root(settings, lambda: [path for path, _ in table], mode)),
        ("/healthz", meta.Health()),
        ("/readyz", meta.Readiness(db)),
        ("/openapi.json", meta.OpenApi(lambda: describe(table, settings, api.__version__))),
        ("/docs", docs.Docs()),
        ("/docs/{name}", docs.DocsFile()),
        ("/metrics", meta.MetricsText(metrics, db)),
        ("/problems", problems.Problems(settings.url)),
        ("/problems/{code}", problems.Problem(settings.url)),
        ("/teapot", meta.Teapot()),
        ("/v1/checks", checks.Checks(db, settings)),
        ("/v1/settings", in_force.SettingsInForce(settings)),
        ("/v1/summary", summary.Summary(db)),
        ("/v1/events", events.Events(db)),
        ("/v1/audit-events", audit.AuditEvents(db)),
        ("/v1/mails", mails.Mails(db)),
        ("/v1/mails/{mail}", mails.OneMail(db, shows)),
        ("/v1/mails/{mail}/sending", mails.MailSending(db, shows)),
        ("/v1/jobs", jobs.Jobs(db)),
        ("/v1/jobs/{job}/attempt", jobs.JobAttempt(db)),
        ("/v1/imports", imports.Imports(db, to_import, settings.file_bytes, places)),
        ("/v1/imports/{import_id}", imports.OneImport(db, to_import)),
        ("/v1/webhooks", webhooks.Webhooks(db, inside)),
        ("/v1/webhooks/{webhook}", webhooks.Webhook(db, inside)),
        ("/v1/webhooks/{webhook}/secrets", webhooks.Secrets(db)),
        ("/v1/webhooks/{webhook}/tests", webhooks.Tests(db, post or Sender(inside))),
        ("/v1/webhooks/{webhook}/deliveries", deliveries.Deliveries(db)),
        ("/v1/webhooks/{webhook}/deliveries/{delivery}/attempt", deliveries.DeliveryAttempt(db)),
        ("/v1/webhooks/{webhook}/replays", deliveries.Replays(db)),
        # accounts
        ("/v1/accounts", all_accounts(db, hasher, networks, limits, own_words, site)),
        ("/v1/accounts/{account}", personal_data.Account(db)),
        ("/v1/accounts/{account}/sessions", sessions.AccountSessions(db)),
        ("/v1/accounts/{account}/sessions/{session}", sessions.AccountSession(db)),
        ("/v1/accounts/{account}/api-keys", keys.AccountApiKeys(db)),
        ("/v1/accounts/{account}/api-keys/{key}", keys.AccountApiKey(db)),
        ("/v1/setup", setup.Setup(db, hasher, networks, limits, own_words, site)),
        ("/v1/sessions", sessions.Sessions(db, hasher, networks, refused, staff_codes, site)),
        ("/v1/sessions/current", sessions.CurrentSession(db)),
        ("/v1/sessions/current/confirmation", sessions.Confirmation(db, hasher, staff_codes)),
        ("/v1/me", personal_data.Me(db, hasher, networks, limits, site)),
        ("/v1/me/export", personal_data.Export(db, site)),
        ("/v1/me/password", accounts.Password(db, hasher, own_words, site)),
        ("/v1/me/sessions", sessions.MySessions(db)),
        ("/v1/me/sessions/{session}", sessions.MySession(db)),
        ("/v1/me/second-factors", second_factors.SecondFactors(db, hasher, site)),
        ("/v1/me/second-factors/{factor}", second_factors.SecondFactor(db)),
        ("/v1/me/second-factors/{factor}/activation", second_factors.Activation(db)),
        ("/v1/me/email-verifications", verification.Verifications(db, networks, limits, site)),
        ("/v1/email-confirmations", verification.Confirmations(db, site)),
        ("/v1/email-restorations", email_changes.Restorations(db, site)),
        ("/v1/login-codes", login_codes.LoginCodes(db, networks, limits, site)),
        ("/v1/password-resets", resets.Resets(db, networks, limits, site)),
        ("/v1/password-changes", resets.PasswordChanges(db, hasher, own_words, site)),
        ("/v1/api-keys", keys.ApiKeys(db)),
        ("/v1/api-keys/{key}", keys.ApiKey(db)),
        ("/v1/roles", accounts.Roles()),
        # articles
        ("/v1/articles", articles.Articles(db, site)),
        ("/v1/articles/{article}", articles.Article(db, site)),
        ("/v1/articles/{article}/publication", articles.Publication(db, site)),
        ("/v1/renderings", articles.Renderings()),
        ("/v1/articles/{article}/comments", comments.ArticleComments(db, limits, site.languages[0])),
        ("/v1/comments", comments.Comments(db)),
        ("/v1/comments/{comment}", comments.Comment(db, site.languages[0])),
        ("/v1/me/comments", comments.MyComments(db)),
        ("/v1/tags", taxonomy.Tags(db, SHELVES)),
        ("/v1/tags/{tag}", taxonomy.Tag(db, SHELVES)),
        ("/v1/categories", taxonomy.Categories(db, SHELVES)),
        ("/v1/categories/{category}", taxonomy.Category(db, SHELVES)),
        ("/v1/redirects", redirects.Redirects(db, site)),
        ("/v1/redirects/{redirect}", redirects.Redirect(db, site)),
        ("/v1/authors", authors.Authors(db)),
        ("/v1/media", media.Media(db, pictures, shown_media, settings.file_bytes, places)),
        ("/v1/media/{medium}", media.Medium(db, shown_media)),
        ("/media/{file}", media.PublicFile(pictures, sendfile)),
        ("/feed.json", feeds.JsonFeed(db, site)),
        ("/feed.atom", feeds.AtomFeed(db, site)),
        ("/sitemap.xml", feeds.Sitemap(db, site, [item_addresses.published(site)])),
        ("/robots.txt", feeds.Robots(site)),
        # shop
        ("/v1/items", items.Items(db, settings)),
        ("/v1/items/{item}", items.Item(db, settings)),
        ("/v1/variants/{sku}", variants.Variant(db, settings)),
        ("/v1/variants/{sku}/stock-movements", stock.StockMovements(db)),
        ("/v1/variants/{sku}/tracking", stock.Tracking(db)),
        ("/v1/orders", all_orders),
        ("/v1/orders/{order}", orders.Order(db, settings.tariff)),
        ("/v1/orders/{order}/cancellation", cancellations.Cancellation(db, calls)),
        ("/v1/orders/{order}/payments", payments.Payments(db, calls, return_urls, limits, networks)),
        ("/v1/orders/{order}/payments/{payment}", payments.OnePayment(db, calls)),
        ("/v1/orders/{order}/payments/{payment}/return", payments.PaymentReturn(db, calls)),
        ("/v1/orders/{order}/payments/{payment}/cancellation", payments.PaymentCancellation(db, calls)),
        ("/v1/orders/{order}/payments/{payment}/captures", payments.Captures(db, calls)),
        ("/v1/orders/{order}/refunds", refunds.Refunds(db)),
        ("/v1/orders/{order}/fulfilments", fulfilments.Fulfilments(db)),
        ("/v1/orders/{order}/fulfilments/{fulfilment}", fulfilments.OneFulfilment(db)),
        ("/v1/orders/{order}/downloads", downloads.Downloads(db, files)),
        (
            "/v1/downloads/{entitlement}/links",
            downloads.Links(db, files, site=settings.url, hours=settings.download_hours),
        ),
        ("/v1/files/{token}", downloads.PurchasedFile(db, files, sendfile)),
        ("/v1/orders/{order}/access-tokens", guests.AccessTokens(db)),
        ("/v1/order-links", guests.OrderLinks(db, networks, limits, site)),
        ("/v1/me/orders", orders.MyOrders(db)),
        ("/v1/me/order-claims", guests.OrderClaims(db)),
        ("/v1/quotes", quotes.Quotes(db, settings.tariff)),
        ("/v1/coupons", coupons.Coupons(db, settings.currency)),
        ("/v1/coupons/{coupon}", coupons.Coupon(db, settings.currency)),
        ("/v1/shipping-methods", shipping.ShippingMethods(db, settings.currency)),
        ("/v1/shipping-methods/{method}", shipping.ShippingMethod(db, settings.currency)),
        ("/v1/countries", shipping.Countries(db, settings.currency, site.languages)),
        ("/v1/tax-rates", taxes.TaxRates(db)),
        ("/v1/tax-rates/{tax_rate}", taxes.TaxRate(db)),
        ("/v1/payment-providers", payment_news.PaymentProviders(providers)),
        ("/v1/payment-providers/{provider}/events", payment_news.ProviderEvents(db, providers)),
        ("/v1/test-payments/{payment}/outcome", test_payments.TestOutcome(db, has_test)),
        ("/test-payments/{payment}", test_payments.TestPage(db, has_test)),
        *rehearsal,
    ]
    return table
