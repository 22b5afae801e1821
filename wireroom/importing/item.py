"""An item of another feed reader as an article of ours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache

from scraper.extract.article import extract_from_feed
from scraper.identity import content_hash
from scraper.model import (
    ArticleRecord,
    Enclosure,
    EntryKeys,
    FeedName,
    Hints,
    KeyedEntry,
    MovedArticle,
    ParsedEntry,
)
from scraper.urls import absolute_address, article_key
from wireroom.importing.values import Unfit

#: Where an article is that has no address, of a feed that has none on the web either (RFC 6761: nothing is ever there).
_NOWHERE = "https://no-address.invalid/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What other readers keep of an entry."""

    #: None = one without an address, or of which nothing is known.
    feed: FeedName | None
    #: What its feed is called, also one without an address.
    site_name: str | None = None
    guid: str | None
    link: str | None
    title: str | None
    authors: tuple[str, ...] = ()
    html: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    seen_at: datetime
    read_at: datetime | None = None
    starred_at: datetime | None = None
    #: The reader's own labels.
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    comments_url: str | None = None


def moved(item: Item, program: str) -> MovedArticle:
    """Return the article of an item: its text is what the feed had, cleaned like any other.

    Raises:
        Unfit: there is nothing to it.
    """
    if not (item.link or item.title or item.html):
        raise Unfit("it has no address, no title and no text")
    item = _with_safe_addresses(item)
    link = item.link
    entry = ParsedEntry(
        guid=item.guid,
        link=link,
        title=item.title,
        authors=item.authors,
        published_at=item.published_at,
        updated_at=item.updated_at,
        content_html=item.html,
        categories=item.categories,
        enclosures=item.enclosures,
        comments_url=item.comments_url,
    )
    key = article_key(link) if link else None
    keys = EntryKeys(guid=item.guid, link=key, content_hash=content_hash(entry))
    return MovedArticle(record=_record(item, link, program), entry=KeyedEntry(entry=entry, keys=keys, article_key=key))


def _with_safe_addresses(item: Item) -> Item:
    """Return the item with addresses that are absolute and of the web; others go."""
    base = _base(item)
    files = [(file, absolute_address(file.url, base)) for file in item.enclosures]
    return replace(
        item,
        link=absolute_address(item.link, base),
        comments_url=absolute_address(item.comments_url, base),
        enclosures=tuple(replace(file, url=address) for file, address in files if address),
    )


def _base(item: Item) -> str:
    return _base_of(item.feed.url if item.feed else "")


@lru_cache(maxsize=256)
def _base_of(url: str) -> str:
    """Return the address that those of an item may be relative to: its feed's, or the one that its feed is made of."""
    return absolute_address(url[url.find("http") :] if "http" in url else "", "") or _NOWHERE


def _record(item: Item, link: str | None, program: str) -> ArticleRecord:
    url = link or _base(item)
    hints = Hints(
        title=item.title,
        authors=item.authors,
        published_at=item.published_at,
        updated_at=item.updated_at,
        content_html=item.html,
        site_name=item.feed.name if item.feed else item.site_name,
    )
    found = extract_from_feed(hints, url=url)
    return ArticleRecord(
        id=0,
        url=url,
        canonical_url=None,
        title=found.title,
        byline=found.byline,
        agencies=found.agencies,
        published_at=found.published_at,
        updated_at=found.updated_at,
        first_seen_at=item.seen_at,
        fetched_at=None,
        site_name=found.site_name,
        section=None,
        language=found.language,
        summary=found.summary,
        image=found.image,
        images=found.images,
        text=found.text,
        html=found.html,
        markdown=found.markdown,
        related=(),
        enclosures=item.enclosures,
        comments_url=item.comments_url,
        categories=item.categories,
        feeds=(item.feed,) if item.feed else (),
        tags=item.tags,
        read_at=item.read_at,
        starred_at=item.starred_at,
        story_id=None,
        revision=0,
        word_count=len(found.text.split()),
        kind="article",
        status="feed_only" if found.text else "failed",
        reason=f"taken over from {program}" + ("" if found.text else ", which had no text"),
        change_seq=0,
    )


def at(seconds: object) -> datetime | None:
    """Return the instant of a Unix time; None for none, and for what is no time."""
    if not isinstance(seconds, (int, float, str)) or not seconds:
        return None
    try:
        return _usable(datetime.fromtimestamp(float(seconds), UTC))
    except (ValueError, OverflowError, OSError):
        return None


def instant(text: object) -> datetime | None:
    """Return the instant that an RFC 3339 text names; None for none, and for what is no time."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
        return _usable(found.astimezone(UTC)) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _usable(at: datetime) -> datetime | None:
    """Return an instant that has a local time everywhere."""
    return at if 1 < at.year < 9999 else None
