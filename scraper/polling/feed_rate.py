"""What a feed holds and publishes, and what is lost between two polls. Pure.

A document holds so many entries; what is published faster than it is polled falls out unseen. Each poll measures how
much was published since the one before: the entries seen, and an estimate of those that fell out when nothing in the
document was known. The rates are kept as hours and entries by class of rate, older ones fading: what a poll interval
loses is what the hours of each class publish above the capacity of one document per interval.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scraper.model import Intake
from scraper.polling.batches import Runs, before, is_same, runs, with_run

#: After so long a measure counts half: a burst a day is not forgotten. The slower one tells a trend.
HALF_LIFE, LONG_HALF_LIFE = timedelta(days=3), timedelta(days=6)
#: The faster measure lags behind what grows steadily by this power of what it is ahead of the slower one.
_LAG = 1.4
#: Less is chance, more is not believed.
_LEAST_TREND, _MOST_TREND = 1.15, 1.6
#: Classes of rates for each doubling.
_PER_DOUBLING = 4
#: Entries at an end of a document whose dates tell the rate there.
_TELLING = 10
#: So many entries that would have come since the newest one, had it gone on, say that it has stopped.
_STOPPED = 10
#: Less than this share of what is published is no loss to speak of, nor is less than one entry in two days.
_NOTABLE_SHARE, _NOTABLE_PER_H = 0.01, 1 / 48
#: A poll interval that is to lose nothing is this share of the time in which a document fills.
_HEADROOM = 0.7
#: Jitter makes intervals longer by this on average.
_MEAN_JITTER = 1.125


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """What is lost at an interval."""

    holds: int
    published_per_h: float
    interval: timedelta
    lost_per_h: float

    def __str__(self) -> str:
        every = f"{self.interval / timedelta(minutes=1):.0f} min"
        told = f"holds {self.holds}, posts {_figure(self.published_per_h)}/h, polled every {every}"
        return f"{told}: losing about {_figure(self.lost_per_h)}/h"


def _figure(number: float) -> str:
    return f"{number:.0f}" if number >= 9.5 else f"{number:.2g}"


def measure(
    old: Intake, times: Sequence[datetime | None], new: int, last_polled_at: datetime | None, now: datetime
) -> Intake:
    """Return what is known of a feed after a poll that brought a document, or nothing (`times` empty, as after a 304).

    `times` are the dates of its entries, `new` how many of them were not known. The first poll measures nothing.
    """
    holds = len(times) or old.holds
    dates = sorted(min(time, now) for time in times if time is not None)
    end_rate = _rate(now, dates[-_TELLING:]) if dates else old.end_rate_per_h
    hours = (now - last_polled_at) / timedelta(hours=1) if last_polled_at else 0.0
    if last_polled_at is None or hours <= 0:
        return replace(old, holds=holds, end_rate_per_h=end_rate)
    found = runs(dates, new, now - last_polled_at, now) if dates else None
    missed, most, same = 0.0, 0.0, False
    if found and 2 <= new == len(times) == len(dates) and dates[0] > last_polled_at:
        missed, most, same = _missed(old, found, last_polled_at, now)
    published = new + missed
    fading, long_fading = (0.5 ** (hours / (life / timedelta(hours=1))) for life in (HALF_LIFE, LONG_HALF_LIFE))
    classes = {name: (h * fading, n * fading) for name, (h, n) in old.classes.items() if h * fading > 1e-4}
    name = _class(published / hours)
    known_hours, known = classes.get(name, (0.0, 0.0))
    classes[name] = (known_hours + hours, known + published)
    return replace(
        with_run(old, found, missed, most, is_same=same) if found else _without_document(old, hours),
        holds=holds,
        end_rate_per_h=end_rate,
        classes=classes,
        long_hours=old.long_hours * long_fading + hours,
        long_published=old.long_published * long_fading + published,
    )


def _without_document(old: Intake, hours: float) -> Intake:
    """Return the measure after an answer that nothing has changed: a run is over if many would have come since."""
    is_over = hours * old.end_rate_per_h > _STOPPED
    return replace(old, running=0.0, running_unseen=0.0) if is_over else old


def first_measure(times: Sequence[datetime | None], now: datetime) -> Intake:
    """Return what a single document tells: how many entries it holds, and the rate between its oldest and now."""
    known = measure(Intake(), times, 0, None, now)
    dates = sorted(time for time in times if time is not None and time <= now)
    hours = (now - dates[0]) / timedelta(hours=1) if dates else 0.0
    if len(dates) < 2 or hours <= 0:
        return known
    return replace(known, classes={_class(len(dates) / hours): (hours, float(len(dates)))})


def _class(rate_per_h: float) -> str:
    """Return the name of a rate's class; a string, as JSON wants it."""
    return str(math.floor(_PER_DOUBLING * math.log2(rate_per_h))) if rate_per_h > 0 else ""


