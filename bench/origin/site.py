"""What the synthetic origin answers on each path, and how that changes."""

from __future__ import annotations

import gzip
import hashlib
import random
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import format_datetime
from functools import lru_cache

from bench.origin.feed import Listed, render_feed
from bench.origin.page import EPOCH, render_page
from bench.origin.words import write_story

#: Entries that each feed has had before the first poll; it lists the newest 10 to 50 of them.
FIRST_NUMBER = 60
#: Article pages come in waves: each host has one page a wave.
WAVES = 2
_LINKS_PER_LIST = 20
_PAGES_FROM = 900_000_000
#: Room for the entries of one feed, or the pages of one wave, in the numbers of stories.
_STRIDE = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One resource as it is now."""

    body: bytes
    content_type: str
    #: Empty = none is sent.
    etag: str = ""
    last_modified: str = ""
    #: The body in gzip, for those who take it; None = never sent so.
    packed: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an origin has."""

    seed: int = 1
    #: Feeds to poll; one more is served to warm up with.
    feeds: int = 0
    #: Article pages a wave.
    articles: int = 0

    @property
    def lists(self) -> int:
        """Feeds that list the article pages."""
        return -(-self.articles // _LINKS_PER_LIST)

    @property
    def hosts(self) -> int:
        """Addresses that are needed: one for each page of a wave, seven for ten feeds."""
        return max(self.feed_host(self.feeds) + 1, self.articles)

    def feed_host(self, feed: int) -> int:
        """Return the host of a feed: of ten, six are alone and four share one."""
        block, at = divmod(feed, 10)
        return block * 7 + min(at, 6)


class Site:
    """All hosts together. `bases` are the hosts' addresses, in order."""

    def __init__(self, plan: Plan, bases: list[str]) -> None:
        self._plan = plan
        self._bases = bases
        self._wave = 0
        #: Answers carry validators; without them every request is answered with the whole body.
        self.sends_validators = True
        self._newest: dict[int, int] = {}
        self._steps = 0
        self._feed = lru_cache(maxsize=None)(self._render_feed)
        self._list = lru_cache(maxsize=None)(self._render_list)
        self._page = lru_cache(maxsize=None)(self._render_page)
        self._render_all()

    def feed_urls(self) -> list[str]:
        """Return the feeds to poll; the last one is to warm up with."""
        feeds = range(self._plan.feeds + 1 if self._plan.feeds else 0)
        return [f"{self._feed_base(feed)}/feed/{feed}.xml" for feed in feeds]

    def count_entries(self) -> int:
        """Return how many entries the feeds to poll list at first."""
        return sum(map(self._size, range(self._plan.feeds)))

    def list_urls(self) -> list[str]:
        """Return the feeds that list the article pages."""
        return [f"{self._bases[at]}/list/{at}.xml" for at in range(self._plan.lists)]

    def page_urls(self, wave: int) -> list[str]:
        """Return the article pages of a wave, each on a host of its own."""
        return [self._page_url(_page_number(wave, at)) for at in range(self._plan.articles)]

    def reset(self) -> None:
        """Go back to the beginning."""
        self._wave, self._steps, self.sends_validators = 0, 0, True
        self._newest.clear()

    def publish(self, share: float) -> int:
        """Publish one to three new entries in this share of the feeds and return in how many."""
        self._steps += 1
        rng = random.Random(f"{self._plan.seed}/step/{self._steps}")
        chosen = rng.sample(range(self._plan.feeds), round(share * self._plan.feeds))
        for feed in chosen:
            self._newest[feed] = self._number(feed) + rng.randint(1, 3)
            self._feed(feed, self._number(feed))  # rendered now: the client must not wait for it
        return len(chosen)

    def bring_out(self, wave: int) -> None:
        """List the pages of all waves up to this one."""
        self._wave = wave

    def answer(self, path: str) -> Answer | None:
        """Return what `path` answers; None = nothing is there."""
        kind, _, name = path.strip("/").partition("/")
        number = int(digits) if (digits := name.partition(".")[0]).isdigit() else -1
        if kind == "feed" and 0 <= number <= self._plan.feeds:
            found = self._feed(number, self._number(number))
            return found if self.sends_validators else replace(found, etag="", last_modified="")
        if kind == "list" and 0 <= number < self._plan.lists:
            return self._list(number, self._wave)
        if kind == "page" and number >= _PAGES_FROM:
            return self._page(number)
        if kind == "robots.txt":
            return Answer(body=b"User-agent: *\nDisallow: /private/\n", content_type="text/plain")
        return None

    def _render_all(self) -> None:
        for feed in range(self._plan.feeds + 1 if self._plan.feeds else 0):
            self._feed(feed, FIRST_NUMBER)
        for wave in range(WAVES):
            for at in range(self._plan.lists):
                self._list(at, wave)
            for at in range(self._plan.articles):
                self._page(_page_number(wave, at))

    def _number(self, feed: int) -> int:
        return self._newest.get(feed, FIRST_NUMBER)

    def _size(self, feed: int) -> int:
        return random.Random(f"{self._plan.seed}/size/{feed}").randint(10, 50)

    def _feed_base(self, feed: int) -> str:
        return self._bases[self._plan.feed_host(feed)]

    def _page_url(self, number: int) -> str:
        return f"{self._bases[number % _STRIDE]}/page/{number}.html"

    def _render_feed(self, feed: int, newest: int) -> Answer:
        base = self._feed_base(feed)
        numbers = [feed * _STRIDE + entry for entry in range(newest - 1, newest - 1 - self._size(feed), -1)]
        entries = [
            Listed(story=write_story(self._plan.seed, number), url=f"{base}/story/{number}.html") for number in numbers
        ]
        body = render_feed(f"Feed {feed}", base, entries, is_atom=feed % 3 == 2)
        return _validated(body, newest, is_atom=feed % 3 == 2, is_packed=feed % 4 == 0)

    def _render_list(self, at: int, wave: int) -> Answer:
        numbers = [
            _page_number(which, page)
            for which in range(wave, -1, -1)
            for page in range(at, self._plan.articles, self._plan.lists)
        ]
        entries = [Listed(story=write_story(self._plan.seed, n), url=self._page_url(n)) for n in numbers]
        return _validated(render_feed(f"List {at}", self._bases[at], entries, is_atom=False), wave, is_atom=False)

    def _render_page(self, number: int) -> Answer:
        body = render_page(write_story(self._plan.seed, number), self._page_url(number))
        return Answer(body=body, content_type="text/html; charset=utf-8")


def _page_number(wave: int, at: int) -> int:
    return _PAGES_FROM + wave * _STRIDE + at


def _validated(body: bytes, minute: int, *, is_atom: bool, is_packed: bool = False) -> Answer:
    return Answer(
        body=body,
        content_type=f"application/{'atom' if is_atom else 'rss'}+xml; charset=utf-8",
        etag=f'"{hashlib.sha256(body).hexdigest()[:16]}"',
        last_modified=format_datetime(EPOCH + timedelta(minutes=minute), usegmt=True),
        packed=gzip.compress(body, 6, mtime=0) if is_packed else None,
    )
