"""Shares: a worker with more connections than another leaves the next to it."""

from __future__ import annotations

from api.server.sharing import Share


def test_who_has_more_by_two_is_ahead():
    first, second = Share(200), Share(201)
    first.report(3)
    second.report(1)

    assert (first.is_ahead(3), first.is_ahead(2), second.is_ahead(1)) == (True, False, False)

    second.leave()
    assert not first.is_ahead(3)
    first.leave()


def test_a_worker_without_a_slot_takes_what_comes():
    assert not Share(None).is_ahead(1_000)
