"""The HTTP door to jobs."""

from __future__ import annotations

from dataclasses import dataclass

from api.jobs import queries, records, rules
from api.jobs.records import JobState
from api.roles import JOBS_WRITE
from api.storage import Database
from api.web import conditional
from api.web.context import Request, Response
from api.web.operation import may, operation
from api.web.paging import Page, PageQuery, page
from api.web.responses import answer


class JobQuery(PageQuery):
    """A page of the jobs that are not done."""

    prefix = "job"
    state: JobState | None = None


@dataclass(frozen=True, eq=False)
class Jobs:
    db: Database

    @operation(may(JOBS_WRITE), query=JobQuery, returns=Page[records.JobRecord])
    def on_get(self, req: Request, resp: Response, query: JobQuery) -> None:
        """List the jobs that wait for their time or have failed, newest first."""
        with self.db.read() as tx:
            rows = queries.list_jobs(tx, query.page(), **query.filters())
        page(req, resp, query, rows)


@dataclass(frozen=True, eq=False)
class JobAttempt:
    db: Database

    @operation(may(JOBS_WRITE), returns=records.JobRecord, status=202, conditional=True)
    def on_put(self, req: Request, resp: Response, job: str) -> None:
        """Make a job due now, with all its attempts before it."""
        with self.db.write() as tx:
            before = rules.find(tx, ref=job, lock=True)
            conditional.check(req, resp, before)
            after = rules.try_again(tx, before)
        answer(resp, after)
        resp.status = 202
