"""The shell door to background work."""

from __future__ import annotations

import signal
from logging.config import dictConfig

import click

from api.jobs.worker import Tasks, Worker
from api.storage import Database
from api.web import logs


def work(db: Database, tasks: Tasks) -> None:
    """Work until SIGINT or SIGTERM; a job under way is brought to its end."""
    worker = Worker(db, tasks)
    dictConfig(logs.configuration())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: worker.stop())
    click.echo("Working. Stop with Ctrl-C.")
    worker.run()
