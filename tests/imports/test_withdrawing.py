"""What is not public where it comes from is not public here, whatever an earlier import made of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.articles.writing import visibility
from api.articles.writing.tables import articles
from api.errors import NotFound
from api.imports.report import WITHDRAWN, Report
from api.shop.items import rules as catalog
from api.shop.items.tables import items
from api.storage import Database
from tests.factories import SIGHT_OF
from tests.imports.running import bring
from tests.imports.wxr import HEAD, TAIL, meta, post

PUBLIC = ("publish", "")
WORDPRESS = [
    PUBLIC,
    ("publish", "a password"),
    *((status, "") for status in ("private", "draft", "pending", "trash", "auto-draft", "inherit", "odd")),
]
GHOST = [("published", "public"), ("published", "paid"), ("published", "members"), ("draft", "public")]
WOOCOMMERCE = [("1", ""), ("0", ""), ("-1", ""), ("", "")]
TYPES = ("post", "page", "product")
DAYS = ("2020-05-01", "2021-06-02")


@dataclass(frozen=True)
class Row:
    """Of one thing on a site: how it stands in one export."""

    id: int
    standing: tuple[str, str]
    title: str
    day: str


def exports(standings: list[tuple[str, str]], *, of: int) -> st.SearchStrategy[list[Row]]:
    """Each thing at most once, in any order, public or not, renamed and redated or not."""
    rows = st.builds(
        Row,
        st.integers(0, of - 1),
        st.sampled_from(standings),
        st.sampled_from(["Fog", "Rain"]),
        st.sampled_from(DAYS),
    )
    return st.lists(rows, max_size=of, unique_by=lambda row: row.id)


def wxr(rows: list[Row], text: str) -> str:
    return HEAD + "".join(_item(row, text) for row in rows) + TAIL


def _item(row: Row, text: str) -> str:
    status, password = row.standing
    slug = f"thing-{row.id}" + ("__trashed" if status == "trash" else "")
    return post(
        row.id,
        type_=TYPES[row.id],
        status=status,
        post_password=password,
        post_name=slug,
        post_date_gmt=f"{row.day} 10:00:00",
        inside=f"<title>{row.title}</title><content:encoded>{text} {row.id}</content:encoded>"
        + meta(_price="5"),
    )


def ghost(rows: list[Row], text: str) -> str:
    posts = [
        {
            "id": row.id,
            "title": row.title,
            "slug": f"thing-{row.id}",
            "html": f"<p>{text} {row.id}</p>",
            "status": row.standing[0],
            "visibility": row.standing[1],
            "created_at": f"{row.day}T10:00:00.000Z",
            "published_at": f"{row.day}T10:00:00.000Z",
        }
        for row in rows
    ]
    return json.dumps({"db": [{"data": {"posts": posts}}]})


def table(rows: list[Row], text: str) -> str:
    lines = [f"{row.id},simple,sku-{row.id},{row.title},{row.standing[0]},5,{text} {row.id}" for row in rows]
    return "\n".join(["ID,Type,SKU,Name,Published,Regular price,Description", *lines])


def bring_text(db: Database, path: Path, content: str) -> Report:
    path.write_text(content)
    return bring(db, path)


def public_texts(db: Database) -> set[str]:
    """Everything that strangers can read, article by article and item by item."""
    found = set()
    with db.read() as tx:
        for (id_,) in tx.rows(articles.select().with_only_columns(articles.c.id)):
            try:
                found.add(visibility.find(tx, ref=id_, viewer=None).body)
            except NotFound:
                continue
        for (id_,) in tx.rows(items.select().with_only_columns(items.c.id)):
            try:
                description = catalog.find(tx, ref=id_, viewer=None).description
            except NotFound:
                continue
            found.add(description or "")
    return {text.removeprefix("<p>").removesuffix("</p>") for text in found}


def expected(first: list[Row], second: list[Row], public: tuple[str, str]) -> set[str]:
    """What the second export says of a thing, else the first."""
    last = {row.id: (row, "before") for row in first} | {row.id: (row, "after") for row in second}
    return {f"{text} {row.id}" for row, text in last.values() if row.standing == public}


@pytest.fixture
def fresh(migrated, tmp_path):
    """`with fresh() as db`: an empty database for each example."""

    @contextmanager
    def made() -> Iterator[Database]:
        path = tmp_path / f"{uuid4().hex}.db"
        shutil.copy(migrated, path)
        db = Database(f"sqlite:///{path}", synchronous="off")
        db.sight_of = SIGHT_OF
        yield db
        db.dispose()
        path.unlink()

    return made


@pytest.mark.parametrize("standing", [standing for standing in WORDPRESS if standing != PUBLIC])
def test_what_was_public_is_withdrawn_when_it_no_longer_is_there_and_the_report_says_so(
    db, client, tmp_path, standing
):
    bring_text(
        db, tmp_path / "site.xml", wxr([Row(id, PUBLIC, "Fog", DAYS[0]) for id in range(len(TYPES))], "open")
    )

    rows = [Row(id, standing, "Fog", DAYS[0]) for id in range(len(TYPES))]
    report = bring_text(db, tmp_path / "site.xml", wxr(rows, "secret"))

    noted = {kind: labels for (kind, reason), labels in report.noted.items() if reason == WITHDRAWN}
    assert noted in (
        {"article": ["Fog"], "page": ["Fog"], "item": ["Fog"]},
        {"article": ["Fog"] * 2, "item": ["Fog"]},
    )
    for address in ("articles/thing-0", "articles/thing-1", "items/thing-2"):
        assert client.simulate_get(f"/v1/{address}").status_code == 404
    assert client.simulate_get("/v1/articles").json["data"] == []


def test_a_product_that_cannot_come_in_is_withdrawn_too_when_it_is_not_public_there(db, client, tmp_path):
    head = "ID,Type,SKU,Name,Published,Regular price"
    bring_text(
        db, tmp_path / "shop.csv", f"{head}\n1,simple,mug,Mug,1,5\n2,simple,cup,Cup,1,5\n3,simple,jug,Jug,1,5"
    )

    report = bring_text(db, tmp_path / "shop.csv", f"{head}\n1,grouped,mug,Mug,0,\n2,simple,jug,Cup,0,5")

    assert report.noted["item", WITHDRAWN] == ["Mug", "Cup"]
    assert [item["name"] for item in client.simulate_get("/v1/items").json["data"]] == ["Jug"]


@pytest.mark.parametrize(
    ("name", "write", "standings", "of"),
    [
        ("site.xml", wxr, WORDPRESS, len(TYPES)),
        ("site.json", ghost, GHOST, 2),
        ("shop.csv", table, WOOCOMMERCE, 3),
    ],
    ids=["wordpress", "ghost", "woocommerce"],
)
def test_after_two_exports_of_a_site_strangers_read_what_is_public_there_and_nothing_else(
    fresh, tmp_path, name, write, standings, of
):
    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(exports(standings, of=of), exports(standings, of=of))
    def check(first: list[Row], second: list[Row]) -> None:
        with fresh() as db:
            bring_text(db, tmp_path / name, write(first, "before"))
            bring_text(db, tmp_path / name, write(second, "after"))
            once = public_texts(db)
            bring_text(db, tmp_path / name, write(second, "after"))

            assert once == public_texts(db) == expected(first, second, standings[0])

    check()
