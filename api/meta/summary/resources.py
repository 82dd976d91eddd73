"""The HTTP door of the summary."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from api.meta.summary import rules
from api.storage import Database
from api.web.context import Request, Response
from api.web.operation import may, operation
from api.web.responses import answer


@dataclass(frozen=True, eq=False)
class Summary:
    db: Database

    @operation(may(*dict.fromkeys(chain.from_iterable(rules.PERMISSIONS.values()))), returns=rules.Summary)
    def on_get(self, req: Request, resp: Response) -> None:
        """Count what waits: unpaid and unsent orders, comments, drafts, low stock and what has failed."""
        with self.db.read() as tx:
            summary = rules.summarise(tx, viewer=req.context.viewer)
        answer(resp, summary)
