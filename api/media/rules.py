"""Media: uploaded once, described, and deleted with their files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import structs

from api.errors import NotFound
from api.events import rules as events
from api.jobs import rules as jobs
from api.media import queries
from api.media.records import Content, Medium, Words
from api.roles import ARTICLES_EDIT, ITEMS_WRITE, Viewer
from api.storage import Busy, Keyset, Transaction
from api.text.folding import bare

REMOVAL = "media-removal"
"""The kind of job that removes the files of what was deleted."""


def find(tx: Transaction, *, ref: str, viewer: Viewer, lock: bool = False) -> Medium:
    """The medium of that id, or NotFound: authors see their own, and only shopkeepers files to sell."""
    medium = queries.find_medium(tx, medium_id=ref, lock=lock, **seen_by(viewer))
    if medium is None:
        raise NotFound
    return medium


def list_media(
    tx: Transaction, page: Keyset[str], *, viewer: Viewer, q: str = "", **filters: Any
) -> list[Medium]:
    """A page of media that `viewer` sees; `q` is a part of what is said of them."""
    sought = _searched(q)
    if sought:
        filters["pattern"] = "%" + re.sub("[%_/]", "/\\g<0>", sought) + "%"
    return queries.list_media(tx, page, **seen_by(viewer), **filters)


def create(tx: Transaction, content: Content, words: Words, *, actor: Viewer | None) -> tuple[Medium, bool]:
    """Store a medium whose files are there; the one with the same bytes, and False, if there is one.

    What an import brings, without an actor, is the site's.
    """
    same = None if actor else queries.find_same(tx, account_id=None, sha256=content.sha256)
    if same is not None:
        _leave_removal(tx, content)
        return same, False
    medium = Medium(
        **structs.asdict(content),
        **structs.asdict(words),
        id=tx.new_id("med"),
        account_id=actor.id if actor else None,
        created_at=tx.now,
        version=1,
    )
    if not queries.insert_medium(tx, medium, words=_words(medium)) and actor:
        _leave_removal(tx, content)
        return find_same(tx, sha256=content.sha256, actor=actor), False
    events.note(tx, "media.created", medium, actor=actor)
    return medium, True


def find_same(tx: Transaction, *, sha256: str, actor: Viewer) -> Medium:
    """The medium of that account with these bytes; Busy if it has just been deleted."""
    same = queries.find_same(tx, account_id=actor.id, sha256=sha256)
    if same is None:
        raise Busy
    return same


def change(tx: Transaction, before: Medium, changes: Mapping[str, Any], *, actor: Viewer) -> Medium:
    """Say something else of a medium; null is nothing."""
    after = structs.replace(before, **{name: value or "" for name, value in changes.items()})
    if after == before:
        return before
    after = structs.replace(after, version=before.version + 1)
    queries.update_medium(tx, after, words=_words(after))
    events.note(tx, "media.updated", after, actor=actor)
    return after


def delete(tx: Transaction, medium: Medium, *, actor: Viewer | None) -> None:
    """Delete a medium that nothing shows; a job removes its files, once nobody can need them."""
    queries.delete_medium(tx, medium_id=medium.id)
    _leave_removal(tx, medium)
    events.note_deleted(tx, "media", [medium.id], actor=actor)


def leave(tx: Transaction, *, account_id: str) -> None:
    """Delete the pictures of an erased account that nothing shows; its other media are the site's."""
    for medium in queries.list_unused_pictures(tx, account_id=account_id):
        delete(tx, medium, actor=None)
    queries.disown(tx, account_id=account_id)


def seen_by(viewer: Viewer | None) -> dict[str, Any]:
    """The media that `viewer` sees, for queries; an import sees all."""
    if viewer is None:
        return {"account_id": "", "sees_all": True, "sees_files": True}
    # By the role: a key with the scope media:write alone is enough for what its owner sees.
    role = viewer.role_permissions
    return {
        "account_id": viewer.id,
        "sees_all": bool(role & {ARTICLES_EDIT, ITEMS_WRITE}),
        "sees_files": viewer.may(ITEMS_WRITE),
    }


def _leave_removal(tx: Transaction, content: Content | Medium) -> None:
    """Have the files removed that no medium has: the names of sizes have that of the upload in them."""
    files = " ".join(size.file for size in content.sizes)
    jobs.leave(tx, REMOVAL, {"sha256": content.sha256, "sizes": files})


def _words(medium: Medium) -> str:
    return _searched(f"{medium.filename} {medium.alt} {medium.caption} {medium.credit}")


def _searched(text: str) -> str:
    return " ".join(bare(text).split())
