"""Tax rates as JSON."""

from __future__ import annotations

from api.shop.taxes.records import TaxRateDraft
from api.web.patches import patch_of

TaxRatePatch = patch_of(TaxRateDraft)
