# ruff: noqa: E501 - tables of words read better unbroken
"""When it appeared and when it was changed: markup, what the page shows, the feed entry, the address.

A time without a zone is not silently UTC. It takes, in this order: the offset of another witness that tells the same
time of day; the feed's date, where that lies within a day; the clock of the country that the host's top-level domain
or the page's language names, where the country has one; UTC. A bare day is its midnight in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice

from lxml import etree

from scraper.extract.meta.candidates import Claim, Told, said
from scraper.extract.meta.declared import Witnesses, date_label, is_elsewhere, is_quoted, machine_date, marked_as
from scraper.extract.meta.headline_area import Masthead
from scraper.extract.page.tree import text_of
from scraper.extract.words.datelines import Dates, read_dates
from scraper.model import Hints
from scraper.text.clocks import zone_of_place
from scraper.text.dates import Written, agree, date_in_address, read_date, zone_between
from scraper.text.months import COUNTRY_ZONES, LANGUAGE_ZONES
from scraper.urls import host_of, path_of

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
_FEED, _LINE, _MARKED = "feed entry", "line at the headline", "marked as date on the page"
_MAX_CLAIMS = 20
#: Elements marked as dates that are read, and characters of one.
_MAX_MARKED, _MAX_CHARS = 40, 160
#: What a teaser's date or a comment's stands in, and elements that show nobody a date.
_LISTED = ("li", "a", "footer", "meta", "link")
_DAY = timedelta(days=1)

_Dated = Claim[Written]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What was said of both dates; the shown ones are in the order of their places."""

    published: list[_Dated]
    updated: list[_Dated]
    shown: list[_Dated]
    shown_updates: list[_Dated]


def choose_dates(heard: Witnesses, seen: Masthead, url: str, hints: Hints) -> tuple[Told[datetime], Told[datetime]]:
    """When the article appeared, and when it was last changed."""
    said = _listen(heard, seen)
    return _published(said, heard, seen, url, hints), _updated(said, heard, url, hints)


def _published(said: _Said, heard: Witnesses, seen: Masthead, url: str, hints: Hints) -> Told[datetime]:
    """As markup has it, else as the page shows it, else the feed's word, else what is near it."""
    everyone = [*said.published, *said.shown]
    chosen = _unless_update(_best(everyone), said)
    if chosen is None and hints.published_at is not None:
        return Told(hints.published_at, _FEED)
    if chosen is None:
        chosen = next(_last_resorts(said, heard, seen, url), None)
        everyone = [chosen] if chosen else []
    return _told(chosen, everyone, heard, url, hints.published_at) if chosen else Told()


def _updated(said: _Said, heard: Witnesses, url: str, hints: Hints) -> Told[datetime]:
    """As markup has it, else as the page shows it, else the feed's word."""
    claims = [*said.updated, *said.shown_updates]
    chosen = _best(claims)
    if chosen is None:
        return Told(hints.updated_at, _FEED) if hints.updated_at is not None else Told()
    return _told(chosen, claims, heard, url, None, said.published)


def _unless_update(chosen: _Dated | None, said: _Said) -> _Dated | None:
    """What was chosen; the shown date where the page shows both, and the chosen one as that of its update."""
    if chosen is None or not said.shown or not said.shown_updates:
        return chosen
    shown, update = said.shown[0], said.shown_updates[0].value
    is_update = agree(chosen.value, update) and not agree(chosen.value, shown.value)
    return shown if is_update and shown.value.resolved(UTC) < update.resolved(UTC) else chosen


def _last_resorts(said: _Said, heard: Witnesses, seen: Masthead, url: str) -> Iterator[_Dated]:
    """Dates that nobody calls the day of publication."""
    yield from _dated(
        ("line at the end", seen.closing.published or seen.closing.plain),
        ("only date on the page", _only_marked(heard)),
    )
    if day := date_in_address(path_of(url)):
        yield Claim("address", Written(day.replace(tzinfo=None), has_time=False))
    yield from [*said.updated, *said.shown_updates, *_dated(("line at the end", seen.closing.updated))]


# --------------------------------------------------------------------------- witnesses


def _listen(heard: Witnesses, seen: Masthead) -> _Said:
    line, marked = seen.dates, _marked_dates(heard)
    shown = ((_LINE, line.published), (_MARKED, marked.published), (_LINE, line.plain), (_MARKED, marked.plain))
    return _Said(
        published=_read(_published_claims(heard)) or _read(_other_metas(heard)),
        updated=_read([*said("JSON-LD dateModified", heard.linked.modified), *heard.claims(*_UPDATED_METAS)]),
        shown=_dated(*shown),
        shown_updates=_dated((_LINE, line.updated), (_MARKED, marked.updated)),
    )


def _dated(*claims: tuple[str, Written | None]) -> list[_Dated]:
    return [Claim(by, date) for by, date in claims if date is not None]


def is_month_first(heard: Witnesses) -> bool:
    """Whether the page is written in American English."""
    language = heard.html_lang or heard.first("og:locale") or ""
    return language.lower().replace("_", "-") == "en-us"


def _published_claims(heard: Witnesses) -> list[Claim[str]]:
    marked = [
        Claim("microdata datePublished", element.get("datetime") or element.get("content") or text_of(element, 100))
        for element in marked_as(heard, "datepublished", "datecreated")[:8]
        if element.tag != "meta" and not is_elsewhere(element, heard)
    ]
    return [*said("JSON-LD datePublished", heard.linked.published), *heard.claims(*_PUBLISHED_METAS), *marked]