def _rate(end: datetime, dates: Sequence[datetime]) -> float:
    """Return entries per hour from the first date to `end`."""
    span = (end - dates[0]) / timedelta(hours=1)
    return (len(dates) - 1) / span if span > 0 else 0.0


def _missed(old: Intake, found: Runs, last_polled_at: datetime, now: datetime) -> tuple[float, float, bool]:
    """Return how many entries came and went unseen when nothing in the document was known, how many at most, and
    whether its run is that of the last poll.

    They were published between the last poll and the oldest entry that is left, at most at a rate between that of the
    end of the last document and that of the beginning of this one. If that is one and the same run, it is so many.
    Otherwise a run that went on at the last poll had as many more as it had then, and the oldest run here has what such
    runs have before their last entries.
    """
    run = found.oldest
    gap = run[0] - last_polled_at
    begin = run[: max(_TELLING, len(run) // 2)]
    per_h = _rate(begin[-1], begin[:-1]) if len(begin) > 2 else 0.0
    if found.goes_on and now > run[0]:
        per_h = min(per_h, len(run) / ((now - run[0]) / timedelta(hours=1)))
    most = gap / timedelta(hours=1) * (per_h + old.end_rate_per_h) / 2
    if is_same(old, found, gap):
        return most, most, True
    return min(most, old.running + before(old, found)), most, False


def risk(intake: Intake, interval: timedelta) -> Risk | None:
    """Return what a feed loses at an interval; None if that is nothing to speak of, or not known yet."""
    hours = sum(h for h, _ in intake.classes.values())
    published = published_per_h(intake)
    if published is None or not intake.holds or interval <= timedelta(0):
        return None
    capacity = intake.holds / (interval * _MEAN_JITTER / timedelta(hours=1))
    trend = _trend(intake)
    lost = sum(max(0.0, n * trend - h * capacity) for h, n in intake.classes.values()) / hours
    if lost < max(_NOTABLE_SHARE * published, _NOTABLE_PER_H):
        return None
    return Risk(holds=intake.holds, published_per_h=published, interval=interval, lost_per_h=lost)


def published_per_h(intake: Intake) -> float | None:
    """Return how much a feed publishes on average by now; None = not known yet."""
    hours = sum(h for h, _ in intake.classes.values())
    return sum(n for _, n in intake.classes.values()) / hours * _trend(intake) if hours else None


def _trend(intake: Intake) -> float:
    """Return how many times as much is published by now as in the time that was measured."""
    hours = sum(h for h, _ in intake.classes.values())
    published = sum(n for _, n in intake.classes.values())
    if not (published and intake.long_published):
        return 1.0
    ahead = published / hours * intake.long_hours / intake.long_published
    if 1 / _LEAST_TREND < ahead < _LEAST_TREND:
        return 1.0
    return min(max(math.pow(ahead, _LAG), 1 / _MOST_TREND), _MOST_TREND)


def safe_interval(intake: Intake) -> timedelta | None:
    """Return the interval at which the fastest rate that was measured loses nothing; None = no rate is known."""
    fastest = max((n / h for h, n in intake.classes.values() if h > 0), default=0.0)
    return timedelta(hours=_HEADROOM * intake.holds / fastest) if fastest and intake.holds else None


def with_risk(known: Intake, interval: timedelta) -> tuple[Intake, bool]:
    """Return the measure with its risk at an interval, and whether that is news: begun, ended, doubled or halved."""
    found = risk(known, interval)
    lost = found.lost_per_h if found else 0.0
    is_news = (lost > 0) != (known.told_per_h > 0) or not known.told_per_h / 2 <= lost <= known.told_per_h * 2
    told = lost if is_news else known.told_per_h
    return replace(known, risk=str(found) if found else "", told_per_h=told), is_news
