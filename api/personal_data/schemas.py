"""An export as JSON."""

from __future__ import annotations

import msgspec

from api.accounts.api_keys.records import ApiKey
from api.accounts.profiles.records import Account
from api.accounts.second_factors.records import SecondFactor
from api.accounts.sessions.schemas import SessionView
from api.articles.comments.schemas import CommentView
from api.articles.writing.schemas import ArticleView
from api.audit.records import AuditEvent
from api.mail.records import Mail
from api.media.schemas import MediumView
from api.personal_data.records import FailedLogins, LimitUse, LoginNetwork, StoredAnswer
from api.shop.downloads.schemas import DownloadExport
from api.shop.fulfilments.records import Fulfilment
from api.shop.orders.schemas import OrderView
from api.shop.payments.schemas import PaymentView
from api.shop.refunds.schemas import RefundView


class OrderExport(OrderView):
    """An order with all its payments, refunds, fulfilments and downloads."""

    payments: list[PaymentView]
    refunds: list[RefundView]
    fulfilments: list[Fulfilment]
    downloads: list[DownloadExport]


class ExportView(msgspec.Struct):
    """Everything that is stored about an account, without secrets; lists are whole and newest first."""

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
