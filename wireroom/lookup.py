"""Looking at one address for the user: what feeds are behind it, and how a feed is doing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler import next_cron_time
from scraper import cadence
from scraper.access import AccessBook
from scraper.addresses import without_credentials
from scraper.config import Settings
from scraper.decide import PERMANENT
from scraper.discover import feeds_in_page, usual_places
from scraper.errors import FetchError, NotAFeed, ParseError, WorkerFailed
from scraper.feed import parse_feed
from scraper.model import FeedSpec, FeedState, FetchRequest, Hop, Link, NextPoll, ParsedFeed, Response, Validators
from scraper.ports import Fetcher, Workers
from scraper.reading import ACCEPT_FEED, MAX_FEED_BYTES
from scraper.settle import MAX_PAGE_BYTES
from wireroom.services import SystemClock, open_client, open_workers


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCandidate:
    """A feed that answers, found behind an address."""

    url: str
    title: str | None
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReport:
    """One look at a feed."""

    url: str
    #: After redirects.
    final_url: str
    hops: tuple[Hop, ...]
    http_status: int | None
    #: Format, "rss20", "atom10", "json11" ...
    version: str | None
    title: str | None
    entries: int
    newest_at: datetime | None
    validators: Validators
    #: How often Wireroom would poll it with `interval: auto`, and why.
    interval: timedelta | None
    interval_reason: str | None
    warnings: tuple[str, ...]
    #: What is wrong, with the next step; None = the feed is fine.
    problem: str | None
    #: Feeds offered by the page, when the address is one.
    candidates: tuple[Link, ...] = ()


def discover(settings: Settings, url: str) -> tuple[FeedCandidate, ...]:
    """Return the feeds behind an address: itself if it is one, else those its page offers and that answer.

    Raises:
        FetchError: the address itself does not answer.
        ParseError: it answers, but there is no feed behind it.
    """
    with open_client(settings) as fetcher, open_workers() as workers:
        response = _get(fetcher, url, settings.access)
        if itself := _candidate(response, workers):
            return (itself,)
        named = [link.url for link in _offered(response, workers)]
        found = _answering(named, fetcher, workers, settings.access) or _answering(
            usual_places(response.url), fetcher, workers, settings.access
        )
    if not found:
        raise NotAFeed(
            f"{without_credentials(url)}: no feed is behind this address; "
            "look for an RSS or Atom link on the site and give that one",
            url=without_credentials(url),
        )
    return found


def check_feed(settings: Settings, url: str) -> FeedReport:
    """Look at a feed once, unconditionally, and report; never raises for what the feed does."""
    with open_client(settings) as fetcher, open_workers() as workers:
        try:
            response = _get(fetcher, url, settings.access)
        except FetchError as exc:
            return _report(url, None, None, str(exc))
        if response.status >= 300:
            return _report(url, response, None, f"the server answered HTTP {response.status}")
        try:
            parsed = _parsed(response, workers)
        except (ParseError, WorkerFailed) as exc:
            return _report(url, response, None, str(exc), candidates=_offered(response, workers))
    return _report(url, response, parsed, None if parsed.entries else "the feed has no entries")


def _get(fetcher: Fetcher, url: str, book: AccessBook) -> Response:
    access = book.of_feed(url)
    accept = f"{ACCEPT_FEED}, text/html;q=0.7"
    return fetcher.fetch(
        FetchRequest(url=url, max_bytes=MAX_FEED_BYTES, accept=accept, access=access, deadline_s=access.deadline_s)
    )


def _parsed(response: Response, workers: Workers) -> ParsedFeed:
    return workers.run(parse_feed, response.body, url=response.url, content_type=response.content_type)


def _offered(response: Response, workers: Workers) -> tuple[Link, ...]:
    """Return the feeds that a page offers; none if it is larger than a page may be, or cannot be read."""
    if len(response.body) > MAX_PAGE_BYTES:
        return ()
    try:
        return workers.run(feeds_in_page, response.body, url=response.url)
    except WorkerFailed:
        return ()


def _candidate(response: Response, workers: Workers) -> FeedCandidate | None:
    if response.status != 200:
        return None
    try:
        parsed = _parsed(response, workers)
    except (ParseError, WorkerFailed):
        return None
    return FeedCandidate(url=_lasting_url(response), title=parsed.title, entries=len(parsed.entries))


def _lasting_url(response: Response) -> str:
    """Return the address to subscribe to: where permanent redirects led, else what was asked for."""
    if all(hop.status in PERMANENT for hop in response.hops):
        return response.url
    return next(hop.url for hop in response.hops if hop.status not in PERMANENT)


def _answering(urls: Sequence[str], fetcher: Fetcher, workers: Workers, book: AccessBook) -> tuple[FeedCandidate, ...]:
    found: dict[str, FeedCandidate] = {}
    for url in urls[:10]:
        try:
            candidate = _candidate(_get(fetcher, url, book), workers)
        except FetchError:
            continue
        if candidate is not None:
            found.setdefault(candidate.url, candidate)
    return tuple(found.values())


def _report(
    url: str,
    response: Response | None,
    parsed: ParsedFeed | None,
    problem: str | None,
    *,
    candidates: tuple[Link, ...] = (),
) -> FeedReport:
    times = [time for entry in parsed.entries if (time := entry.published_at or entry.updated_at)] if parsed else []
    plan = _plan(url, response, parsed, times) if parsed and response else None
    return FeedReport(
        url=without_credentials(url),
        final_url=without_credentials(response.url if response else url),
        hops=response.hops if response else (),
        http_status=response.status if response else None,
        version=parsed.version if parsed else None,
        title=parsed.title if parsed else None,
        entries=len(parsed.entries) if parsed else 0,
        newest_at=max(times, default=None),
        validators=response.validators if response else Validators(),
        interval=plan.interval if plan else None,
        interval_reason=plan.reason if plan else None,
        warnings=(*parsed.warnings, *(skipped.reason for skipped in parsed.skipped)) if parsed else (),
        problem=problem,
        candidates=candidates,
    )


def _plan(url: str, response: Response, parsed: ParsedFeed, times: list[datetime]) -> NextPoll:
    state = FeedState(id=0, spec=FeedSpec(url=url), current_url=url)
    result = cadence.PollResult(
        status="new",
        http_status=response.status,
        headers=response.headers,
        hints=parsed.hints,
        entry_times=sorted(times, reverse=True),
    )
    return cadence.next_poll(state, result, SystemClock().now(), random.Random(), next_cron_time)
