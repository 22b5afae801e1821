"""Articles that come from another program's archive, or from an export of ours."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.model.entries import KeyedEntry
from scraper.model.shown import ArticleRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedArticle:
    """An article as another archive had it, to be filed as it is."""

    #: Its `id` and `change_seq` are not taken over; articles of one `story_id` stay together.
    record: ArticleRecord
    #: The entry that led to it; its `article_key` is None if it has no page of its own.
    entry: KeyedEntry
    #: Other keys that lead to it.
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCount:
    """What became of moved articles."""

    new: int = 0
    #: On file already: at most marks and sightings were added.
    known: int = 0
    #: Deleted here before: they do not come back.
    deleted: int = 0

    def __add__(self, other: MoveCount) -> MoveCount:
        return MoveCount(new=self.new + other.new, known=self.known + other.known, deleted=self.deleted + other.deleted)
