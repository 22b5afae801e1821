"""What the user configured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


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
    #: Look at its articles again, for edits and removals.
    recheck: bool = True
    #: Compare its articles with others', to find those that tell the same story.
    stories: bool = True
    #: Entries are kept only if one of these words is in title, summary or categories (empty = all) ...
    keep: tuple[str, ...] = ()
    #: ... and dropped if one of these is.
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRule:
    """The user's help for one site's pages (`sites:` in feeds.yaml): CSS selectors, `single_page` apart."""

    #: The element that holds the article, the first of its kind; several selectors: all elements that match one of
    #: them, in page order. None = find it.
    body: str | tuple[str, ...] | None = None
    #: Elements to take out before anything is read.
    remove: tuple[str, ...] = ()
    title: str | None = None
    byline: str | None = None
    date: str | None = None
    #: The link to the next page of an article; None = find it.
    next_page: str | None = None
    #: The link to the whole article on one page, or that page's address with `{url}` in place of the article's.
    single_page: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncResult:
    """What a new feed list changed: feed addresses."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
