"""Imports as JSON."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Self

from msgspec import Meta, Struct

from api.imports.uploads.folder import Folder
from api.imports.uploads.records import Counts, Import, ImportState, Note, Options, Progress, Refusal
from api.text.fields import Time, id_example
from api.web.paging import PageQuery
from api.web.views import view_of


class UploadQuery(Options, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The options of `kiosque import`."""


class ImportsQuery(PageQuery):
    """A page of imports."""

    prefix: ClassVar[str] = "imp"
    state: ImportState | None = None


class ImportView(Struct, kw_only=True):
    """A file that is imported, or was."""

    id: Annotated[str, id_example("imp")]
    state: Annotated[ImportState, Meta(examples=["running"])]
    dry_run: Annotated[bool, Meta(examples=[True])]
    format: Annotated[str | None, Meta(examples=["WordPress export"])]
    """Recognised by the content of the file."""
    progress: Progress | None
    """Only while it runs."""
    counts: Annotated[
        dict[str, Counts], Meta(examples=[{"articles": {"created": 12, "updated": 0, "unchanged": 3}}])
    ]
    notes: list[Note]
    error: Refusal | None
    created_at: Time
    ended_at: Annotated[Time | None, Meta(examples=[None])]

    @classmethod
    def of(cls, record: Import, folder: Folder) -> Self:
        """`record` as it is shown; `folder` knows how far it is."""
        others: dict[str, Any] = {"progress": None}
        if record.state == "running":
            others["progress"] = folder.progress(record.id)
        return view_of(cls, record, **others)
