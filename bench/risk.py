"""How well lost entries are predicted: `python -m bench.risk` replays publishers on a simulated clock, without network.

Seeds make it deterministic; the rule's figures were chosen on seeds 1, 2, 3, 5 and 9.

Each publisher is polled for weeks through the daemon's own rules. Before every poll the rules say what will be lost by
the next one; the replay knows what was. One row a case: published, truly lost, predicted, error.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scraper.model import FeedHints, FeedSpec, FeedState
from scraper.polling import cadence
from scraper.polling import feed_rate as intake
from scraper.polling.cron import next_cron_time

START = datetime(2026, 1, 5, tzinfo=UTC)
#: Polls before this are learnt from, not judged.
WARM_UP = timedelta(days=7)
#: Losses under this share of what was published are noise.
NEGLIGIBLE = 0.02

Rate = Callable[[random.Random, datetime], float]


def steady(per_h: float) -> Rate:
    return lambda rng, at: per_h


def daily(low: float, high: float) -> Rate:
    """Busy from 8 to 18 o'clock, quiet at night."""
    return lambda rng, at: high if 8 <= at.hour < 18 else low


def batches(size: int, every_min: int, for_min: int, at_min: int = 0) -> Rate:
    """Entries filed in batches by the clock, from a minute of each time on."""
    phase = START + timedelta(minutes=at_min)
    return lambda rng, at: size / for_min * 60 if (at - phase) // timedelta(minutes=1) % every_min < for_min else 0.0


def doubling(per_h: float, days: int) -> Rate:
    """A rate that doubles in so many days, again and again."""
    return lambda rng, at: per_h * 2 ** ((at - START) / timedelta(days=days))


def bursts(low: float, high: float, every_h: float, for_h: float) -> Rate:
    """Quiet, with bursts of some length at random times."""
    burst_ends = START

    def rate(rng: random.Random, at: datetime) -> float:
        nonlocal burst_ends
        if at >= burst_ends and rng.random() < 1 / 60 / every_h:
            burst_ends = at + timedelta(hours=for_h * rng.uniform(0.5, 1.5))
        return high if at < burst_ends else low

    return rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A publisher, what its document holds, and how it is polled (None = auto)."""

    name: str
    rate: Callable[[], Rate]
    holds: int
    interval: timedelta | None
    #: Its kind of publisher.
    kind: str = "stream"
    #: What a prediction may be at least and at most, as shares of what is lost.
    least: float = 0.8
    most: float = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What came of a case."""

    published: int
    lost: int
    predicted: float

    @property
    def error(self) -> float | None:
        """Predicted over true, less one; None where next to nothing was lost and that was said."""
        if self.lost < NEGLIGIBLE * self.published:
            return None if self.predicted < 2 * NEGLIGIBLE * self.published else float("inf")
        return self.predicted / self.lost - 1


def publish(rate: Rate, rng: random.Random, until: datetime) -> list[datetime]:
    """Return when entries are published, in order: a Poisson process whose rate may change every minute."""
    times, minute = [], START
    while minute < until:
        per_minute = rate(rng, minute) / 60
        at = rng.expovariate(per_minute) if per_minute else 1.0
        while at < 1:
            times.append(minute + timedelta(minutes=at))
            at += rng.expovariate(per_minute)
        minute += timedelta(minutes=1)
    return times


def replay(case: Case, days: int, seed: int) -> Figures:
    """Poll a publisher and compare what the rules say will be lost with what is."""
    rng = random.Random(seed)
    until = START + timedelta(days=days)
    times = publish(case.rate(), rng, until)
    state = FeedState(id=1, spec=FeedSpec(url="u", interval=case.interval), current_url="u")
    now, seen_to, end = START + timedelta(hours=6), 0, 0
    lost, predicted, published = 0, 0.0, 0
    while now < until:
        while end < len(times) and times[end] <= now:
            end += 1
        begin = max(0, end - case.holds)
        gone = max(0, begin - seen_to)
        document = times[begin:end]
        new = end - max(begin, seen_to)
        is_judged = state.last_polled_at is not None and state.last_polled_at - START >= WARM_UP
        if is_judged:
            lost, published = lost + gone, published + end - seen_to
        known = intake.measure(state.intake, document, new, state.last_polled_at, now)
        result = cadence.PollResult(
            status="new",
            headers={},
            hints=FeedHints(),
            entry_times=sorted(document, reverse=True)[:50],
            intake=known,
        )
        plan = cadence.next_poll(state, result, now, rng, next_cron_time)
        assert plan.at is not None
        if now - START >= WARM_UP and (told := intake.risk(known, plan.interval)):
            predicted += told.lost_per_h * ((min(plan.at, until) - now) / timedelta(hours=1))
        state = FeedState(id=1, spec=state.spec, current_url="u", last_polled_at=now, intake=known)
        seen_to, now = end, plan.at
    return Figures(published=published, lost=lost, predicted=predicted)


