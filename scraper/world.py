"""The seams to the world outside of the archive: time, the web, processes. As Protocols; see also `scraper.ports`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ParamSpec, Protocol, TypeVar

from scraper.model import FetchRequest, Response

P = ParamSpec("P")
T = TypeVar("T")


class Clock(Protocol):
    """Tells the time; the only source of `now`."""

    def now(self) -> datetime:
        """Return the current instant, aware and in UTC. Called at the start of every unit of work."""


class Fetcher(Protocol):
    """Makes HTTP exchanges. One belongs to one claim and is used by one thread."""

    def fetch(self, request: FetchRequest) -> Response:
        """Make one exchange and return the complete answer, whatever its status.

        Called by the pipeline for feeds, pages and robots.txt alike. Guarantees: the address check holds on the
        address connected to, on every hop; deadline and size limit hold.

        Raises:
            FetchError: there is no complete answer; the subclass says why.
        """

    def close(self) -> None:
        """Close kept-alive connections; it may be used again. Called by the runner when a claim ends."""


class Workers(Protocol):
    """Runs pure functions where they can be stopped."""

    def run(self, task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `task` in a worker and return its result; blocks the calling thread.

        Called by the pipeline for parsing and extraction. `task` is a module-level pure function; errors it raises
        come back as they are.

        Raises:
            WorkerTimeout: the time limit passed; the worker was stopped.
            WorkerDied: the worker crashed or hit its memory limit. Others go on either way.
            WorkersStopped: everything is ending.
        """
