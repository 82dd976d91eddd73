"""Identification of viewers by their tokens: one query each, and a write of the last use once a minute."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from api import times
from api.accounts.api_keys import queries as key_queries
from api.accounts.api_keys import rules as api_keys
from api.accounts.profiles.records import Credential
from api.accounts.second_factors import rules as second_factors
from api.accounts.sessions import queries as session_queries
from api.accounts.sessions import rules as sessions
from api.errors import InvalidToken, Unavailable
from api.roles import CUSTOMER, Viewer
from api.storage import Database, Transaction
from api.times import Instant

NOTED_EVERY = 60
"""Seconds between two writes of a credential's last use."""
REHEARSED = "kkt_"
"""Stands before every token of `kiosque rehearse`, which strips it again: elsewhere it is worth nothing."""
PATIENCE = 0.1
"""Seconds that a request may wait for that write."""


class Resolve(Protocol):
    """Finds out whose token that is."""

    def __call__(self, tx: Transaction, *, token: str) -> Viewer | None:
        """The viewer of `token`, if it works."""


log = logging.getLogger("kiosque.accounts")


class Identification:
    """Resolves the tokens of all requests to a process; those with a prefix of `others` are of no account."""

    def __init__(
        self, db: Database, others: Mapping[str, Resolve], *, staff_need_factor: bool = False
    ) -> None:
        self._db = db
        self._others = others
        self._staff_need_factor = staff_need_factor
        self._noting = threading.Lock()
        self._paused_until = Instant("")

    def identify(self, token: str) -> Viewer:
        """The viewer of `token`, or InvalidToken; a database that takes no writes does not matter."""
        for prefix, resolve_other in self._others.items():
            if token.startswith(prefix):
                return self._of_other(resolve_other, token)
        resolve = api_keys.resolve if token.startswith(api_keys.PREFIX) else sessions.resolve
        with self._db.read() as tx:
            credential = resolve(tx, token=token)
            cutoff = times.later(tx.now, seconds=-NOTED_EVERY)
            lacks_factor = credential is not None and self._lacks_factor(tx, credential.viewer)
        if credential is None and token.startswith(REHEARSED):
            raise InvalidToken("This token belongs to a rehearsal (kiosque rehearse); this server is live.")
        if credential is None:
            raise InvalidToken
        viewer = replace(credential.viewer, lacks_factor=True) if lacks_factor else credential.viewer
        if credential.last_used_at is None or credential.last_used_at <= cutoff:
            self._note(credential, cutoff)
            return viewer
        until = min(credential.expires_at, times.later(credential.last_used_at, seconds=NOTED_EVERY))
        return replace(viewer, known_until=until)

    def _lacks_factor(self, tx: Transaction, viewer: Viewer) -> bool:
        is_needed = self._staff_need_factor and viewer.role != CUSTOMER
        return is_needed and not second_factors.is_on(tx, account_id=viewer.id)

    def _of_other(self, resolve: Resolve, token: str) -> Viewer:
        with self._db.read() as tx:
            viewer = resolve(tx, token=token)
        if viewer is None:
            raise InvalidToken
        return viewer

    def _note(self, credential: Credential, cutoff: Instant) -> None:
        # One at a time, and none for a minute after a failure: reads must not queue behind a slow writer.
        if cutoff < self._paused_until or not self._noting.acquire(blocking=False):
            return
        try:
            with self._db.write(wait=PATIENCE) as tx:
                if credential.viewer.session_id is None:
                    key_queries.update_last_use(tx, key_id=credential.source_id, used_before=cutoff)
                else:
                    session_queries.update_last_use(tx, session_id=credential.source_id, used_before=cutoff)
        except Unavailable as error:
            self._paused_until = times.later(cutoff, seconds=NOTED_EVERY)
            log.warning("the last use of a token was not recorded: %s", error.code)
        finally:
            self._noting.release()
