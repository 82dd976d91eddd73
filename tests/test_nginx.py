"""nginx as docs/operating.md configures it, in front of a real server: it sends files and changes nothing."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from api.settings import Settings
from api.shop.downloads import rules as links
from api.shop.downloads.tables import entitlements
from api.shop.variants.records import Download
from api.storage import Database, migrations
from tests.factories import SIGHT_OF, make_account, make_item, make_order, sign_in, viewer_of
from tests.media.pictures import jpeg
from tests.test_serving import free_port, running

OPERATING = Path(__file__).parent.parent / "docs" / "operating.md"
BOOK = b"%PDF-1.7\n" + os.urandom(300_000)
BOUND_TO_THE_REQUEST = {"date", "server", "connection", "x-request-id", "keep-alive", "x-accel-redirect"}

pytestmark = [
    pytest.mark.skipif(shutil.which("nginx") is None, reason="needs nginx"),
    pytest.mark.xdist_group("nginx"),
]


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    content: bytes


class Site(NamedTuple):
    """The ports of nginx and of Kiosque, and what there is to get."""

    nginx: int
    kiosque: int
    plain: int
    picture: str
    book: str
    guide: str


def ask(port: int, path: str, method: str = "GET", body: Any = None, **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, {"Host": "example.org"} | sent)
    answer = connection.getresponse()
    found = Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    connection.close()
    return found


@contextmanager
def nginx(folder: Path, *, port: int, kiosque: int, data: Path) -> Iterator[None]:
    """The second server of the page, without TLS, on these ports and over this data."""
    _, server, *_ = re.findall(r"(?m)^server \{\n(.*?)^\}", OPERATING.read_text(), re.DOTALL)
    server = re.sub(r"(?m)^ *ssl_\S+ .*\n", "", server).replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    server = server.replace("127.0.0.1:8000", f"127.0.0.1:{kiosque}").replace("/var/lib/kiosque", str(data))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    own = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    (folder / "nginx.conf").write_text(
        ("user root;\n" if os.geteuid() == 0 else "")
        + f"daemon off;\npid {folder}/pid;\nerror_log {folder}/errors;\nevents {{}}\n"
        + f"http {{\ntypes {{}}\naccess_log off;\n{own}server {{\n{server}}}\n}}\n"
    )
    command = ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "errors")]
    process = subprocess.Popen(command)
    try:
        while process.poll() is None:
            try:
                ask(port, "/healthz")
                break
            except OSError:
                continue
        assert process.poll() is None, (folder / "errors").read_text()
        yield
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("nginx")
    data, plain, kiosque, port = folder / "data", free_port(), free_port(), free_port()
    data.mkdir(mode=0o700)
    db = Database(Settings.from_env({"KIOSQUE_DATA": str(data)}).database_url)
    db.sight_of = SIGHT_OF
    migrations.upgrade(db)
    with db.write() as tx:
        token = sign_in(tx, make_account(tx, role="shopkeeper"))
    environ = {"KIOSQUE_URL": "https://example.org", "KIOSQUE_PROXY": "127.0.0.1", "WEB_CONCURRENCY": "1"}
    with (
        running("api", "serve", folder=data, port=plain, **environ),
        running("api", "serve", folder=data, port=kiosque, **environ, KIOSQUE_SENDFILE="/protected/"),
        nginx(folder, port=port, kiosque=kiosque, data=data),
    ):
        yield Site(port, kiosque, plain, **filled(port, token, db, data))
    db.dispose()


def filled(port: int, token: str, db: Database, data: Path) -> dict[str, str]:
    """The paths of a picture, a book that was uploaded and a guide in the folder, both bought."""
    media = [
        upload(port, content, media_type, token)
        for content, media_type in ((jpeg(), "image/jpeg"), (BOOK, "application/pdf"))
    ]
    picture, book = (json.loads(each.content) for each in media)
    guide = data / "files" / "guides" / "50 % é.pdf"
    guide.parent.mkdir(parents=True)
    guide.write_bytes(BOOK[::-1])
    sold = {
        "book": Download(media=book["id"], name="Book"),
        "guide": Download(path="guides/50 % é.pdf", name="Guide"),
    }
    paths = {"picture": urlsplit(picture["url"]).path}
    with db.write() as tx:
        buyer = viewer_of(make_account(tx))
        for sku, download in sold.items():
            make_item(tx, sku=sku, price=0, kind="digital", variant={"downloads": (download,)})
            order = make_order(tx, buyer, (sku, 1))
            ref = tx.value(sa.select(entitlements.c.id).where(entitlements.c.order_id == order.id))
            paths[sku] = f"/v1/files/{links.link(tx, ref=ref, viewer=buyer, hours=1)[0].token}"
    return paths


def upload(port: int, content: bytes, media_type: str, token: str) -> Answer:
    sent = {"Content_Type": media_type, "Authorization": f"Bearer {token}"}
    answer = ask(port, "/v1/media", "POST", content, **sent)
    assert answer.status == 201, answer
    return answer


@pytest.mark.parametrize("name", ["picture", "book", "guide"])
@pytest.mark.parametrize(
    "headers",
    [{}, {"Range": "bytes=5-99"}, {"Range": "bytes=-7"}, {"Range": "bytes=0-1,5-6"}, {"Range": "lines=1-2"}],
    ids=str,
)
def test_what_nginx_sends_is_what_kiosque_would_have_sent(site, name, headers):
    path = getattr(site, name)

    left = ask(site.kiosque, path, **headers)
    sent, own = ask(site.nginx, path, **headers), ask(site.plain, path, **headers)

    assert left.headers["x-accel-redirect"].startswith("/protected/")
    assert left.content == b""
    assert (sent.status, sent.content) == (own.status, own.content)
    assert said(sent) == said(own)


def said(answer: Answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in BOUND_TO_THE_REQUEST}


@pytest.mark.parametrize("name", ["picture", "book", "guide"])
def test_conditions_hold_for_what_nginx_sends(site, name):
    path = getattr(site, name)
    etag = ask(site.nginx, path).headers["etag"]
    conditions = [
        {"If_None_Match": etag},
        {"If_None_Match": '"other"'},
        {"If_Range": etag, "Range": "bytes=5-9"},
        {"If_Range": '"other"', "Range": "bytes=5-9"},
        {"Range": "bytes=99999999-"},
        {"If_Match": etag},
        {"If_Modified_Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        {"If_Unmodified_Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    ]

    sent = [ask(site.nginx, path, **each) for each in conditions]
    own = [ask(site.plain, path, **each) for each in conditions]

    assert [each.status for each in sent] == [304, 200, 206, 200, 416, 200, 200, 200]
    assert [(each.status, len(each.content)) for each in own] == [
        (each.status, len(each.content)) for each in sent
    ]
    assert ask(site.nginx, path, "HEAD").headers["content-length"] == str(len(own[1].content))


def test_nobody_gets_a_file_by_the_location_of_nginx(site):
    place = ask(site.kiosque, site.picture).headers["x-accel-redirect"]

    assert ask(site.nginx, place).status == 404
    assert ask(site.nginx, "/protected/kiosque.db").status == 404


def test_a_stranger_is_refused_before_nginx_has_taken_his_file(site):
    connection = http.client.HTTPConnection("127.0.0.1", site.nginx, timeout=30)
    connection.putrequest("POST", "/v1/media")
    connection.putheader("Content-Type", "application/pdf")
    connection.putheader("Content-Length", str(10**9))
    connection.endheaders()

    assert connection.getresponse().status == 401
    connection.close()
