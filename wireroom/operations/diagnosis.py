"""What is wrong with a feed, each with what to do next. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from scraper.errors import (
    AddressRefused,
    AnswerBroken,
    BodyTooLarge,
    ConnectFailed,
    DeadlineExceeded,
    FetchError,
    PauseAsked,
    TooManyRedirects,
)
from scraper.identity import are_sound, guid_faults, key_entries
from scraper.model import FeedRow, FeedState, Intake, NextPoll, ParsedFeed
from scraper.model.http import PERMANENT
from scraper.polling import feed_rate as intake
from scraper.polling.commit import Reading
from scraper.urls import without_credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that is wrong, and the next step."""

    what: str
    next_step: str


_BY_ITSELF = "it is tried again by itself"
_BY_ERROR: tuple[tuple[type[FetchError], str], ...] = (
    (PauseAsked, "wait; nothing was asked now, what is told here was on file"),
    (AddressRefused, "give an address that starts with http:// or https:// and is reachable for everybody"),
    (ConnectFailed, "look at the host's name for a slip; if no other feed answers either, this machine is offline"),
    (DeadlineExceeded, f"{_BY_ITSELF}; a site that is always this slow needs a longer `timeout:` at the feed"),
    (BodyTooLarge, "look for a shorter feed of the site; the limit is 15 MiB"),
    (TooManyRedirects, "open it in a browser and list the address it ends at; a site may want `cookies:` at the feed"),
    (AnswerBroken, f"{_BY_ITSELF}; if it stays so, tell the publisher"),
)
_BY_STATUS = {
    206: "tell the publisher: a feed is to be sent whole",
    304: "tell the publisher, or whoever runs the cache in between",
    401: "give the feed a login with `auth:` in feeds.yaml",
    402: "a subscriber's `cookies:` or `auth:` at the feed may open it",
    403: "ask its owner to let feeds pass; a `user_agent:` or `cookies:` of your own at the feed may help",
    404: "`wireroom feeds suggest` with the address of the site's page looks for where the feed went",
    410: "take it out with `wireroom feeds remove`; its articles stay",
    429: "wait; a longer `interval:` asks the site less often",
    451: "there is nothing you can do",
}
_MANY = 3


def failure(reading: Reading, error: FetchError | None, state: FeedState) -> Problem | None:
    """Return why a feed cannot be read; None = it can be, and has entries."""
    if reading.error is None:
        if reading.parsed is not None and reading.parsed.entries:
            return None
        return Problem(what="the feed has no entries", next_step="nothing, if it is new; else ask the publisher")
    what, _, told = reading.error.removeprefix(f"{without_credentials(state.current_url)}: ").partition("; ")
    return Problem(what=what, next_step=told or _step(reading, error))


def _step(reading: Reading, error: FetchError | None) -> str:
    if error is not None:
        return next((step for kind, step in _BY_ERROR if isinstance(error, kind)), _BY_ITSELF)
    status = reading.response.status if reading.response else 0
    if 200 <= status < 300 and status not in _BY_STATUS:  # a document came, and is none that can be read
        return "open it in a browser; `wireroom feeds suggest` looks for the site's feeds"
    return _BY_STATUS.get(status, f"{_BY_ITSELF}; open it in a browser to see whether it is the site's fault")


def warnings(
    reading: Reading, state: FeedState, known: Intake, plan: NextPoll, row: FeedRow | None, now: datetime
) -> tuple[Problem, ...]:
    """Return what is wrong with a feed that can be read."""
    parsed = reading.parsed
    if parsed is None:
        return ()
    found = [
        *_of_document(parsed),
        *_of_entries(parsed, now),
        *_of_answer(reading, state),
        *_of_rhythm(known, plan, state),
        *_of_state(row),
    ]
    return tuple(Problem(what=what, next_step=step) for what, step in found)


_Found = list[tuple[str, str]]


def _of_document(parsed: ParsedFeed) -> _Found:
    found = [
        (f"the document has a fault: {fault}", "its entries are read as far as they go; tell the publisher")
        for fault in parsed.warnings
    ]
    if parsed.is_cut:
        found.append(("the document ends in the middle", "it is fetched whole again at every poll until it does not"))
    if parsed.skipped:
        reasons = ", ".join(sorted({each.reason for each in parsed.skipped}))
        found.append((f"{_entries(len(parsed.skipped))} left out: {reasons}", "tell the publisher"))
    return found


def _of_entries(parsed: ParsedFeed, now: datetime) -> _Found:
    found: _Found = []
    total = len(parsed.entries)
    missing, repeated = guid_faults(parsed.entries)
    if not are_sound(parsed.entries):
        told = f"guids are unsound: of {total} entries {missing} have none, {repeated} share one"
        found.append((told, "entries are told apart by link and date, or title; tell the publisher"))
    if same := total - len(key_entries(parsed)):
        found.append((f"{_entries(same)} in it twice", "each is filed once"))
    if undated := sum(not (entry.published_at or entry.updated_at) for entry in parsed.entries):
        step = (
            "how often it publishes is not known: set `interval:`"
            if undated == total
            else "they count as new when first seen"
        )
        found.append((f"{_entries(undated)} without a date that can be read", step))
    if ahead := sum((entry.published_at or now) > now + timedelta(hours=1) for entry in parsed.entries):
        found.append((f"{_entries(ahead)} dated in the future", "look at this machine's clock, or tell the publisher"))
    if unlinked := sum(entry.link is None for entry in parsed.entries):
        found.append((f"{_entries(unlinked)} without a link", "filed as the feed gives it, without a page"))
    return found


def _entries(number: int) -> str:
    return f"{number:,} entry" if number == 1 else f"{number:,} entries"


def _of_answer(reading: Reading, state: FeedState) -> _Found:
    response = reading.response
    if response is None:
        return []
    found: _Found = []
    if not (response.validators.etag or response.validators.last_modified):
        found.append(("no ETag and no Last-Modified", "every poll brings the whole document; tell the publisher"))
    if response.hops and all(hop.status in PERMANENT for hop in response.hops):
        step = f"write {without_credentials(response.url)} into feeds.yaml; after six days polls use it anyway"
        found.append(("it has moved for good", step))
    return found


def _of_rhythm(known: Intake, plan: NextPoll, state: FeedState) -> _Found:
    lost = intake.risk(known, plan.interval)
    if lost is None:
        return []
    safe = intake.safe_interval(known)
    minutes = int(safe / timedelta(minutes=1)) if safe else 0
    if minutes < 1:
        step = "ask the publisher for a longer feed, or for one of each section"
    elif state.spec.interval is None and state.spec.schedule is None:
        step = f"`interval: {minutes}m` would lose nothing, if the site bears it; `auto` asks every 15 min at most"
    else:
        step = f"`interval: {minutes}m` would lose nothing"
    return [(str(lost), step)]


def _of_state(row: FeedRow | None) -> _Found:
    if row is None:
        return []
    if row.state == "gone":
        return [("it is no longer polled: it answered 410 Gone", "`wireroom refresh` with its name polls it again")]
    if row.failures >= _MANY:
        told = f"its last {row.failures} polls failed ({row.last_error}), and now it answers"
        return [(told, "`wireroom refresh` with its name polls it at once")]
    return []
