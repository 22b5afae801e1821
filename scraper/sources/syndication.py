"""From the bytes of a feed document to a ParsedFeed: the only user of `feedparser`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import feedparser

from scraper.errors import NotAFeed
from scraper.model import Enclosure, FeedHints, ParsedEntry, ParsedFeed, SkippedEntry
from scraper.sources.bases import states_base, with_base
from scraper.sources.entry_dates import entry_date, shows_month_first
from scraper.sources.entry_link import link_candidates, page_address, without_link_uris
from scraper.sources.items import Item, items_of, without
from scraper.sources.jsonfeed import looks_like_json, parse_json_feed
from scraper.sources.titles import Form, one_line, paragraphs
from scraper.sources.wide import narrowed, wide_encoding
from scraper.urls import absolute_address

#: One entry's HTML is kept up to here; feeds that carry books in an entry are cut, not refused.
MAX_HTML_CHARS = 1_000_000
#: Bytes of one author that feedparser is given: its time grows with their square (20 kB take 4 s).
_MAX_AUTHOR_BYTES = 2000
_LONG_AUTHOR = re.compile(
    rb"(<(?:[\w-]+:)?(?:author|creator|name|email|managingEditor|webMaster|publisher|contributor)\b[^<>]{0,300}>"
    rb"[^<]{%d})[^<]+" % _MAX_AUTHOR_BYTES
)
#: References to halves of a character (UTF-16 surrogates): no character each, one as a pair; feedparser fails on them.
_HALVES = re.compile(rb"&#(?:x0*(d[89ab][0-9a-f]{2}|d[c-f][0-9a-f]{2})|0*(5[5-7][0-9]{3}));", re.IGNORECASE)
#: What feedparser's own faults come out as, for documents that nobody expected.
_FAULTS = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
#: The end of a document's root.
_END = re.compile(rb"</(?:[\w.-]+:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)
#: Where feedparser puts the dates that say when an entry appeared: the first that can be read counts.
_PUBLISHED = ("published", "created", "dcterms_date", "dc_issued", "dc_created", "prism_publicationdate")
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writing:
    """What bears on how every entry of a document is read."""

    url: str
    #: Where the feed says that it is.
    feed_urls: Sequence[str]
    is_atom: bool
    #: Dates in numbers have the month before the day.
    is_month_first: bool


def body_hash(body: bytes) -> str:
    """Return the fingerprint by which an unchanged body is recognised (SHA-256, hex)."""
    return hashlib.sha256(body).hexdigest()


def parse_feed(
    body: bytes, *, url: str, content_type: str | None = None, known: frozenset[int] = frozenset()
) -> ParsedFeed:
    """Read a feed document of any format: RSS, Atom, RDF, CDF by feedparser, JSON Feed beside it.

    `known` are fingerprints of items: feedparser gets the document without them, and what is returned says where
    they stand (`put_back`). The bytes are read with the Content-Type first, without it when that yields nothing;
    UTF-16 and UTF-32 are told by the bytes alone. Ill-formed documents are read as far as they go, with a warning.

    Raises:
        NotAFeed: nothing in it is a feed.
    """
    if wide := wide_encoding(body):
        kind = f"{content_type.partition(';')[0]}; charset=utf-8" if content_type else None
        narrow = parse_feed(narrowed(body, wide), url=url, content_type=kind, known=known)
        return replace(narrow, encoding=wide)
    if looks_like_json(body, content_type):
        return parse_json_feed(body, url=url)
    items = items_of(body, url=url, content_type=content_type)
    if known and (parsed := _parse_unknown(body, items, known, url, content_type)):
        return parsed
    document = _read(body, body, url, content_type)
    fingerprints = [item.fingerprint for item in items]
    is_told_apart = len(items) == len(document.entries) and _is_well_formed(document)
    return _feed(document, body, url, document.entries, fingerprints if is_told_apart else ())


def _parse_unknown(
    body: bytes, items: Sequence[Item], known: frozenset[int], url: str, content_type: str | None
) -> ParsedFeed | None:
    """Read a document without the items that are known; None if that gives rise to any doubt."""
    rest, is_out = without(body, items, known)
    if not any(is_out):
        return None
    try:
        document = _read(rest, body, url, content_type)
    except NotAFeed:
        return None
    if len(document.entries) != is_out.count(False) or not _is_well_formed(document):
        return None
    read = iter(document.entries)
    raw = [
        ParsedEntry(item=item.fingerprint, is_left_out=True) if out else next(read)
        for item, out in zip(items, is_out, strict=True)
    ]
    return _feed(document, body, url, raw, [item.fingerprint for item in items])


def put_back(parsed: ParsedFeed, known: Mapping[int, ParsedEntry]) -> ParsedFeed:
    """Return the document with its known entries in their places; `known` has them by the fingerprint of their item."""
    return replace(
        parsed,
        entries=tuple(
            known[entry.item] if entry.is_left_out and entry.item is not None else entry for entry in parsed.entries
        ),
    )


def _is_well_formed(document: Any) -> bool:
    """Say whether the document was read as XML: only then each item is read by itself."""
    return not document.bozo or isinstance(document.get("bozo_exception"), feedparser.NonXMLContentType)


def _read(body: bytes, whole: bytes, url: str, content_type: str | None) -> Any:
    readable, base = _readable(body), url if states_base(whole) else None
    try:
        document = _parse(readable, content_type, base)
        if not document.get("version") and not document.entries:
            document = _parse(readable, None, base)
    except _FAULTS as exc:
        fault = f"{type(exc).__name__}: {exc}"[:200]
        raise NotAFeed(f"{url}: this document cannot be read ({fault})", url=url) from exc
    if not document.get("version") and not document.entries:
        raise _not_a_feed(body, url)
    return document


def _readable(body: bytes) -> bytes:
    """Return the document without what feedparser fails on or takes for ever for; nearly always as it is."""
    if _HALVES.search(body):
        body = re.sub(
            rb"(?:" + _HALVES.pattern.replace(b"(d[", b"(?:d[").replace(b"*(5", b"*(?:5") + rb")+",
            _whole,
            body,
            flags=re.IGNORECASE,
        )
    return without_link_uris(_LONG_AUTHOR.sub(rb"\1", body))


def _whole(halves: re.Match[bytes]) -> bytes:
    """Return references to halves as references to whole characters; a half alone is U+FFFD."""
    codes = (int(found[1], 16) if found[1] else int(found[2]) for found in _HALVES.finditer(halves[0]))
    text = "".join(map(chr, codes)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return b"".join(b"&#%d;" % ord(char) for char in text)


def _parse(body: bytes, content_type: str | None, base: str | None) -> Any:
    # A content-location only where bases are stated: feedparser would lose them, but resolves guids against it, too.
    # Neither its sanitiser nor its rewriting of links in HTML: ours run later, on the article.
    headers = {"content-type": content_type} if content_type else {}
    if base:
        headers = {"content-type": content_type or "application/xml", "content-location": base}
    return feedparser.parse(body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _not_a_feed(body: bytes, url: str) -> NotAFeed:
    start = body[:4096].lstrip().lower()
    is_html = start.startswith((b"<!doctype html", b"<html")) or b"<html" in start or b"<body" in start
    if not body.strip():
        return NotAFeed(f"{url}: the document is empty", url=url)
    if is_html:
        return NotAFeed(f"{url}: this is a web page, not a feed", url=url, is_html=True)
    return NotAFeed(f"{url}: no feed format is recognised in this document", url=url)


def _feed(document: Any, body: bytes, url: str, raw: Sequence[Any], fingerprints: Sequence[int]) -> ParsedFeed:
    """Put a document's entries together, those that were left out and those of feedparser."""
    version = document.get("version") or "unknown"
    head = document.feed
    writing = _Writing(
        url=url,
        feed_urls=_feed_urls(head, url),
        is_atom=version.startswith("atom"),
        is_month_first=shows_month_first(body),
    )
    entries, skipped = _entries(raw, fingerprints or [None] * len(raw), writing)
    return ParsedFeed(
        title=_title(head, writing.is_atom),
        site_url=absolute_address(head.get("link"), url),
        language=head.get("language") or None,
        version=version,
        encoding=document.get("encoding") or None,
        hints=_hints(head, body),
        entries=entries,
        skipped=skipped,
        warnings=_warnings(document),
        is_cut=bool(document.bozo) and not _END.search(body[-4000:].replace(b"\0", b"")),
    )


