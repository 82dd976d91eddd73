"""Headers that keep browsers from reading, framing or mixing up what an answer contains."""

from __future__ import annotations

from api.web.operation import Operation

RESOURCE_POLICY = "Cross-Origin-Resource-Policy"


def safety_headers(site: str) -> dict[str, str]:
    """The headers of every answer of the site at that address, unless an answer has its own."""
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        RESOURCE_POLICY: "same-origin",
    }
    if site.startswith("https:"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def is_for_every_site(method: str, declared: Operation) -> bool:
    """Whether pages of any origin may load the answer: data that everybody may read, but no pages of ours."""
    is_data = not any(media_type.startswith("text/") for media_type in declared.media_types)
    return method in ("GET", "HEAD") and not declared.access.signed_in and is_data
