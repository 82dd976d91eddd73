"""Instants sort as they compare, ids sort by creation."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from api import ids, times

zones = st.builds(timezone, st.timedeltas(min_value=timedelta(hours=-23), max_value=timedelta(hours=23)))
moments = st.datetimes(timezones=zones)


@given(moments)
def test_an_instant_has_one_form(moment):
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", times.instant(moment))


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_instants_sort_as_they_compare(one, other):
    def milliseconds(moment: datetime) -> datetime:
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    assert (times.instant(one) < times.instant(other)) == (milliseconds(one) < milliseconds(other))


def test_an_instant_can_be_moved_and_measured():
    start = times.instant(datetime(2026, 2, 28, 23, 59, tzinfo=UTC))

    assert times.later(start, minutes=1) == "2026-03-01T00:00:00.000Z"
    assert times.seconds_between(start, times.later(start, hours=-1)) == -3600


@given(
    st.lists(
        st.datetimes(min_value=datetime.fromisoformat("1970-01-01"), timezones=st.just(UTC)),
        min_size=2,
        max_size=5,
    )
)
def test_ids_sort_by_the_time_that_they_are_of(instants):
    made = {ids.new_id("ord", moment): times.instant(moment) for moment in instants}

    assert [made[one] for one in sorted(made)] == sorted(made.values())


def test_later_ids_sort_after_earlier_ones():
    made = [ids.new_id("ord") for _ in range(5_000)]

    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert all(re.fullmatch(f"ord_{ids.PATTERN}", one) for one in made)