def _warnings(document: Any) -> tuple[str, ...]:
    if not document.bozo:
        return ()
    fault = document.get("bozo_exception")
    return (f"{type(fault).__name__}: {fault}"[:300],)


def _entries(
    raw: Sequence[Any], fingerprints: Sequence[int | None], writing: _Writing
) -> tuple[tuple[ParsedEntry, ...], tuple[SkippedEntry, ...]]:
    entries, skipped = [], []
    for position, (item, fingerprint) in enumerate(zip(raw, fingerprints, strict=True)):
        entry = item if isinstance(item, ParsedEntry) else _entry(item, writing, fingerprint)
        said = (entry.guid, entry.link, entry.title, entry.summary_html, entry.content_html, entry.enclosures)
        if entry.is_left_out or any(said):
            entries.append(entry)
        else:
            skipped.append(SkippedEntry(position=position, reason="it has no id, link, title, text or file"))
    return tuple(entries), tuple(skipped)


def _entry(item: Any, writing: _Writing, fingerprint: int | None) -> ParsedEntry:
    url = writing.url
    content = _content(item)
    summary = item.get("summary")
    if not isinstance(summary, str) or summary == content.get("value"):
        summary = None
    published_at, updated_at = _dates(item, writing)
    return ParsedEntry(
        guid=(item.get("id") or "").strip() or None,
        link=page_address(link_candidates(item), url, writing.feed_urls, _enclosures(item, url)),
        title=_title(item, writing.is_atom),
        authors=_authors(item),
        published_at=published_at,
        updated_at=updated_at,
        summary_html=_html(summary, item.get("summary_detail"), writing),
        content_html=_html(content.get("value"), content, writing),
        categories=_categories(item),
        enclosures=_enclosures(item, url),
        comments_url=absolute_address(item.get("comments"), url),
        image_url=_image(item, url),
        language=item.get("language") or None,
        item=fingerprint,
    )


