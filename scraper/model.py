"""The data that passes between the steps: one frozen type per stage, in the order of the flow.

    FeedSpec -> FeedState -> FetchRequest -> Response -> ParsedFeed -> KeyedEntry -> EntryDecision -> PollCommit
    ArticleJob -> FetchRequest -> Response -> Extraction -> ArticleCommit -> ArticleRecord

Instants are aware UTC datetimes; `None` means unknown or absent, nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

# --------------------------------------------------------------------------- what the user configured


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """One feed as the user listed it."""

    #: The address in feeds.yaml: the feed's identity.
    url: str
    name: str | None = None
    tags: tuple[str, ...] = ()
    #: Fixed time between polls; None = `auto`.
    interval: timedelta | None = None
    #: A cron line that replaces the interval, with `time_zone` (IANA name; None = the machine's).
    schedule: str | None = None
    time_zone: str | None = None
    #: Fetch each entry's page; False files what the feed itself says.
    full_text: bool = True
    paused: bool = False
    #: Entries are kept only if one of these words is in title, summary or categories (empty = all) ...
    keep: tuple[str, ...] = ()
    #: ... and dropped if one of these is.
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRule:
    """The user's help for one site's pages (`sites:` in feeds.yaml), CSS selectors."""

    #: The element(s) that hold the article; None = find it.
    body: str | None = None
    #: Elements to take out before anything is read.
    remove: tuple[str, ...] = ()
    title: str | None = None
    byline: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncResult:
    """What a new feed list changed: feed addresses."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


# --------------------------------------------------------------------------- one HTTP exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave us to ask "has it changed?" with."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """One exchange to be made."""

    url: str
    #: Sent as If-None-Match / If-Modified-Since; None = unconditional.
    validators: Validators | None = None
    #: Stop reading here, counted after decoding.
    max_bytes: int
    accept: str = "*/*"
    #: Wall time for everything: look-up, hops, headers, body.
    deadline_s: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect that was followed: `url` answered `status`."""

    url: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A complete answer, whatever its status."""

    #: The address that finally answered.
    url: str
    status: int
    #: Header names in lower case; repeated headers joined with ", ".
    headers: Mapping[str, str]
    #: Decoded (no content coding left); empty for 304.
    body: bytes
    #: Redirects in the order they were followed; empty = none.
    hops: tuple[Hop, ...] = ()
    #: Bytes received on the wire, bodies only.
    wire_bytes: int = 0
    fetched_at: datetime

    @property
    def content_type(self) -> str | None:
        """The Content-Type header as sent."""
        return self.headers.get("content-type")

    @property
    def validators(self) -> Validators:
        """The validators of this answer."""
        return Validators(etag=self.headers.get("etag"), last_modified=self.headers.get("last-modified"))


