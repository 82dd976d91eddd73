"""Storms of payers: whatever they, the workers and the hour do, the books of both sides agree to the cent.

`make storm` runs them at full size.
"""

from __future__ import annotations

import pytest

from api.oversell_proof.paying.payers import payers_of
from api.oversell_proof.paying.proof import run
from api.oversell_proof.paying.verdict import MoneyVerdict
from tests.oversell_proof import figures
from tests.postgres import url_of


@pytest.fixture
def storm(tmp_path, empty, capsys, request, full):
    """Runs one of so many payers, and prints its figures at full size."""

    def run_one(count: int, **plan) -> MoneyVerdict:
        payers = payers_of(count, seed=9)
        verdict = run(tmp_path, url_of(empty), stock=count, payers=payers, clients=16, **plan)
        if full:
            with capsys.disabled():
                print("\n" + figures.money_line(request.node.name, verdict))
        return verdict

    return run_one


@pytest.mark.parametrize("kill_every", [None, 0.3], ids=["calm", "killed"])
def test_payers_and_provider_agree_to_the_cent(storm, full, kill_every):
    verdict = storm(1_000 if full else 40, kill_every=kill_every)

    assert verdict.faults == ()
    assert verdict.payments["captured"] > 0
    assert verdict.money_in > verdict.money_back > 0
    assert (verdict.kills > 0) == (kill_every is not None)
