"""What is wrong with the values of a file: pydantic's errors and the rules between keys, each at its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from scraper.config.document import Document, Location, Problem
from scraper.config.models import FORMS, KEYS
from scraper.config.values import machine_zone_fault, parse_site, same_address, shown

#: pydantic's error types in our words.
_WANTED = {
    "string_type": "wants text",
    "bool_type": "wants true or false",
    "list_type": "wants a list",
    "dict_type": "wants a mapping: lines of key: value",
    "model_type": "wants a mapping: lines of key: value",
    "model_attributes_type": "wants a mapping: lines of key: value",
    "string_too_short": "is empty",
    "too_short": "is empty",
    "missing": "is missing",
}

_SECTIONS: dict[tuple[str, ...], str] = {
    (): "at the top of the file, not indented",
    ("settings",): "under settings",
    ("settings", "network"): "under settings, network",
    ("defaults",): "under defaults",
    ("feeds", "*"): "to a feed",
    ("sites", "*"): "to a site",
    ("feeds", "*", "auth"): "under auth",
    ("sites", "*", "auth"): "under auth",
}


def value_problems(error: ValidationError, document: Document) -> Iterator[Problem]:
    """Yield what pydantic found, in our words."""
    for detail in error.errors(include_url=False, include_context=True, include_input=True):
        location: Location = tuple(part for part in detail["loc"] if part not in FORMS)
        kind = detail["type"]
        if kind == "extra_forbidden":
            text = f"unknown key{_suggestion(location)}"
        elif kind == "value_error":
            text = str(detail["ctx"]["error"])
        else:
            text = _wanted(kind, location, detail["msg"]) + _type_hint(kind, location, detail["input"])
        of_key = kind == "extra_forbidden"
        if location[-1:] == ("[key]",):
            location, of_key = location[:-1], True
        yield Problem(place=document.place(location, of_key=of_key), text=_named(location, text))


def _named(location: Location, text: str) -> str:
    """Return `feeds[3].interval: text`."""
    name = ""
    for index, part in enumerate(location):
        if isinstance(part, int) or location[:index] == ("sites",):
            name += f"[{part}]"
        else:
            name += ("." if name else "") + (part if part.isidentifier() else shown(part))
    return f"{name}: {text}" if name else text


def _suggestion(location: Location) -> str:
    """Return `; did you mean "interval"?` for a key that is close to a known one, or where it belongs."""
    *parents, key = location
    general = tuple("*" if isinstance(p, int) or parents[:i] == ["sites"] else str(p) for i, p in enumerate(parents))
    known = KEYS.get(general, ())
    near = difflib.get_close_matches(str(key).lower().replace("-", "_"), known, n=1, cutoff=0.7)
    if near:
        return f'; did you mean "{near[0]}"?'
    for section, keys in KEYS.items():
        if key in keys and section != general:
            return f"; it belongs {_SECTIONS[section]}"
    return f"; the keys here are {', '.join(known)}" if known else ""


def _wanted(kind: str, location: Location, said: str) -> str:
    if kind.startswith("model_") and len(location) == 2 and location[0] == "feeds":
        return "wants an address, or lines of key: value with a url among them"
    return _WANTED.get(kind, said)


def _type_hint(kind: str, location: Location, value: object) -> str:
    """Return how to write the value that was meant."""
    if value is None and kind != "missing":
        return "; there is none: write one, or remove the key"
    if kind == "string_type" and isinstance(value, (int, float)):
        return f': put it in quotes, "{str(value).lower() if isinstance(value, bool) else value}"'
    if kind == "list_type" and isinstance(value, str):
        return ": put it in brackets, [like this]"
    if kind == "missing" and location == ("feeds",):
        return '; write "feeds: []" for none'
    return ""


# --------------------------------------------------------------------------- rules between keys


def rule_problems(document: Document) -> Iterator[Problem]:
    """Yield what is wrong between values that are right by themselves; looks at the raw values, expects nothing."""
    data = document.data
    if not isinstance(data, dict):
        return
    feeds = data.get("feeds")
    if isinstance(feeds, list):
        yield from _duplicate_feeds(feeds, document)
        for index, feed in enumerate(feeds):
            if isinstance(feed, dict):
                yield from _schedule_problems(feed, ("feeds", index), document)
        yield from _machine_zone_problems(feeds, document)
    sites = data.get("sites")
    if isinstance(sites, dict):
        yield from _duplicate_sites(sites, document)


def _schedule_problems(feed: dict[str, Any], location: Location, document: Document) -> Iterator[Problem]:
    if "schedule" in feed and "interval" in feed:
        where = (*location, "interval")
        yield Problem(
            place=document.place(where, of_key=True), text=_named(where, "there is a schedule too; remove one of them")
        )
    if "time_zone" in feed and "schedule" not in feed:
        where = (*location, "time_zone")
        yield Problem(
            place=document.place(where, of_key=True), text=_named(where, "has a meaning only beside a schedule")
        )


def _machine_zone_problems(feeds: list[Any], document: Document) -> Iterator[Problem]:
    """Yield that a schedule needs the machine's time zone, which is not known; once, for the first feed."""
    for index, feed in enumerate(feeds):
        if isinstance(feed, dict) and "schedule" in feed and "time_zone" not in feed:
            if (fault := machine_zone_fault()) is not None:
                where = ("feeds", index, "schedule")
                text = _named(where, f"{fault}, or give the feed a time_zone")
                yield Problem(place=document.place(where, of_key=True), text=text)
            return


def _duplicate_feeds(feeds: list[Any], document: Document) -> Iterator[Problem]:
    first_at: dict[str, int] = {}
    for index, feed in enumerate(feeds):
        url = feed.get("url") if isinstance(feed, dict) else feed
        if not isinstance(url, str):
            continue
        first = first_at.setdefault(same_address(url), index)
        if first != index:
            line = document.place(("feeds", first, "url"))[0]
            where: Location = ("feeds", index, "url") if isinstance(feed, dict) else ("feeds", index)
            yield Problem(
                place=document.place(where), text=_named(where, f"the same feed as on line {line}; remove one of them")
            )


def _duplicate_sites(sites: dict[str, Any], document: Document) -> Iterator[Problem]:
    first_of: dict[str, str] = {}
    for key in sites:
        try:
            host = parse_site(key)
        except ValueError:
            continue
        first = first_of.setdefault(host, key)
        if first != key:
            line = document.place(("sites", first), of_key=True)[0]
            yield Problem(
                place=document.place(("sites", key), of_key=True),
                text=_named(("sites", key), f"the same site as on line {line}; remove one of them"),
            )
