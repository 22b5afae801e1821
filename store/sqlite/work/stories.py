"""Stories: finding the articles that may tell the same, joining them, and what becomes of a story when one goes.

Keys are looked up by index and at most so many articles of a key are read, so that a new article costs the same however
many there are; a key that few have weighs more than one that many have. They are kept by periods as long as the window
of comparison: two of them are asked, older ones are deleted whole.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from scraper.errors import NotFound
from scraper.model import STORY_WINDOW, ArticleCommit, Kin, Kinship, Story, StoryMember, Telling
from store.sqlite.database.columns import ids_json, insert, some_instant, to_instant, to_text
from store.sqlite.database.connections import Base
from store.sqlite.database.rows import bare_address
from store.sqlite.work.lifecycle import mark_changed, note

#: Articles read of one key, the newest first. A key is worth one part in so many as have it; less than this in all is
#: what two texts of one site share by their furniture.
_OF_KEY, _WORTH_A_LOOK = 16, 0.15
#: Articles looked up of those that share keys, texts compared with a new one, and of these so many of one story.
_HITS, _CANDIDATES, _OF_STORY = 24, 6, 2
#: Articles of a story that a third text can end: it may have begun before anything on file showed what the two share
#: to be furniture. In a larger one each is held by more than one pair.
_DOUBTED_SIZE = 2
#: Keys forgotten in one unit of work.
_BATCH = 20_000

_OF_KEYS = f"""
SELECT (SELECT json_group_array(json_array(article_id, site)) FROM (
    SELECT article_id, site FROM story_keys WHERE period IN (:before, :now) AND key = value AND article_id <> :id
    ORDER BY article_id DESC LIMIT {_OF_KEY}))
FROM json_each(:keys)"""
_KIN = """
SELECT id, story_id FROM articles
WHERE id IN (SELECT value FROM json_each(:ids)) AND first_seen_at BETWEEN :after AND :before"""
_TEXTS = "SELECT id, title, text FROM articles WHERE id IN (SELECT value FROM json_each(?))"
_MEMBERS = """
SELECT a.id, a.title, a.url, a.site_name, a.published_at, a.first_seen_at, a.text, t.like_id, t.how, t.share,
    t.share_of_other, t.reason, t.at
