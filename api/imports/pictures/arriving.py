"""The arrival of a picture: got from where it is, stored as a medium of the site, and remembered."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BufferedRandom
from tempfile import TemporaryFile

from api.ids import indexable
from api.imports.origins import queries as origins
from api.imports.origins.records import Key, Looks
from api.imports.pictures import getting
from api.imports.pictures.addresses import key_of, name_of
from api.imports.pictures.getting import NotFetched, Place
from api.media import files, formats, queries, rules
from api.media.pictures import ImageTooLarge, InvalidImage
from api.media.records import Medium, Words
from api.media.store import Store
from api.storage import CONTRADICTIONS, Busy, Database, Transaction

LONGEST_ALT = 1_000


@dataclass
class Picture:
    """A picture elsewhere: the address of its original, and those at which it is shown, with their sizes."""

    original: str
    shown: dict[str, tuple[int, int]] = field(default_factory=dict)
    alt: str = ""

    def addresses(self) -> list[tuple[str, tuple[int, int]]]:
        """The addresses to try, the best first, each with the least size that it must have."""
        largest = max(self.shown.values())
        others = sorted(self.shown, key=lambda address: self.shown[address], reverse=True)
        return [(self.original, largest), *((one, (0, 0)) for one in others if one != self.original)]


@dataclass
class Arrival:
    """The outcome for a picture: its medium, or for each address the reason why there is none."""

    picture: Picture
    medium_id: str | None = None
    outcome: str = getting.NOT_AN_IMAGE
    missed: dict[str, NotFetched] = field(default_factory=dict)

    def of(self, address: str) -> tuple[str, str]:
        """The outcome for one of its addresses, and its detail."""
        if self.medium_id is not None or not self.missed:
            return self.outcome, self.medium_id or ""
        error = self.missed.get(address) or self.missed[self.picture.original]
        return error.outcome, error.detail


@dataclass
class Arrivals:
    """Brings pictures into the store and the database, as many at a time as somebody calls it."""

    db: Database
    store: Store
    place: Place

    def __post_init__(self) -> None:
        self._storing = {digit: threading.Lock() for digit in "0123456789abcdef"}

    def look(self, picture: Picture) -> Arrival:
        """The outcome to expect, as far as it is known without asking anybody."""
        with self.db.read() as tx:
            known = find(tx, picture.original)
        arrival = Arrival(picture, known, getting.THERE if known else getting.WAITING)
        for address, _ in () if known else picture.addresses():
            try:
                arrival.outcome = self.place.look(address)
            except NotFetched as error:
                arrival.missed[address] = error
            else:
                arrival.missed.clear()
                break
        return arrival

    def bring(self, picture: Picture) -> Arrival:
        """Get the picture unless it is there; where the original is not, the largest of its variants."""
        with self.db.read() as tx:
            known = find(tx, picture.original)
        if known is not None:
            return Arrival(picture, known, getting.THERE)
        arrival = Arrival(picture)
        for address, least in picture.addresses():
            try:
                arrival.medium_id, arrival.outcome = self._try(picture, address, least)
            except NotFetched as error:
                arrival.missed[address] = error
                if error.is_final:
                    continue
            return arrival  # rather the original in another run than a variant for good
        return arrival

    def _try(self, picture: Picture, address: str, least: tuple[int, int]) -> tuple[str, str]:
        try:
            with TemporaryFile() as file:
                self.place.copy(address, file)
                return self._store(picture, address, file, least)
        except ImageTooLarge as error:
            raise NotFetched(getting.TOO_LARGE, error.detail) from error
        except InvalidImage as error:
            raise NotFetched(getting.BROKEN) from error
        except Busy as error:
            raise NotFetched(getting.BUSY, is_final=False) from error

    def _store(
        self, picture: Picture, address: str, file: BufferedRandom, least: tuple[int, int]
    ) -> tuple[str, str]:
        file.seek(0)
        head = file.read(formats.HEAD_BYTES)
        media_type = next((type for type in formats.IMAGES if formats.begins_like(head, type)), None)
        if media_type is None:
            raise NotFetched(getting.NOT_AN_IMAGE)
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        words = Words(filename=name_of(address), alt=picture.alt[:LONGEST_ALT])
        with self._storing[sha256[0]]:  # so that the same bytes from two addresses are one medium
            with self.db.read() as tx:
                same = queries.find_same(tx, account_id=None, sha256=sha256)
            if same is not None:
                _check_size(same.width, same.height, least)
                return self._note(picture, lambda tx: (_still_there(tx, sha256), False))
            with (
                files.prepared(
                    self.store, file, sha256=sha256, media_type=media_type, filename=words.filename
                ) as (content, made),
                self.store.adding(),
            ):
                _check_size(content.width, content.height, least)
                self.store.put(made)
                return self._note(picture, lambda tx: rules.create(tx, content, words, actor=None))

    def _note(
        self, picture: Picture, create: Callable[[Transaction], tuple[Medium, bool]]
    ) -> tuple[str, str]:
        """Store the medium, and that it is this picture."""

        def write() -> tuple[str, str]:
            with self.db.write() as tx:
                known = find(tx, picture.original)
                if known is not None:
                    return known, getting.THERE
                medium, is_new = create(tx)
                _remember(tx, picture.original, medium)
                return medium.id, getting.FETCHED if is_new else getting.THERE

        try:
            return self.db.attempt(write)
        except CONTRADICTIONS:  # another run has just brought the same
            return self.db.attempt(write)


def find(tx: Transaction, original: str) -> str | None:
    """The medium that an earlier run made of the picture at this address, if it is still there."""
    origin = origins.find(tx, _key(original))
    return None if origin is None or origin.is_deleted else origin.local_id


def _remember(tx: Transaction, original: str, medium: Medium) -> None:
    key = _key(original)
    if origins.find(tx, key) is None:
        origins.insert_origin(tx, key, local_id=medium.id, fingerprint=medium.sha256, looks=Looks())
    else:
        origins.move_origin(tx, key, local_id=medium.id, fingerprint=medium.sha256)


def _still_there(tx: Transaction, sha256: str) -> Medium:
    same = queries.find_same(tx, account_id=None, sha256=sha256)
    if same is None:
        raise Busy
    return same


def _check_size(width: int | None, height: int | None, least: tuple[int, int]) -> None:
    if (width or 0) < least[0] or (height or 0) < least[1]:
        raise NotFetched(getting.NOT_AN_IMAGE, "another picture, smaller than its variant")


def _key(original: str) -> Key:
    host, rest = key_of(original)
    return Key("media", indexable(host), indexable(rest))
