"""Fetching a feed: ask its address, read the answer in a worker, say what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from scraper.errors import ConnectFailed, FetchError, LookUpFailed, NotAFeed, ParseError, TlsFailed, WorkerFailed
from scraper.fetch.bot_challenge import is_challenge
from scraper.fetch.status import is_complete, is_conditional, status_text
from scraper.model import Access, FeedState, FetchRequest, ParsedEntry, Response
from scraper.model.http import MAX_PAGE_BYTES
from scraper.polling import cadence
from scraper.polling.commit import Reading, wants_search
from scraper.ports import Fetcher, Workers
from scraper.sources.discovery import feeds_in_page
from scraper.sources.items import items_of
from scraper.sources.syndication import body_hash, parse_feed, put_back
from scraper.urls import without_credentials

MAX_FEED_BYTES = 15 * 1024 * 1024
ACCEPT_FEED = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"

#: Returns the entries on file by the fingerprints of their items.
Recognise = Callable[[Sequence[int]], Mapping[int, ParsedEntry]]


def read_feed(
    feed: FeedState, fetcher: Fetcher, workers: Workers, now: datetime, access: Access, recognise: Recognise
) -> Reading:
    """Fetch a feed and parse what is not on file; what goes wrong on the way is in the reading."""
    validators = feed.validators if cadence.asks_conditionally(feed, now) else None
    request = FetchRequest(
        url=feed.current_url,
        validators=validators,
        max_bytes=MAX_FEED_BYTES,
        accept=ACCEPT_FEED,
        access=access,
        deadline_s=access.deadline_s,
    )
    try:
        response = fetcher.fetch(request)
    except FetchError as exc:
        is_unresolved = isinstance(exc, LookUpFailed)
        return Reading(
            status="failed", error=str(exc), is_unreachable=_is_unreachable(exc), is_unresolved=is_unresolved
        )
    if response.status == 304 and is_conditional(validators):
        return Reading(status="not_modified", response=response)
    return read_answer(feed, response, workers, now, recognise)


def _is_unreachable(exc: FetchError) -> bool:
    """Say whether no server was reached; one whose certificate is wrong was."""
    return isinstance(exc, ConnectFailed) and not isinstance(exc, TlsFailed)


def recognise_nothing(items: Sequence[int]) -> Mapping[int, ParsedEntry]:
    """Have the whole document parsed."""
    return {}


def read_answer(feed: FeedState, response: Response, workers: Workers, now: datetime, recognise: Recognise) -> Reading:
    """Read what a feed's address has answered."""
    if response.status == 410:
        return Reading(status="gone", response=response, error="410 Gone: the publisher has ended this feed")
    if not is_complete(response):
        return Reading(status="failed", response=response, error=status_text(response))
    if body_hash(response.body) == feed.body_hash:
        return Reading(status="unchanged", response=response)
    url, content_type = without_credentials(response.url), response.content_type
    items = items_of(response.body, url=url, content_type=content_type) if feed.body_hash else ()
    known = recognise([item.fingerprint for item in items]) if items else {}
    try:
        parsed = workers.run(parse_feed, response.body, url=url, content_type=content_type, known=frozenset(known))
    except NotAFeed as exc:
        return _no_feed(feed, response, exc, workers, now)
    except (ParseError, WorkerFailed) as exc:
        return Reading(status="failed", response=response, error=str(exc))
    return Reading(status="new", response=response, parsed=put_back(parsed, known))


def _no_feed(feed: FeedState, response: Response, exc: NotAFeed, workers: Workers, now: datetime) -> Reading:
    """Say what came in place of a feed, and once a week which feed a web page offers; nobody switches by himself."""
    if is_challenge(response):
        return Reading(status="failed", response=response, error=status_text(response))
    if not exc.is_html:
        return Reading(status="failed", response=response, error=str(exc))
    was_searched = wants_search(feed, now) and len(response.body) <= MAX_PAGE_BYTES
    offered = _offered(feed, response, workers) if was_searched else feed.suggestion
    if offered:
        hint = f"; it offers {offered}: if that is the feed, write it into feeds.yaml instead"
    else:
        hint = "; `wireroom feeds suggest` looks for the feed behind it"
    return Reading(
        status="failed", response=response, error=f"{exc}{hint}", was_searched=was_searched, suggestion=offered
    )


def _offered(feed: FeedState, response: Response, workers: Workers) -> str | None:
    try:
        links = workers.run(feeds_in_page, response.body, url=without_credentials(response.url))
    except WorkerFailed:
        return None
    itself = {feed.current_url, feed.spec.url, response.url}
    return next((link.url for link in links if link.url not in itself), None)
