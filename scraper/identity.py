"""Keys by which entries and articles are recognised. Pure (POLICY: Identity)."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from scraper.model import Claim, Enclosure, EntryKeys, KeyedEntry, ParsedEntry, ParsedFeed
from scraper.sameness import counted_guid, is_told_by_words, stories_of
from scraper.urls import article_key, canonical_url, is_front_page, same_site

_TAG = re.compile(r"<[^<>]*>")
_ADDRESS = re.compile(r"\s(?:src|href)\s*=\s*[\"']?([^\s\"'>?#]+)", re.IGNORECASE)
_EDITION_HOST = re.compile(r"^(?:www\.)?(?:m|mobile|amp)\.(?=[^.]+\.)")
_AMP_PARAMETER = re.compile(r"amp(?:=(?:1|true|yes)?)?|(?:output|outputtype|view|type)=amp", re.IGNORECASE)
#: A document whose guids are missing or repeated in more than this share of its items has none to rely on.
UNSOUND_SHARE = 0.05


def page_keys(final_url: str) -> tuple[str, ...]:
    """Return the keys of a fetched page: where it was found. A home page is nobody's key."""
    return () if is_front_page(final_url) else (article_key(final_url),)


def page_claims(final_url: str, declared_url: str | None, amp_url: str | None) -> tuple[Claim, ...]:
    """Return the weak keys of a fetched page: where it says it lives, its AMP form, what its address is a form of.

    Declared addresses count on the same site alone, and no home page does.
    """
    found: dict[str, Claim] = {}
    declared: tuple[tuple[str | None, Literal["canonical", "amphtml"]], ...] = (
        (declared_url, "canonical"),
        (amp_url, "amphtml"),
    )
    for url, source in declared:
        if url and same_site(final_url, url) and not is_front_page(url):
            found.setdefault(article_key(url), Claim(key=article_key(url), source=source))
    for key in twin_keys(final_url):
        found.setdefault(key, Claim(key=key, source="twin"))
    found.pop(article_key(final_url), None)
    return tuple(found.values())


def twin_keys(url: str) -> tuple[str, ...]:
    """Return the keys of the page that an address would be the mobile or AMP form of; none if it looks like neither.

    `m.`, `mobile.` and `amp.` before the host, `amp` as a part of the path, as its ending or as a parameter, an AMP
    cache's address. A guess: good for asking whether two pages are one, not for taking them as one.
    """
    canonical = _out_of_amp_cache(canonical_url(url))
    parts = urlsplit(canonical)
    host = _EDITION_HOST.sub("", parts.netloc)
    path = re.sub(r"(?<=/)amp/|/amp(?=/?$)|\.amp(?=\.html?$|$)", "", parts.path, count=1)
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _AMP_PARAMETER.fullmatch(pair))
    if not path.strip("/") and not query:
        return ()
    slashed = path.removesuffix("/") if path.endswith("/") else f"{path}/"
    found = [article_key(urlunsplit((parts.scheme, host, way, query, ""))) for way in (path, slashed)]
    own = article_key(url)
    return () if found[0] == own else tuple(key for key in found if key != own)


def _out_of_amp_cache(url: str) -> str:
    """Return the address that a copy in an AMP cache names in its path (`/c/s/paper.example/a`)."""
    parts = urlsplit(url)
    found = re.fullmatch(r"/[a-z]/(s/)?([^/.]+\.[^/]+/.*)", parts.path)
    if found is None or not parts.netloc.endswith(".cdn.ampproject.org"):
        return url
    return canonical_url(f"{'https' if found[1] else 'http'}://{found[2]}" + (f"?{parts.query}" if parts.query else ""))


def key_entries(parsed: ParsedFeed) -> tuple[KeyedEntry, ...]:
    """Give each entry of a document its keys; an entry repeated in the document under the same keys is taken once."""
    entries = parsed.entries
    link_keys = [article_key(entry.link) if entry.link else None for entry in entries]
    links = Counter(link_keys)
    front = article_key(parsed.site_url) if parsed.site_url else None
    is_home = [key == front or is_front_page(entry.link or "") for entry, key in zip(entries, link_keys, strict=True)]
    has_page = [not is_attached(entry.link, entry.enclosures) for entry in entries]
    hashes = [content_hash(entry) for entry in entries]
    guids = _guid_keys(entries, link_keys, is_home, hashes)
    keyed: dict[tuple[str | None, str | None, str | None], KeyedEntry] = {}
    for entry, key, home, page, guid, words in zip(entries, link_keys, is_home, has_page, guids, hashes, strict=True):
        own_link = key if key and links[key] == 1 and key != front else None
        keys = EntryKeys(guid=guid, link=own_link, content_hash=words)
        identity = (guid, own_link, None if guid or own_link else words)
        own_key = f"{key}|" if key and home else None
        keyed.setdefault(
            identity,
            KeyedEntry(entry=entry, keys=keys, article_key=key if page and not home else None, own_key=own_key),
        )
    return _told_apart(list(keyed.values()))


def is_attached(link: str | None, enclosures: Sequence[Enclosure]) -> bool:
    """Say whether a link leads to a file that is attached to its entry, which is no page."""
    return link is not None and article_key(link) in {article_key(enclosure.url) for enclosure in enclosures}


