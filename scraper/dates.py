"""Which dates of feeds are believed."""

from __future__ import annotations

from datetime import datetime

#: News older than the web is a zero (year 1, 1970) or a slip of the pen; so is what lies far ahead.
FIRST_YEAR, LAST_YEAR = 1971, 2200


def believable(moment: datetime) -> datetime | None:
    """Return the moment, or None if no news can be of that time."""
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None
