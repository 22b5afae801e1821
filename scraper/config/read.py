"""Reads feeds.yaml: a `Settings`, or every problem of the file at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.config.access_values import basic
from scraper.config.settings import DEFAULT_DATABASE, Settings
from scraper.config.values import parse_database, without_credentials
from scraper.errors import ConfigError
from scraper.fetch.site_options import AccessBook
from scraper.model import Access, FeedSpec, Proxy, SiteRule

if TYPE_CHECKING:
    from scraper.config.document import Document, Problem
    from scraper.config.models import AccessSection, DefaultsSection, FeedSection, FeedsFile, SiteSection, WaySection

#: A file can be wrong in every line; nobody reads further than this.
MAX_PROBLEMS = 200


def load_settings(path: Path, *, selector_fault: Callable[[str], str | None] | None = None) -> Settings:
    """Return the configuration in the file `path`.

    `selector_fault` says what is wrong with a CSS selector under `sites:` (None = nothing); without it selectors are
    taken as they are.

    Raises:
        ConfigError: the file cannot be read or used; carries every problem, in file order.
    """
    return parse_settings(read_bytes(path), path, selector_fault=selector_fault)


def parse_settings(raw: bytes, path: Path, *, selector_fault: Callable[[str], str | None] | None = None) -> Settings:
    """Return the configuration that `raw` is; `path` is where it comes from and what relative paths start at.

    Raises:
        ConfigError: as in `load_settings`.
    """
    from scraper.config.document import Unreadable, decode, read_document, read_shortly

    context: dict[str, object] = {"selector_fault": selector_fault, "folder": folder_of(path)}
    try:
        text = decode(raw)
        document = read_shortly(text)
        checked, problems = _checked(document, context)
        if problems and not document.has_places:
            checked, problems = _checked(read_document(text), context)
    except Unreadable as exc:
        raise config_error(path, exc.problems) from exc
    if checked is None or problems:
        raise config_error(path, problems)
    return _settings(checked, path)


def _checked(document: Document, context: dict[str, object]) -> tuple[FeedsFile | None, list[Problem]]:
    """Return the values of the file as far as they are right, and what is wrong with them."""
    from pydantic import ValidationError

    from scraper.config.document import Problem
    from scraper.config.models import FeedsFile
    from scraper.config.problems import rule_problems, value_problems

    problems = list(document.problems)
    if document.data is None and not problems:
        return None, [Problem(place=(1, 1), text='the file is empty; it needs at least "feeds: []"')]
    problems += rule_problems(document)
    try:
        return FeedsFile.model_validate(document.data, context=context), problems
    except ValidationError as exc:  # goes no further: pydantic's text may repeat a password
        return None, [*problems, *value_problems(exc, document)]


def read_database_path(path: Path) -> Path:
    """Return the archive that the file `path` names, absolute, without looking at its feeds.

    For commands that only read the archive: quick on a long list, and not stopped by a fault in it.

    Raises:
        ConfigError: the file cannot be read, or its settings cannot.
    """
    from scraper.config.document import Unreadable, decode, read_document

    raw = read_bytes(path)
    try:
        text = decode(raw)
        block = re.search(r"^settings:.*(?:\n(?![^\s#]).*)*", text, re.MULTILINE)
        if block is None and "settings" not in text:
            return folder_of(path) / DEFAULT_DATABASE
        if block is not None:
            section = read_document(block[0]).data["settings"] or {}
            return folder_of(path) / parse_database(section.get("database", DEFAULT_DATABASE))
    except (Unreadable, ValueError, TypeError, AttributeError):
        pass  # not as simple as it looked: read all of it, which also says what is wrong
    return parse_settings(raw, path).database


def folder_of(path: Path) -> Path:
    """Return the directory that relative paths in the file `path` start at: its own, not that of a link to it."""
    return path.resolve().parent


def read_bytes(path: Path) -> bytes:
    """Return the content of the file `path`.

    Raises:
        ConfigError: there is none, or it cannot be read.
    """
    from scraper.config.document import MAX_BYTES

    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError as exc:
        raise file_error(path, 'there is no such file; "wireroom init" writes one') from exc
    except IsADirectoryError as exc:
        raise file_error(path, "this is a directory; give the path of a file") from exc
    except PermissionError as exc:
        raise file_error(path, "it may not be read by this user; look at its permissions (ls -l)") from exc
    except (OSError, ValueError) as exc:  # ValueError: a NUL in the path
        raise file_error(path, f"it cannot be read: {getattr(exc, 'strerror', None) or exc}") from exc


def file_error(path: Path, text: str) -> ConfigError:
    """Return the error for a fault of the file as a whole."""
    return ConfigError((f"{path}: {text}",), path=path)


def config_error(path: Path, problems: Iterable[Problem]) -> ConfigError:
    """Return the error that lists `problems` in file order."""
    found = sorted({(*problem.place, problem.text) for problem in problems})
    lines = [without_credentials(f"{path}:{line}:{column}: {text}") for line, column, text in found[:MAX_PROBLEMS]]
    if len(found) > MAX_PROBLEMS:
        lines.append(f"{path}: and {len(found) - MAX_PROBLEMS} more")
    return ConfigError(tuple(lines), path=path)


# --------------------------------------------------------------------------- checked values to our types


def _settings(checked: FeedsFile, path: Path) -> Settings:
    from scraper.config.models import DefaultsSection, SettingsSection

    settings = checked.settings or SettingsSection()
    defaults = checked.defaults or DefaultsSection()
    network = settings.network
    host, port = settings.listen
    return Settings(
        path=path.absolute(),
        access=_access_book(checked, defaults),
        database=folder_of(path) / settings.database,
        contact=settings.contact,
        allow_private=tuple((network and network.allow_private) or ()),
        concurrency=settings.concurrency,
        keep_pages=settings.keep_pages,
        listen_host=host,
        listen_port=port,
        feeds=tuple(_feed_spec(feed, defaults) for feed in checked.feeds or ()),
        sites={host: _site_rule(site) for host, site in (checked.sites or {}).items()},
    )


def _access_book(checked: FeedsFile, defaults: DefaultsSection) -> AccessBook:
    from scraper.config.models import AccessSection

    default = _access(defaults, Access())
    wishes = {host: _access(site, default) for host, site in (checked.sites or {}).items()}
    sites = AccessBook(default=default, sites={host: wish for host, wish in wishes.items() if wish != default})
    feeds = {}
    said = frozenset(AccessSection.model_fields)
    for feed in checked.feeds or ():
        if said.isdisjoint(feed.model_fields_set):
            continue
        general = sites.of_page(feed.url)
        if (own := _access(feed, general)) != general:
            feeds[feed.url] = own
    return replace(sites, feeds=feeds)


def _access(section: WaySection, general: Access) -> Access:
    """Return what a section wants; where it says nothing, what holds in general."""
    from scraper.config.models import AccessSection

    access = replace(
        general,
        user_agent=section.user_agent or general.user_agent,
        proxy=_proxy(section, general),
        deadline_s=section.timeout or general.deadline_s,
    )
    if not isinstance(section, AccessSection):
        return access
    headers = {**dict(general.headers), **_headers(section)}
    return replace(access, headers=tuple(headers.items()), certificate=section.certificate or general.certificate)


def _proxy(section: WaySection, general: Access) -> Proxy | None:
    if section.proxy is None:
        return general.proxy
    return section.proxy if isinstance(section.proxy, Proxy) else None


def _headers(section: AccessSection) -> dict[str, str]:
    # Names in one case, so that a feed's header replaces its site's.
    headers = {name.title(): value for name, value in (section.headers or {}).items()}
    if section.cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in section.cookies.items())
    if (auth := section.auth) is not None:
        headers["Authorization"] = (
            f"Bearer {auth.token}" if auth.token else basic(auth.username or "", auth.password or "")
        )
    return headers


def _site_rule(site: SiteSection) -> SiteRule:
    return SiteRule(
        body=tuple(site.body) if isinstance(site.body, list) else site.body,
        remove=tuple(site.remove or ()),
        title=site.title,
        byline=site.byline,
        date=site.date,
        next_page=site.next_page,
        single_page=site.single_page,
    )


def _feed_spec(feed: FeedSection, defaults: DefaultsSection) -> FeedSpec:
    said = feed.model_fields_set
    interval = feed.interval if "interval" in said else defaults.interval
    return FeedSpec(
        url=feed.url,
        name=feed.name,
        tags=tuple(dict.fromkeys([*(defaults.tags or ()), *(feed.tags or ())])),
        interval=None if feed.schedule else interval,
        schedule=feed.schedule,
        time_zone=feed.time_zone,
        full_text=feed.full_text if "full_text" in said else defaults.full_text,
        paused=feed.paused,
        recheck=feed.recheck if "recheck" in said else defaults.recheck,
        stories=feed.stories if "stories" in said else defaults.stories,
        keep=tuple(feed.keep or ()),
        drop=tuple(feed.drop or ()),
    )
