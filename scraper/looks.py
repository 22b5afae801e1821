"""What looks at a single address, outside polls, need of the store."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from scraper.model import Block, Response


class Looks(Protocol):
    """What was heard outside polls. Called by `feeds add`, `feeds check`, `feeds suggest` and `extract`."""

    def keep_answer(self, url: str, response: Response) -> None:
        """Keep what a feed has just answered for its first poll (`FeedState.answer`).

        Called by `feeds add` with the address that feeds.yaml is to list, before it does. Guarantees: `due_feeds` gives
        it with the feed for a day, until a poll is filed; one that is listed and has been polled needs none.
        """

    def kept_answer(self, url: str, *, now: datetime) -> Response | None:
        """Return what waits for the first poll of the feed listed as `url`. Called by `feeds check`."""

    def hold_feed(self, url: str, until: datetime, block: Block | None, *, now: datetime) -> None:
        """Ask a feed for nothing before `until`, nor those whom `block` names. Called by looks that a site answers so.

        Never shortens a pause.
        """

    def pause_ends_at(self, url: str, *, now: datetime) -> datetime | None:
        """Return until when an address is to be asked nothing, for its host or as a feed; None = it may be asked now.

        Called before each look.
        """
