"""What was asked of each host: the requests of one unit of work, for the record that its commit carries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from scraper.errors import FetchError
from scraper.model import Exchange, FetchRequest, Hop, Response
from scraper.ports import Clock, Fetcher
from scraper.urls import host_of


class Recorder:
    """A fetcher that notes what another one does. For one unit of work, in one thread."""

    def __init__(self, fetcher: Fetcher, clock: Clock) -> None:
        self._fetcher, self._clock = fetcher, clock
        self._noted: list[Exchange] = []

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The requests so far, redirects that were followed included, in their order."""
        return tuple(self._noted)

    def fetch(self, request: FetchRequest) -> Response:
        """Make one exchange; see `scraper.ports.Fetcher.fetch`."""
        started_at = self._clock.now()
        try:
            response = self._fetcher.fetch(request)
        except FetchError:
            self._noted.append(Exchange(host=host_of(request.url), started_at=started_at, ended_at=self._clock.now()))
            raise
        self._note(response, response.hops[len(request.hops) :], started_at, self._clock.now())
        return response

    def take(self, response: Response) -> None:
        """Note an exchange that was made elsewhere for this work."""
        started_at = response.fetched_at - timedelta(seconds=response.took_s)
        self._note(response, response.hops, started_at, response.fetched_at)

    def _note(self, response: Response, hops: Sequence[Hop], started_at: datetime, ended_at: datetime) -> None:
        self._noted += (Exchange(host=host_of(h.url), started_at=started_at, ended_at=started_at) for h in hops)
        if response.moves_to is None:
            last = Exchange(
                host=host_of(response.url),
                started_at=started_at,
                ended_at=ended_at,
                status=response.status,
                wire_bytes=response.wire_bytes,
                asked_to_wait="retry-after" in response.headers,
            )
            self._noted.append(last)

    def close(self) -> None:
        """Close kept-alive connections."""
        self._fetcher.close()
