"""The HTTP door to the checks."""

from __future__ import annotations

from dataclasses import dataclass

from api.meta.checks import rules
from api.meta.checks.records import Check
from api.roles import SETTINGS_READ
from api.settings import Settings
from api.storage import Database
from api.web.context import Request, Response
from api.web.operation import may, operation
from api.web.paging import Page
from api.web.responses import listed


@dataclass(frozen=True, eq=False)
class Checks:
    db: Database
    settings: Settings

    @operation(may(SETTINGS_READ), returns=Page[Check], slow=True, later=True)
    def on_get(self, _req: Request, resp: Response) -> None:
        """Check the installation, as far as a request has time."""
        listed(resp, rules.quick_checks(self.settings, self.db), next_page=None)
