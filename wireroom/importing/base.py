"""What an importer is, and what it gives: feeds, articles, what was left out, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scraper.errors import WireroomError
from scraper.model import FeedSpec, MovedArticle
from wireroom.importing.file import ImportFile


class NotMovable(WireroomError):
    """A file is of no program that articles can be taken over from; `path` is the file."""

    def __init__(self, message: str, *, path: Path) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of all that a program has, as it says itself."""

    #: Whose it is; parts of one owner belong together. Empty = nobody is named.
    owner: str
    #: Entries of the owner in all, whatever is in this part.
    total: int
    #: Entries in this part, and their numbers.
    count: int
    ids: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What another archive has."""

    #: Of the program, as people write it.
    program: str
    feeds: tuple[FeedSpec, ...]
    #: In the order in which they were filed there; read one by one.
    articles: Iterable[MovedArticle]
    #: What was left out so far, each with its reason; grows while `articles` is read.
    left_out: list[str] = field(default_factory=list)
    #: What is worth knowing beside that: nothing is lost by it. Grows, too.
    notes: list[str] = field(default_factory=list)
    #: Of answers that may be some of many, what each says of the whole.
    pages: tuple[Page, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What the user said about an import."""

    #: The letter by which newsboat's user marked what Wireroom calls starred; empty = nothing is starred.
    star_flag: str = ""
    #: Articles have the tags of their feeds themselves, because those are not added to feeds.yaml.
    tags_articles: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """One program whose articles can be taken over."""

    name: str
    #: The program and its files, for people: "newsboat (cache.db)".
    takes: str
    #: Whether a file is one of the program's. Asked of any file, so it looks at little before it says no.
    recognises: Callable[[ImportFile], bool]
    #: Returns what is in a file that was recognised; raises `Unreadable` if there is nothing of it to be had.
    read: Callable[[ImportFile, ImportOptions], Source]


def missing(pages: Iterable[Page]) -> list[str]:
    """Return what programs have beyond the parts that were given."""
    by_owner: dict[str, list[Page]] = {}
    for page in pages:
        by_owner.setdefault(page.owner, []).append(page)
    if len(by_owner) > 1:  # a part beyond the last entry is empty, and names nobody
        by_owner.pop("", None)
    return [
        f"{total - given:,} of {total:,} entries, which are not in the file: Miniflux answers with a part at a time; "
        "fetch the others with offset=..., and give all files at once"
        for parts in by_owner.values()
        for total, given in _incomplete(parts)
    ]


def _incomplete(parts: Sequence[Page]) -> list[tuple[int, int]]:
    """Return of each question that was not answered in full how many entries there are, and how many were given.

    Parts with one total answer one question, those with several mostly several (read and unread ones, say). But the
    total of one question grows when entries arrive between its parts: then all parts together have just so many.
    """
    by_total: dict[int, list[Page]] = {}
    for part in parts:
        by_total.setdefault(part.total, []).append(part)
    lacking = [(total, _given(some)) for total, some in by_total.items() if _given(some) < total]
    highest = max(by_total)
    if not lacking or _given(parts) == highest:
        return []
    rest = [part for total, _ in lacking for part in by_total[total]]
    total, given = max(lacking)[0], _given(rest)
    return [(total, given)] if given < total else lacking


def _given(parts: Sequence[Page]) -> int:
    """Return how many entries parts have between them."""
    return max(len(frozenset().union(*(part.ids for part in parts))), *(part.count for part in parts))
