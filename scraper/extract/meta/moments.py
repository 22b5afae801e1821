# ruff: noqa: E501 - tables of words read better unbroken
"""When it appeared and when it was changed: markup, what the page shows, the feed entry, the address.

A time without a zone is not silently UTC. It takes, in this order: the offset of another witness that tells the same
time of day; the feed's date, where that lies within a day; the clock of the country that the host's top-level domain
or the page's language names, where the country has one; UTC. A bare day is its midnight in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scraper.extract.meta.masthead import Masthead
from scraper.extract.meta.told import Claim, Told
from scraper.extract.meta.witnesses import Witnesses, is_elsewhere, marked_as
from scraper.extract.page.tree import text_of
from scraper.extract.words.dates import Written, date_in_address, read_date, read_written
from scraper.extract.words.months import COUNTRY_ZONES, LANGUAGE_ZONES
from scraper.model import Hints

_PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "datepublished", "parsely-pub-date", "sailthru.date",
    "dc.date.issued", "dcterms.created", "dc.date.created", "dc.date", "dc:date", "dcterms.date", "dcterms.issued", "date", "pubdate", "publish-date", "publish_date",
    "publication_date", "publishdate", "pdate", "ptime", "displaydate", "citation_publication_date", "article.published", "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime", "date.created", "article_date_original", "datecreated", "created",
)  # fmt: skip
_UPDATED_METAS = (
    "article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified", "dc.date.modified", "lastmod", "revised", "article:modified",
)  # fmt: skip
_OTHER_META = re.compile(
    r"(?:^|[^a-z])(?:publish|published|publication|publicationdate|issued|posted|release)[^a-z]*(?:date|time|on|at)?$",
    re.I,
)
_FEED, _TIME, _MARKED = "feed entry", "<time>", "marked as date on the page"
_SHOWN = (_TIME, _MARKED)
_DAY = timedelta(days=1)
_MAX_CLAIMS = 20

_Dated = Claim[Written]


def choose_published(heard: Witnesses, url: str, hints: Hints) -> Told[datetime]:
    """When it appeared, by markup and by what the page marks as its date; the feed's word where those are silent."""
    claims = _read(_published_claims(heard)) or _read(_other_metas(heard))
    shown = _shown_claims(heard)
    chosen = _best([*claims, *shown[:1]]) if claims else (shown[0] if shown else None)
    return _told(chosen, [*claims, *shown], heard, url, hints)


def choose_updated(heard: Witnesses, url: str, hints: Hints) -> Told[datetime]:
    """When it was last changed, as markup has it; else the feed's word."""
    claims = _read([*_said("JSON-LD dateModified", heard.linked.modified), *heard.claims(*_UPDATED_METAS)])
    chosen = _best(claims)
    if chosen is None:
        return _feed_told(hints.updated_at, [])
    is_zoned = chosen.value.at.tzinfo is not None
    zone = UTC if is_zoned else _zone_of(chosen.value, [*claims, *_read(_published_claims(heard))], heard, url)
    return Told(chosen.value.resolved(zone), chosen.by, heard=_resolved(claims, zone))


def with_masthead(told: Told[datetime], seen: Masthead, heard: Witnesses, url: str, hints: Hints) -> Told[datetime]:
    """The same after a look at the article's own lines, which outweigh what is only marked, and at the address."""
    if told.value is not None and told.by not in (*_SHOWN, _FEED):
        return told
    if seen.date is not None and not _is_same_day(told, seen.date):
        return _late(told, Claim("line at the headline", seen.date), heard, url, hints)
    if told.value is not None:
        return told
    if seen.closing_date is not None:
        return _late(told, Claim("line at the end", seen.closing_date), heard, url, hints)
    day = date_in_address(_path(url))
    return Told(day, "address", heard=told.heard) if day is not None else told


def _is_same_day(told: Told[datetime], seen: Written) -> bool:
    """Whether a date that tells the time and is not the feed's need not give way to a line."""
    return told.by in _SHOWN and told.value is not None and told.value.date() == seen.at.date()


def _late(told: Told[datetime], claim: _Dated, heard: Witnesses, url: str, hints: Hints) -> Told[datetime]:
    found = _told(claim, [claim], heard, url, hints)
    return Told(found.value, found.by, found.rule, (*told.heard, *found.heard))


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


# --------------------------------------------------------------------------- witnesses


def _said(by: str, value: str | None) -> list[Claim[str]]:
    return [Claim(by, value)] if value else []


