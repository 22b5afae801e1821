"""The feeds of another program: which of them can be polled here."""

from __future__ import annotations

from collections.abc import Sequence

from scraper.addresses import without_credentials
from scraper.config.values import feed_address, parse_address
from scraper.model import FeedSpec
from wireroom.moving.values import one_line, shown

#: Characters of a feed's name and of a tag; feeds.yaml is for people.
_LONGEST_NAME = 500


class FoundFeeds:
    """Feeds as they are found; one that cannot be taken over spoils itself alone, and is named once."""

    def __init__(self, left_out: list[str], *, fate: str = "its articles are left out with it") -> None:
        self._left_out, self._fate = left_out, fate
        self._found: dict[str, FeedSpec] = {}
        self._bad: set[str] = set()

    def add(
        self, url: str, name: str | None = None, tags: Sequence[str | None] = (), *, paused: bool = False
    ) -> FeedSpec | None:
        """Take in a feed, once; None = no feed that can be polled is at this address."""
        if url in self._found or url in self._bad:
            return self._found.get(url)
        address = feed_address(url)
        try:
            parse_address(address)
        except ValueError as exc:
            self._bad.add(url)
            self._left_out.append(f"{_named(url, name)}: {exc}; {self._fate}")
            return None
        kept = tuple(dict.fromkeys(tag for tag in (self._short("tag", tag, url) for tag in tags) if tag))
        self._found[url] = FeedSpec(url=address, name=self._short("name", name, url), tags=kept, paused=paused)
        return self._found[url]

    def specs(self) -> tuple[FeedSpec, ...]:
        """Return those that can be polled, in the order in which they were found."""
        return tuple(self._found.values())

    def _short(self, what: str, text: str | None, url: str) -> str | None:
        text = one_line(text or "")
        if len(text) <= _LONGEST_NAME:
            return text or None
        told = f"its {what} of {len(text):,} characters, {text[:30]!r}..."
        self._left_out.append(f"{shown(without_credentials(url))}: {told}; added without it")
        return None


def _named(url: str, name: str | None) -> str:
    return shown(one_line(without_credentials(url))) or f"feed {shown(one_line(name or 'without a name'))}"