def _other_metas(heard: Witnesses) -> list[Claim[str]]:
    """Meta tags of a house's own whose name says that they date the publication."""
    return [Claim(name, content) for name, contents in heard.meta.items() if _OTHER_META.search(name) for content in contents[:1]]  # fmt: skip


def _read(claims: Sequence[Claim[str]]) -> list[_Dated]:
    found = ((claim.by, read_date(claim.value)) for claim in claims[:_MAX_CLAIMS])
    return [Claim(by, date) for by, date in found if date is not None]


def _marked_dates(heard: Witnesses) -> Dates:
    """The first date of each sort in `<time>` elements and those marked as dates."""
    found = Dates()
    own = (one for one in marked_as(heard, "time", "date", "publish", "byline") if one.tag not in ("meta", "link"))
    for element in islice((one for one in own if not is_elsewhere(one, heard)), _MAX_MARKED):
        found = found.joined(_dates_of(element, is_month_first=is_month_first(heard)))
    return found


def _only_marked(heard: Witnesses) -> Written | None:
    """The day that all elements marked as dates tell, of those in no list and no link: no comments, no teasers."""
    marked = marked_as(heard, "time", "date", "publish")[:_MAX_MARKED]
    alone = (one for one in marked if not is_quoted(one) and next(one.iterancestors(*_LISTED), None) is None)
    told = [_dates_of(one, is_month_first=is_month_first(heard)) for one in alone if one.tag not in _LISTED]
    days = [date for dates in told if (date := dates.published or dates.plain)]
    return days[0] if days and all(agree(day, days[0]) for day in days) else None


def _dates_of(element: etree._Element, *, is_month_first: bool) -> Dates:
    date = read_date(machine_date(element))
    if date is None:
        text = text_of(element, _MAX_CHARS)
        dates = read_dates(text, is_month_first=is_month_first) if len(text) <= _MAX_CHARS else Dates()
        if dates.plain is None:
            return dates
        date = dates.plain
    return Dates(**{date_label(element) or "plain": date})


# --------------------------------------------------------------------------- judging


def _best(claims: Sequence[_Dated]) -> _Dated | None:
    """The first; a later one that tells the time of the same day is better than a bare day."""
    first = next(iter(claims), None)
    if first is None or first.value.has_time:
        return first
    return next((claim for claim in claims if claim.value.has_time and agree(claim.value, first.value)), first)


def _told(
    chosen: _Dated,
    claims: Sequence[_Dated],
    heard: Witnesses,
    url: str,
    feed: datetime | None,
    beside: Sequence[_Dated] = (),
) -> Told[datetime]:
    """The instant chosen; the feed's where that is within a day, and no zone is told."""
    witnesses = [*claims, *beside]
    zone = _zone_of(chosen.value, witnesses, heard, url)
    at = chosen.value.resolved(zone).astimezone(zone)
    resolved = tuple(Claim(claim.by, claim.value.resolved(zone)) for claim in claims)
    if feed is None:
        return Told(at, chosen.by, heard=resolved)
    everyone = (*resolved, Claim(_FEED, feed))
    is_vague = chosen.value.at.tzinfo is None and _twin_zone(chosen.value, witnesses) is None
    if is_vague and abs(feed - at) <= _DAY:
        return Told(feed, _FEED, f"{chosen.by} gives the day but no zone", everyone)
    return Told(at, chosen.by, heard=everyone)


def _zone_of(date: Written, claims: Sequence[_Dated], heard: Witnesses, url: str) -> tzinfo:
    """The zone that a date is written in; that of its place for one in Greenwich time."""
    if not date.has_time or date.at.utcoffset():
        return date.at.tzinfo or UTC
    return _twin_zone(date, claims) or _zone_of_place(heard, url) or _zone_told(date, claims) or UTC


def _twin_zone(date: Written, claims: Sequence[_Dated]) -> tzinfo | None:
    """The offset of a witness that tells the same time of day, or the same instant, with one."""
    for claim in claims if date.has_time else ():
        other = claim.value.at
        if not claim.value.has_time or other.tzinfo is None:
            continue
        mine = date.at if date.at.tzinfo is None else date.at.astimezone(other.tzinfo)
        is_same = mine.replace(tzinfo=None, second=0, microsecond=0) == other.replace(
            tzinfo=None, second=0, microsecond=0
        )
        if is_same and (date.at.tzinfo is None or other.utcoffset()):
            return other.tzinfo
    return None


def _zone_told(date: Written, claims: Sequence[_Dated]) -> tzinfo | None:
    """The zone that lies between a time with and one without a zone."""
    pairs = (claim.value.at for claim in claims if claim.value.has_time)
    found = (zone_between(date.at, at) for at in pairs if (at.tzinfo is None) != (date.at.tzinfo is None))
    return next((zone for zone in found if zone), None)


def _zone_of_place(heard: Witnesses, url: str) -> tzinfo | None:
    """The clock of the country that the host or the language names, where there is one."""
    language = (heard.html_lang or heard.linked.language or "").lower()[:2]
    name = COUNTRY_ZONES.get(host_of(url).rsplit(".", 1)[-1]) or LANGUAGE_ZONES.get(language)
    return zone_of_place(name) if name else None
