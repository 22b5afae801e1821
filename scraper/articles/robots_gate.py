"""What the robots.txt of each origin on the way to a page allows; asked of the origin when it is not on file."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from scraper.articles.commit import Visit
from scraper.errors import AddressRefused, FetchError, TooManyRedirects, WorkerFailed
from scraper.fetch import robots
from scraper.fetch.robots import RobotsRules, RobotsVerdict
from scraper.fetch.site_options import AccessBook
from scraper.model import FetchRequest, RobotsRecord
from scraper.ports import Clock, Fetcher, Repository, Workers
from scraper.urls import host_of, origin_of

#: Stands for "there are no rules": RFC 9309, 2.3.1.3.
_NO_RULES = 404


#: Characters of rules that are kept as read; an ordinary file has 2,000 of them.
_KEPT_CHARS = 4_000_000
#: An address is judged in a worker where its length times that of the rules is more: a few hundredths of a second.
_CHEAP = 10_000_000


class RuleBook:
    """The robots.txt files of origins as they were read, each once. Thread-safe; what is too much is forgotten."""

    def __init__(self, workers: Workers, user_agent: str = "Wireroom") -> None:
        #: `user_agent` is our name in robots.txt.
        self._workers, self._user_agent = workers, user_agent
        self._read: OrderedDict[tuple[str, datetime], RobotsRules] = OrderedDict()
        self._lock = threading.Lock()

    def rules(self, origin: str, record: RobotsRecord) -> RobotsRules | None:
        """Return what a record says of us; None = there is no file in it.

        Raises:
            WorkerFailed: it cannot be read within the limits.
        """
        if not robots.has_rules(record):
            return None
        key = (origin, record.fetched_at)
        with self._lock:
            if key in self._read:
                self._read.move_to_end(key)
                return self._read[key]
        rules = self._workers.run(robots.read_rules, record.body, self._user_agent)
        with self._lock:
            self._read[key] = rules
            while sum(kept.size for kept in self._read.values()) > _KEPT_CHARS:
                self._read.popitem(last=False)
        return rules

    def judge(self, rules: RobotsRules, url: str) -> RobotsVerdict:
        """Say whether an address may be fetched by rules of this book.

        Raises:
            WorkerFailed: that cannot be said within the limits.
        """
        if rules.size * len(url) > _CHEAP:
            return self._workers.run(robots.verdict, rules, url)
        return robots.verdict(rules, url)


class Permissions:
    """The rules for one visit of a page, its redirects included. For one thread."""

    def __init__(
        self, repository: Repository, fetcher: Fetcher, clock: Clock, rules: RuleBook, access: AccessBook
    ) -> None:
        self._repository, self._fetcher, self._clock, self._rules = repository, fetcher, clock, rules
        #: How addresses on the way are asked.
        self.access = access
        #: The longest gap asked for by an origin on the way.
        self.crawl_delay = timedelta(0)
        self._used_network = False

    def refusal(self, url: str) -> Visit | None:
        """Return why an address may not be fetched, as the end of the visit; None = it may."""
        try:
            verdict = self._verdict(url)
        except WorkerFailed as exc:
            reason = f"the site's robots.txt cannot be read: {exc}"
            return Visit(outcome="later", reason=reason, used_network=self._used_network)
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

    def _verdict(self, url: str) -> RobotsVerdict:
        origin, now = origin_of(url), self._clock.now()
        record = self._repository.robots(origin)
        is_new = record is None or not robots.is_fresh(record, now)
        if record is None or is_new:
            self._used_network = True
            record = read_robots(url, self._fetcher, self._clock, self.access)
        try:
            rules = self._rules.rules(origin, record)
        except WorkerFailed:  # as if it had not come: asked again in half an hour, and never read again
            self._repository.save_robots(origin, RobotsRecord(fetched_at=self._clock.now(), status=None))
            raise
        if is_new:
            self._repository.save_robots(origin, record)
        return self._rules.judge(rules, url) if rules else robots.verdict_without_rules(record)


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
