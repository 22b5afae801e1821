"""A desk in the wire room: feeds, polls and fetches as the pipeline would file them, through the ports alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from fakes import FixedClock

from scraper.model import (
    ArticleCommit,
    ArticleFilter,
    ArticleJob,
    EntryDecision,
    EntryKeys,
    Extraction,
    FeedSpec,
    FeedState,
    HostClaim,
    KeyedEntry,
    NextPoll,
    ParsedEntry,
    PollCommit,
    PollOutcome,
    PollRecord,
    RawPage,
    Slot,
)
from scraper.ports import Archive, Looks, Repository, Scope

FEED = "https://paper.example/feed"
LEASE = timedelta(minutes=5)
HOUR = timedelta(hours=1)


class Ports(Repository, Archive, Looks, Protocol):
    """What is under contract."""


class Desk:
    """Does whole steps on a store; `now` stands still until the clock is moved."""

    def __init__(self, store: Ports, clock: FixedClock) -> None:
        self.store = store
        self.clock = clock

    @property
    def now(self) -> datetime:
        return self.clock.now()

    # ---- steps

    def subscribe(self, *feeds: str | FeedSpec) -> None:
        specs = [feed if isinstance(feed, FeedSpec) else FeedSpec(url=feed) for feed in feeds]
        self.store.sync_feeds(specs, now=self.now)

    def claim(self, slot: Slot = "feeds", *, scope: Scope = None) -> HostClaim:
        """Claim everything and return the first claim on a slot of that kind; the others are let go."""
        claims = self.store.claim_hosts(self.now, 100, LEASE, scope=scope)
        wanted, *others = [*(c for c in claims if c.slot == slot), *(c for c in claims if c.slot != slot)]
        assert wanted.slot == slot
        for claim in others:
            self.store.release(claim)
        return wanted

    def poll(self, *decisions: EntryDecision, **changes: Any) -> PollOutcome:
        """Poll the feed that has waited longest; `changes` are fields of the PollCommit."""
        claim = self.claim()
        feed, *_ = self.store.due_feeds(claim, self.now)
        outcome = self.store.commit_poll(claim, self.poll_commit(feed, *decisions, **changes))
        self.store.release(claim)
        return outcome

    def poll_commit(self, feed: FeedState, *decisions: EntryDecision, **changes: Any) -> PollCommit:
        record = PollRecord(started_at=self.now, finished_at=self.now, status="new", http_status=200)
        plan = NextPoll(at=self.now + HOUR, interval=HOUR, reason="every hour")
        state = replace(feed, last_polled_at=self.now, title="The Paper")
        commit = PollCommit(feed_id=feed.id, record=record, next_poll=plan, decisions=decisions, state=state)
        return replace(commit, **changes)

    def fetch(self, extraction: Extraction | None = None, **changes: Any) -> ArticleJob:
        """Fetch the article that has waited longest; `changes` are fields of the ArticleCommit."""
        claim = self.claim("articles")
        job = self.store.next_article(claim, self.now)
        assert job is not None
        self.store.commit_article(claim, self.article_commit(job.id, extraction, **changes))
        self.store.release(claim)
        return job

    def article_commit(self, article_id: int, extraction: Extraction | None = None, **changes: Any) -> ArticleCommit:
        commit = ArticleCommit(
            article_id=article_id,
            status="full",
            reason=None,
            extraction=extraction,
            is_revision=extraction is not None,
            page=RawPage(url="https://paper.example/x", content_type="text/html", body=b"<p>", fetched_at=self.now),
            http_status=200,
            checked_at=self.now,
            rule="page-read",
        )
        return replace(commit, **changes)

    def file(self, *texts: str) -> list[int]:
        """Subscribe to one feed, poll it and fetch an article for each of `texts`; return their ids in that order."""
        self.subscribe(FEED)
        self.poll(*(new(str(number)) for number in range(len(texts))))
        ids = {}
        for _ in texts:
            claim = self.claim("articles")
            job = self.store.next_article(claim, self.now)
            assert job is not None
            number = int(job.url.rpartition("/")[2])
            found = Extraction(title=f"Title {number}", text=texts[number])
            self.store.commit_article(claim, self.article_commit(job.id, found))
            self.store.release(claim)
            ids[number] = job.id
        return [ids[number] for number in range(len(texts))]

    def search(self, query: str) -> list[int]:
        return [found.id for found in self.store.find_articles(ArticleFilter(query=query))]

    def listed(self, **wanted: Any) -> list[int]:
        return [found.id for found in self.store.find_articles(ArticleFilter(**wanted))]


def keyed(name: str, *, version: str = "1", host: str = "paper.example", **entry: Any) -> KeyedEntry:
    """Return the entry whose page is https://HOST/NAME."""
    address = f"https://{host}/{name}"
    fields = {"guid": f"guid-{name}", "link": address, "title": f"Title {name}", **entry}
    keys = EntryKeys(guid=f"guid-{name}", link=address, content_hash=f"{name}:{version}")
    return KeyedEntry(entry=ParsedEntry(**fields), keys=keys, article_key=address)


def new(name: str, **fields: Any) -> EntryDecision:
    return EntryDecision(keyed=keyed(name, **fields), action="file", rule="new-entry", detail="first seen")


def changed(name: str, entry_id: int, **fields: Any) -> EntryDecision:
    entry = keyed(name, **{"version": "2", **fields})
    return EntryDecision(keyed=entry, action="update", entry_id=entry_id, rule="entry-changed", detail="its text")


def dropped(name: str, **fields: Any) -> EntryDecision:
    return EntryDecision(keyed=keyed(name, **fields), action="drop", rule="drop-word", detail="drop: 'horoscope'")


def seen(name: str, entry_id: int) -> EntryDecision:
    return EntryDecision(keyed=keyed(name), action="seen", entry_id=entry_id, rule="known-guid")


def titles(found: Sequence[Any]) -> list[str]:
    return [item.title for item in found]
