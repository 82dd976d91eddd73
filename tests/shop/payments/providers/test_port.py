"""The port: each provider keeps what the shop relies on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from api.shop.payments.port import Begun, NotSigned, Refused


def test_a_payment_begins_open_with_a_page_until_its_end(till):
    begun, seen = till.begin()

    assert (seen.state, seen.captured, seen.failure, seen.mismatch) == ("open", 0, None, None)
    assert seen.next_url
    assert seen.ends_at >= "2026-11-22T10:30:00.000Z"
    assert till.provider.look(begun) == seen


def test_one_that_is_begun_twice_is_begun_once(till):
    first, second = till.begin(), till.begin()

    assert second == first


def test_one_that_is_begun_again_after_it_was_paid_is_paid(till):
    till.begin()
    till.pay("pay_1", "success")

    _, seen = till.begin()

    assert (seen.state, seen.captured, seen.next_url) == ("captured", 1900, None)


@pytest.mark.parametrize("others", [{"amount": 1800}, {"return_url": "https://kiosque.test/other"}])
def test_one_id_is_one_payment(till, others):
    begun, seen = till.begin()

    with pytest.raises(Refused):
        till.begin(**others)

    assert till.provider.look(begun) == seen


def test_money_that_came_is_seen(till):
    begun, _ = till.begin()

    till.pay("pay_1", "success")

    seen = till.provider.look(begun)
    assert (seen.state, seen.captured, seen.next_url, seen.reference) == (
        *("captured", 1900, None),
        begun.reference,
    )
    assert till.books("pay_1") == (1900, 0)


def test_what_is_reserved_is_taken_in_part_once(till):
    begun, _ = till.begin(capture=False)
    till.pay("pay_1", "success")
    reserved = till.provider.look(begun)

    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(lambda _: till.provider.capture(begun, amount=1500), range(4)))

    assert (reserved.state, reserved.captured) == ("authorised", 0)
    assert {(each.state, each.captured) for each in seen} == {("captured", 1500)}
    assert till.books("pay_1") == (1500, 0)


@pytest.mark.parametrize("amount", [1901, 5000])
def test_more_than_is_reserved_is_refused(till, amount):
    begun, _ = till.begin(capture=False)
    till.pay("pay_1", "success")

    with pytest.raises(Refused):
        till.provider.capture(begun, amount=amount)

    assert till.provider.look(begun).state == "authorised"


def test_nothing_is_taken_of_what_is_not_reserved(till):
    begun, _ = till.begin(capture=False)

    with pytest.raises(Refused):
        till.provider.capture(begun, amount=1900)

    assert till.provider.look(begun).state == "open"


def test_what_is_reserved_can_be_let_go(till):
    begun, _ = till.begin(capture=False)
    till.pay("pay_1", "success")

    assert till.provider.cancel(begun).state == "cancelled"
    assert till.books("pay_1") == (0, 0)


@pytest.mark.parametrize(("ok", "state"), [(True, "captured"), (False, "failed")])
def test_a_debit_is_under_way_until_it_arrives_or_bounces(till, ok, state):
    begun, _ = till.begin()
    till.pay("pay_1", "debit")
    under_way = till.provider.look(begun)
    still = till.provider.cancel(begun)

    till.settle("pay_1", ok)

    seen = till.provider.look(begun)
    assert (under_way.state, under_way.captured, still.state) == ("processing", 0, "processing")
    assert (seen.state, seen.captured, bool(seen.failure)) == (state, 1900 if ok else 0, not ok)


def test_an_open_one_can_be_cancelled_again_and_again(till):
    begun, _ = till.begin()

    assert [till.provider.cancel(begun).state for _ in range(2)] == ["cancelled", "cancelled"]
    assert till.provider.look(begun).next_url is None


def test_too_late_to_cancel_is_the_news_that_the_money_came(till):
    begun, _ = till.begin()
    till.pay("pay_1", "success")

    seen = till.provider.cancel(begun)

    assert (seen.state, seen.captured) == ("captured", 1900)


def test_an_open_one_ends_by_itself(till):
    begun, _ = till.begin()
    till.clock.advance(hours=1, minutes=2)

    assert till.provider.look(begun).state == "cancelled"


def test_a_refund_is_sent_once_however_often_it_is_asked_for(till):
    begun, _ = till.begin()
    till.pay("pay_1", "success")

    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda _: till.provider.refund(begun, refund="ref_1", amount=500), range(4)))

    assert {each.state for each in sent} == {"succeeded"}
    assert len({each.reference for each in sent}) == 1
    assert till.books("pay_1") == (1900, 500)


def test_more_than_came_is_never_sent_back(till):
    begun, _ = till.begin()
    till.pay("pay_1", "success")
    till.provider.refund(begun, refund="ref_1", amount=1500)

    with pytest.raises(Refused):
        till.provider.refund(begun, refund="ref_2", amount=401)
    till.provider.refund(begun, refund="ref_3", amount=400)

    assert till.books("pay_1") == (1900, 1900)


def test_of_what_did_not_come_nothing_is_sent_back(till):
    begun, _ = till.begin()

    with pytest.raises(Refused):
        till.provider.refund(begun, refund="ref_1", amount=1)


def test_a_payment_that_the_provider_does_not_know_is_refused(till):
    with pytest.raises(Refused):
        till.provider.look(Begun("pay_2", "cs_2", 1900, "EUR"))


def test_an_event_that_nobody_signed_is_no_news(till):
    with pytest.raises(NotSigned):
        till.provider.hint({}, b'{"id": "evt_1"}')
