"""The table of events."""

from __future__ import annotations

import sqlalchemy as sa

from api.events.records import Actor, SubjectKind
from api.storage import Integer, Text, metadata, one_of

ARRIVALS = sa.Sequence("event_arrivals", metadata=metadata)

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", Text, primary_key=True),
    # By the order of commits, so PostgreSQL cannot tell it yet when the row is inserted.
    sa.Column("position", Integer, unique=True),
    # Whoever changes a thing has locked it: its events arrive in order, even if their transactions began in
    # another.
    sa.Column("arrival", Integer),
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
HAS_NO_POSITION = events.c.position.is_(None)
sa.Index(
    "ix_events_unnumbered", events.c.arrival, sqlite_where=HAS_NO_POSITION, postgresql_where=HAS_NO_POSITION
)
_IS_ABOUT = events.c.about.is_not(None)
sa.Index("ix_events_about", events.c.about, sqlite_where=_IS_ABOUT, postgresql_where=_IS_ABOUT)
