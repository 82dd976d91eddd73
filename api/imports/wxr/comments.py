"""Comments of a WordPress export, without e-mail and IP addresses."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from api.imports import dates, text
from api.imports.notes import MAX_NAME, Notes
from api.imports.paragraphs import paragraphed
from api.imports.records import Comment, CommentStatus
from api.imports.wxr.rows import Post, Reply

_STATUS: dict[str, CommentStatus] = {
    "1": "approved",
    "approve": "approved",
    "0": "pending",
    "hold": "pending",
    "spam": "spam",
    "trash": "trash",
    "post-trashed": "trash",
}
REVIEW = "reviews are not supported"
_UNSUPPORTED = {
    "pingback": "pingbacks are not supported",
    "trackback": "trackbacks are not supported",
    "review": REVIEW,
    "order_note": "order notes are not imported",
}


def comments_of(post: Post, notes: Notes) -> Iterable[Comment]:
    """The comments on an article, in the order of the file; other replies are skipped."""
    made: dict[str, Comment] = {}
    for reply in post.replies:
        comment = _comment(post, reply, notes)
        if comment and comment.external_id in made:
            notes.skip("comment", comment.external_id, reply.author, "another comment has the same id")
        elif comment:
            made[comment.external_id] = comment
    for orphan in _orphans(made):
        reason = "the comment it replies to is not imported; it was moved to the top level"
        notes.warn("comment", orphan.external_id, orphan.author_name, reason)
        made[orphan.external_id] = replace(orphan, parent_external_id=None)
    return made.values()


def skip_all(post: Post, notes: Notes, reason: str) -> None:
    """None of the replies to a row is imported."""
    for reply in post.replies:
        notes.skip("comment", f"comment:{reply.id}", f"{reply.author} on {post.label}", reason)


def _orphans(made: Mapping[str, Comment]) -> list[Comment]:
    """Comments whose parent is not on their article, and one of each cycle."""
    orphans: list[Comment] = []
    sound: set[str] = set()
    for comment in made.values():
        above: dict[str, None] = {}
        step: Comment | None = comment
        while step and step.external_id not in sound:
            above[step.external_id] = None
            parent = made.get(step.parent_external_id or "")
            if step.parent_external_id and (parent is None or step.parent_external_id in above):
                orphans.append(step)
                break
            step = parent
        sound.update(above)
    return orphans


def _comment(post: Post, reply: Reply, notes: Notes) -> Comment | None:
    external_id = f"comment:{reply.id}"
    label = f"{reply.author} on {post.label}"
    if reply.kind != "comment":
        notes.skip(
            "comment",
            external_id,
            label,
            _UNSUPPORTED.get(reply.kind, "comments of this type are not supported"),
        )
        return None
    if not reply.body:
        notes.skip("comment", external_id, label, "it is empty")
        return None
    row = notes.row("comment", external_id, label)
    if reply.approved not in _STATUS:
        row.warn("its approval status is unknown; it awaits moderation")
    markup = text.holds_markup(reply.body)
    return Comment(
        external_id=external_id,
        article_external_id=post.external_id,
        parent_external_id=f"comment:{reply.parent}" if reply.parent != "0" else None,
        author_name=row.cut(reply.author or "Anonymous", MAX_NAME, "name"),
        body=row.cut_body(paragraphed(reply.body) if markup else reply.body),
        format="html" if markup else "text",
        status=_STATUS.get(reply.approved, "pending"),
        created_at=dates.first_known(reply.date),
    )
