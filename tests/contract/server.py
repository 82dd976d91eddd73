"""The server that the battery is fired at, and the people and things that are there before it starts."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import falcon
import sqlalchemy as sa

from api.accounts.profiles import queries
from api.accounts.profiles.records import Account
from api.accounts.sessions.tables import sessions
from api.app import create_app
from api.articles.comments.records import Comment, CommentStatus
from api.articles.writing.records import Article
from api.roles import Viewer
from api.settings import Settings
from api.shop.items.records import Item
from api.storage import Database, migrations, open_database
from api.web.context import Request, Response
from tests import factories
from tests.contract.client import Client
from tests.server.process import ROOT, is_open, wait_until

ROLES = ("customer", "author", "editor", "shopkeeper", "owner")
URL = "https://kiosque.test"
SECONDS = 20

_number = count(1)


@dataclass
class Person:
    """An account with a token of its own."""

    account: Account
    token: str

    @property
    def id(self) -> str:
        return self.account.id

    @property
    def viewer(self) -> Viewer:
        return Viewer(id=self.id, email=self.account.email, name=self.account.name, role=self.account.role)


class World:
    """The server as a test sees it: clients, and a back door to put things there quickly."""

    def __init__(self, port: int, db: Database, site: Path) -> None:
        self.port, self.db, self.site, self.log = port, db, site, site.parent / "log"
        self.stranger = Client(port)
        self.staff = {role: self.person(role) for role in ROLES}
        with db.write() as tx:  # theirs stay fresh, however long the tests take
            tx.run(sa.update(sessions).values(confirmed_at="2999-01-01T00:00:00.000Z"))

    def client(self, who: str | Person) -> Client:
        """By a role, that of the one account which has it from the start."""
        person = self.staff[who] if isinstance(who, str) else who
        return self.stranger.by(person.token)

    def person(self, role: str = "customer", **fields: str) -> Person:
        with self.db.write() as tx:
            account = factories.make_account(tx, role=role, email=self.email(), **fields)
            return Person(account, factories.sign_in(tx, account))

    def login(self, role: str = "customer") -> Person:
        """Someone who knows factories.PASSWORD."""
        person = self.person(role)
        with self.db.write() as tx:
            queries.update_password(
                tx, account_id=person.id, password_hash=factories.CHEAP_HASHER.hash(factories.PASSWORD)
            )
        return person

    def token_of(self, person: Person) -> str:
        with self.db.write() as tx:
            return factories.sign_in(tx, person.account)

    def suspend(self, person: Person) -> None:
        self.client("owner").patch(f"/v1/accounts/{person.id}", {"status": "suspended"})

    def email(self) -> str:
        return f"p{next(_number)}-{os.getpid()}@people.test"

    def sku(self) -> str:
        return f"Sku-{next(_number)}.{os.getpid()}"

    def article(self, by: Person, **fields: Any) -> Article:
        """Published now; a draft with publish_at=None."""
        with self.db.write() as tx:
            return factories.make_article(tx, author=by.viewer, **fields)

    def comment(self, by: Person, article: Article, *, approved: bool = True) -> Comment:
        with self.db.write() as tx:
            status: CommentStatus = "approved" if approved else "pending"
            return factories.make_comment(tx, article, author=by.viewer, status=status)

    def item(self, **fields: Any) -> Item:
        with self.db.write() as tx:
            # Not physical: it would need an address as soon as any test makes a shipping method.
            sku = fields.pop("sku", None) or self.sku()
            return factories.make_item(tx, **{"kind": "service", "sku": sku} | fields)

    def order(
        self, by: Person, *, sku: str | None = None, quantity: int = 2, price: int = 500
    ) -> dict[str, Any]:
        sku = sku or self.item(price=price).variants[0].sku
        answer = self.client(by).post("/v1/orders", {"lines": [{"sku": sku, "quantity": quantity}]})
        assert answer.status == 201, answer.body
        return dict(answer.json)

    def key(self, of: Person, scopes: tuple[str, ...] = ()) -> dict[str, Any]:
        answer = self.client(of).post("/v1/api-keys", {"name": "Key", "scopes": list(scopes)})
        assert answer.status == 201, answer.body
        return dict(answer.json)


def application() -> falcon.App[Request, Response]:
    """The whole application, with passwords that are cheap to hash: half of the server's work is that."""
    settings = replace(Settings.from_env(), limits="off")  # all come from one network
    return create_app(settings, open_database(settings), factories.CHEAP_HASHER)


@contextlib.contextmanager
def running(folder: Path, **environ: str) -> Iterator[World]:
    """gunicorn as an operator starts it in a checkout, hashes aside, over a migrated database in `folder`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    site = folder / "site"
    make_site(site)
    environ = {
        "KIOSQUE_DATA": str(folder / "data"),
        "KIOSQUE_BIND": f"127.0.0.1:{port}",
        "KIOSQUE_URL": URL,
        "KIOSQUE_SITE": str(site),
        "KIOSQUE_SYNCHRONOUS": "normal",
        "WEB_CONCURRENCY": "2",
        **environ,
    }
    settings = Settings.from_env(environ)
    migrations.migrated(settings).dispose()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "tests.contract.server:application()"],
            cwd=ROOT,
            env={**os.environ, **environ},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    db = Database(settings.database_url, synchronous="off")
    db.sight_of = factories.SIGHT_OF
    try:
        world = World(port, db, site)
        wait_until(lambda: process.poll() is not None or is_open(port))
        assert process.poll() is None, (folder / "log").read_text()
        yield world
    finally:
        db.dispose()
        if process.poll() is None:
            process.send_signal(signal.SIGQUIT)
        process.wait(SECONDS)


def make_site(site: Path) -> None:
    """A site with everything that must not be served beside what must."""
    (site / "shop").mkdir(parents=True)
    (site / ".git").mkdir()
    for name, text in {
        "index.html": "<!doctype html><title>Home</title>",
        "shop/index.html": "<!doctype html><title>Shop</title>",
        "app.js": "export const answer = 42;\n",
        ".env": "SECRET=1",
        ".git/config": "[core]",
    }.items():
        (site / name).write_text(text)
    (site.parent / "outside.txt").write_text("outside")
    (site / "leak.txt").symlink_to(site.parent / "outside.txt")
    (site / "database").symlink_to(site.parent / "data" / "kiosque.db")
    (site / "null").symlink_to("/dev/null")
    os.mkfifo(site / "pipe")
