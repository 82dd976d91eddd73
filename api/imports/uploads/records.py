"""Imports, as they are stored and shown."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.times import Instant

ImportState = Literal["waiting", "running", "done", "refused"]
Step = Literal["reading", "texts", "articles", "comments", "items"]


class Progress(Struct, frozen=True):
    """The progress of a running import: `done` of the `total` rows of this step; no total while it reads."""

    step: Annotated[Step, Meta(examples=["texts"])]
    done: Annotated[int, Meta(ge=0, examples=[120])] = 0
    total: Annotated[Annotated[int, Meta(ge=0)] | None, Meta(examples=[2_400])] = None


class Counts(Struct, frozen=True):
    """The rows of one kind, by what became of them, or in a dry run would have."""

    created: Annotated[int, Meta(ge=0, examples=[12])] = 0
    updated: Annotated[int, Meta(ge=0, examples=[0])] = 0
    unchanged: Annotated[int, Meta(ge=0, examples=[3])] = 0


class Note(Struct, frozen=True):
    """Rows that were not imported (`skipped`), or with a change (`noted`), for one reason.

    The last one is `more` where there are too many: it counts those that are left out.
    """

    code: Annotated[Literal["skipped", "noted", "more"], Meta(examples=["skipped"])]
    kind: Annotated[str, Meta(examples=["download"])]
    detail: Annotated[str, Meta(examples=["downloads are not imported, since files are not fetched"])]
    count: Annotated[int, Meta(ge=1, examples=[2])]
    labels: Annotated[list[str], Meta(examples=[["map.pdf", "tour.mp3"]])]
    """The names of the first of these rows."""


class Refusal(Struct, frozen=True):
    """The reason why nothing of a file was imported, and what to do about it."""

    detail: Annotated[str, Meta(examples=["Invalid XML: mismatched tag."])]
    remedy: Annotated[str, Meta(examples=["Correct the file at this place, or export it once more."])]
    line: Annotated[Annotated[int, Meta(ge=1)] | None, Meta(examples=[812])] = None
    column: Annotated[Annotated[int, Meta(ge=1)] | None, Meta(examples=[3])] = None
    """In a table, the number of the field in its row."""


class Result(Struct, frozen=True):
    """The end of an import that was not refused."""

    format: str
    counts: dict[str, Counts]
    notes: list[Note]


class Options(Struct, frozen=True, kw_only=True):
    """Those of `kiosque import`."""

    dry_run: bool = False
    lenient: bool = False
    people: bool = False


class Import(Options, frozen=True, kw_only=True):
    """A file that is imported, or was."""

    id: str
    state: ImportState
    attempts: int
    """The number of times that it was begun."""
    format: str | None = None
    counts: dict[str, Counts] = {}
    notes: list[Note] = []
    error: Refusal | None = None
    created_at: Instant
    ended_at: Instant | None = None