# --------------------------------------------------------------------------- a feed document


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHints:
    """How often the publisher wants to be asked, as written in the document; stored, since a 304 repeats none of it."""

    ttl: timedelta | None = None
    #: Time between updates by sy:updatePeriod / sy:updateFrequency.
    update_period: timedelta | None = None
    #: Hours (0-23, UTC) and days (Monday = 0) in which not to poll.
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file attached to an entry."""

    url: str
    type: str | None = None
    #: Size in bytes as declared.
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedEntry:
    """One entry as its feed wrote it; HTML fields are raw and not safe to show."""

    guid: str | None = None
    #: Absolute http(s) address of the page.
    link: str | None = None
    #: Plain text, one line.
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    summary_html: str | None = None
    content_html: str | None = None
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    comments_url: str | None = None
    #: Address of a picture the feed names for the entry.
    image_url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedEntry:
    """An entry that could not be read; `position` counts from 0 in document order."""

    position: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """One feed document."""

    title: str | None = None
    site_url: str | None = None
    language: str | None = None
    #: feedparser's name of the format ("rss20", "atom10" ...) or "json11".
    version: str = ""
    hints: FeedHints = FeedHints()
    #: In document order.
    entries: tuple[ParsedEntry, ...] = ()
    skipped: tuple[SkippedEntry, ...] = ()
    #: Survivable faults of the document, for the poll record.
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryKeys:
    """The keys under which an entry is known; a match on any sound one is the known entry (POLICY: Identity)."""

    #: None when the document's guids are unsound and this entry has no other guid key.
    guid: str | None = None
    #: Canonical form of the link.
    link: str | None = None
    #: SHA-256 (hex) over title, dates, summary and content: changes when the entry does.
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedEntry:
    """An entry with its keys and the article address it leads to."""

    entry: ParsedEntry
    keys: EntryKeys
    #: Canonical URL by which the article is known before its page is fetched; None = the entry has no page.
    article_key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """An entry that is already on file for the feed."""

    entry_id: int
    article_id: int | None
    keys: EntryKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDecision:
    """What becomes of one entry, and why (stored: `wireroom why`)."""

    keyed: KeyedEntry
    #: file: a new entry; update: a known one that changed; seen: known and unchanged; drop: recorded but not filed.
    action: Literal["file", "update", "seen", "drop"]
    #: The known entry for `update` and `seen`.
    entry_id: int | None = None
    #: Name of the rule that decided ("new-entry", "drop-word", "known-guid" ...).
    rule: str
    #: The value it decided on, for people ("drop: 'horoscope' in title").
    detail: str = ""


# --------------------------------------------------------------------------- polling a feed


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """A feed with everything that a poll needs to know of its past."""

    id: int
    spec: FeedSpec
    #: The address that is polled; differs from spec.url after a permanent redirect.
    current_url: str
    validators: Validators = Validators()
    #: SHA-256 (hex) of the last body that was parsed.
    body_hash: str | None = None
    hints: FeedHints = FeedHints()
    title: str | None = None
    last_polled_at: datetime | None = None
    #: Last time a body came (not a 304).
    last_body_at: datetime | None = None
    #: Polls that failed in a row.
    failures: int = 0
    #: Answered 410 Gone: no longer polled until the user says otherwise.
    gone: bool = False
    #: A chain of permanent redirects being watched: its target and when it was first seen.
    redirect_target: str | None = None
    redirect_since: datetime | None = None
    #: Publication (else first-seen) times of the newest stored entries, newest first, at most 50.
    entry_times: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPoll:
    """When to poll next, and why (stored in the poll record)."""

    #: None = never again unless asked (410 Gone).
    at: datetime | None
    interval: timedelta
    reason: str


PollStatus = Literal["new", "unchanged", "not_modified", "failed", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRecord:
    """One poll as it is remembered (table `polls`)."""

    started_at: datetime
    finished_at: datetime
    #: new: a document was parsed; unchanged: a body with the known hash; not_modified: 304; failed; gone: 410.
    status: PollStatus
    http_status: int | None = None
    #: Message for a person when the poll failed; None = it did not.
    error: str | None = None
    wire_bytes: int = 0
    entries_seen: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PollCommit:
    """Everything one poll writes, in one transaction."""

    feed_id: int
    record: PollRecord
    next_poll: NextPoll
    #: Entries to file, update or record as dropped; unchanged known ones are in `seen`.
    decisions: tuple[EntryDecision, ...] = ()
    #: The feed's new state, whole: it replaces the old one (entry_times apart, which the store derives).
    state: FeedState
    #: Site address and language from the document, when one was parsed.
    site_url: str | None = None
    #: No polls of this host before this time (429, 503 with Retry-After).
    host_blocked_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOutcome:
    """What a poll came to, for counts and the log line."""

    feed_id: int
    url: str
    status: PollStatus
    entries_new: int = 0
    articles_new: int = 0
    entries_dropped: int = 0
    wire_bytes: int = 0
    error: str | None = None
    #: Failed before any server answered: look-up, connection or TLS. Set by the pipeline.
    is_unreachable: bool = False
    next_poll: NextPoll | None = None


# --------------------------------------------------------------------------- an article's page

Kind = Literal[
    "article", "live_blog", "gallery", "video", "list",
    "paywalled", "consent", "login", "needs_javascript", "error_page", "not_an_article",
]  # fmt: skip

Status = Literal["pending", "full", "feed_only", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of the article."""

    #: Absolute http(s) address.
    url: str
    alt: str | None = None
    caption: str | None = None
    #: Who made it, without "Photo:" and the like.
    credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to another page, with its text."""

    url: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the feed said of an article: a witness for the extractor, and the text when the page gives none."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    summary_html: str | None = None
    content_html: str | None = None
    image_url: str | None = None
    language: str | None = None
    site_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What was found in a page. `html`, `markdown` and `text` are the same body in three forms."""

    title: str | None = None
    #: Names of persons (or of a desk), one each.
    byline: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    #: Section of the paper ("Eastern Europe").
    section: str | None = None
    site_name: str | None = None
    #: BCP 47, lower-case primary subtag first ("en", "pt-BR").
    language: str | None = None
    #: The standfirst or description.
    summary: str | None = None
    #: The lead picture.
    image: Image | None = None
    #: All pictures of the article, the lead first.
    images: tuple[Image, ...] = ()
    #: As the page declares it, absolute.
    canonical_url: str | None = None
    #: Safe: passed through the allow-list last.
    html: str = ""
    markdown: str = ""
    #: Paragraphs with one blank line between them.
    text: str = ""
    #: Other stories the page promotes, in page order.
    related: tuple[Link, ...] = ()
    #: News agencies named as source.
    agencies: tuple[str, ...] = ()
    kind: Kind = "article"
    #: Why `kind` is not "article", for a person.
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleJob:
    """An article whose page is to be fetched."""

    id: int
    #: The address to fetch.
    url: str
    #: False = the feed asked for its own text only: nothing is fetched.
    full_text: bool
    hints: Hints
    #: Fetches that failed so far.
    attempts: int = 0
    status: Status = "pending"
    first_seen_at: datetime
    #: From the last successful fetch, for conditional re-checks.
    validators: Validators = Validators()
    #: The version on file, None before the first.
    current: Extraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """A page as received, kept so that a better extractor can read it again."""

    url: str
    content_type: str | None
    body: bytes
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCommit:
    """Everything one article fetch writes, in one transaction."""

    article_id: int
    status: Status
    #: Why it is not `full`, for a person; None for `full`.
    reason: str | None
    #: The version to file; None = leave what is on file.
    extraction: Extraction | None = None
    #: True = `extraction` differs in substance from what was on file (or is the first): it becomes a revision.
    is_revision: bool = False
    page: RawPage | None = None
    #: Canonical keys that lead to this article (final URL, same-site rel=canonical). If one already belongs to another
    #: article, the two are one: the older article takes over this one's sightings.
    keys: tuple[str, ...] = ()
    validators: Validators = Validators()
    http_status: int | None = None
    wire_bytes: int = 0
    checked_at: datetime
    #: Failed fetches so far, this one included.
    attempts: int = 0
    #: When to fetch again; None = no more.
    next_fetch_at: datetime | None = None
    #: No article fetch from the host before this.
    next_allowed_at: datetime | None = None
    #: Decision trail: name of the rule that settled the status.
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleOutcome:
    """What an article fetch came to, for counts and the log line."""

    article_id: int
    url: str
    status: Status
    kind: str | None = None
    reason: str | None = None
    #: 1 when a page was asked for, 0 when nothing went over the network.
    pages_fetched: int = 0
    wire_bytes: int = 0
    #: The article turned out to be one already on file.
    merged_into: int | None = None


# --------------------------------------------------------------------------- claims

Slot = Literal["feeds", "articles"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostClaim:
    """The right to do one kind of work on one host until the lease ends."""

    host_id: int
    host: str
    slot: Slot
    #: Fencing number: a commit under an older one is refused with LeaseLost.
    fence: int
    leased_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRecord:
    """A host's robots.txt as last fetched; kept 24 h (RFC 9309)."""

    fetched_at: datetime
    #: HTTP status; None = unreachable.
    status: int | None
    #: The file, empty unless status is 2xx.
    body: bytes = b""


# --------------------------------------------------------------------------- what the archive shows


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
    #: Only articles changed after this change_seq.
    changed_after: int | None = None
    #: Words, "phrases" and -exclusions over title, byline, credit, section, site and text.
    query: str | None = None
    #: Filing order, older than this article id: keyset paging, newest first.
    before_id: int | None = None
    limit: int | None = None


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
    failures: int
    articles: int
    unread: int


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
    extra: Mapping[str, Any] = field(default_factory=dict)
