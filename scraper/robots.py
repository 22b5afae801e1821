"""What a host's robots.txt allows (RFC 9309), read by protego. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from scraper.model import RobotsRecord

KEPT_FOR = timedelta(hours=24)
#: A host that could not say is asked again sooner.
KEPT_WHEN_UNREACHABLE = timedelta(minutes=30)
#: Clocks are set back by so much without anybody meaning it.
_SKEW = timedelta(minutes=1)
#: RFC 9309, 2.5: at least 500 KiB must be read; more is not.
MAX_BYTES = 500 * 1024
LONGEST_CRAWL_DELAY = timedelta(seconds=120)
#: Lines that say something to us; protego would let any other end a group of user agents (RFC 9309, 2.2.4).
_RULE = re.compile(r"\s*(?:user|allow|dis|dias|crawl)", re.IGNORECASE)
#: A product token ends at the first space; people write whole names.
_LONG_AGENT = re.compile(r"(\s*user[- ]?agent\s*:\s*\S+)\s.*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsVerdict:
    """May this address be fetched? `wait` = the host could not say, ask again later."""

    allowed: bool
    wait: bool = False
    #: Least time between fetches that the host asks for, capped.
    crawl_delay: timedelta = timedelta(0)


def robots_url(url: str) -> str:
    """Return where the rules for an address are."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def is_fresh(record: RobotsRecord, now: datetime) -> bool:
    """Say whether a record still holds; one from a time to come does not."""
    return -_SKEW <= now - record.fetched_at < (KEPT_FOR if _is_answer(record) else KEPT_WHEN_UNREACHABLE)


def judge(record: RobotsRecord, url: str, user_agent: str) -> RobotsVerdict:
    """Apply the rules: 2xx as written, 4xx allows everything, 5xx and no answer mean wait."""
    if not _is_answer(record):
        return RobotsVerdict(allowed=False, wait=True)
    if not record.body:
        return RobotsVerdict(allowed=True)
    rules = Protego.parse(_plain(record.body.decode("utf-8-sig", "replace")))
    delay = rules.crawl_delay(user_agent) or 0
    return RobotsVerdict(
        allowed=bool(rules.can_fetch(url, user_agent)),
        crawl_delay=min(timedelta(seconds=max(0.0, float(delay))), LONGEST_CRAWL_DELAY),
    )


def _plain(text: str) -> str:
    """Return the rules in a form that protego reads as RFC 9309 means them."""
    return "\n".join(_LONG_AGENT.sub(r"\1", line) for line in text.splitlines() if _RULE.match(line))


def _is_answer(record: RobotsRecord) -> bool:
    return record.status is not None and record.status < 500
