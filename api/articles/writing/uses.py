"""The articles that show a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.articles.writing import listing
from api.media.uses import MOST_SHOWN, Use
from api.roles import ARTICLES_EDIT, ARTICLES_WRITE, Viewer
from api.storage import Transaction


def list_uses(tx: Transaction, media_ids: Sequence[str], viewer: Viewer) -> Iterator[tuple[str, Use]]:
    """The newest articles that show these media and that the viewer may see, with the medium of each."""
    rows = listing.list_showing(
        tx,
        media_ids=media_ids,
        account_id=viewer.id if viewer.may(ARTICLES_WRITE) else None,
        sees_all=viewer.may(ARTICLES_EDIT),
        most=MOST_SHOWN,
    )
    return ((media_id, Use("article", article_id, title)) for media_id, article_id, title in rows)
