"""When a cron line comes next, in any time zone and over changes of clocks."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta, tzinfo

from apscheduler.triggers.cron import CronTrigger

_DAY = timedelta(days=1)
#: A day that comes at all (a Monday that is 29 February) comes within so long.
_SEARCHED = timedelta(days=41 * 366)


def next_cron_time(line: str, time_zone: str | None, after: datetime) -> datetime | None:
    """Return the first instant after `after` that a cron line names, in UTC; None = there is none.

    Days of the week are names, as configuration writes them: numbers would count from Monday here, unlike in cron.
    `time_zone` is an IANA name; None = the machine's. When clocks change, a line with `*` or a step in the hour goes by
    the minutes that pass: it comes in both of two equal hours, and not in one that is left out. A line with fixed hours
    comes once, in the first of two equal hours, and for a time that is left out as far after the change as that time
    lies within what is left out (02:30 becomes 03:30).

    Raises:
        ValueError: the line or the zone cannot be read.
    """
    # Read as if clocks never changed: APScheduler's own steps over a change go back in time, or a day too far.
    names = CronTrigger.from_crontab(line, timezone=UTC)
    zone, has_fixed_hours = _zone(time_zone), not set("*/") & set(line.split()[1])
    found, last = None, after + _SEARCHED
    # Near a change the next time on the clock is not the next instant: look as far around as clocks change.
    time = _on_clock(after, zone) - _change_around(after, zone)
    while (named := names.get_next_fire_time(None, time)) is not None and named <= last:
        later = [at for at in _instants(named, zone, has_fixed_hours) if at > after]
        if later and (found is None or min(later) < found):
            found = min(later)
            last = named + _change_around(found, zone)
        time = named + timedelta(minutes=1)
    return found


def _zone(name: str | None) -> tzinfo:
    try:
        return zoneinfo.ZoneInfo(name) if name else CronTrigger().timezone
    except (zoneinfo.ZoneInfoNotFoundError, OSError, ValueError) as exc:
        raise ValueError(
            f"there is no time zone {name!r}" if name else "this machine's time zone is not known"
        ) from exc


def _on_clock(at: datetime, zone: tzinfo) -> datetime:
    """Return what clocks show at an instant, written as if it were UTC."""
    return at.astimezone(zone).replace(tzinfo=UTC, fold=0)


def _instants(shown: datetime, zone: tzinfo, has_fixed_hours: bool) -> tuple[datetime, ...]:
    """Return when a time that a line names has come."""
    # Of two equal times fold 0 is the first; one that is left out is by it as late as by the clock before the change.
    first, second = [shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    if has_fixed_hours:
        return (first,)
    return tuple(at for at in (first, second) if _on_clock(at, zone) == shown)


def _change_around(at: datetime, zone: tzinfo) -> timedelta:
    """Return by how much clocks change in the days around an instant; zero nearly always."""
    offsets = [_on_clock(at + day, zone) - (at + day) for day in (-_DAY, timedelta(0), _DAY)]
    return max(offsets) - min(offsets)
