"""The facts of each kind of mail, made to go wrong wherever a value is not escaped."""

from __future__ import annotations

from typing import Any

from api.mail.writing import Link

HOSTILE = "Eve *bold* [click](https://evil.example) <b>x</b> all@evil.example\r\nBcc: you@evil.example"
_LINK = Link("https://kiosque.test/reset/#token=abc_DEF-123")
_AT = "2026-11-22T09:30:00.000Z"

FACTS: dict[str, dict[str, Any]] = {
    "verify": {"link": _LINK, "hours": 24},
    "reset": {"link": _LINK, "minutes": 30},
    "password-changed": {"link": _LINK, "at": _AT},
    "email-changed": {"link": _LINK, "days": 7},
    "login-code": {"code": "123456", "minutes": 10},
    "sign-up-taken": {"login": _LINK, "forgotten": _LINK},
    "comment-waits": {
        "link": _LINK,
        "comments": [{"author": HOSTILE, "article": HOSTILE, "excerpt": HOSTILE}] * 2,
    },
    "comment-answered": {"link": _LINK, "author": HOSTILE, "article": HOSTILE, "excerpt": HOSTILE},
    "webhook-disabled": {"host": "hooks.example", "url": HOSTILE, "reason": "failing"},
    "order-link": {"link": _LINK, "number": 1042, "days": 365},
    "new-login": {"link": _LINK, "at": _AT, "network": "192.0.2.0/24"},
}
COMMON = {"site": HOSTILE, "home": Link("https://kiosque.test")}
