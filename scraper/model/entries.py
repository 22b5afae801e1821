"""A feed document: its entries, their keys, and what becomes of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal


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
    #: Fingerprint of its bytes in the document (`scraper.sources.items`); None = unknown.
    item: int | None = None
    #: Content hash of an entry that was recognised by its bytes. It has guid, link, title and dates: nothing else of it
    #: was read, and all stays as it was filed.
    on_file: str | None = None
    #: It stands for a recognised item, and has nothing but its fingerprint.
    is_left_out: bool = False

    @property
    def dated(self) -> datetime | None:
        """When it was published, else when it was updated."""
        return self.published_at or self.updated_at


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
    #: The encoding it was read in.
    encoding: str | None = None
    hints: FeedHints = FeedHints()
    #: In document order.
    entries: tuple[ParsedEntry, ...] = ()
    skipped: tuple[SkippedEntry, ...] = ()
    #: Survivable faults of the document, for the poll record.
    warnings: tuple[str, ...] = ()
    #: It ends in the middle: what was behind is still to come, so its validators are not to be kept.
    is_cut: bool = False


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
    #: Canonical URL by which the article is known before its page is fetched; None = the entry has no page of its own.
    article_key: str | None
    #: What the article is known by where its address is shared with other entries, or a home page's: the address and
    #: the entry's words. None = by the entry's keys within its feed.
    own_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """An entry that is already on file for the feed."""

    entry_id: int
    article_id: int | None
    keys: EntryKeys
    title: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    #: How often in a row it changed, poll by poll, without another `updated_at` or headline.
    changes: int = 0
    #: Other entries were listed under its address when it was filed: that is no key.
    shares_address: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEntry:
    """An entry on file with its words, for telling whether a new one is it."""

    known: KnownEntry
    link: str | None
    summary_html: str | None
    content_html: str | None

    @property
    def dated(self) -> datetime | None:
        """When it was published, else when it was updated."""
        return self.known.published_at or self.known.updated_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What keys alone do not tell of a document's entries: what to look up in the feed's past."""

    #: Entries whose link comes with another guid now.
    entry_ids: tuple[int, ...] = ()
    #: Dates of new entries that may be known ones under another headline.
    dates: tuple[datetime, ...] = ()
    #: Addresses of new entries, which may have been shared before.
    article_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a feed's past says of its doubts."""

    #: Those that were named, and those of the dates.
    entries: tuple[PastEntry, ...] = ()
    #: Of the addresses, those that entries of the feed have shared.
    shared: frozenset[str] = frozenset()


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
    #: For `seen`: it goes by other keys now, which are stored.
    has_new_keys: bool = False
    #: What `KnownEntry.changes` becomes.
    changes: int = 0

    @property
    def lacks_html(self) -> bool:
        """Whether it is to be written what was not read: then the document must be read whole."""
        return self.action != "seen" and self.keyed.entry.on_file is not None