FROM articles a LEFT JOIN tellings t ON t.article_id = a.id WHERE a.id IN (SELECT value FROM json_each(?))
ORDER BY a.first_seen_at, a.id"""
_ORDER = "SELECT id FROM articles WHERE story_id = ? ORDER BY first_seen_at, id"
#: The first one is kept.
_TELLING = """
INSERT INTO tellings (article_id, like_id, how, share, share_of_other, at, reason)
VALUES (:article_id, :like_id, :how, :share, :share_of_other, :at, :reason) ON CONFLICT DO NOTHING"""
_COUNTS = """
SELECT story_id, count(*) FROM articles WHERE story_id IN (SELECT value FROM json_each(?)) GROUP BY story_id"""
_FEEDS = """
SELECT DISTINCT e.article_id, f.name FROM entries e JOIN feeds f ON f.id = e.feed_id
WHERE e.article_id IN (SELECT value FROM json_each(?)) ORDER BY e.id"""


class Stories(Base):
    """Reading stories."""

    def story(self, article_id: int, limit: int | None = None) -> Story:
        with self._read() as db:
            row = db.execute("SELECT story_id FROM articles WHERE id = ?", (article_id,)).fetchone()
            if row is None:
                raise NotFound(f"There is no article {article_id}.", what=str(article_id))
            story_id = row["story_id"]
            found = [row[0] for row in db.execute(_ORDER, (story_id,))] or [article_id]
            shown = found[:limit]
            if article_id not in shown:
                shown = [*shown[: max(1, len(shown) - 1)], article_id]  # the first is what the others are held against
            rows = db.execute(_MEMBERS, (ids_json(shown),)).fetchall()
            feeds = defaultdict(list)
            for number, name in db.execute(_FEEDS, (ids_json([member["id"] for member in rows]),)):
                feeds[number].append(bare_address(name))
        members = tuple(_member(member, feeds[member["id"]]) for member in rows)
        return Story(id=story_id, members=members, count=len(found))


def _member(row: Any, feeds: Sequence[str]) -> StoryMember:
    like = None
    if row["how"] is not None:
        shares = {"share": row["share"], "share_of_other": row["share_of_other"]}
        like = Kinship(article_id=row["like_id"], how=row["how"], reason=row["reason"], **shares)
    return StoryMember(
        article_id=row["id"],
        title=row["title"],
        url=row["url"],
        site_name=row["site_name"],
        feeds=tuple(feeds),
        published_at=to_instant(row["published_at"]),
        first_seen_at=some_instant(row["first_seen_at"]),
        text=row["text"],
        like=like,
        told_at=to_instant(row["at"]),
    )


def forget_keys(db: Database, now: datetime) -> int:
    """Delete some keys of periods that no new article is compared with any more; return how many."""
    sql = f"""DELETE FROM story_keys WHERE (period, key, article_id) IN (
        SELECT period, key, article_id FROM story_keys WHERE period < ? LIMIT {_BATCH})"""
    return int(db.execute(sql, (_period(now) - 1,)).rowcount)


# --------------------------------------------------------------------------- for the unit of work that files a fetch


def tell(db: Database, article_id: int, commit: ArticleCommit, telling: Telling) -> None:
    """Find out which other articles tell what one tells that has just been filed, and let it be found."""
    row = db.execute("SELECT story_id, first_seen_at FROM articles WHERE id = ?", (article_id,)).fetchone()
    seen_at = some_instant(row["first_seen_at"])
    candidates = _candidates(db, article_id, row["story_id"], seen_at, telling)
    kinships = telling.judge(candidates)
    for kinship in kinships:
        _join(db, article_id, kinship, commit.checked_at)
    if not kinships:
        _doubt(db, article_id, telling, candidates, commit.checked_at)
    db.conn.executemany(
        "INSERT INTO story_keys (period, key, article_id, site) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(_period(seen_at), key, article_id, telling.site) for key in telling.keys],
    )


def _candidates(
    db: Database, article_id: int, story_id: int | None, seen_at: datetime, telling: Telling
) -> tuple[Kin, ...]:
    """Return the articles of other stories, or of none, that share most keys with one, the likeliest first."""
    period = _period(seen_at)
    wanted = {"id": article_id, "before": period - 1, "now": period, "keys": ids_json(telling.keys)}
    hits = _hits(json.loads(row[0]) for row in db.execute(_OF_KEYS, wanted))
    found = (pair for pair in hits if hits[pair] >= _WORTH_A_LOOK)
    likely = dict(sorted(found, key=lambda pair: (-hits[pair], -pair[0]))[:_HITS])  # article -> site
    if not likely:
        return ()
    window = {"after": to_text(seen_at - STORY_WINDOW), "before": to_text(seen_at + STORY_WINDOW)}
    stories = dict(db.execute(_KIN, {"ids": ids_json(likely), **window}).fetchall())
    return _with_texts(db, _chosen([number for number in likely if number in stories], stories, story_id), likely)


def _hits(found: Iterable[Sequence[tuple[int, int]]]) -> dict[tuple[int, int], float]:
    """Weigh the keys that each (article, site) shares: the rarer, the more."""
    hits: defaultdict[tuple[int, int], float] = defaultdict(float)
    for having in found:
        for number, site in having:
            hits[number, site] += 1 / len(having)
    return hits


def _chosen(likely: Sequence[int], stories: Mapping[int, int | None], own: int | None) -> dict[int, int | None]:
    """Return those that are read, with their stories: a few, and of each story fewer."""
    chosen: dict[int, int | None] = {}
    for number in likely:
        story = stories[number]
        is_new = story is None or (story != own and list(chosen.values()).count(story) < _OF_STORY)
        if is_new and len(chosen) < _CANDIDATES:
            chosen[number] = story
    return chosen


def _with_texts(db: Database, stories: Mapping[int, int | None], sites: Mapping[int, int]) -> tuple[Kin, ...]:
    rows = {row["id"]: row for row in db.execute(_TEXTS, (ids_json(stories),))}
    return tuple(
        Kin(
            article_id=number,
            story_id=story,
            site=sites[number],
            title=rows[number]["title"],
            text=rows[number]["text"],
        )
        for number, story in stories.items()
    )


def _doubt(db: Database, article_id: int, telling: Telling, beside: Sequence[Kin], now: datetime) -> None:
    """End stories of two articles that have no more in common than a stranger has with them, too."""
    by_story: defaultdict[int, list[Kin]] = defaultdict(list)
    for kin in beside:
        if kin.story_id is not None:
            by_story[kin.story_id].append(kin)
    for story_id, members in by_story.items():
        count = db.execute("SELECT count(*) FROM articles WHERE story_id = ?", (story_id,)).fetchone()[0]
        if count == len(members) == _DOUBTED_SIZE and telling.parts(*members):
            for member in members:
                detail = (
                    f"what makes it story {story_id} is also in article {article_id}, which is no copy: the story ends"
                )
                note(db, now, "no-story", detail, article_id=member.article_id)
            _end(db, story_id, [member.article_id for member in members])


def _join(db: Database, article_id: int, kinship: Kinship, now: datetime) -> None:
    """Put an article into the story of one it is like, which begins with that one if it had none.

    Where both have a story already, the two become one.
    """
    ours, theirs = (_story_of(db, number) for number in (article_id, kinship.article_id))
    if theirs is None:
        theirs = ours if ours is not None else _begin(db, kinship.article_id, article_id, now)
        _put(db, kinship.article_id, theirs)
        mark_changed(db, (kinship.article_id,))
    if ours is None:
        _put(db, article_id, theirs)
    elif ours != theirs:
        theirs = _unite(db, ours, theirs, now)
    values: dict[str, object] = {
        "article_id": article_id,
        "like_id": kinship.article_id,
        "how": kinship.how,
        "share": kinship.share,
    }
    values |= {"share_of_other": kinship.share_of_other, "at": to_text(now), "reason": kinship.reason}
    db.execute(_TELLING, values)
    detail = f"story {theirs}, {kinship.how} of article {kinship.article_id}: {kinship.reason}"
    note(db, now, "same-story", detail, article_id=article_id)


def _story_of(db: Database, article_id: int) -> int | None:
    found: int | None = db.execute("SELECT story_id FROM articles WHERE id = ?", (article_id,)).fetchone()[0]
    return found


def _begin(db: Database, first_id: int, second_id: int, now: datetime) -> int:
    """Begin a story with an article; return its number."""
    first = db.execute("SELECT title, first_seen_at FROM articles WHERE id = ?", (first_id,)).fetchone()
    times = {"first_seen_at": first["first_seen_at"], "last_seen_at": first["first_seen_at"]}
    story_id = insert(db, "stories", {"title": first["title"], **times})
    note(db, now, "story-begun", f"article {second_id} tells it, too: story {story_id} begins", article_id=first_id)
    return story_id


def _unite(db: Database, one: int, other: int, now: datetime) -> int:
    """Make two stories one, that of more articles (the older of two alike); return its number."""
    counts = dict(db.execute(_COUNTS, (ids_json((one, other)),)).fetchall())
    kept, gone = sorted((one, other), key=lambda number: (-counts.get(number, 0), number))
    moved = [row[0] for row in db.execute("SELECT id FROM articles WHERE story_id = ?", (gone,))]
    first = db.execute(
        "SELECT title FROM stories WHERE id IN (?, ?) ORDER BY first_seen_at, id", (one, other)
    ).fetchone()
    db.execute("UPDATE stories SET title = ? WHERE id = ?", (first["title"], kept))
    for number in moved:
        _put(db, number, kept)
        note(db, now, "same-story", f"story {gone} is story {kept} from now on", article_id=number)
    mark_changed(db, moved)
    db.execute("DELETE FROM stories WHERE id = ?", (gone,))
    return kept


def hand_over_story(db: Database, younger_id: int, older_id: int, now: datetime) -> None:
    """Give the older of two articles that are one, and will be united, the other's place among the stories."""
    younger, older = (
        db.execute("SELECT story_id FROM articles WHERE id = ?", (number,)).fetchone()["story_id"]
        for number in (younger_id, older_id)
    )
    db.execute("UPDATE OR IGNORE tellings SET article_id = ? WHERE article_id = ?", (older_id, younger_id))
    db.execute("UPDATE tellings SET like_id = ? WHERE like_id = ?", (older_id, younger_id))
    db.execute("DELETE FROM tellings WHERE article_id = like_id")
    if younger is None:
        return
    db.execute("UPDATE articles SET story_id = NULL WHERE id = ?", (younger_id,))
    if older is None:
        _put(db, older_id, younger)
    elif older != younger:
        younger = _unite(db, older, younger, now)
    leave_story(db, younger)


