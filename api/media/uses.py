"""Uses of media: the one place that knows what an article or an item shows, and which files are sold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Literal, TypeAlias
from urllib.parse import unquote

from msgspec import Meta, Struct

from api.errors import Conflict
from api.ids import new_id
from api.media import queries, rules
from api.media.records import Medium
from api.media.store import FILE
from api.roles import Viewer
from api.storage import Transaction
from api.text.images import Image, ImageDraft, ImageSize

MOST_SHOWN = 20
TWO_SOURCES = "An image has either a `url` or `media`."

_IN_TEXT = re.compile(rf"/({FILE})")


class UnknownMedia(Conflict):
    """There is no picture, or no file to sell, of that id that you may see."""

    code, title = "unknown-media", "Unknown media"
    remedy = "Upload it with POST /v1/media, and send the id of the answer."


class Use(Struct, frozen=True):
    """Something that shows or sells a medium, or an order whose buyer has paid for it, or may yet."""

    kind: Annotated[Literal["article", "item", "order"], Meta(examples=["article"])]
    id: Annotated[str, Meta(examples=["art_01k9zq3v8r5m2x7c4b6n8p0qwe"])]
    title: Annotated[str, Meta(description="Of an order: its number.", examples=["Fog over the harbour"])]


UsesOf: TypeAlias = Callable[[Transaction, Sequence[str], Viewer], Iterable[tuple[str, Use]]]
"""A query for the things of one kind that show some media, with the medium of each: those that the viewer
may see, at most MOST_SHOWN of a medium."""


def images_of(
    tx: Transaction,
    drafts: Iterable[tuple[str, ImageDraft]],
    *,
    shown: Sequence[Image],
    actor: Viewer | None,
) -> tuple[Image, ...]:
    """The images that these drafts, each at its pointer, ask for; one that was `shown` before keeps its id.

    Raises UnknownMedia for a picture that the actor may not see, unless it is shown already.
    """
    left = list(shown)
    return tuple(_image(tx, pointer, draft, left, actor) for pointer, draft in drafts)


def file_of(address: str) -> str | None:
    """The public file of a medium that an address in a text names."""
    named = _IN_TEXT.search(address)
    return named[1] if named else None


def check(tx: Transaction, media_ids: Iterable[tuple[str, str]], *, actor: Viewer | None) -> None:
    """Raise UnknownMedia for each of these, at its pointer, that the actor may not see."""
    named = list(media_ids)
    if named:
        seen = queries.list_seen(tx, media_ids=[media_id for _, media_id in named], **rules.seen_by(actor))
        unknown = [(pointer, UnknownMedia.meaning()) for pointer, media_id in named if media_id not in seen]
        if unknown:
            raise UnknownMedia.at_each(unknown)


def note(
    tx: Transaction, thing_id: str, images: Iterable[Image], html: str | None, *, sold: Iterable[str] = ()
) -> None:
    """Store which media a new or changed thing shows, as images or in its text, and which it sells.

    An image by address shows a medium too, if the address is that of its file.
    """
    images = list(images)
    named = {image.media for image in images if image.media is not None} | set(sold)
    addresses = [image.url for image in images if image.media is None]
    files = set(_IN_TEXT.findall(unquote(" ".join((*addresses, html or "")))))
    queries.replace_uses(tx, thing_id=thing_id, media_ids=sorted(named), files=sorted(files))


def hold(tx: Transaction, order_id: str, media_ids: Iterable[str]) -> None:
    """Store that an order needs these media, of which some may be gone, and no others."""
    queries.replace_uses(tx, thing_id=order_id, media_ids=sorted(existing(tx, media_ids)), files=())


def existing(tx: Transaction, media_ids: Iterable[str]) -> set[str]:
    """Those of these media that nobody has deleted."""
    return queries.list_seen(tx, media_ids=sorted(media_ids), **rules.seen_by(None))


def forget(tx: Transaction, thing_id: str) -> None:
    """A thing that is deleted shows nothing."""
    queries.replace_uses(tx, thing_id=thing_id, media_ids=(), files=())


def uses_of(
    tx: Transaction, places: Sequence[UsesOf], media_ids: Sequence[str], *, viewer: Viewer
) -> dict[str, list[Use]]:
    """What shows each of these media, as far as the viewer may see it."""
    uses: dict[str, list[Use]] = {}
    for place in places:
        for media_id, use in place(tx, media_ids, viewer):
            uses.setdefault(media_id, []).append(use)
    return {media_id: some[:MOST_SHOWN] for media_id, some in uses.items()}


def _image(
    tx: Transaction, pointer: str, draft: ImageDraft, left: list[Image], actor: Viewer | None
) -> Image:
    same = next((image for image in left if (image.media or image.url) == (draft.media or draft.url)), None)
    if same is not None:
        left.remove(same)
    image_id = same.id if same else new_id("img")
    if draft.media is None:
        return Image(image_id, draft.url or "", draft.alt or "", None, (), None, None)
    if same is not None:
        alt = same.alt if draft.alt is None else draft.alt
        return Image(image_id, same.url, alt, same.media, same.sizes, same.width, same.height)
    medium = _find(tx, draft.media, actor)
    if medium is None or not medium.is_image:
        raise UnknownMedia.at(f"{pointer}/media")
    sizes = tuple(
        ImageSize(f"/media/{size.file}", size.width, size.height, size.bytes) for size in medium.sizes
    )
    alt = medium.alt if draft.alt is None else draft.alt
    return Image(image_id, sizes[0].url, alt, medium.id, sizes, medium.width, medium.height)


def _find(tx: Transaction, ref: str, actor: Viewer | None) -> Medium | None:
    # Locked against its deletion by the row that will refer to it.
    return queries.find_medium(tx, medium_id=ref, **rules.seen_by(actor))
