"""The table of events."""

from __future__ import annotations

import sqlalchemy as sa

from api.events.records import Actor, SubjectKind
from api.storage import Integer, Text, metadata, one_of

events = sa.Table(
    "events",
    metadata,
    # By the order of commits. PostgreSQL cannot tell it yet when a row is inserted: -1, -2, … until then, by
    # arrival. Whoever changes a thing has locked it, so that its events arrive in order, even if their
    # transactions began in another.
    sa.Column("position", Integer, primary_key=True),
    sa.Column("id", Text, nullable=False, unique=True),
    sa.Column("type", Text, nullable=False),
    sa.Column("at", Text, nullable=False),
    sa.Column("subject_kind", Text, nullable=False),
    sa.Column("subject_id", Text, nullable=False),
    sa.Column("actor", Text, nullable=False),
    sa.Column("about", Text),  # an account; not a key, since the event outlives it
    sa.Column("data", Text),  # JSON
    one_of("actor", Actor),
    one_of("subject_kind", SubjectKind),
    sqlite_strict=True,
)
IS_NUMBERED = events.c.position > sa.literal_column("0")
_IS_ABOUT = events.c.about.is_not(None)
sa.Index("ix_events_about", events.c.about, sqlite_where=_IS_ABOUT, postgresql_where=_IS_ABOUT)