def cases() -> Sequence[Case]:
    """Return steady and bursty publishers with several windows and intervals."""
    hour = timedelta(hours=1)
    publishers = {
        "steady 30/h": lambda: steady(30),
        "steady 6/h": lambda: steady(6),
        "by day 40/h, at night 3/h": lambda: daily(3, 40),
        "bursts of 120/h for about 2 h, twice a day, else 4/h": lambda: bursts(4, 120, 12, 2),
        "bursts of 300/h for about 1 h, once a day, else 2/h": lambda: bursts(2, 300, 24, 1),
    }
    plans = ((20, hour), (20, hour / 4), (50, hour), (50, 4 * hour), (100, 2 * hour), (20, None), (50, None))
    streams = [
        Case(name=name, rate=rate, holds=holds, interval=interval, kind="burst" if "bursts" in name else "stream")
        for name, rate in publishers.items()
        for holds, interval in plans
    ]
    loose = {
        "batches of 60 on the hour": lambda: batches(60, 60, 1),
        "batches of 60 on the hour, in 10 min": lambda: batches(60, 60, 10),
        "batches of 30 every half hour": lambda: batches(30, 30, 1),
        "batches of 100 on the hour": lambda: batches(100, 60, 2),
        "doubling weekly from 10/h": lambda: doubling(10, 7),
    }
    more = {
        "batches of 60 once a day": lambda: batches(60, 24 * 60, 2),
        "batches of 200 once a day, in 5 min": lambda: batches(200, 24 * 60, 5),
        "batches of 60 at 13 and 43 past, in 3 min": lambda: batches(60, 30, 3, 13),
    }
    several = ((20, hour), (50, hour / 4), (50, hour / 2), (50, hour))
    rows: list[tuple[str, Callable[[], Rate], tuple[int, timedelta | None]]]
    rows = [(name, rate, plan) for name, rate in loose.items() for plan in several]
    rows += [(name, rate, (50, interval)) for name, rate in more.items() for interval in (hour / 4, hour, None)]
    return streams + [
        Case(name=name, rate=rate, holds=holds, interval=interval, kind=_loose_kind(name), least=0.5, most=2.0)
        for name, rate, (holds, interval) in rows
    ]


def _loose_kind(name: str) -> str:
    return "trend" if "doubling" in name else "batch a day" if "a day" in name else "batch"


def _is_wrong(case: Case, found: Figures) -> bool:
    is_off = found.error is not None and not case.least <= 1 + found.error <= case.most
    return is_off or found.predicted > found.published


def by_kind(found: Sequence[tuple[Case, Figures]]) -> Sequence[str]:
    """Return a row for each kind of publisher: how many are near enough, and where eight of ten errors lie."""
    rows = []
    for kind in dict.fromkeys(case.kind for case, _ in found):
        of_kind = [(case, figures) for case, figures in found if case.kind == kind]
        right = sum(not _is_wrong(*each) for each in of_kind)
        above = sum(figures.predicted > figures.published for _, figures in of_kind)
        errors = sorted(figures.error for _, figures in of_kind if figures.error is not None) or [0.0]
        low, middle, high = (errors[round(share * (len(errors) - 1))] for share in (0.1, 0.5, 0.9))
        told = f"{right} of {len(of_kind)} as near as they should be, {above} above what was published"
        rows.append(f"{kind:12} {told}; errors {low:+.0%} to {high:+.0%} (8 of 10), middle {middle:+.0%}")
    return rows


def main() -> int:
    """Print a row for each case; 1 if a prediction was off by more than a fifth (batches, trends: a factor of 2)."""
    parser = argparse.ArgumentParser(prog="bench.risk", description=__doc__)
    parser.add_argument("--days", type=int, default=28, help="simulated days for each case (28)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first replay (1)")
    parser.add_argument("--seeds", type=int, default=1, help="replays of each case, one seed after the other (1)")
    options = parser.parse_args()
    all_found = []
    print(f"{'publisher':54} {'holds':>5} {'polled':>7} {'published':>9} {'lost':>7} {'predicted':>9} {'error':>7}")
    for seed in range(options.seed, options.seed + options.seeds):
        for case in cases():
            found = replay(case, options.days, seed)
            all_found.append((case, found))
            every = "auto" if case.interval is None else f"{case.interval / timedelta(minutes=1):.0f} min"
            error = "-" if found.error is None else f"{found.error:+.0%}" if abs(found.error) < 10 else "wrong"
            print(
                f"{case.name:54} {case.holds:5} {every:>7} {found.published:9} {found.lost:7} {found.predicted:9.0f} "
                f"{error:>7}{' !' if _is_wrong(case, found) else ''}"
            )
    print("\n".join(by_kind(all_found)))
    failed = sum(_is_wrong(*each) for each in all_found)
    print(
        f"{len(all_found)} cases, {failed} off by more than they may be (- = next to nothing lost, and that was said)"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