def _form(detail: Any, is_atom: bool) -> Form:
    """Say how a text is to be taken by feedparser's account of it: in Atom as its type says, in RSS as it looks."""
    kind = detail.get("type") if detail else None
    if kind == "application/xhtml+xml":
        return "html"  # written as elements, whatever the format
    if not is_atom or not kind:
        return "unknown"
    return "html" if kind == "text/html" else "text"


def _title(item: Any, is_atom: bool) -> str | None:
    return one_line(item.get("title"), _form(item.get("title_detail"), is_atom))


def _html(text: str | None, detail: Any, writing: _Writing) -> str | None:
    """Return a text as HTML, the addresses in it resolved where their base is stated."""
    if not text:
        return None
    if _form(detail, writing.is_atom) == "text":
        return _clip(paragraphs(text))
    base = absolute_address((detail or {}).get("base"), writing.url)
    return _clip(with_base(text[:MAX_HTML_CHARS], base) if base and base != writing.url else text)


def _clip(text: object) -> str | None:
    return text[:MAX_HTML_CHARS] if isinstance(text, str) and text.strip() else None


def _feed_urls(head: Any, url: str) -> list[str]:
    """Return the addresses at which a feed says that it is."""
    links = (link.get("href") for link in head.get("links", ()) if link.get("rel") == "self")
    return [address for link in links if (address := absolute_address(link, url))]


def _content(item: Any) -> Mapping[str, Any]:
    """Return the longest full text the entry carries (content:encoded, Atom content); empty if there is none."""
    parts = [part for part in item.get("content", ()) if _is_text(part)]
    return max(parts, key=lambda part: len(part.get("value") or ""), default={})


def _is_text(part: Mapping[str, Any]) -> bool:
    kind = part.get("type") or "text/html"
    return kind.startswith("text/") or kind.endswith("+xml") or kind in ("html", "xhtml")


