"""Source texts to the HTML that pages may show: rendered once when written, and always sanitised."""

from __future__ import annotations

from typing import Literal

import cmarkgfm
import nh3
from cmarkgfm.cmark import Options

Format = Literal["markdown", "html"]


def render(source: str, format: Format) -> str:
    """`source` as HTML that is safe to show: no scripts, no styles, no event handlers (nh3's defaults)."""
    if format == "markdown":
        # Raw HTML passes here: what of it is harmful, nh3 takes out.
        source = cmarkgfm.github_flavored_markdown_to_html(source, options=Options.CMARK_OPT_UNSAFE)
    return nh3.clean(source)
