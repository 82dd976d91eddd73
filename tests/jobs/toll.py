"""A process that tolls for every job until it is killed: `python -m tests.jobs.toll URL FILE`."""

from __future__ import annotations

import os
import sys

from api.accounts.limits import queries as effects
from api.accounts.limits.records import Limit, Uses
from api.jobs.records import Job
from api.jobs.worker import Handler, Outcome, Tasks, Worker
from api.storage import Database, Transaction
from api.times import Instant

TOLL = Limit("toll", 1, 1)
"""Borrowed as a counter of effects."""
NEVER = Instant("9999-12-31T23:59:59.999Z")
LEASE = 1.0


def main(url: str, file: str) -> None:
    """Write a line for each job to `file`, the world outside, and a row to the database."""
    outside = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def toll(job: Job) -> Outcome:
        os.write(outside, f"{job.facts['order']}\n".encode())

        def write(tx: Transaction) -> None:
            before = effects.lock_uses(tx, TOLL, subject=job.facts["order"], until=NEVER)
            effects.update_uses(tx, TOLL, Uses(before.used + 1, NEVER), subject=job.facts["order"])

        return write

    Worker(Database(url), Tasks({"toll": Handler(toll, pauses=(0.1,) * 50)}), lease=LEASE).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
