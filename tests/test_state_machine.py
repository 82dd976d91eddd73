"""A shop and its people against a model in plain Python: whatever happens in whatever order, they agree."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import sqlalchemy as sa
from falcon.testing import Result, TestClient
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from api.app import create_app
from api.shop.orders.tables import OPEN, orders
from api.shop.reconcile import rules as reconcile
from api.shop.variants import queries as variant_queries
from api.storage import Database
from tests.factories import CHEAP_HASHER, PASSWORD, make_account, sign_in
from tests.model import Order, Person, Session, bearer, eur, summed

SKUS = ("mug", "tea", "talk")
UNCOUNTED = "talk"
EXPIRE = (
    sa.update(orders)
    .where(orders.c.id == sa.bindparam("ref"), OPEN, orders.c.expires_at > sa.bindparam("hour"))
    .values(expires_at=sa.bindparam("hour"))
)
lines = st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 2)), min_size=1, max_size=3)
the_keeper = st.none()
people = st.integers(0, 2)
seldom = st.sampled_from([False, False, False, True])
_example = count()


class Shop(RuleBasedStateMachine):
    sessions = Bundle("sessions")

    def __init__(self, db: Database, client: TestClient) -> None:
        super().__init__()
        self.db, self.client = db, client
        number = next(_example)  # every example has people, things and a network of its own
        self.suffix, self.network = f"-{number}", f"10.{number >> 8}.{number & 255}.1"
        self.placed: list[Order] = []
        self.stock: dict[str, int] = {}
        """Units left of what is counted."""
        self.prices: dict[str, int] = {}
        with db.write() as tx:
            account = make_account(tx, role="owner")
            self.owner = sign_in(tx, account)
        self.keeper = Session(Person(account.id, account.email, role="owner"), self.owner)

    @initialize(
        target=sessions,
        stock=st.fixed_dictionaries({sku: st.integers(2, 9) for sku in SKUS}),
        prices=st.fixed_dictionaries({sku: st.integers(0, 3) for sku in SKUS}),
    )
    def open(self, stock: dict[str, int], prices: dict[str, int]) -> Any:
        self.stock, self.prices = {sku: n for sku, n in stock.items() if sku != UNCOUNTED}, prices
        for sku in SKUS:
            variant = {"sku": sku + self.suffix, "price": eur(prices[sku])}
            variant["stock"] = self.stock.get(sku)
            body = {"name": sku, "status": "published", "variants": [variant]}
            assert self.post(self.owner, "/v1/items", body).status_code == 201
        self.people = [self.sign_up(name) for name in ("ada", "ben", "cyd")]
        self.change(self.people[0], role="shopkeeper")
        started = [self.session(person, self.log_in(person, PASSWORD)) for person in self.people]
        for session in started[1:]:
            self.buy(session, [("mug", 1), ("talk", 2)], None)
        return multiple(*started)

    @rule(session=sessions, wanted=lines, seen=st.sampled_from([None, 0, 0, 1]))
    def buy(self, session: Session, wanted: list[tuple[str, int]], seen: int | None) -> None:
        units = summed(wanted)
        total = sum(self.prices[sku] * n for sku, n in units.items())
        expected = None if seen is None else eur(total + seen)
        body = {"lines": [{"sku": sku + self.suffix, "quantity": n} for sku, n in wanted]}

        answer = self.post(session.token, "/v1/orders", body | {"expected_total": expected})

        code = "out-of-stock" if not self.has(units) else "price-changed" if seen else None
        if self.agreed(session, answer, 201 if code is None else 409, code):
            self.placed.append(Order(answer.headers["Location"], session.person, units, dict(self.prices)))
            self.take(self.placed[-1])

    @rule(session=the_keeper | sessions, place=st.integers(0, 5))
    def cancel(self, session: Session | None, place: int) -> None:
        session, order = session or self.keeper, self.latest(place)

        answer = self.client.simulate_put(f"{order.path}/cancellation", headers=bearer(session.token))

        if session.person.keeps:
            possible = order.order_status != "expired" and bool(order.remaining or order.cancelled)
        else:
            possible = order.order_status == "cancelled" or order.statuses == ("open", "unpaid", "none")
        status = 200 if possible else 409
        if order.buyer is not session.person and not session.person.keeps:
            status = 404
        if self.agreed(session, answer, status):
            self.put_back(order, order.remaining)
            order.cancelled = {
                sku: order.cancelled.get(sku, 0) + order.remaining.get(sku, 0)
                for sku in order.lines
                if order.cancelled.get(sku, 0) + order.remaining.get(sku, 0)
            }
            order.refunded = max(order.refunded, order.paid - order.total + order.worth(order.cancelled))

    @rule(session=the_keeper | sessions, place=st.integers(0, 5), off=st.sampled_from([-2, -1, 0, 1]))
    def pay(self, session: Session | None, place: int, off: int) -> None:
        session, order = session or self.keeper, self.latest(place)
        amount = max(order.due + off, 1)

        answer = self.post(session.token, f"{order.path}/payments", {"method": "cash", "amount": eur(amount)})

        there = not order.expired or self.has(order.lines)
        fits = order.order_status != "cancelled" and there and amount <= order.due
        unseen = order.buyer is not session.person and not session.person.keeps
        if self.agreed(session, answer, 404 if unseen else 201 if fits else 409, keepers=not unseen):
            order.paid += amount
            if order.expired:
                self.take(order)
            order.expired = False

    @rule(place=st.integers(0, 5))
    def let_expire(self, place: int) -> None:
        order = self.latest(place)
        with self.db.write() as tx:
            due = tx.run(EXPIRE, ref=order.path.rpartition("/")[2], hour=tx.now) == 1

        held = order.order_status == "open" and not order.paid and not order.sent and order.total > 0
        assert due == held
        if due:
            order.expired = True
            self.put_back(order, order.lines)

    @rule(session=the_keeper | sessions, place=st.integers(0, 5), wanted=st.none() | lines)
    def fulfil(self, session: Session | None, place: int, wanted: list[tuple[str, int]] | None) -> None:
        session, order = session or self.keeper, self.latest(place)
        body = None if wanted is None else [{"sku": sku + self.suffix, "quantity": n} for sku, n in wanted]

        answer = self.post(
            session.token, f"{order.path}/fulfilments", {} if body is None else {"lines": body}
        )

        sent = order.remaining if wanted is None else summed(wanted)
        fits = not order.expired and bool(order.remaining)
        fits = fits and all(n <= order.remaining.get(sku, 0) for sku, n in sent.items())
        if self.agreed(session, answer, 201 if fits else 409, keepers=True):
            for sku, n in sent.items():
                order.sent[sku] = order.sent.get(sku, 0) + n

    @rule(session=sessions, sku=st.sampled_from(SKUS), delta=st.integers(-4, 4).filter(bool))
    def restock(self, session: Session, sku: str, delta: int) -> None:
        path = f"/v1/variants/{sku}{self.suffix}/stock-movements"

        answer = self.post(session.token, path, {"delta": delta, "reason": "adjust"})

        fits = sku in self.stock and self.stock[sku] + delta >= 0
        if self.agreed(session, answer, 201 if fits else 409, keepers=True):
            self.stock[sku] += delta

    @rule(session=the_keeper | sessions, sku=st.sampled_from(SKUS), units=st.none() | st.integers(0, 9))
    def count_or_stop_counting(self, session: Session | None, sku: str, units: int | None) -> None:
        session, path = session or self.keeper, f"/v1/variants/{sku}{self.suffix}/tracking"
        verb, body, status = ("DELETE", None, 204) if units is None else ("PUT", {"available": units}, 200)

        answer = self.client.simulate_request(verb, path, json=body, headers=bearer(session.token))

        counted_twice = units is not None and sku in self.stock
        if self.agreed(session, answer, 409 if counted_twice else status, keepers=True):
            self.stock.pop(sku, None)
            self.stock |= {} if units is None else {sku: units}

    @rule(session=sessions, sku=st.sampled_from(SKUS), price=st.integers(0, 3))
    def reprice(self, session: Session, sku: str, price: int) -> None:
        path, body = f"/v1/variants/{sku}{self.suffix}", {"price": eur(price)}

        answer = self.client.simulate_patch(path, json=body, headers=bearer(session.token))

        if self.agreed(session, answer, 200, keepers=True):
            self.prices[sku] = price

    @rule(place=people, role=st.sampled_from(["customer", "author", "shopkeeper"]), out=seldom)
    def administer(self, place: int, role: str, out: bool) -> None:
        person = self.people[place]
        self.change(person, role=role, status="suspended" if out else "active")

        person.suspended = out
        for session in person.sessions:
            session.ended = session.ended or out

    @rule(session=consumes(sessions))
    def log_out(self, session: Session) -> None:
        for _ in range(2):
            answer = self.client.simulate_delete("/v1/sessions/current", headers=bearer(session.token))

            self.agreed(session, answer, 204)
            session.ended = True

    @rule(target=sessions, place=people, wrong=seldom)
    def log_in_again(self, place: int, wrong: bool) -> Any:
        person = self.people[place]
        if person.failures == 4:  # after the fifth each further try would have to wait
            return multiple()
        answer = self.log_in(person, PASSWORD[::-1] if wrong else PASSWORD)

        if not wrong and not person.suspended:
            assert answer.status_code == 201
            return self.session(person, answer)
        assert (answer.status_code, answer.json["code"]) == (401, "login-failed")
        person.failures += 1
        return multiple()

    @invariant()
    def stock_and_prices_are_what_the_model_says(self) -> None:
        with self.db.read() as tx:
            sold = variant_queries.list_orderable(tx, keys=[sku + self.suffix for sku in SKUS])
        told = {variant.sku: (variant.available, variant.price.amount) for variant in sold.values()}

        assert told == {sku + self.suffix: (self.stock.get(sku, 0), self.prices[sku]) for sku in self.prices}

    def teardown(self) -> None:
        for order in self.placed:
            answer = self.client.simulate_get(order.path, headers=bearer(self.owner))
            assert answer.status_code == 200, answer.text
            told = answer.json
            statuses = tuple(told[f"{name}_status"] for name in ("order", "payment", "fulfilment"))
            assert statuses == order.statuses
            assert (told["total"], told["paid"]) == (eur(order.total), eur(order.paid))
            assert (told["refunded"], told["due"]) == (eur(order.refunded), eur(order.due))
        with self.db.read() as tx:
            compared = [reconcile.compare(tx, name=name) for name in reconcile.names()]
        assert [comparison.differences for comparison in compared if comparison.differing] == []

    def has(self, units: dict[str, int]) -> bool:
        return all(n <= self.stock[sku] for sku, n in units.items() if sku in self.stock)

    def take(self, order: Order) -> None:
        order.taken = {sku: n for sku, n in order.lines.items() if sku in self.stock}
        for sku, n in order.taken.items():
            self.stock[sku] -= n

    def put_back(self, order: Order, units: dict[str, int]) -> None:
        for sku, n in units.items():
            back = min(n, order.taken.get(sku, 0))
            if sku in self.stock:
                self.stock[sku] += back
            order.taken[sku] = order.taken.get(sku, 0) - back

    def agreed(
        self, session: Session, answer: Result, status: int, code: str | None = None, *, keepers: bool = False
    ) -> bool:
        """Whether it was done; fails unless the answer is what the model says."""
        if session.ended:
            status, code = 401, "invalid-token"
        elif keepers and not session.person.keeps:
            status, code = 403, "forbidden"
        assert answer.status_code == status, answer.text
        assert code is None or answer.json["code"] == code
        return status < 300

    def latest(self, place: int) -> Order:
        return self.placed[-1 - place % len(self.placed)]

    def sign_up(self, name: str) -> Person:
        body = {"email": f"{name}{self.suffix}@kiosque.test", "password": PASSWORD, "name": name}
        answer = self.client.simulate_post("/v1/accounts", json=body)
        assert answer.status_code == 201, answer.text
        return Person(answer.json["id"], body["email"])

    def change(self, person: Person, **fields: str) -> None:
        path = f"/v1/accounts/{person.id}"
        answer = self.client.simulate_patch(path, json=fields, headers=bearer(self.owner))
        assert answer.status_code == 200, answer.text
        person.role = fields["role"]

    def log_in(self, person: Person, password: str) -> Result:
        body = {"email": person.email, "password": password}
        return self.client.simulate_post("/v1/sessions", json=body, remote_addr=self.network)

    def session(self, person: Person, answer: Result) -> Session:
        person.failures = 0
        person.sessions.append(Session(person, answer.json["token"]))
        return person.sessions[-1]

    def post(self, token: str, path: str, body: dict[str, Any]) -> Result:
        return self.client.simulate_post(path, json=body, headers=bearer(token))


def test_whatever_happens_in_whatever_order_shop_and_model_agree(db, request, full):
    client = TestClient(
        create_app(replace(request.getfixturevalue("settings"), limits="off"), db, CHEAP_HASHER)
    )
    run_state_machine_as_test(
        lambda: Shop(db, client),
        settings=settings(max_examples=600 if full else 30, stateful_step_count=30, deadline=None),
    )
