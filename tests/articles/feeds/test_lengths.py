"""How long a feed may get: it ends early rather than with everything that anybody ever wrote."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from api.articles.feeds import documents as feeds
from tests.articles.feeds.test_feeds import ATOM
from tests.factories import make_article, make_viewer


@pytest.mark.parametrize(
    ("most", "shown"), [(1, ["3"]), (200, ["3"]), (270, ["3", "2"]), (400, ["3", "2", "1"])]
)
def test_a_feed_leaves_older_articles_out_rather_than_get_too_long(client, db, monkeypatch, most, shown):
    monkeypatch.setattr(feeds, "MOST_CHARACTERS", most)
    with db.write() as tx:
        author = make_viewer(tx)
        for day, body in enumerate(("short", "x" * 150, "x" * 100), start=1):
            make_article(
                tx, author=author, title=str(day), body=body, publish_at=f"2026-01-0{day}T00:00:00.000Z"
            )

    feed = json.loads(client.simulate_get("/feed.json").content)
    atom = ElementTree.fromstring(client.simulate_get("/feed.atom").content)

    assert [item["title"] for item in feed["items"]] == shown
    assert [entry.findtext(f"{ATOM}title") for entry in atom.iter(f"{ATOM}entry")] == shown
