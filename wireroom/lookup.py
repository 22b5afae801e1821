"""Looking at one address for the user: what feeds are behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scraper.access import AccessBook
from scraper.addresses import without_credentials
from scraper.config import Settings
from scraper.decide import PERMANENT
from scraper.discover import feeds_in_page, usual_places
from scraper.errors import FetchError, NotAFeed, ParseError, WorkerFailed
from scraper.feed import parse_feed
from scraper.model import FetchRequest, Link, ParsedFeed, Response
from scraper.ports import Fetcher, Workers
from scraper.reading import ACCEPT_FEED, MAX_FEED_BYTES
from scraper.settle import MAX_PAGE_BYTES
from wireroom.services import open_client, open_workers


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCandidate:
    """A feed that answers, found behind an address."""

    url: str
    title: str | None
    entries: int


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
        named = [link.url for link in offered(response, workers)]
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


def _get(fetcher: Fetcher, url: str, book: AccessBook) -> Response:
    access = book.of_feed(url)
    accept = f"{ACCEPT_FEED}, text/html;q=0.7"
    return fetcher.fetch(
        FetchRequest(url=url, max_bytes=MAX_FEED_BYTES, accept=accept, access=access, deadline_s=access.deadline_s)
    )


def _parsed(response: Response, workers: Workers) -> ParsedFeed:
    return workers.run(parse_feed, response.body, url=response.url, content_type=response.content_type)


def offered(response: Response, workers: Workers) -> tuple[Link, ...]:
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
