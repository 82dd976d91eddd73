"""Pictures that have arrived, shown in the place of their old addresses by all that shows these."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial

from api.errors import DomainError
from api.imports.pictures import bodies, things
from api.imports.pictures.addresses import Original, absolute, original, shown_in
from api.imports.pictures.things import Changes, Content, Thing
from api.media import queries as media
from api.media.records import Medium
from api.settings.public_site import PublicSite
from api.storage import Database, StorageUnavailable
from api.text.images import ImageDraft

MOST_ATTEMPTS = 5


class NotShown(Exception):
    """A thing goes on showing pictures from elsewhere that have arrived."""


@dataclass(frozen=True)
class Showing:
    """Writes what has arrived into articles and items; `arrived`: original → medium."""

    db: Database
    site: PublicSite
    currency: str
    arrived: Mapping[str, str]

    def show(self, thing: Thing) -> bool:
        """Let the thing show what has arrived; whether that changed it. Raises NotShown.

        Somebody may change it meanwhile: what they wrote is read again, and stays.
        """
        for _ in range(MOST_ATTEMPTS):
            with self.db.read() as tx:
                content = things.find(tx, thing)
                if content is None:
                    return False
                new = self._found(thing, content)
                there = {
                    one.id: one for one in media.list_by_id(tx, ids=sorted({id for _, id in new.values()}))
                }
            files = {address: (of, there[id]) for address, (of, id) in new.items() if id in there}
            changes = self._changes(thing, content, files, there)
            is_changed = changes.images is not None or changes.text is not None
            try:
                is_stored = not is_changed or self.db.attempt(partial(self._store, thing, content, changes))
            except StorageUnavailable:
                raise
            except DomainError as error:
                raise NotShown(error.detail) from error
            if is_stored:
                _check(content.html if changes.text is None else changes.html, new)
                return is_changed
        raise NotShown("it is being changed all the time")

    def _found(self, thing: Thing, content: Content) -> dict[str, tuple[Original, str]]:
        """The addresses in it of what has arrived, each with its medium."""
        each = ((one.address, self._original(thing, one.address)) for one in content.elsewhere())
        return {address: (of, self.arrived[of.address]) for address, of in each if of.address in self.arrived}

    def _changes(
        self,
        thing: Thing,
        content: Content,
        files: Mapping[str, tuple[Original, Medium]],
        there: Mapping[str, Medium],
    ) -> Changes:
        images = [
            ImageDraft(None, image.alt or None, files[image.url][1].id)
            if image.media is None and image.url in files
            else image.draft()
            for image in content.images
        ]

        def variant(address: str) -> str | None:
            of = self._original(thing, address)
            medium = there.get(self.arrived.get(of.address, ""))
            return self._file(of, medium) if medium else None

        addresses = {address: self._file(of, medium) for address, (of, medium) in files.items()}
        return things.drafted(content, images, bodies.rewritten(content.source, addresses, variant))

    def _store(self, thing: Thing, content: Content, changes: Changes) -> bool:
        with self.db.write() as tx:
            current = things.find(tx, thing, lock=True)
            if current is None or current.version != content.version:
                return False
            things.change(tx, current, changes, currency=self.currency)
        return True

    def _original(self, thing: Thing, address: str) -> Original:
        return original(absolute(address, thing.site))

    def _file(self, of: Original, medium: Medium) -> str:
        """The smallest size that is as wide as the variant was, or else the largest."""
        wide = [size for size in medium.sizes if size.width >= of.width] if of.width else []
        return self.site.media_url((wide[-1] if wide else medium.sizes[0]).file)


def _check(html: str, new: Collection[str]) -> None:
    left = [shown.address for shown in shown_in(html) if shown.address in new]
    if left:
        raise NotShown(f"its text cannot be rewritten for {left[0]}")
