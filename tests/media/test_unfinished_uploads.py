"""Uploads that are not finished: an account has few at a time, whichever workers they have come to."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from api.errors import TooMany
from api.settings import Settings
from api.storage import Database, StorageUnavailable, migrations
from api.web.upload import UNFINISHED, Places
from tests.factories import SIGHT_OF, make_account, sign_in
from tests.media.pictures import PDF
from tests.server.process import read_answer, wait_until
from tests.test_serving import free_port, running

LENGTH = 300_000
FILE = PDF.ljust(LENGTH)


class Live(NamedTuple):
    port: int
    keeper: str
    other: str


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server of two workers, and the tokens of two shopkeepers."""
    folder, port = tmp_path_factory.mktemp("uploads"), free_port()
    db = Database(Settings.from_env({"KIOSQUE_DATA": str(folder)}).database_url)
    db.sight_of = SIGHT_OF
    migrations.upgrade(db)
    with db.write() as tx:
        tokens = [sign_in(tx, make_account(tx, role="shopkeeper")) for _ in range(2)]
    with running("api", "serve", folder=folder, port=port, WEB_CONCURRENCY="2"):
        yield Live(port, *tokens)
    db.dispose()


def begun(live: Live, token: str) -> socket.socket:
    """A connection that has sent the head of an upload."""
    client = socket.create_connection(("127.0.0.1", live.port), timeout=30)
    client.sendall(
        (
            f"POST /v1/media HTTP/1.1\r\nHost: 127.0.0.1:{live.port}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/pdf\r\nContent-Length: {LENGTH}\r\nExpect: 100-continue\r\n\r\n"
        ).encode()
    )
    return client


def is_asked_for(client: socket.socket) -> bool:
    return client.recv(12, socket.MSG_PEEK) == b"HTTP/1.1 100"


def test_an_account_has_few_unfinished_uploads_and_more_as_soon_as_one_ends(live: Live):
    with ExitStack() as stack:
        clients = [stack.enter_context(begun(live, live.keeper)) for _ in range(UNFINISHED)]
        asked = [is_asked_for(client) for client in clients]

        with begun(live, live.keeper) as client:
            refused = read_answer(client)
        with begun(live, live.other) as client:
            others = is_asked_for(client)
        clients[0].close()
        wait_until(lambda: is_accepted(live))

    assert asked == [True] * UNFINISHED
    assert (refused.status, refused.json["code"]) == (429, "too-many-requests")
    assert int(refused.headers["retry-after"]) > 0
    assert others


def is_accepted(live: Live) -> bool:
    with begun(live, live.keeper) as client:
        return is_asked_for(client)


def test_a_finished_upload_leaves_its_place_to_the_next(live: Live):
    statuses = []
    for _ in range(UNFINISHED + 1):
        wait_until(lambda: is_accepted(live))
        with begun(live, live.keeper) as client:
            if is_asked_for(client):
                client.recv(len(b"HTTP/1.1 100 Continue\r\n\r\n"))
                client.sendall(FILE)
            statuses.append(read_answer(client).status)

    assert statuses == [201, *[200] * UNFINISHED]


def test_places_are_counted_by_account_and_are_free_once_they_are_closed(tmp_path: Path):
    here, there = Places(tmp_path / "uploads"), Places(tmp_path / "uploads")
    taken = [places.take("acc_1") for places in (here, there, here, there)]

    with pytest.raises(TooMany):
        there.take("acc_1")
    other = here.take("acc_2")
    taken[1].close()
    again = there.take("acc_1")

    for place in (*taken, other, again):
        place.close()
    assert {path.name for path in (tmp_path / "uploads").iterdir()} == {
        "acc_2-0",
        *(f"acc_1-{number}" for number in range(UNFINISHED)),
    }


def test_a_folder_that_cannot_be_made_is_a_disk_that_fails(tmp_path: Path):
    (tmp_path / "uploads").touch()

    with pytest.raises(StorageUnavailable):
        Places(tmp_path / "uploads").take("acc_1")
