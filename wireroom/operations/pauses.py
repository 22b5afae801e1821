"""Looking at single addresses without breaking a pause that their site asked for."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import datetime

from scraper.errors import PauseAsked, StoreError
from scraper.fetch.retry_after import block_by, pause_asked
from scraper.model import FetchRequest, Response
from scraper.ports import Clock, Fetcher, Looks
from scraper.urls import host_of, without_credentials


class ConsiderateFetcher:
    """A fetcher that asks nothing within a pause, and puts a pause that is asked for on file.

    Without an archive it knows the pauses alone that were asked for on the way.
    """

    def __init__(self, fetcher: Fetcher, clock: Clock, archive: Looks | None) -> None:
        self._fetcher, self._clock, self._archive = fetcher, clock, archive
        #: Asked for on the way: addresses, and domains with all that is below them.
        self._held: dict[str, datetime] = {}

    def fetch(self, request: FetchRequest) -> Response:
        """Make one exchange; see `scraper.ports.Fetcher.fetch`.

        Raises:
            PauseAsked: its site wants to be left alone.
        """
        self.check(request.url)
        response = self._fetcher.fetch(request)
        now = self._clock.now()
        if pause := pause_asked(response.status, response.headers, now, random.Random()):
            self._hold(request.url, response, now, now + pause)
        return response

    def check(self, url: str) -> None:
        """Say so if an address is to be asked nothing now.

        Raises:
            PauseAsked: it is.
        """
        now, host = self._clock.now(), host_of(url)
        ends = [at for name, at in self._held.items() if name in (url, host) or host.endswith(f".{name}")]
        if self._archive and (on_file := self._archive.pause_ends_at(url, now=now)):
            ends.append(on_file)
        if (until := max(ends, default=now)) > now:
            url = without_credentials(url)
            told = f"{url}: the site asked to be left alone until {until:%Y-%m-%d %H:%M} UTC"
            raise PauseAsked(told, url=url, until=until)

    def close(self) -> None:
        """Close kept-alive connections."""
        self._fetcher.close()

    def _hold(self, url: str, response: Response, now: datetime, until: datetime) -> None:
        block = block_by(response, until)
        self._held[block.domain if block else url] = until
        if self._archive:
            with suppress(StoreError):  # one that cannot be written to keeps nobody from looking
                self._archive.hold_feed(url, until, block, now=now)
