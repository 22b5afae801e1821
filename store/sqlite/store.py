"""The store as one object: an SQLite file behind the two ports."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from scraper.ports import Archive, Clock, Looks, Repository
from store.sqlite.library.dropped import Dropped
from store.sqlite.library.listing import Listing
from store.sqlite.library.marks import Marks
from store.sqlite.library.saved_searches import Searches
from store.sqlite.library.trail import Trail
from store.sqlite.opening import prepare_file
from store.sqlite.upkeep.drift import Drifts
from store.sqlite.upkeep.importing import Moving
from store.sqlite.upkeep.maintenance import Upkeep
from store.sqlite.upkeep.reprocessing import Reprocessing
from store.sqlite.work.answers import Answers
from store.sqlite.work.articles import Articles
from store.sqlite.work.claims import Claims
from store.sqlite.work.due_times import Times
from store.sqlite.work.feeds import Feeds
from store.sqlite.work.ledger import Ledger
from store.sqlite.work.outages import Outages
from store.sqlite.work.past import PastEntries
from store.sqlite.work.polls import Polls
from store.sqlite.work.revisions import Revisions
from store.sqlite.work.stories import Stories


class Store(
    Feeds, Answers, Times, Claims, PastEntries, Polls, Articles, Revisions, Stories, Listing, Searches, Marks, Moving,
    Drifts, Dropped, Trail, Ledger, Outages, Reprocessing, Upkeep,
):  # fmt: skip
    """The archive in one SQLite file: `Repository` and `Archive`, from any thread; made by `open_store`."""

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(path: Path, *, create: bool = True, migrate: bool = True, clock: Clock | None = None) -> Store:
    """Open the archive at `path`, made or migrated first if need be; close it (or leave its `with`) in the end.

    Without `migrate` one of an earlier version is refused.

    `clock` tells until when pending articles stay hidden; None = the machine's.

    Raises:
        StoreTooNew: a later version of Wireroom wrote it.
        StoreUnusable: it is missing (without `create`), no archive, damaged, or cannot be written.
        StoreBusy: another process kept it locked.
    """
    return Store(path, clock, prepare_file(path, create=create, migrate=migrate))


if TYPE_CHECKING:

    def _is_all(store: Store) -> tuple[Repository, Archive, Looks]:
        return store, store, store
