"""Reading stored pages again, and telling when a site's pages are no longer read as they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from scraper.model.articles import Extraction, Hints, Kind, RawPage, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVersion:
    """A version of an article with the pages it was read from."""

    article_id: int
    #: Its number, from 1.
    revision: int
    url: str
    status: Status
    #: How it is shown: as it was read last.
    shown: Extraction
    #: The run that read it last; None = it is shown as it was filed.
    read_by: int | None = None
    #: What its feed said when it was filed.
    hints: Hints
    #: In their order.
    pages: tuple[RawPage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """What today's extractor makes of the pages of a version."""

    version: KeptVersion
    #: None = they hold no text any more: what is shown stays.
    found: Extraction | None
    #: What would change, by the names of `scraper.articles.revisions.changes`; `markup` alone: the words are the same.
    changed: tuple[str, ...] = ()
    #: Of the program that read them and of the site's rule.
    rules_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One reprocessing of the archive."""

    id: int
    started_at: datetime
    #: None = it was broken off; what it changed until then is filed all the same.
    finished_at: datetime | None
    #: What was asked for, in words.
    scope: str
    #: Versions that were read (at least, if it was broken off), and those that are shown in another way since.
    examined: int
    changed: int
    undone_at: datetime | None


#: Newest articles of a site that tell of it: a weekend of a site with sixty articles a day has its last one in them.
DRIFT_WINDOW = 600
#: Those of them whose texts are looked at.
DRIFT_TEXTS = 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of one article, as far as it tells of its site."""

    is_full: bool
    kind: Kind | None
    word_count: int
    #: Of the newest DRIFT_TEXTS of a site; empty for those before.
    text: str = ""
    section: str | None = None
    #: When its page was read.
    at: datetime | None = None
    #: About how many words its feed gives of it; 0 = none.
    announced: int = 0

    @property
    def is_weekend(self) -> bool:
        """It came on a Saturday or Sunday (UTC)."""
        return self.at is not None and self.at.weekday() >= 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """That a site's newest articles are not what they were."""

    alarm: Literal["wall", "short texts", "repeated block"]
    #: The same for a person, with the figures.
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDrift:
    """A site with its alarm."""

    host: str
    since: datetime
    drift: Drift
    #: The newest articles, to be fetched again once it is mended; newest first.
    article_ids: tuple[int, ...]
    #: It was not known at the last look.
    is_new: bool = False

    @property
    def command(self) -> str:
        """What fetches those articles again, once the site's rule is mended."""
        return f"wireroom refresh {' '.join(map(str, self.article_ids))}"