def _told_apart(keyed: list[KeyedEntry]) -> tuple[KeyedEntry, ...]:
    """Let entries that share an address with other stories, or have a home page's, be known by it and their words."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(keyed):
        if one.article_key or one.own_key:
            places[one.article_key or (one.own_key or "").removesuffix("|")].append(place)
    for address, sharing in places.items():
        if len(sharing) == 1 and keyed[sharing[0]].article_key:
            continue
        words = [_words_key(keyed[place]) for place in sharing]
        firsts = stories_of([keyed[place].entry for place in sharing], words)
        if len(set(firsts)) == 1 and keyed[sharing[0]].article_key:
            continue
        for place, first in zip(sharing, firsts, strict=True):
            keyed[place] = replace(keyed[place], article_key=None, own_key=shared_key(address, words[first]))
    return tuple(keyed)


def own_key_of(keyed: KeyedEntry) -> KeyedEntry:
    """Return an entry whose address is found to be no article's: it is known by its words beside it."""
    if keyed.article_key is None:
        return keyed
    return replace(keyed, article_key=None, own_key=shared_key(keyed.article_key, _words_key(keyed)))


def shared_key(address: str, words: str) -> str:
    """Return what an article is known by whose address (an `article_key`, which has no bar) is not its alone."""
    return f"{address}|{words}"


def _words_key(keyed: KeyedEntry) -> str:
    """Return the fingerprint of an entry's words, with its guid where these are too few to tell it."""
    if is_told_by_words(keyed.entry):
        return keyed.keys.content_hash
    return f"{keyed.keys.content_hash}|{counted_guid(keyed.entry) or keyed.keys.guid or ''}"


def guid_faults(entries: Sequence[ParsedEntry]) -> tuple[int, int]:
    """Return how many entries of a document have no guid, and how many share theirs with another one."""
    counts = Counter(entry.guid for entry in entries if entry.guid)
    return sum(not entry.guid for entry in entries), sum(count for count in counts.values() if count > 1)


def are_sound(entries: Sequence[ParsedEntry]) -> bool:
    """Say whether the guids of a document are to be relied on: few are missing or repeated."""
    return sum(guid_faults(entries)) <= UNSOUND_SHARE * len(entries)


def known_by(keyed: KeyedEntry) -> str:
    """Say in words what an entry is recognised by first."""
    entry, guid = keyed.entry, keyed.keys.guid
    if guid is None:
        return "link" if keyed.keys.link else "content"
    if guid == entry.guid:
        return "guid"
    link, when = article_key(entry.link) if entry.link else None, entry.dated
    parts = {"guid": entry.guid, "link": link, "date": when.isoformat() if when else None, "title": entry.title}
    for names in _FORMS:
        if guid == "|".join(parts[name] or "" for name in names):
            return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return "guid"


#: What the keys are made of that take a guid's place.
_FORMS = (
    ("guid", "link"), ("guid", "title"), ("guid", "link", "title"),
    ("link", "date"), ("link", "date", "title"), ("link", "title"), ("title",), ("title", "date"),
)  # fmt: skip


def _guid_keys(
    entries: Sequence[ParsedEntry], link_keys: Sequence[str | None], is_home: Sequence[bool], hashes: Sequence[str]
) -> list[str | None]:
    """Return the guid of each entry; where it is missing, repeated or unsound the first that tells it from the others
    of link and date, then with the title, then link and title. None = nothing does but its words.
    """
    counts = Counter(entry.guid for entry in entries if entry.guid) if are_sound(entries) else None
    dates = {entry.dated for entry in entries}
    has_dates = len(dates) > 1 or len(entries) == 1
    forms = []
    for entry, link, home in zip(entries, link_keys, is_home, strict=True):
        if counts is not None and entry.guid:
            forms.append(_with_guid(entry, link, is_alone=counts[entry.guid] == 1))
        else:
            forms.append(_without_guid(entry, link, is_home=home, has_dates=has_dates))
    told: defaultdict[str, set[str]] = defaultdict(set)
    for ways, words in zip(forms, hashes, strict=True):
        for way in ways:
            told[way].add(words)
    return [
        next((way for way in ways if len(told[way]) == 1), ways[-1] if ways and counts and entry.guid else None)
        for entry, ways in zip(entries, forms, strict=True)
    ]


def _with_guid(entry: ParsedEntry, link: str | None, *, is_alone: bool) -> list[str]:
    guid = entry.guid or ""
    if is_alone:
        return [guid]
    return [f"{guid}|{link or entry.title or ''}", *([f"{guid}|{link}|{entry.title}"] if link and entry.title else [])]


def _without_guid(entry: ParsedEntry, link: str | None, *, is_home: bool, has_dates: bool) -> list[str]:
    """Return the keys that may stand for a guid. A date that all entries have tells none, nor does a home page."""
    title, when = entry.title, entry.dated.isoformat() if entry.dated else None
    ways = [] if link is None or when is None or is_home else [f"{link}|{when}"]
    if title:
        dated = [title] if link is None else []
        dated += [f"{link or title}|{when}" + (f"|{title}" if link else "")] if when and has_dates else []
        ways += [*dated, *([f"{link}|{title}"] if link else [])]
    return ways


def content_hash(entry: ParsedEntry) -> str:
    """Return the fingerprint of what the feed says in an entry: its words, and where its links and pictures lead.

    Markup, white space, comment counters and the queries of addresses, which may differ from poll to poll, are not
    part of it.
    """
    if entry.on_file is not None:
        return entry.on_file
    when = entry.published_at.isoformat() if entry.published_at else ""
    address = entry.link or (entry.enclosures[0].url if entry.enclosures else None)
    link = article_key(address) if address and not entry.title else None
    parts = (entry.title, when, _told(entry.summary_html), _told(entry.content_html), link)
    return hashlib.sha256("\x00".join(part or "" for part in parts).encode("utf8", "replace")).hexdigest()


def _told(markup: str | None) -> str:
    return " ".join(_TAG.sub(_leads_to, markup or "").split())


def _leads_to(tag: re.Match[str]) -> str:
    found = _ADDRESS.search(tag[0])
    return f" {found[1]} " if found else " "
