"""The seams: what the pipeline needs of the world, as Protocols.

`Repository` is the working side of the store, `Archive` its reading side, `Looks` what single looks need; the embedded
store implements all. Instants given as `now` are aware UTC. Every implementation passes `tests/contracts/`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from scraper.looks import Looks as Looks
from scraper.model import (
    ASKED_FOR,
    ArchiveStatus,
    ArticleCommit,
    ArticleFilter,
    ArticleJob,
    ArticleRecord,
    ArticleSummary,
    Claim,
    Doubts,
    DroppedEntry,
    Edit,
    EntryKeys,
    Extraction,
    FeedRow,
    FeedSpec,
    FeedState,
    HostClaim,
    HostLedger,
    KnownEntry,
    MoveCount,
    MovedArticle,
    Outage,
    ParsedEntry,
    Past,
    PollCommit,
    PollOutcome,
    RawPage,
    Removal,
    Revision,
    Rival,
    RobotsRecord,
    SavedSearch,
    Story,
    SyncResult,
    Telling,
    Tombstone,
    TrailStep,
)
from scraper.world import Clock as Clock
from scraper.world import Fetcher as Fetcher
from scraper.world import Workers as Workers

#: Feed ids that a pass is limited to; None = all.
Scope = frozenset[int] | None

#: Hosts of the feeds that are due, in order -> how long each feed waits (`scraper.polling.spread`).
Spread = Callable[[Sequence[str]], Sequence[timedelta]]


class Repository(Protocol):
    """The working side of the store. Each method is one transaction and may be called from any thread."""

    # ---- feeds and requests

    def sync_feeds(self, specs: Sequence[FeedSpec], *, now: datetime, spread: Spread | None = None) -> SyncResult:
        """Make the stored feed list equal `specs` (matched by `url`).

        Called at start and at reload. New feeds become due now, or as late as `spread` says; feeds not in `specs` are
        marked removed and no longer polled, their articles stay; a feed that comes back is the same feed again. Paused
        feeds are never due.
        """

    def request_polls(self, feed_ids: Sequence[int] | None, *, now: datetime, reason: str = ASKED_FOR) -> int:
        """Make feeds due now (None = all active ones; gone ones only by id) and return how many.

        Called by `poll --all`, `refresh`; with another `reason` by the daemon, whose own wish gives way to the floor.
        Never lifts a host's block (Retry-After).
        """

    def spread_due(self, spread: Spread, *, now: datetime) -> int:
        """Let some of the feeds that are due at `now` wait as `spread` says; return how many.

        Called by the daemon when many may be due at once: at its start, after a sleep, when an outage has ended.
        """

    def mend_times(self, *, now: datetime) -> int:
        """Put right what a clock that was ahead has left behind; return how many due times were moved.

        Called when work begins and when the clock was set back. What was planned at a time that is still to come is as
        far from `now` afterwards as it was from then: nothing waits for years, no pause that was asked for is cut.
        """

    def request_fetches(self, article_ids: Sequence[int], *, now: datetime) -> int:
        """Make articles due for a fetch now, of their first page, and return how many. Called by `refresh`."""

    def retry_refused(self, terms: Sequence[str], *, now: datetime) -> int:
        """Make articles due that were refused for good on other terms than these; return how many.

        Called when work begins: the configuration may have changed.
        """

    def save_address(self, url: str, key: str, *, now: datetime) -> int:
        """Make an article without a feed for `url`, due now; return its id, or that of the article `key` leads to.

        Called by `save URL`. `key` is the canonical form of `url`.
        """

    def file_moved(self, articles: Sequence[MovedArticle], *, fetch: bool, now: datetime) -> MoveCount:
        """File articles from another archive, in the order given; with `fetch` the pages of those that are not full.

        Called by `import`. Guarantees: nothing on file is changed but that marks and sightings are added, so the same
        articles can be moved again; a feed that is not listed is made as a removed one; what was deleted stays so.
        """

    # ---- claims

    def clear_leases(self) -> None:
        """End all leases. Called once by the process that took the database's lock."""

    def claim_hosts(
        self, now: datetime, limit: int, lease: timedelta, *, scope: Scope = None, rechecks: int | None = None
    ) -> tuple[HostClaim, ...]:
        """Claim up to `limit` (host, slot) pairs with work that is due and allowed, the longest waiting first.

        Called by the runner. Hosts where nothing but articles to be looked at again is due come last, and at most
        `rechecks` of them (None = up to `limit`). Guarantees: a slot is held by one claim at a time until released
        or its lease ends; each claim raises the slot's fence.
        """

    def release(self, claim: HostClaim, *, hold_until: datetime | None = None) -> None:
        """End a claim that did not end with a commit; the slot may be claimed again at once, or from `hold_until` on.

        Called by the runner; a lost claim is ignored.
        """

    def due_feeds(self, claim: HostClaim, now: datetime, *, scope: Scope = None) -> tuple[FeedState, ...]:
        """Return the claimed host's feeds that are due, the longest waiting first. Called under a `feeds` claim."""

    def put_off_polls(self, claim: HostClaim, until: Mapping[int, datetime]) -> None:
        """Make feeds (id -> instant) of the claimed host due later. Called by the runner for those due too soon.

        Raises:
            LeaseLost: the claim was taken over; nothing was written.
        """

    def next_article(self, claim: HostClaim, now: datetime, *, scope: Scope = None) -> ArticleJob | None:
        """Return the claimed host's article to fetch next, the longest waiting first; None = nothing is due.

        Called under an `articles` claim. Articles to be looked at again come after all others.
        """

    def gate_opens_at(self, now: datetime, *, scope: Scope = None) -> datetime | None:
        """Return when the next slot with work that is due at `now` may be claimed; None = nothing is due.

        At or before `now` if a slot is free now; later if hosts ask for a gap or are blocked. Slots under a live lease
        do not count. Called by a one-off pass to know whether to wait.
        """

    # ---- one poll

    def known_entries(self, feed_id: int, keys: Sequence[EntryKeys]) -> tuple[KnownEntry, ...]:
        """Return the feed's stored entries that match any of `keys` on guid, link or content hash; for deciding."""

    def known_items(self, feed_id: int, items: Sequence[int]) -> dict[int, ParsedEntry]:
        """Return the feed's stored entries by the fingerprints of items, those known; asked before parsing."""

    def past(self, feed_id: int, doubts: Doubts) -> Past:
        """Return what the feed has on file where keys leave doubts; of `dates` the newest 200 entries, texts cut."""

    def commit_poll(self, claim: HostClaim, commit: PollCommit) -> PollOutcome:
        """File one poll: entries, decisions, articles marked pending, the feed's new state, the poll record.

        Called by `poll_feed`. Guarantees: all or nothing; an article key that is known (or has a tombstone) makes no
        second article; a claim that `ends_with_commit` has ended. Once an entry shares its
        address (`own_key`), an article that this feed alone has is left without a page.

        Raises:
            LeaseLost: the claim's fence is not the newest; nothing was written.
        """

    # ---- one article

    def rivals(self, article_id: int, keys: Sequence[str], claims: Sequence[Claim]) -> tuple[Rival, ...]:
        """Return the articles that may be this one: its weak keys lead to them, theirs to it, or both have one.

        Called by `fetch_article` before filing, with the `keys` of the page beside those on file. Deleted ones are
        among them. At most eight, the oldest first.
        """

    def commit_article(self, claim: HostClaim, commit: ArticleCommit, telling: Telling | None = None) -> int | None:
        """File one article fetch: article, revision, raw page, search index, keys, story, host gate.

        Called by `fetch_article`. With a `draft` the article comes back as a job with that draft, on the host of its
        `next_url`; the pages of the version on file are kept until another version is filed.

        Returns the id of the older article if this one turned out to be the same (then this one is gone and its
        sightings belong to the older), else None: one of its `keys` led to another, or `twins` names it. With a `grave`
        it goes as if `keys` led to that deleted article. A page read in full is filed on the older article unless
        that has been read in full itself.

        With a `telling` the article is found by its keys from now on. Of those first seen within `STORY_WINDOW` a few
        that share most keys are judged, whatever the size of the archive: the stories of all that tell the same become
        one. A story of two ends where the article shows that they share no more than a form. Two articles that turn out
        to be one have one story.

        Raises:
            LeaseLost: as in `commit_poll`.
        """

    def robots(self, origin: str) -> RobotsRecord | None:
        """Return the robots.txt on file for `origin` (`https://n.example:8443`). Called by `fetch_article`."""

    def save_robots(self, origin: str, record: RobotsRecord) -> None:
        """Keep `record` for `origin`. Called by `fetch_article`."""