def _authors(item: Any) -> tuple[str, ...]:
    """Return the names; an author given only as an e-mail address has none."""
    written = str(item.get("author") or "")
    people = [(one_line(author.get("name")), author.get("email") or "") for author in item.get("authors", ())]
    # feedparser splits some bare addresses ("desk@harbour.example") into an address and a "name".
    names = (name for name, mail in people if name and "@" not in name and not (mail and mail + name in written))
    return tuple(dict.fromkeys(name[:200] for name in names))


def _dates(item: Any, writing: _Writing) -> tuple[datetime | None, datetime | None]:
    """Return when an entry appeared and when it was changed.

    RSS has one date, whatever its name (`dc:date`, `atom:updated`): alone it says when the entry appeared. Atom has a
    name for each, and what it does not say stays empty.
    """
    published = _date(item, _PUBLISHED, writing.is_month_first)
    updated = _date(item, ("updated",), writing.is_month_first)
    return (published, updated) if published or writing.is_atom else (updated, None)


def _date(item: Any, names: Sequence[str], is_month_first: bool) -> datetime | None:
    """Return the first date under these names that can be read."""
    # Past feedparser's own `get`, which answers `updated` with `published` when there is none.
    found = (entry_date(dict.get(item, name), is_month_first=is_month_first) for name in names)
    return next(filter(None, found), None)


def _categories(item: Any) -> tuple[str, ...]:
    labels = (one_line(tag.get("label") or tag.get("term")) for tag in item.get("tags", ()))
    return tuple(dict.fromkeys(label for label in labels if label))


def _enclosures(item: Any, url: str) -> tuple[Enclosure, ...]:
    found = {}
    for link in item.get("enclosures", ()):
        if address := absolute_address(link.get("href") or link.get("url"), url):
            found[address] = Enclosure(url=address, type=link.get("type") or None, length=_number(link.get("length")))
    return tuple(found.values())


def _number(text: object) -> int | None:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 16 else None


def _image(item: Any, url: str) -> str | None:
    media = [m for m in item.get("media_content", ()) if "image" in (m.get("medium"), (m.get("type") or "")[:5])]
    for candidate in (*media, *item.get("media_thumbnail", ()), item.get("image") or {}):
        if address := absolute_address(candidate.get("url") or candidate.get("href"), url):
            return address
    return next((e.url for e in _enclosures(item, url) if (e.type or "").startswith("image/")), None)


def _hints(head: Any, body: bytes) -> FeedHints:
    return FeedHints(
        ttl=_minutes(head.get("ttl")),
        update_period=_update_period(head),
        skip_hours=tuple(sorted({int(hour) % 24 for hour in _skipped(body, b"hour") if hour.isdigit()})),
        skip_days=tuple(sorted({_DAYS.index(day.lower()) for day in _skipped(body, b"day") if day.lower() in _DAYS})),
    )


def _minutes(text: object) -> timedelta | None:
    number = _number(text)
    return timedelta(minutes=number) if number and number < 10**6 else None


def _update_period(head: Any) -> timedelta | None:
    """Return the time between updates by the syndication module of RSS 1.0: period divided by frequency."""
    hours = _PERIODS.get(str(head.get("sy_updateperiod", "")).strip().lower())
    frequency = _number(str(head.get("sy_updatefrequency", "1")).strip()) or 1
    return timedelta(hours=hours) / frequency if hours else None


def _skipped(body: bytes, unit: bytes) -> tuple[str, ...]:
    """Return the values of `<skipHours>` or `<skipDays>` (RSS 2.0); feedparser keeps only the last of them."""
    start = re.search(rb"<skip" + unit + rb"s\s*>", body, re.IGNORECASE)
    behind = body[start.end() : start.end() + 2000].lower() if start else b""
    block, is_closed, _ = behind.partition(b"</skip")
    values = re.findall(rb"<" + unit + rb"\s*>\s*(\w+)\s*<", block) if is_closed else []
    return tuple(value.decode("ascii", "replace") for value in values)
