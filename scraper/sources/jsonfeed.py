"""JSON Feed 1.0 and 1.1 (jsonfeed.org), which feedparser does not read."""

from __future__ import annotations

import json
from typing import Any

from scraper.errors import NotAFeed
from scraper.model import Enclosure, ParsedEntry, ParsedFeed, SkippedEntry
from scraper.sources.entry_dates import entry_date, shows_month_first
from scraper.sources.entry_link import page_address
from scraper.sources.titles import one_line, paragraphs
from scraper.urls import absolute_address

#: An item that has none of these tells nothing.
_TOLD = ("id", "url", "external_url", "title", "summary", "content_html", "content_text", "attachments")


def looks_like_json(body: bytes, content_type: str | None) -> bool:
    """Say whether a document is JSON by its first character; the Content-Type alone is not to be trusted."""
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" and "xml" not in (content_type or "")


def parse_json_feed(body: bytes, *, url: str) -> ParsedFeed:
    """Read a JSON Feed.

    Raises:
        NotAFeed: it is not JSON, or JSON of another kind.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise NotAFeed(f"{url}: the document begins like JSON but is not: {exc}", url=url) from exc
    items = document.get("items")
    if not isinstance(items, list) or "jsonfeed.org/version/" not in str(document.get("version", "")):
        raise NotAFeed(f"{url}: this is JSON, but not a JSON Feed (jsonfeed.org)", url=url)
    is_month_first = shows_month_first(body)
    feed_url = absolute_address(document.get("feed_url"), url)
    read = [(position, _entry(item, url, feed_url, is_month_first)) for position, item in enumerate(items)]
    return ParsedFeed(
        title=one_line(document.get("title"), "text"),
        site_url=absolute_address(document.get("home_page_url"), url),
        language=_text(document.get("language")),
        encoding="utf-8",
        version="json11" if str(document["version"]).endswith("1.1") else "json10",
        entries=tuple(entry for _, entry in read if entry is not None),
        skipped=tuple(SkippedEntry(position=at, reason="it has no id or text") for at, entry in read if entry is None),
    )


def _entry(item: Any, url: str, feed_url: str | None, is_month_first: bool) -> ParsedEntry | None:
    if not isinstance(item, dict) or not any(item.get(key) for key in _TOLD):
        return None
    guid = _text(item.get("id"))
    enclosures = tuple(filter(None, (_enclosure(part, url) for part in _list(item.get("attachments")))))
    addresses = [item.get("url"), item.get("external_url")]
    addresses += [guid] if guid and guid.startswith(("http://", "https://")) else []
    return ParsedEntry(
        guid=guid,
        link=page_address(addresses, url, [feed_url] if feed_url else [], enclosures),
        title=one_line(item.get("title"), "text"),
        authors=_authors(item),
        published_at=entry_date(item.get("date_published"), is_month_first=is_month_first),
        updated_at=entry_date(item.get("date_modified"), is_month_first=is_month_first),
        summary_html=_paragraphs(item.get("summary")),
        content_html=_string(item.get("content_html")) or _paragraphs(item.get("content_text")),
        categories=tuple(filter(None, map(_text, _list(item.get("tags"))))),
        enclosures=enclosures,
        image_url=absolute_address(item.get("image"), url) or absolute_address(item.get("banner_image"), url),
        language=_text(item.get("language")),
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _string(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _text(value: object) -> str | None:
    """Return one line of text; ids are often written as numbers."""
    return " ".join(str(value).split()) or None if isinstance(value, str | int | float) else None


def _paragraphs(value: object) -> str | None:
    """Return plain text as HTML paragraphs."""
    text = _string(value)
    return None if text is None else paragraphs(text)


def _authors(item: dict[str, Any]) -> tuple[str, ...]:
    people = [*_list(item.get("authors")), item.get("author")]
    names = (_text(person.get("name")) for person in people if isinstance(person, dict))
    return tuple(dict.fromkeys(name for name in names if name))


def _enclosure(part: object, url: str) -> Enclosure | None:
    if not isinstance(part, dict) or not (address := absolute_address(part.get("url"), url)):
        return None
    size = part.get("size_in_bytes")
    return Enclosure(url=address, type=_text(part.get("mime_type")), length=size if isinstance(size, int) else None)
