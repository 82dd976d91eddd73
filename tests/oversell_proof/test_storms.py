"""Storms: real workers, some of them killed, and many clients; stock is sold once, and every answer holds.

`make storm` runs them at full size.
"""

from __future__ import annotations

import random

import pytest

from api.oversell_proof.buyers import Purchase, Restock
from api.oversell_proof.proof import purchases_of, run
from api.oversell_proof.verdict import Verdict
from tests.oversell_proof import figures
from tests.postgres import url_of


@pytest.fixture
def size(full) -> int:
    """1, or the factor of a storm at full size."""
    return 20 if full else 1


@pytest.fixture
def storm(tmp_path, empty, capsys, request, full):
    """Runs one, and prints its figures at full size."""

    def run_one(**plan) -> Verdict:
        verdict = run(tmp_path, url_of(empty), **plan)
        if full:
            with capsys.disabled():
                print("\n" + figures.line(request.node.name, verdict))
        return verdict

    return run_one


def test_many_buyers_of_few_units_get_all_of_them_and_no_more(storm, size):
    verdict = storm(stock={"few": 5 * size}, tasks=purchases_of([{"few": 1}] * 500 * size), clients=32 + size)

    assert verdict.faults == ()
    assert (verdict.sold, verdict.left) == (5 * size, 0)
    assert len(verdict.tally.refused) == 495 * size


def test_killed_workers_lose_and_double_nothing(storm, size):
    verdict = storm(
        stock={"many": 10_000},
        tasks=purchases_of([{"many": 1}] * 200 * size),
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

    verdict = storm(stock=dict.fromkeys(skus, 60 * size), tasks=purchases_of(baskets), clients=32)

    assert verdict.faults == ()
    assert not verdict.tally.unanswered
    assert len(verdict.tally.bought) + len(verdict.tally.refused) == 150 * size


def test_what_is_cancelled_bought_and_restocked_at_once_adds_up(storm, size):
    skus = [f"sku-{number}" for number in range(4)]
    chance = random.Random(11)
    kept = [Purchase(f"kept-{n}", _basket(chance, skus)) for n in range(60 * size)]
    # Twice each: both get one order, and both cancel it.
    cancelled = [
        Purchase(f"cancelled-{n}", _basket(chance, skus), then_cancelled=True) for n in range(60 * size)
    ]
    restocks = [Restock(f"restock-{n}", chance.choice(skus), chance.randint(1, 4)) for n in range(30 * size)]
    groups = [[task] for task in (*kept, *restocks)] + [[task, task] for task in cancelled]
    chance.shuffle(groups)

    verdict = storm(
        stock=dict.fromkeys(skus, 10 * size),
        tasks=[task for group in groups for task in group],
        clients=32,
        accounts=1,
    )

    tally = verdict.tally
    assert verdict.faults == ()
    assert not tally.unanswered
    assert len(tally.restocked) == 30 * size
    assert tally.cancelled == tally.bought.keys() & {purchase.key for purchase in cancelled}
    assert tally.bought.keys() | tally.refused == {purchase.key for purchase in (*kept, *cancelled)}


def test_fifty_with_one_key_are_one_order(storm):
    verdict = storm(stock={"one": 100}, tasks=[Purchase("same", {"one": 1})] * 50, clients=50, accounts=1)

    assert verdict.faults == ()
    assert (verdict.sold, len(verdict.tally.bought)) == (1, 1)


def _basket(chance: random.Random, skus: list[str]) -> dict[str, int]:
    return {sku: chance.randint(1, 2) for sku in chance.sample(skus, chance.randint(1, 3))}
