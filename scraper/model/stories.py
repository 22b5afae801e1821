"""Stories: articles that tell the same news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

#: Articles that came further apart are not compared.
STORY_WINDOW = timedelta(days=14)

#: copy: nearly all of the shorter text is in the other; retold: much of it is; headline: other words, one headline.
How = Literal["copy", "retold", "headline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """An article on file that one just read is compared with."""

    article_id: int
    #: None = it stands alone so far.
    story_id: int | None
    #: As in `Telling`.
    site: int
    title: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinship:
    """That two articles tell the same story, and how that was seen."""

    #: The one on file.
    article_id: int
    how: How
    #: Of the new article's text, how much is in the other's, and the reverse: 0 to 1.
    share: float
    share_of_other: float
    #: The same for a person, to be read after the other article's name.
    reason: str


class Telling(Protocol):
    """What an article tells, ready to be compared: made by the pipeline, used inside the transaction that files it.

    Two articles that share one of `keys` are worth comparing. Keys are signed 64-bit numbers; a title that tells
    something gives one, too.
    """

    @property
    def keys(self) -> tuple[int, ...]:
        """What it is found by."""

    @property
    def site(self) -> int:
        """A number for its site, of 32 bits."""

    def judge(self, candidates: Sequence[Kin]) -> tuple[Kinship, ...]:
        """Return which of the candidates tell the same, and why: at most one of each story, the likeliest first.

        What the others of the candidates have as well is furniture.
        """

    def parts(self, one: Kin, other: Kin) -> bool:
        """Say whether this article, which is kin of neither, shows that two on file are no kin of each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember:
    """One article of a story."""

    article_id: int
    title: str | None
    url: str
    site_name: str | None
    #: Names of the feeds that list it.
    feeds: tuple[str, ...]
    published_at: datetime | None
    first_seen_at: datetime
    text: str
    #: What it was found to be like when it came, how, and when; None for the one that was on file first.
    like: Kinship | None = None
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story with its articles in the order in which they came; an article that stands alone has no `id`."""

    id: int | None
    members: tuple[StoryMember, ...]
    #: Of all its articles, also those that were not asked for.
    count: int
