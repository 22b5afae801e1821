"""Articles as they are read: one in any of its versions, what differs between two, and the reader's marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Literal

from scraper.errors import NotFound
from scraper.model import ArticleRecord, Revision
from scraper.ports import Archive
from scraper.text.words import word_count
from wireroom.operations.diff import Difference, compare
from wireroom.operations.select import find_article

Mark = Literal["read", "starred"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """Articles that were to be marked, each once, and how many of them were not so before."""

    article_ids: tuple[int, ...]
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two versions of an article, the older one first unless asked otherwise, and what differs."""

    article_id: int
    pair: tuple[Revision, Revision]
    difference: Difference


def show_article(archive: Archive, what: str, *, revision: int | None = None, as_filed: bool = False) -> ArticleRecord:
    """Return an article by id or address, in one of its versions; the newest if none is named.

    What is no part of a version is as it is today. `as_filed`: before any later reading of its page.

    Raises:
        NotFound: there is no such article or version.
    """
    record = archive.article(find_article(archive, what))
    if revision is None and not (as_filed and record.revision):
        return record
    number = revision or record.revision
    version = archive.version(record.id, number, as_filed=as_filed)
    shared = {field.name for field in fields(version)} & {field.name for field in fields(record)} - {"reason"}
    values = {name: getattr(version, name) for name in shared}
    return replace(record, **values, revision=number, word_count=word_count(version.text))


def compare_versions(
    archive: Archive, what: str, *, old: int | None = None, new: int | None = None, as_filed: bool = False
) -> Compared:
    """Compare two versions of an article: by default the newest, and the one before it.

    Raises:
        NotFound: there is no such article or version, or it has one version alone.
    """
    number = find_article(archive, what)
    known = {revision.number: revision for revision in archive.revisions(number)}
    one, other = _chosen(number, known, old, new)
    versions = [archive.version(number, chosen, as_filed=as_filed) for chosen in (one, other)]
    return Compared(article_id=number, pair=(known[one], known[other]), difference=compare(*versions))


def mark_articles(archive: Archive, what: Sequence[str], mark: Mark, *, is_on: bool) -> Marked:
    """Set or take off a mark of articles by ids or addresses: all, or none if one of them is not there.

    Raises:
        NotFound: one of them is not there.
    """
    ids = [find_article(archive, each) for each in what]
    write = archive.set_read if mark == "read" else archive.set_starred
    changed = write(ids, is_on, now=datetime.now(UTC))
    return Marked(article_ids=tuple(dict.fromkeys(ids)), changed=changed)


def _chosen(number: int, known: Mapping[int, Revision], old: int | None, new: int | None) -> tuple[int, int]:
    """Return the two versions to compare."""
    newest = max(known, default=0)
    other = new if new is not None else newest
    one = old if old is not None else other - 1
    if newest < 2:
        versions = "1 version" if newest == 1 else f"{newest} versions"
        raise NotFound(f"article {number} has {versions}: there is nothing to compare", what=str(number))
    if missing := [wanted for wanted in (one, other) if wanted not in known]:
        raise NotFound(f"article {number} has no version {missing[0]}; it has 1 to {newest}", what=str(missing[0]))
    return one, other
