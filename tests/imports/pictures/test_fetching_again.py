"""Fetching again: what was killed is continued, what is there stays, and nobody's change is lost."""

from __future__ import annotations

import pytest

from api.imports.pictures import commands, getting, things
from api.imports.pictures.showing import Showing
from tests.imports.blog import row
from tests.imports.pictures.conftest import PUBLIC, body_of
from tests.imports.running import everything
from tests.media.pictures import jpeg


def test_a_second_run_changes_nothing_and_asks_nobody(db, old_site, bring, fetch):
    old_site.files = {"/a.jpg": jpeg()}
    bring(body=f'<img src="{old_site.url("/a.jpg")}">')
    fetch()
    before, asked = everything(db), len(old_site.requests)

    assert fetch() == (0, {}, "0 addresses\nchanged: 0 articles, 0 items\n")
    assert everything(db) == before
    assert len(old_site.requests) == asked


def test_what_a_newer_export_brings_back_is_there_already(old_site, bring, fetch, client):
    old_site.files = {"/a.jpg": jpeg()}
    bring(body=f'<img src="{old_site.url("/a.jpg")}">')
    fetch()
    shown = body_of(client)
    old_site.files = {}
    bring(body=f'<p>Newer</p><img src="{old_site.url("/a.jpg")}">')

    code, outcomes, _ = fetch()

    assert (code, outcomes) == (0, {old_site.url("/a.jpg"): getting.THERE})
    assert body_of(client) == f"<p>Newer</p>{shown}"


def test_a_run_that_was_killed_is_continued(db, settings, old_site, bring, fetch, client, monkeypatch):
    old_site.files = {f"/{number}.jpg": jpeg(400 + number, 300) for number in range(4)}
    for number in range(4):
        page = row(
            external_id=f"post:{number}",
            title=f"Fog {number}",
            body=f'<img src="{old_site.url(f"/{number}.jpg")}">',
        )
        bring(page)
    killed = iter((False, True))

    class Killed(BaseException):
        """As by a signal."""

    def show(self, thing):
        if next(killed, True):
            raise Killed
        return Showing.show(self, thing)

    with monkeypatch.context() as patch:
        patch.setattr(commands, "Showing", type("Dying", (Showing,), {"show": show}))
        with pytest.raises(Killed):
            fetch()
    asked = len(old_site.requests)
    code, outcomes, _ = fetch()

    assert (code, set(outcomes.values()), len(outcomes)) == (0, {getting.THERE}, 3)
    assert len(old_site.requests) == asked == 4
    assert all(old_site.url() not in str(article) for article in bodies(client))


def bodies(client):
    return [client.simulate_get(f"/v1/articles/fog-{number}").json["body_html"] for number in range(4)]


def test_a_change_by_an_editor_meanwhile_is_not_lost(db, old_site, bring, fetch, client, owner, monkeypatch):
    old_site.files = {"/a.jpg": jpeg()}
    old = old_site.url("/a.jpg")
    bring(body=f'<img src="{old}">')
    drafted, edits = things.drafted, iter((f'<p>Edited</p><img src="{old}">',))

    def edited_first(content, images, source):
        for body in edits:
            owner.simulate_patch("/v1/articles/fog", json={"body": body})
        return drafted(content, images, source)

    monkeypatch.setattr(things, "drafted", edited_first)
    code, _, _ = fetch()

    assert code == 0
    assert body_of(client).startswith(f'<p>Edited</p><img src="{PUBLIC}')


def test_a_medium_that_was_deleted_meanwhile_is_fetched_again(db, old_site, bring, fetch, client, owner):
    old_site.files = {"/a.jpg": jpeg()}
    body = f'<img src="{old_site.url("/a.jpg")}">'
    bring(body=body)
    fetch()
    (medium,) = owner.simulate_get("/v1/media").json["data"]
    owner.simulate_patch("/v1/articles/fog", json={"body": "<p>x</p>"})
    assert owner.simulate_delete(f"/v1/media/{medium['id']}").status_code == 204
    bring(body=f"<p>Newer</p>{body}")

    code, outcomes, _ = fetch()

    assert (code, outcomes) == (0, {old_site.url("/a.jpg"): getting.FETCHED})
    assert PUBLIC in body_of(client)
