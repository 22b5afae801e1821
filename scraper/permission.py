"""What the robots.txt of each origin on the way to a page allows; asked of the origin when it is not on file."""

from __future__ import annotations

from datetime import timedelta

from scraper import robots
from scraper.access import AccessBook
from scraper.addresses import host_of, origin_of
from scraper.errors import AddressRefused, FetchError, TooManyRedirects
from scraper.model import FetchRequest, RobotsRecord
from scraper.ports import Clock, Fetcher, Repository
from scraper.settle import Visit

#: Stands for "there are no rules": RFC 9309, 2.3.1.3.
_NO_RULES = 404


class Permissions:
    """The rules for one visit of a page, its redirects included. For one thread."""

    def __init__(self, repository: Repository, fetcher: Fetcher, clock: Clock, name: str, access: AccessBook) -> None:
        self._repository, self._fetcher, self._clock, self._name = repository, fetcher, clock, name
        #: How addresses on the way are asked.
        self.access = access
        #: The longest gap asked for by an origin on the way.
        self.crawl_delay = timedelta(0)
        self._used_network = False

    def refusal(self, url: str) -> Visit | None:
        """Return why an address may not be fetched, as the end of the visit; None = it may."""
        verdict = robots.judge(self._record(url), url, self._name)
        self.crawl_delay = max(self.crawl_delay, verdict.crawl_delay)
        if verdict.allowed:
            return None
        if verdict.wait:
            reason = "the site's robots.txt cannot be read at present"
            return Visit(outcome="later", reason=reason, used_network=self._used_network)
        reason = "the site's robots.txt does not allow this page to be fetched"
        return Visit(
            outcome="final", reason=reason, used_network=self._used_network, refused_host=host_of(url), refusal="robots"
        )

    def _record(self, url: str) -> RobotsRecord:
        origin, now = origin_of(url), self._clock.now()
        record = self._repository.robots(origin)
        if record is None or not robots.is_fresh(record, now):
            self._used_network = True
            record = read_robots(url, self._fetcher, self._clock, self.access)
            self._repository.save_robots(origin, record)
        return record


def read_robots(url: str, fetcher: Fetcher, clock: Clock, book: AccessBook) -> RobotsRecord:
    """Fetch the robots.txt that holds for an address; of a long one, its beginning (RFC 9309, 2.5)."""
    access = book.of_page(url).without_secrets()
    request = FetchRequest(
        url=robots.robots_url(url),
        max_bytes=robots.MAX_BYTES,
        accept="text/plain, */*;q=0.1",
        cuts_long_bodies=True,
        access=access,
        deadline_s=access.deadline_s,
    )
    try:
        response = fetcher.fetch(request)
    except (TooManyRedirects, AddressRefused):  # leads nowhere; a page that may not be asked for is refused by itself
        return RobotsRecord(fetched_at=clock.now(), status=_NO_RULES)
    except FetchError:
        return RobotsRecord(fetched_at=clock.now(), status=None)
    body = response.body if 200 <= response.status < 300 else b""
    return RobotsRecord(fetched_at=clock.now(), status=response.status, body=body)
