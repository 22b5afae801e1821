"""No feed is polled twice within a minute, whatever is broken: nothing but a person may ask sooner."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from fakes import NOON
from test_pipeline import Newsroom, newsroom, publish  # noqa: F401  # the fixture

from scraper.engine.embedded import LEASE, EmbeddedRunner
from scraper.errors import StoreError
from scraper.model import MISSED, FeedHints, FeedSpec, FeedState, HostClaim, PollCommit, PollOutcome
from scraper.pipeline import Services
from scraper.polling.cadence import FLOOR, PollResult, next_poll
from store import Store

SECOND, MINUTE, YEAR = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=365)


def raising(line: str, time_zone: str | None, after: datetime) -> datetime:
    raise KeyError(f"no time zone {time_zone}")


BROKEN: dict[str, Callable[[str, str | None, datetime], Any]] = {
    "at once": lambda line, zone, after: after,
    "a moment later": lambda line, zone, after: after + timedelta(microseconds=1),
    "an hour ago": lambda line, zone, after: after - timedelta(hours=1),
    "years ago": lambda line, zone, after: after - 20 * YEAR,
    "the beginning of time": lambda line, zone, after: datetime.min.replace(tzinfo=UTC),
    "without a zone": lambda line, zone, after: after.replace(tzinfo=None),
    "not a time": lambda line, zone, after: float("nan"),
    "never": lambda line, zone, after: None,
    "an error": raising,
}


class BackwardChance(random.Random):
    """Chance that makes every wait negative."""

    def random(self) -> float:
        return -100.0


def polls(newsroom: Newsroom, services: Services, before_tick: Callable[[], object] = lambda: None) -> list[datetime]:  # noqa: F811
    """Run for five minutes, a tick each second; return when the feed was asked for."""
    asked: list[datetime] = []
    runner = EmbeddedRunner(services, slots=1, on_outcome=lambda outcome: None)
    for _ in range(300):
        before_tick()
        newsroom.origin.requests.clear()
        while claims := services.repository.claim_hosts(newsroom.clock.now(), 5, LEASE):
            for claim in claims:  # in this thread: what a slot does, without the runner's own rest after a refusal
                runner._work(claim, None, newsroom.open_fetcher())
            assert len(newsroom.origin.requests) < 10, "asked again and again"
        asked += [newsroom.clock.now()] * newsroom.origin.paths().count("/feed")
        newsroom.clock.move(SECOND)
    return asked


def assert_floor(asked: list[datetime]) -> None:
    assert asked, "it was polled at all"
    gaps = [later - earlier for earlier, later in pairwise(asked)]
    assert min(gaps, default=MINUTE) >= MINUTE, gaps


@pytest.mark.parametrize("rule", BROKEN.values(), ids=BROKEN)
def test_a_broken_schedule(newsroom: Newsroom, rule: Callable[..., Any]) -> None:  # noqa: F811
    publish(newsroom)
    newsroom.subscribe(schedule="*/30 * * * *", time_zone="Europe/Berlin")
    assert_floor(polls(newsroom, replace(newsroom.services(), cron=rule)))


def test_broken_chance(newsroom: Newsroom) -> None:  # noqa: F811
    publish(newsroom)
    newsroom.subscribe()
    assert_floor(polls(newsroom, replace(newsroom.services(), rng=BackwardChance())))


class TimesOfItsOwn:
    """The archive, but every poll is filed as due at once: as by rules that hold to nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def commit_poll(self, claim: HostClaim, commit: PollCommit) -> PollOutcome:
        plan = replace(commit.next_poll, at=commit.record.finished_at - YEAR)
        return self._store.commit_poll(claim, replace(commit, next_poll=plan))


class RefusingPolls(TimesOfItsOwn):
    """The archive, but no poll can be filed in it."""

    def commit_poll(self, claim: HostClaim, commit: PollCommit) -> PollOutcome:
        raise StoreError("a row of this feed breaks a rule of the table")


@pytest.mark.parametrize("repository", [TimesOfItsOwn, RefusingPolls])
def test_rules_and_an_archive_that_hold_to_nothing(newsroom: Newsroom, repository: Callable[[Store], Any]) -> None:  # noqa: F811
    publish(newsroom)
    newsroom.subscribe()
    assert_floor(polls(newsroom, replace(newsroom.services(), repository=repository(newsroom.store))))


def test_a_list_that_changes_every_second_and_a_network_that_comes_and_goes(newsroom: Newsroom) -> None:  # noqa: F811
    publish(newsroom)
    changes = iter(range(300))

    def change() -> None:
        newsroom.subscribe(interval=timedelta(minutes=5 + next(changes)))
        newsroom.store.request_polls(None, now=newsroom.clock.now(), reason=MISSED)

    asked = polls(newsroom, newsroom.services(), change)
    assert_floor(asked)
    assert len(asked) == 5, "put off, and not forgotten"


def test_a_person_may_ask_sooner_but_an_error_of_ours_is_no_reason_to_go_on(newsroom: Newsroom) -> None:  # noqa: F811
    publish(newsroom)
    newsroom.subscribe()
    often = polls(newsroom, newsroom.services(), lambda: newsroom.store.request_polls(None, now=newsroom.clock.now()))
    assert len(often) == 300
    newsroom.store.request_polls(None, now=newsroom.clock.now())
    refusing: Any = RefusingPolls(newsroom.store)
    assert_floor(polls(newsroom, replace(newsroom.services(), repository=refusing)))


def test_a_clock_that_is_set_back_holds_nothing_back(newsroom: Newsroom) -> None:  # noqa: F811
    publish(newsroom)
    newsroom.subscribe()
    newsroom.work()
    newsroom.clock.move(-timedelta(days=3))
    newsroom.store.request_polls(None, now=newsroom.clock.now(), reason=MISSED)
    assert [outcome.feed_id for outcome in newsroom.work()] == [1]


@pytest.mark.parametrize(
    "rule", [rule for name, rule in BROKEN.items() if name not in ("without a zone", "not a time", "an error")]
)
@pytest.mark.parametrize("hints", [FeedHints(), FeedHints(skip_hours=(11, 12), skip_days=(3,))])
def test_every_next_time_is_above_the_floor(rule: Callable[..., Any], hints: FeedHints) -> None:
    feed = FeedState(id=1, spec=FeedSpec(url="u", schedule="* * * * *", time_zone="UTC"), current_url="u")
    planned = next_poll(
        feed, PollResult(status="new", headers={}, hints=hints, entry_times=()), NOON, random.Random(1), rule
    )
    assert planned.at is not None
    assert planned.at - NOON >= FLOOR
