"""Many feeds due at once."""

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from scraper.polling.spread import AT_ONCE, LAST_WITHIN, STEP, spread


def test_few_feeds_start_at_once_and_more_follow_in_step() -> None:
    assert set(spread(["a"] * AT_ONCE)) == {timedelta(0)}
    waits = spread([str(n) for n in range(AT_ONCE + 3)])
    assert waits[AT_ONCE:] == (STEP, STEP * 2, STEP * 3)
    assert spread(()) == ()


def test_every_host_s_first_feed_goes_before_any_host_s_second() -> None:
    hosts = ["big"] * 200 + [f"small{n}" for n in range(60)]
    waits = spread(hosts)
    assert max(waits[200:]) < sorted(waits[:200])[1]
    assert waits[0] == timedelta(0), "the first in the list starts at once"


@given(st.lists(st.sampled_from("abcdefgh"), max_size=400), st.integers(1, 300))
def test_bounds(hosts: list[str], times: int) -> None:
    waits = spread(hosts * times)
    assert len(waits) == len(hosts) * times
    assert all(timedelta(0) <= wait <= LAST_WITHIN for wait in waits)
    assert sum(not wait for wait in waits) == min(len(waits), AT_ONCE)
    assert max(Counter(wait for wait in waits if wait).values(), default=1) == 1
