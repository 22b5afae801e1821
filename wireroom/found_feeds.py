"""The feeds of another program: which of them can be polled here, and what else becomes of one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from scraper.config.values import feed_address, parse_address
from scraper.model import FeedName, FeedSpec
from scraper.text.lines import one_line, shown
from scraper.urls import without_credentials

#: Characters of a feed's name and of a tag that feeds.yaml takes.
_LONGEST_NAME = 200
_KEPT = "; not added to feeds.yaml, its articles are kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed as its articles name it."""

    #: None = it has no address.
    name: FeedName | None
    #: What it is called, with an address or without; None = nobody says.
    title: str | None = None
    #: For its articles themselves, where it is not in feeds.yaml to give them.
    tags: tuple[str, ...] = ()


class FoundFeeds:
    """Feeds as they are found; one that cannot be polled is named once, and stays the feed of its articles.

    With `tags_articles` the articles of every feed get its tags themselves, not only of those that cannot be polled.
    """

    def __init__(
        self, left_out: list[str], *, fate: str = _KEPT, no_tags: Collection[str] = (), tags_articles: bool = False
    ) -> None:
        self._left_out, self._fate, self._no_tags, self._tags_articles = left_out, fate, no_tags, tags_articles
        self._found: dict[str, FoundFeed] = {}
        self._specs: dict[str, FeedSpec] = {}
        self._told: set[str] = set()

    def add(
        self,
        url: str,
        name: str | None = None,
        tags: Sequence[str | None] = (),
        *,
        paused: bool = False,
        fault: str | None = None,
    ) -> FoundFeed:
        """Take in a feed, once; another time it only gets further tags. `fault` says why it cannot be polled."""
        address = feed_address(url)
        key = address or f"name {name}"
        found = self._found.get(key)
        if found is not None:
            self._add_tags(key, address, tags)
            return self._found[key]
        fault = fault or _fault(address)
        if fault is not None:
            self._left_out.append(f"{named(address, name)}: {fault}{self._fate}")
        kept = self._short_tags(tags, address)
        spec = FeedSpec(url=address, name=self._short("name", name, address), tags=kept, paused=paused)
        if fault is None:
            self._specs[address] = spec
        own = kept if self._tags_articles or fault is not None else ()
        found = self._found[key] = FoundFeed(name=_name_of(spec), title=spec.name, tags=own)
        return found

    def has(self, url: str) -> bool:
        """Say whether a feed was found before."""
        return feed_address(url) in self._found

    def lacks(self, url: str, what: Iterable[str], hint: str) -> None:
        """Say once what of a feed that is polled here is not taken over, if anything is, and what to do about it."""
        spec = self._specs.get(feed_address(url))
        if spec is not None and (missing := ", ".join(what)):
            self._tell(f"{named(url, spec.name)}: {missing} ({hint})")

    def specs(self) -> tuple[FeedSpec, ...]:
        """Return those that can be polled, in the order in which they were found."""
        return tuple(self._specs.values())

    def _add_tags(self, key: str, address: str, tags: Sequence[str | None]) -> None:
        spec, found = self._specs.get(address), self._found[key]
        known = spec.tags if spec is not None else found.tags
        if not (new := [tag for tag in tags if tag and tag not in known]):
            return
        merged = tuple(dict.fromkeys((*known, *self._short_tags(new, address))))
        if spec is not None:
            self._specs[address] = replace(spec, tags=merged)
        if spec is None or self._tags_articles:
            self._found[key] = replace(found, tags=merged)

    def _short_tags(self, tags: Sequence[str | None], url: str) -> tuple[str, ...]:
        short = (self._short("tag", tag, url) for tag in tags if tag not in self._no_tags)
        return tuple(dict.fromkeys(tag for tag in short if tag))

    def _short(self, what: str, text: str | None, url: str) -> str | None:
        text = one_line(text or "")
        if len(text) <= _LONGEST_NAME:
            return text or None
        self._tell(f"{named(url)}: its {what} of {len(text):,} characters, {text[:30]!r}...")
        return None

    def _tell(self, what: str) -> None:
        """Say what is left out, once: an endless tag comes with every entry, a feed may be in two folders."""
        if what not in self._told:
            self._told.add(what)
            self._left_out.append(what)


def named(url: str, name: str | None = None) -> str:
    """Return a feed for a message: its address without a login, and its name in brackets if that says more."""
    address, name = shown(_bare(url)), shown(one_line(name or ""))
    if not address:
        return f"feed {name or 'without a name'}"
    return f"{address} ({name})" if name not in ("", address) else address


def _fault(address: str) -> str | None:
    try:
        parse_address(address)
    except ValueError as exc:
        return str(exc) if address else "it has no address"
    return None


def _name_of(spec: FeedSpec) -> FeedName | None:
    address = _bare(spec.url)
    return FeedName(name=spec.name or address[:_LONGEST_NAME], url=address) if address else None


def _bare(url: str) -> str:
    """Return an address without a login; behind `filter:program:`, too."""
    before, scheme, _ = url.partition("http")
    bare = without_credentials(url[len(before) :]) if scheme else url
    return one_line(before + bare if scheme else bare)
