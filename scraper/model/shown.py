"""What the archive shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from scraper.model.articles import Image, Link, Status
from scraper.model.entries import Enclosure
from scraper.model.polls import Outage


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedName:
    """A feed as an article names it."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRecord:
    """One article as it is shown and exported; the field names are the exported ones, in their order."""

    id: int
    url: str
    canonical_url: str | None
    title: str | None
    byline: tuple[str, ...]
    agencies: tuple[str, ...]
    published_at: datetime | None
    updated_at: datetime | None
    first_seen_at: datetime
    fetched_at: datetime | None
    site_name: str | None
    section: str | None
    language: str | None
    summary: str | None
    image: Image | None
    images: tuple[Image, ...]
    text: str
    html: str
    markdown: str
    related: tuple[Link, ...]
    enclosures: tuple[Enclosure, ...]
    comments_url: str | None
    categories: tuple[str, ...]
    feeds: tuple[FeedName, ...]
    tags: tuple[str, ...]
    read_at: datetime | None
    starred_at: datetime | None
    story_id: int | None
    revision: int
    word_count: int
    kind: str
    confidence: float | None = None
    status: Status
    reason: str | None
    change_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """A deleted article: its number will not be used again and its entry does not come back."""

    id: int
    deleted_at: datetime
    change_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSummary:
    """One line of a list of articles."""

    id: int
    title: str | None
    url: str
    site_name: str | None
    feed_name: str | None
    published_at: datetime | None
    first_seen_at: datetime
    language: str | None
    status: Status
    is_read: bool
    is_starred: bool
    summary: str | None = None
    #: A passage around the match, with the marks \x02 and \x03; search results only.
    snippet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFilter:
    """Which articles a list, an export or a search is about; empty = all that are settled."""

    #: Feed id.
    feed_id: int | None = None
    tag: str | None = None
    #: First seen at or after.
    since: datetime | None = None
    unread: bool = False
    starred: bool = False
    #: Only articles whose page was taken down and is not back.
    removed: bool = False
    #: Only articles changed after this change_seq.
    changed_after: int | None = None
    #: A search, as scraper/query/language.py reads it.
    query: str | None = None
    #: The most relevant of the newest hits of `query` first, instead of the newest filed.
    rank: bool = False
    #: Filing order, older than this article id: keyset paging, newest first.
    before_id: int | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A search kept under a name."""

    name: str
    query: str
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """One feed as lists and status show it."""

    id: int
    url: str
    current_url: str
    name: str
    tags: tuple[str, ...]
    site_url: str | None
    #: active, paused, gone, removed (no longer in feeds.yaml)
    state: str
    last_polled_at: datetime | None
    last_status: str | None
    last_error: str | None
    next_poll_at: datetime | None
    next_poll_reason: str | None
    #: What it loses between two polls; None = nothing to speak of.
    risk: str | None
    failures: int
    articles: int
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a run over stored pages made of a version, beside what was filed."""

    run_id: int
    at: datetime
    #: Of the program that read its pages and of the site's rule.
    rules_version: str
    #: What differs from how the version was read before.
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version of an article, in a list of them."""

    article_id: int
    #: From 1.
    number: int
    #: When it was filed.
    at: datetime
    #: What differs from the version before; empty for the first, None where it was not recorded.
    changed: tuple[str, ...] | None
    #: What filed it.
    rule: str
    #: As it is shown: by its newest reading.
    title: str | None
    word_count: int
    #: The newest reading of its pages; None = it is shown as it was filed.
    reading: Reading | None = None
    #: The run of an earlier release that filed it; None = the publisher's version.
    run_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A page that its site took down."""

    article_id: int
    title: str | None
    url: str
    site_name: str | None
    #: When it was first found missing, when a second look confirmed it, when it was there again (None = it is not).
    missing_at: datetime
    removed_at: datetime
    back_at: datetime | None
    #: 404, 410, 451, home, section, redirect, replaced.
    cause: str
    #: The same for a person.
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a publisher did to an article that is on file: a new version, or the removal of its page."""

    article_id: int
    at: datetime
    kind: Literal["edit", "removal"]
    title: str | None
    url: str
    site_name: str | None
    feed_name: str | None
    #: Of an edit: the number of the version it brought, and what changed; None = that was not recorded.
    revision: int | None = None
    changed: tuple[str, ...] | None = None
    #: Of a removal: as in `Removal`.
    cause: str | None = None
    reason: str | None = None
    back_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedEntry:
    """An entry that a rule kept out."""

    id: int
    title: str | None
    link: str | None
    #: Its name.
    feed: str
    dropped_at: datetime
    rule: str
    #: The value the rule decided on.
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailStep:
    """One decision in the life of an entry or article, oldest first in a trail."""

    at: datetime
    #: entry or article
    about: str
    rule: str
    detail: str
    feed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveStatus:
    """Counts for `wireroom status`."""

    schema: str
    feeds: Mapping[str, int]
    articles: Mapping[str, int]
    entries: int
    unread: int
    size_bytes: int
    last_poll_at: datetime | None
    next_poll_at: datetime | None
    #: Feeds that failed at their last poll: (name, message).
    failing: tuple[tuple[str, str], ...] = ()
    #: Feeds that lose entries between two polls: (name, how many).
    losing: tuple[tuple[str, str], ...] = ()
    #: None = at least one feed could be reached when it was last tried.
    outage: Outage | None = None
    #: Settled articles that searches by stem do not know yet.
    not_indexed: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLedger:
    """What was asked of one host since its first request: proof for a publisher who asks."""

    host: str
    since: datetime
    #: Feeds, pages, robots.txt; every redirect that was followed is one.
    requests: int
    wire_bytes: int
    #: Answers that were 304.
    not_modified: int
    #: Answers with Retry-After ...
    pauses_asked: int
    #: ... and requests made before such a pause was over.
    pauses_broken: int
    #: Pages left alone because robots.txt says so.
    robots_refusals: int
    #: Least time between two visits of its pages; None = there were not two.
    least_gap_s: float | None
