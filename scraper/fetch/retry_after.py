"""Servers that ask for a pause: for how long, and who else is meant. Pure (POLICY: When it fails)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scraper.fetch.networks import is_private_host
from scraper.model import Block, Response
from scraper.urls import host_of, registrable_domain

LONGEST_RETRY_AFTER = timedelta(hours=8)
#: Where nothing is said, the pause is this long or up to twice as long.
UNTOLD_PAUSE = timedelta(hours=1)
#: HTTP statuses that ask for a pause.
OVERLOAD = frozenset({429, 503})


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Read Retry-After in seconds or as a date (RFC 9110, 10.2.3), capped at 8 h; None if absent or not readable."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_RETRY_AFTER)
    when = http_date(text)
    return min(max(when - now, timedelta(0)), LONGEST_RETRY_AFTER) if when else None


def http_date(text: str) -> datetime | None:
    """Read a date as HTTP headers write it; None if it is none."""
    try:
        when = parsedate_to_datetime(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def pause_asked(status: int | None, headers: Mapping[str, str], now: datetime, rng: random.Random) -> timedelta | None:
    """Return for how long an answer wants no more requests: 429 and 503 without Retry-After mean one to two hours.

    None = it asks for nothing.
    """
    told = retry_after(headers, now)
    if told is None and status in OVERLOAD:
        return UNTOLD_PAUSE * (1 + rng.random())
    return told


def block_by(response: Response | None, until: datetime | None) -> Block | None:
    """Return whom an overloaded server speaks for until then: the whole registrable domain.

    A private host often serves unlike things under one name (RSSHub and its like): there it is the one feed or article
    alone, and the answer None.
    """
    if response is None or until is None or response.status not in OVERLOAD or is_private_host(response.url):
        return None
    return Block(domain=registrable_domain(host_of(response.url)), until=until)