def leave_story(db: Database, story_id: int | None) -> None:
    """End a story of which not two articles are left, because one of them has gone."""
    if story_id is None:
        return
    left = [row["id"] for row in db.execute("SELECT id FROM articles WHERE story_id = ? LIMIT 2", (story_id,))]
    if len(left) > 1:
        return
    _end(db, story_id, left)


def _end(db: Database, story_id: int, article_ids: Sequence[int]) -> None:
    """End a story that has these articles."""
    for number in article_ids:
        db.execute("UPDATE articles SET story_id = NULL WHERE id = ?", (number,))
        db.execute("DELETE FROM tellings WHERE article_id = ?", (number,))
    mark_changed(db, article_ids)
    db.execute("DELETE FROM stories WHERE id = ?", (story_id,))


def _put(db: Database, article_id: int, story_id: int) -> None:
    db.execute("UPDATE articles SET story_id = ? WHERE id = ?", (story_id, article_id))
    db.execute(
        """UPDATE stories SET first_seen_at = min(first_seen_at, seen), last_seen_at = max(last_seen_at, seen)
        FROM (SELECT first_seen_at AS seen FROM articles WHERE id = ?) WHERE id = ?""",
        (article_id, story_id),
    )


def _period(at: datetime) -> int:
    return int((at - _EPOCH) / STORY_WINDOW)


_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
