"""How single values are shown: instants, addresses, languages, search marks."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from scraper.urls import host_of

_RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "khw", "ks", "ps", "sd", "syr", "ug", "ur", "yi"))
_COUNTED_BY_CHARACTER = frozenset(("ja", "zh", "yue"))
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
#: Unit, its length in seconds, and from where the next one is better.
_UNITS = (("minute", 60, 3600), ("hour", 3600, 86_400), ("day", 86_400, float("inf")))
#: Read in a minute: words, and characters where those are counted.
_WORDS_A_MINUTE = 230
_CHARACTERS_A_MINUTE = 500


def web_address(address: str | None) -> str | None:
    """Return an address if it is http(s) with a host, so that a link to it runs nothing; else None."""
    try:
        parts = urlsplit((address or "").strip())
    except ValueError:
        return None
    return parts.geturl() if parts.scheme in ("http", "https") and parts.netloc else None


def linked_host(address: str | None) -> str:
    """Return the host that a link leads to; empty where nothing is linked."""
    shown = web_address(address)
    return host_of(shown) if shown else ""


def highlighted(snippet: str) -> Markup:
    """Return a search passage, escaped, the matches between \\x02 and \\x03 as <mark> elements."""
    opened, out = False, []
    for part in re.split("([\x02\x03])", snippet):
        if part not in "\x02\x03" or not part:
            out.append(escape(part))
        elif (part == "\x02") != opened:
            out.append(Markup("</mark>") if opened else Markup("<mark>"))
            opened = not opened
    return Markup("").join(out) + (Markup("</mark>") if opened else Markup(""))


def language_tag(language: str | None) -> str | None:
    """Return a language for a `lang` attribute; None if it is unknown or malformed."""
    return language if language and _LANGUAGE_TAG.fullmatch(language) else None


def direction(language: str | None) -> str:
    """Return a `dir` attribute for text of that language; "auto" if it is unknown."""
    tag = language_tag(language)
    if tag is None:
        return "auto"
    return "rtl" if tag.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"


def long_time(at: datetime, now: datetime) -> str:
    """Return an instant in the time zone of `now`: "Thursday, 15 January 2026, 08:05"."""
    local = at.astimezone(now.tzinfo)
    return f"{local:%A}, {local.day} {local:%B %Y, %H:%M}"


def short_time(at: datetime, now: datetime) -> str:
    """Return an instant as lists show it: the time for today and yesterday, else the day."""
    local = at.astimezone(now.tzinfo)
    if local.date() == now.date():
        return f"{local:%H:%M}"
    if local.date() == now.date() - timedelta(days=1):
        return f"yesterday {local:%H:%M}"
    return f"{local.day} {local:%b}" if local.year == now.year else f"{local.day} {local:%b %Y}"


def day_name(at: datetime, now: datetime) -> str:
    """Return the day of an instant as a heading: Today, Yesterday, else the date."""
    local: date = at.astimezone(now.tzinfo).date()
    if local == now.date():
        return "Today"
    if local == now.date() - timedelta(days=1):
        return "Yesterday"
    return f"{local:%A}, {local.day} {local:%B %Y}"


def time_distance(at: datetime, now: datetime) -> str:
    """Return how far an instant is away: "3 minutes ago", "in 2 hours", "now"."""
    seconds = (at - now).total_seconds()
    size = abs(seconds)
    if size < 45:
        return "now"
    unit, length = next((unit, length) for unit, length, until in _UNITS if size < until)
    count = max(1, round(size / length))
    name = unit if count == 1 else f"{unit}s"
    return f"in {count} {name}" if seconds > 0 else f"{count} {name} ago"


def reading_minutes(word_count: int, language: str | None) -> int:
    """Return how long the text takes to read, at least one minute."""
    by_character = (language or "").partition("-")[0].lower() in _COUNTED_BY_CHARACTER
    return max(1, round(word_count / (_CHARACTERS_A_MINUTE if by_character else _WORDS_A_MINUTE)))


def file_size(size_bytes: int | None) -> str:
    """Return a size for people: "1.4 MB"; empty if it is unknown."""
    if not size_bytes or size_bytes < 0:
        return ""
    power = min(3, (len(str(size_bytes)) - 1) // 3)
    size, unit = size_bytes / 1000**power, ("bytes", "kB", "MB", "GB")[power]
    return f"{size:.0f} {unit}" if size >= 10 or power == 0 else f"{size:.1f} {unit}"