class Archive(Protocol):
    """The reading side of the store, and the reader's marks. Called by commands, reading room and exports."""

    def find_articles(self, wanted: ArticleFilter) -> tuple[ArticleSummary, ...]:
        """Return matching settled articles, newest filed first, at most `wanted.limit`; `query` fills snippets.

        Settled: not pending, or pending for 15 minutes. Any string is a query; `rank`: the best of the newest 1,000.
        """

    def count_articles(self, wanted: ArticleFilter) -> int:
        """Return how many articles match, `limit` and `before_id` apart."""

    def saved_searches(self) -> tuple[SavedSearch, ...]:
        """Return the searches that are kept under a name, in order of name."""

    def save_search(self, name: str, query: str | None, *, now: datetime) -> None:
        """Keep a query under a name, in place of another of that name; None = forget it (NotFound: there is none)."""

    def query_faults(self, query: str | None, tag: str | None = None) -> tuple[str, ...]:
        """Return what of a query, or as the tag of a filter, is not understood or on file, a sentence each."""

    def not_indexed(self) -> int:
        """Return how many older articles searches do not know yet, after an upgrade. Called by `search`."""

    def reopen_index(self) -> int:
        """Have `index_more` put in every settled article that searches do not know, whatever the cause.

        Called by the daemon and by `poll` as they start, and by `maintain`. Returns how many articles that is.
        """

    def index_more(self, *, hidden_too: bool = False) -> int:
        """Put some articles that searches do not know yet into their index; return how many, 0 = all are known.

        Called by the daemon and by `poll` until it returns 0: pending articles once they are shown (with `hidden_too`
        before that), older ones after an upgrade. A short unit of work: others write in between.
        """

    def article(self, article_id: int) -> ArticleRecord:
        """Return one article in full.

        Raises:
            NotFound: there is none.
        """

    def pages(self, article_id: int, revision: int | None = None) -> tuple[RawPage, ...]:
        """Return the pages of a version, as received; None = of the newest that has any. Called by `page`.

        Raises:
            NotFound: none is kept.
        """

    def revisions(self, article_id: int) -> tuple[Revision, ...]:
        """Return the versions of an article, the first one first; NotFound: there is no such article."""

    def version(self, article_id: int, number: int, *, as_filed: bool = False) -> Extraction:
        """Return one version whole, by its newest reading or as it was filed; NotFound: there is none."""

    def removals(self, article_ids: Sequence[int]) -> tuple[Removal, ...]:
        """Return when and why the pages of these articles were taken down (and came back), oldest first."""

    def edits(self, wanted: ArticleFilter) -> tuple[Edit, ...]:
        """Return edits and removals of matching articles, the newest first; `since` is when. Called by `edits`."""

    def story(self, article_id: int, limit: int | None = None) -> Story:
        """Return the story that an article belongs to, or it alone. Called by `lineage`.

        With a limit it has so many members: the first ones, and the article that was asked for.

        Raises:
            NotFound: there is no such article.
        """

    def records(self, wanted: ArticleFilter) -> Iterator[ArticleRecord]:
        """Yield matching settled articles in full, in order of id (of change_seq with `changed_after`), lazily."""

    def tombstones(self, changed_after: int) -> tuple[Tombstone, ...]:
        """Return articles deleted after the given change_seq, in that order."""

    def change_seq(self) -> int:
        """Return the highest change number given out; 0 = none."""

    def find_article_id(self, what: str) -> int:
        """Return the article meant by an id or an address (any form that led to it).

        Raises:
            NotFound: nothing answers to it.
        """

    def feeds(self) -> tuple[FeedRow, ...]:
        """Return all feeds with counts, in order of name; removed ones last."""

    def feed_state(self, url: str) -> FeedState | None:
        """Return what a poll knows of the feed listed as `url`; None = it was never listed. Called by `feeds check`."""

    def find_feed_id(self, what: str) -> int:
        """Return the feed meant by an id, name or address, else by a part of one, as `feed:` in searches does.

        Raises:
            NotFound: none answers to it, or several, which are listed.
        """

    def trail(self, what: str) -> tuple[TrailStep, ...]:
        """Return the decisions about an entry or article, oldest first, dropped entries and sightings included.

        `what` is an address, an article's id (also of one that was deleted or united with another), an entry's id as
        `e17`, or as `17` if no article has it.

        Raises:
            NotFound: nothing answers to `what`.
        """

    def dropped_entries(
        self, *, feed_id: int | None = None, since: datetime | None = None, limit: int | None = None
    ) -> tuple[DroppedEntry, ...]:
        """Return entries that rules keep out, the newest first. Called by `articles --dropped`."""

    def restore_entries(self, entry_ids: Sequence[int], *, now: datetime) -> tuple[int, ...]:
        """File entries that were dropped, or whose article was deleted, and have their pages fetched; return articles.

        Called by `restore-entry`. Guarantees: an article that is on file already is the entry's; no rule drops the
        entry again.

        Raises:
            NotFound: one of them is no entry, or has its article; nothing was brought back.
        """

    def set_read(self, article_ids: Sequence[int], is_read: bool, *, now: datetime) -> int:
        """Mark articles read or unread; return how many changed.

        Raises:
            NotFound: one of them does not exist; nothing was marked.
        """

    def set_starred(self, article_ids: Sequence[int], is_starred: bool, *, now: datetime) -> int:
        """Star or unstar articles; as `set_read`."""

    def delete_articles(self, article_ids: Sequence[int], *, now: datetime) -> int:
        """Delete articles, leaving tombstones; return how many were there."""

    def export_cursor(self, name: str) -> int | None:
        """Return the change_seq up to which the export `name` is done; None = never ran."""

    def set_export_cursor(self, name: str, change_seq: int) -> None:
        """Remember that the export `name` is done up to `change_seq`."""

    def status(self) -> ArchiveStatus:
        """Return counts and sizes."""

    def outage(self) -> Outage | None:
        """Return since when nothing can be reached, None = something can. Called by the reading room."""

    def ledger(self) -> tuple[HostLedger, ...]:
        """Return what was asked of each host, the most asked first. Called by `status --hosts`."""

    def backup(self, path: Path) -> None:
        """Write a consistent copy of the whole archive to `path`, also beside a running daemon.

        Raises:
            StoreUnusable: `path` exists already or cannot be written.
        """


class Runner(Protocol):
    """Keeps the work going."""

    def tick(self, *, scope: Scope = None) -> int:
        """Claim what is due, up to the free slots, start it and return how many claims were started; never waits.

        Called by the daemon every second.
        """

    def run_pass(self, *, scope: Scope = None) -> None:
        """Work until nothing is due now (waiting for short host gaps), then return. Called by `wireroom poll`."""

    def stop(self, within: timedelta) -> bool:
        """Take no new work, let the running finish; return whether all did.

        Called at shutdown. What did not finish is dropped and will be repeated: nothing is lost by it.
        """
