"""Reading stored pages again: what is read, what came of it, and the runs that did it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scraper.model.articles import Extraction, Hints, RawPage, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptArticle:
    """An article with the pages it was taken from."""

    id: int
    url: str
    status: Status
    #: Number of the version on file.
    revision: int
    current: Extraction
    #: What its feed says of it.
    hints: Hints
    #: In their order.
    pages: tuple[RawPage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """What today's extractor makes of an article's pages."""

    article: KeptArticle
    #: None = they hold no text any more: what is on file stays.
    found: Extraction | None
    #: What would change, by the names of `scraper.versions.changes`; `markup` alone where the words are the same.
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One reprocessing of the archive."""

    id: int
    started_at: datetime
    #: None = it was broken off; what it changed until then is filed all the same.
    finished_at: datetime | None
    #: What was asked for, in words.
    scope: str
    examined: int
    changed: int
    undone_at: datetime | None