def _published_claims(heard: Witnesses) -> list[Claim[str]]:
    marked = [
        Claim("microdata datePublished", element.get("datetime") or element.get("content") or text_of(element, 100))
        for element in marked_as(heard, "datepublished", "datecreated")[:8]
        if element.tag != "meta" and not is_elsewhere(element)
    ]
    return [*_said("JSON-LD datePublished", heard.linked.published), *heard.claims(*_PUBLISHED_METAS), *marked]


def _other_metas(heard: Witnesses) -> list[Claim[str]]:
    """Meta tags of a house's own whose name says that they date the publication."""
    return [Claim(name, content) for name, contents in heard.meta.items() if _OTHER_META.search(name) for content in contents[:1]]  # fmt: skip


def _read(claims: Sequence[Claim[str]]) -> list[_Dated]:
    found = ((claim.by, read_date(claim.value)) for claim in claims[:_MAX_CLAIMS])
    return [Claim(by, date) for by, date in found if date is not None]


def _shown_claims(heard: Witnesses) -> list[_Dated]:
    """The first `<time>` of the article and the first element marked as a date."""
    found: list[_Dated] = []
    for element in heard.times[:8]:
        date = None if is_elsewhere(element) else read_date(element.get("datetime") or text_of(element, 100))
        if date is not None:
            found.append(Claim(_TIME, date))
            break
    for element in marked_as(heard, "date", "publish", "byline")[:25]:
        text = element.get("datetime") or element.get("content") or text_of(element, 160)
        if element.tag in ("meta", "link") or len(text) > 160 or is_elsewhere(element):
            continue
        date = read_written(text) or read_date(text)
        if date is not None:
            return [*found, Claim(_MARKED, date)]
    return found


# --------------------------------------------------------------------------- judging


def _best(claims: Sequence[_Dated]) -> _Dated | None:
    """The first; a later one that has the time of the same day is better than a bare day."""
    if not claims:
        return None
    first = claims[0]
    if first.value.has_time:
        return first
    near = (claim for claim in claims[1:] if claim.value.has_time and _distance(claim.value, first.value) < 2 * _DAY)
    return next(near, first)


def _distance(one: Written, other: Written) -> timedelta:
    return abs(one.resolved(UTC) - other.resolved(UTC))


def _told(chosen: _Dated | None, claims: Sequence[_Dated], heard: Witnesses, url: str, hints: Hints) -> Told[datetime]:
    if chosen is None:
        return _feed_told(hints.published_at, claims)
    zone = _zone_of(chosen.value, claims, heard, url)
    at = chosen.value.resolved(zone)
    witnesses = _resolved(claims or [chosen], zone)
    feed = hints.published_at
    if feed is None:
        return Told(at, chosen.by, heard=witnesses)
    everyone = (*witnesses, Claim(_FEED, feed))
    is_vague = chosen.value.at.tzinfo is None and not _has_twin(chosen.value, claims)
    if is_vague and abs(feed - at) <= _DAY:
        return Told(feed, _FEED, f"{chosen.by} gives the day but no zone", everyone)
    return Told(at, chosen.by, heard=everyone)


def _feed_told(feed: datetime | None, claims: Sequence[_Dated]) -> Told[datetime]:
    return Told(feed, _FEED, heard=_resolved(claims, UTC)) if feed is not None else Told()


def _resolved(claims: Sequence[_Dated], zone: tzinfo) -> tuple[Claim[object], ...]:
    return tuple(Claim(claim.by, claim.value.resolved(zone)) for claim in claims)


def _has_twin(date: Written, claims: Sequence[_Dated]) -> bool:
    return _twin_zone(date, claims) is not None


def _twin_zone(date: Written, claims: Sequence[_Dated]) -> tzinfo | None:
    """The offset of a witness that tells the same time of day with one."""
    if not date.has_time or date.at.tzinfo is not None:
        return None
    mine = date.at.replace(second=0)
    for claim in claims:
        zone = claim.value.at.tzinfo
        if (
            zone is not None
            and claim.value.has_time
            and claim.value.at.replace(tzinfo=None, second=0, microsecond=0) == mine
        ):
            return zone
    return None


def _zone_of(date: Written, claims: Sequence[_Dated], heard: Witnesses, url: str) -> tzinfo:
    if date.at.tzinfo is not None or not date.has_time:
        return UTC
    return _twin_zone(date, claims) or _zone_of_place(heard, url) or UTC


def _zone_of_place(heard: Witnesses, url: str) -> tzinfo | None:
    """The clock of the country that the host or the language names, where there is one."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    language = (heard.html_lang or heard.linked.language or "").lower()[:2]
    name = COUNTRY_ZONES.get(host.rsplit(".", 1)[-1]) or LANGUAGE_ZONES.get(language)
    return _zone(name) if name else None


@lru_cache(maxsize=128)
def _zone(name: str) -> tzinfo | None:
    """None where the system has no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
