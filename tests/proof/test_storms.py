"""Storms: real workers, many clients, some of them killed; stock is sold once, and every answer was true.

`make storm` runs them at full size.
"""

from __future__ import annotations

import random

import pytest

from api.proof.buyers import Purchase
from api.proof.proof import Verdict, purchases_of, run


@pytest.fixture
def size(request: pytest.FixtureRequest) -> int:
    """1, or what makes a storm full."""
    return 20 if request.config.getoption("--storm", default=False) else 1


@pytest.fixture
def storm(tmp_path, capsys, request):
    """Runs one and prints its figures when they were asked for."""

    def run_one(**plan) -> Verdict:
        verdict = run(tmp_path, f"sqlite:///{tmp_path / 'kiosque.db'}", **plan)
        if request.config.getoption("--storm", default=False):
            with capsys.disabled():
                tally = verdict.tally
                print(
                    f"\n{request.node.name}: {verdict.asked} asked of {verdict.stock}, {verdict.sold} sold,"
                    f" kills {verdict.kills}, tries {tally.tries}, worst {tally.worst:.2f} s"
                )
        return verdict

    return run_one


def test_many_buyers_of_few_units_get_all_of_them_and_no_more(storm, size):
    verdict = storm(
        stock={"few": 5 * size}, purchases=purchases_of([{"few": 1}] * 500 * size), clients=32 + size
    )

    assert verdict.faults == ()
    assert (verdict.sold, verdict.left) == (5 * size, 0)
    assert len(verdict.tally.refused) == 495 * size


def test_killed_workers_lose_and_double_nothing(storm, size):
    verdict = storm(
        stock={"many": 10_000},
        purchases=purchases_of([{"many": 1}] * 200 * size),
        clients=32,
        kill_every=0.3,
    )

    assert verdict.faults == ()
    assert verdict.kills > 0
    assert verdict.sold == 200 * size
    assert len(verdict.tally.bought) == 200 * size


def test_baskets_in_any_order_are_filled_whole_or_not_at_all(storm, size):
    skus = [f"sku-{number}" for number in range(8)]
    chance = random.Random(7)
    baskets = [
        {sku: chance.randint(1, 3) for sku in chance.sample(skus, chance.randint(2, 6))}
        for _ in range(150 * size)
    ]

    verdict = storm(stock=dict.fromkeys(skus, 60 * size), purchases=purchases_of(baskets), clients=32)

    assert verdict.faults == ()
    assert not verdict.tally.unanswered
    assert len(verdict.tally.bought) + len(verdict.tally.refused) == 150 * size


def test_fifty_with_one_key_are_one_order(storm):
    verdict = storm(stock={"one": 100}, purchases=[Purchase("same", {"one": 1})] * 50, clients=50, accounts=1)

    assert verdict.faults == ()
    assert (verdict.sold, len(verdict.tally.bought)) == (1, 1)
