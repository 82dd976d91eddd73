"""The HTTP door to the settings in force."""

from __future__ import annotations

from dataclasses import dataclass

from api.meta.settings import rules
from api.roles import SETTINGS_READ
from api.settings import Settings
from api.web.context import Request, Response
from api.web.operation import may, operation
from api.web.paging import Page
from api.web.responses import listed


@dataclass(frozen=True, eq=False)
class SettingsInForce:
    settings: Settings

    @operation(may(SETTINGS_READ), returns=Page[rules.SettingInForce])
    def on_get(self, _req: Request, resp: Response) -> None:
        """List every setting that is in force, without secrets."""
        listed(resp, rules.in_force(self.settings), next_page=None)
