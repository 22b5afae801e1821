"""Looking at one address for the user: what feeds are behind it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from scraper.config import Settings
from scraper.errors import FetchError, NotAFeed, ParseError, PauseAsked, WorkerFailed
from scraper.fetch.retry_after import OVERLOAD
from scraper.fetch.site_options import AccessBook
from scraper.model import FetchRequest, Link, ParsedFeed, Response
from scraper.model.http import MAX_PAGE_BYTES, PERMANENT
from scraper.polling.fetch_feed import ACCEPT_FEED, MAX_FEED_BYTES
from scraper.ports import Workers
from scraper.sources.discovery import feeds_in_page, usual_places
from scraper.sources.syndication import parse_feed
from scraper.urls import without_credentials
from wireroom.operations.compose import open_client, open_workers
from wireroom.operations.pauses import ConsiderateFetcher

#: Of what a page offers, so many are looked at, or named.
_MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCandidate:
    """A feed that answers, found behind an address."""

    url: str
    title: str | None
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed behind an address, with what it has just answered."""

    #: The address to subscribe to: where permanent redirects led, else what was asked for.
    url: str
    #: As a poll of `url` would have got it.
    response: Response
    parsed: ParsedFeed


def discover(settings: Settings, url: str) -> tuple[FeedCandidate, ...]:
    """Return the feeds behind an address: itself if it is one, else those its page offers and that answer.

    Raises:
        FetchError: the address itself does not answer, or its site asked for a pause.
        ParseError: it answers, but there is no feed behind it.
    """
    with _open_look(settings, url) as look:
        found = {feed.url: feed for feed in look.feeds()}
    return tuple(
        FeedCandidate(url=feed.url, title=feed.parsed.title, entries=len(feed.parsed.entries))
        for feed in found.values()
    )


def first_feed(settings: Settings, url: str) -> tuple[FoundFeed, tuple[Link, ...]]:
    """Return the first feed that `discover` finds, and what else the page offers, which nobody asks.

    Raises:
        FetchError, ParseError: as in `discover`.
    """
    with _open_look(settings, url) as look:
        found = next(look.feeds())
    others = [link for link in look.offered if link.url not in (found.url, found.response.url)]
    return found, tuple(others[:_MOST])


@contextmanager
def _open_look(settings: Settings, url: str) -> Iterator[_Look]:
    with open_client(settings) as fetcher, open_workers() as workers:
        yield _Look(url, fetcher, workers, settings.access)


class _Look:
    """One look behind an address."""

    def __init__(self, url: str, fetcher: ConsiderateFetcher, workers: Workers, book: AccessBook) -> None:
        self._url, self._fetcher, self._workers, self._book = url, fetcher, workers, book
        #: What the page at the address offers; known once `feeds` has looked at it.
        self.offered: tuple[Link, ...] = ()

    def feeds(self) -> Iterator[FoundFeed]:
        """Yield the feeds behind the address, at least one, each as soon as it has answered.

        Raises:
            FetchError, ParseError: as in `discover`.
        """
        response = self._get(self._url)
        if itself := self._feed(self._url, response):
            yield itself
            return
        self.offered = offered(response, self._workers)
        pauses: list[PauseAsked] = []
        is_found = False
        for places in ([link.url for link in self.offered], usual_places(response.url)):
            for url in places[:_MOST]:
                if found := self._try(url, pauses):
                    is_found = True
                    yield found
            if is_found:
                return
        raise pauses[0] if pauses else _no_feed(self._url)

    def _try(self, url: str, pauses: list[PauseAsked]) -> FoundFeed | None:
        try:
            return self._feed(url, self._get(url))
        except PauseAsked as exc:
            pauses.append(exc)
        except FetchError:
            pass
        return None

    def _get(self, url: str) -> Response:
        access = self._book.of_feed(url)
        accept = f"{ACCEPT_FEED}, text/html;q=0.7"
        response = self._fetcher.fetch(
            FetchRequest(url=url, max_bytes=MAX_FEED_BYTES, accept=accept, access=access, deadline_s=access.deadline_s)
        )
        if response.status in OVERLOAD:
            self._fetcher.check(url)
        return response

    def _feed(self, url: str, response: Response) -> FoundFeed | None:
        if response.status != 200:
            return None
        try:
            parsed = self._workers.run(parse_feed, response.body, url=response.url, content_type=response.content_type)
        except (ParseError, WorkerFailed):
            return None
        return _lasting(url, response, parsed)


def offered(response: Response, workers: Workers) -> tuple[Link, ...]:
    """Return the feeds that a page offers; none if it is larger than a page may be, or cannot be read."""
    if len(response.body) > MAX_PAGE_BYTES:
        return ()
    try:
        return workers.run(feeds_in_page, response.body, url=response.url)
    except WorkerFailed:
        return ()


def _lasting(asked: str, response: Response, parsed: ParsedFeed) -> FoundFeed:
    """Return what was found at `asked` as what lies at the address to subscribe to, its login with it."""
    hops = response.hops
    while hops and hops[0].status in PERMANENT:
        hops = hops[1:]
    url = hops[0].url if hops else response.url
    url = asked if url == without_credentials(asked) else url
    return FoundFeed(url=url, response=replace(response, hops=hops), parsed=parsed)


def _no_feed(url: str) -> NotAFeed:
    url = without_credentials(url)
    return NotAFeed(
        f"{url}: no feed is behind this address; look for an RSS or Atom link on the site and give that one", url=url
    )
