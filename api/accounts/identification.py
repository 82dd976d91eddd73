"""Whose token it is: one query for a session or an API key, and a note of its use once a minute."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace

from api import times
from api.accounts.api_keys import queries as key_queries
from api.accounts.api_keys import rules as api_keys
from api.accounts.profiles.records import Sighting
from api.accounts.roles import Viewer
from api.accounts.sessions import queries as session_queries
from api.accounts.sessions import rules as sessions
from api.errors import NotSignedIn, Unavailable
from api.storage import Database
from api.times import Instant

NOTED_EVERY = 60
"""Seconds of use that leave one write."""
PATIENCE = 0.1
"""Seconds that a read may lose to that write."""

log = logging.getLogger("kiosque.accounts")


class InvalidToken(NotSignedIn):
    """The token is unknown, expired or revoked, or its account is suspended."""

    code = "invalid-token"
    title = "Invalid token"
    remedy = "Log in again with POST /v1/sessions, or make another API key."
    challenge = ', error="invalid_token"'


class Identification:
    """Reads tokens for the whole process."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._noting = threading.Lock()
        self._paused_until = Instant("")

    def identify(self, token: str) -> Viewer:
        """Whose `token` is, or InvalidToken; a database that takes no writes does not matter."""
        sighted = api_keys.sighted if token.startswith(api_keys.PREFIX) else sessions.sighted
        with self._db.read() as tx:
            sighting = sighted(tx, token=token)
            cutoff = times.later(tx.now, seconds=-NOTED_EVERY)
        if sighting is None:
            raise InvalidToken
        if sighting.last_used_at is None or sighting.last_used_at <= cutoff:
            self._note(sighting, cutoff)
            return sighting.viewer
        until = min(sighting.expires_at, times.later(sighting.last_used_at, seconds=NOTED_EVERY))
        return replace(sighting.viewer, known_until=until)

    def _note(self, sighting: Sighting, cutoff: Instant) -> None:
        # One at a time, and none for a minute after a failure: reads must not queue behind a slow writer.
        if cutoff < self._paused_until or not self._noting.acquire(blocking=False):
            return
        try:
            with self._db.write(wait=PATIENCE) as tx:
                if sighting.viewer.session_id is None:
                    key_queries.update_last_use(tx, key_id=sighting.source_id, used_before=cutoff)
                else:
                    session_queries.update_last_use(tx, session_id=sighting.source_id, used_before=cutoff)
        except Unavailable as error:
            self._paused_until = times.later(cutoff, seconds=NOTED_EVERY)
            log.warning("the use of a token is not noted: %s", error.code)
        finally:
            self._noting.release()
