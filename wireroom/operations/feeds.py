"""The feed list: feeds are found, added to feeds.yaml and taken out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scraper.config import Settings, add_feed, remove_feed
from scraper.config.values import feed_address, parse_address, same_address
from scraper.errors import NotAnAddress, NotFound, StoreError
from scraper.model import FeedSpec, Link
from scraper.urls import without_credentials
from store import open_store
from wireroom.operations.discover import first_feed


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedFeed:
    """A feed that feeds.yaml lists now; `url` may have a login."""

    url: str
    #: It did not list it before.
    is_new: bool
    #: What else the page offers that was asked.
    others: tuple[Link, ...] = ()
    #: Why the answer is not kept for its first poll; None = it is, or nothing was asked.
    not_kept: str | None = None


def add(config: Path, settings: Settings, wanted: FeedSpec, *, is_checked: bool) -> AddedFeed:
    """Add a feed to `config`, with its `url` as a person writes it; the file is made if there is none.

    With `is_checked` the feed behind the address is looked for, the first if there are several, unless it is listed.
    What it answers is kept: that is its first poll.

    Raises:
        NotAnAddress: its `url` is none.
        FetchError, ParseError: there is no feed behind the address.
        ConfigError: the file cannot be changed.
    """
    address = complete_address(wanted.url)
    if not is_checked or any(same_address(feed.url) == same_address(address) for feed in settings.feeds):
        return AddedFeed(url=address, is_new=add_feed(config, replace(wanted, url=address)))
    found, others = first_feed(settings, address)
    not_kept = None
    try:
        with open_store(settings.database) as store:  # before feeds.yaml has it: a daemon polls it at once
            store.keep_answer(found.url, found.response)
    except StoreError as exc:
        not_kept = str(exc)
    is_new = add_feed(config, replace(wanted, url=found.url))
    return AddedFeed(url=found.url, is_new=is_new, others=others, not_kept=not_kept)


def remove(config: Path, settings: Settings, what: str) -> FeedSpec:
    """Take a feed out of `config` by its address or name, and return it; its articles stay.

    Raises:
        NotFound: as in `listed_feed`.
    """
    spec = listed_feed(settings, what)
    remove_feed(config, spec.url)
    return spec


def listed_feed(settings: Settings, what: str) -> FeedSpec:
    """Return the feed of feeds.yaml with this address or name. A part of one is not enough: `remove` must not guess.

    Raises:
        NotFound: there is none, or several have the name.
    """
    found = [spec for spec in settings.feeds if same_address(spec.url) == same_address(what) or spec.name == what]
    if len(found) == 1:
        return found[0]
    if found:
        told = f"{what!r} is the name of {len(found):,} feeds; give the address: {_choice(found)}"
        raise NotFound(told, what=what)
    word = what.casefold()
    near = [spec for spec in settings.feeds if word in spec.url.casefold() or word in (spec.name or "").casefold()]
    hint = f"; did you mean {_choice(near)}?" if near else "; `wireroom feeds list` shows them"
    raise NotFound(f"{settings.path.name} lists no feed {without_credentials(what)!r}{hint}", what=what)


def address_to_check(settings: Settings, what: str) -> str:
    """Return the address of a listed feed, or any address with its scheme.

    Raises:
        NotAnAddress, NotFound: as in `complete_address` and `listed_feed`.
    """
    return complete_address(what) if "://" in what else listed_feed(settings, what).url


def complete_address(text: str) -> str:
    """Return the address with its scheme; people leave it out.

    Raises:
        NotAnAddress: it is none.
    """
    address = feed_address(text, scheme="https")
    try:
        return parse_address(address if "://" in address else f"https://{address}")
    except ValueError as exc:
        raise NotAnAddress(f"{text}: {exc}", url=without_credentials(text)) from None


def _choice(feeds: Sequence[FeedSpec]) -> str:
    return " or ".join(without_credentials(feed.url) for feed in feeds[:3]) + (" ..." if len(feeds) > 3 else "")
