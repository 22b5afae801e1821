"""Stories: finding the articles that may tell the same, joining them, and what becomes of a story when one goes.

Keys are looked up by index and at most so many articles of a key are read, so that a new article costs the same however
many there are. They are kept by periods as long as the window of comparison: two of them are asked, older ones are
deleted whole.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from scraper.errors import NotFound
from scraper.model import STORY_WINDOW, ArticleCommit, Kin, Kinship, Story, StoryMember, Telling
from store.columns import ids_json, insert, some_instant, to_instant, to_text
from store.database import Base
from store.filing import mark_changed, note
from store.records import bare_address

#: Articles read of one key, the newest first; a key with so many is a set phrase, unless most keys have.
_OF_KEY = 16
#: Texts compared with a new one, and texts of a site that tell what is its furniture.
_CANDIDATES, _NEIGHBOURS = 4, 3
#: A key that so many articles of the site have, which share less than half of all keys, is furniture.
_FURNITURE_ARTICLES = 3
#: A site's articles are listed under a key of their own.
_SITE_KEY = 1 << 41
#: Keys forgotten in one unit of work.
_BATCH = 20_000

_OF_KEYS = f"""
SELECT value, (SELECT json_group_array(json_array(article_id, site)) FROM (
    SELECT article_id, site FROM story_keys WHERE period IN (:before, :now) AND key = value
    ORDER BY article_id DESC LIMIT {_OF_KEY}))
FROM json_each(:keys)"""
_KIN = """
SELECT id, story_id, title, text FROM articles
WHERE id IN (SELECT value FROM json_each(:ids)) AND id <> :id AND first_seen_at BETWEEN :after AND :before"""
_MEMBERS = """
SELECT a.id, a.title, a.url, a.site_name, a.published_at, a.first_seen_at, a.text, t.like_id, t.how, t.share,
    t.share_of_other, t.reason, t.at
FROM articles a LEFT JOIN tellings t ON t.article_id = a.id WHERE {} ORDER BY a.first_seen_at, a.id"""
_FEEDS = """
SELECT DISTINCT e.article_id, f.name FROM entries e JOIN feeds f ON f.id = e.feed_id
WHERE e.article_id IN (SELECT value FROM json_each(?)) ORDER BY e.id"""


class Stories(Base):
    """Reading stories."""

    def story(self, article_id: int) -> Story:
        with self._read() as db:
            row = db.execute("SELECT story_id FROM articles WHERE id = ?", (article_id,)).fetchone()
            if row is None:
                raise NotFound(f"There is no article {article_id}.", what=str(article_id))
            which = "a.id = ?" if row["story_id"] is None else "a.story_id = ?"
            rows = db.execute(_MEMBERS.format(which), (row["story_id"] or article_id,)).fetchall()
            feeds = defaultdict(list)
            for number, name in db.execute(_FEEDS, (ids_json([member["id"] for member in rows]),)):
                feeds[number].append(bare_address(name))
        return Story(id=row["story_id"], members=tuple(_member(member, feeds[member["id"]]) for member in rows))


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
    """Find out whether an article that has just been filed tells what another one tells, and let it be found."""
    row = db.execute("SELECT id, story_id, first_seen_at FROM articles WHERE id = ?", (article_id,)).fetchone()
    seen_at = some_instant(row["first_seen_at"])
    period = _period(seen_at)
    if row["story_id"] is None:
        search = _Search(db, row["id"], seen_at)
        kinship = telling.judge(search.candidates(telling), search.neighbours)
        if kinship is not None:
            _join(db, article_id, kinship, commit.checked_at)
    keys = (*telling.keys, _SITE_KEY | telling.site)
    db.conn.executemany(
        "INSERT INTO story_keys (period, key, article_id, site) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(period, key, article_id, telling.site) for key in keys],
    )


class _Search:
    """Looks for kin of one article: within the window around the time it came."""

    def __init__(self, db: Database, article_id: int, seen_at: datetime) -> None:
        self._db = db
        self._id = article_id
        self._period = _period(seen_at)
        self._window = {"after": to_text(seen_at - STORY_WINDOW), "before": to_text(seen_at + STORY_WINDOW)}

    def candidates(self, telling: Telling) -> list[Kin]:
        """Return the articles that share most keys, the likeliest first."""
        found = self._having(telling.keys)
        hits = _hits(found, telling.site)
        likely = sorted(hits, key=lambda pair: (-hits[pair], -pair[0]))[:_CANDIDATES]
        return self._kin(dict(likely))

    def neighbours(self, site: int) -> list[Kin]:
        """Return some of the newest articles of a site."""
        key = _SITE_KEY | site
        return self._kin(dict(self._having((key,))[key][: _NEIGHBOURS + 1]))

    def _having(self, keys: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
        """Return the other articles that have each of the keys, as (article, site), the newest first."""
        values = {"before": self._period - 1, "now": self._period, "keys": ids_json(keys)}
        rows = self._db.execute(_OF_KEYS, values)
        return {
            key: [(number, site) for number, site in json.loads(having) if number != self._id] for key, having in rows
        }

    def _kin(self, sites: Mapping[int, int]) -> list[Kin]:
        """Return these articles, given with their sites, in that order; those that are gone or too far away apart."""
        if not sites:
            return []
        rows = {
            row["id"]: row for row in self._db.execute(_KIN, {"ids": ids_json(sites), "id": self._id, **self._window})
        }
        return [
            Kin(
                article_id=number,
                story_id=rows[number]["story_id"],
                site=site,
                title=rows[number]["title"],
                text=rows[number]["text"],
            )
            for number, site in sites.items()
            if number in rows
        ]


def _hits(found: Mapping[int, list[tuple[int, int]]], site: int) -> Counter[tuple[int, int]]:
    """Count the keys that each (article, site) shares, those that tell nothing left out."""
    raw = Counter(pair for having in found.values() for pair in having)
    common = {key for key, having in found.items() if len(having) >= _OF_KEY}
    if 2 * len(common) > len(found):
        common = set()  # not a set phrase but a text that has been copied everywhere
    hits: Counter[tuple[int, int]] = Counter()
    for key, having in found.items():
        alike = [pair for pair in having if pair[1] == site and 2 * raw[pair] < len(found)]
        if key not in common and len(alike) < _FURNITURE_ARTICLES:
            hits.update(having)
    return hits


def _join(db: Database, article_id: int, kinship: Kinship, now: datetime) -> None:
    """Put an article into the story of the one it is like, which begins with that one if it had none."""
    other = db.execute("SELECT * FROM articles WHERE id = ?", (kinship.article_id,)).fetchone()
    story_id = other["story_id"]
    if story_id is None:
        times = {"first_seen_at": other["first_seen_at"], "last_seen_at": other["first_seen_at"]}
        story_id = insert(db, "stories", {"title": other["title"], **times})
        _put(db, kinship.article_id, story_id)
        mark_changed(db, (kinship.article_id,))
        detail = f"article {article_id} tells it, too: story {story_id} begins"
        note(db, now, "story-begun", detail, article_id=kinship.article_id)
    _put(db, article_id, story_id)
    values = {"article_id": article_id, "like_id": kinship.article_id, "how": kinship.how, "share": kinship.share}
    insert(db, "tellings", {**values, "share_of_other": kinship.share_of_other, "at": now, "reason": kinship.reason})
    detail = f"story {story_id}, {kinship.how} of article {kinship.article_id}: {kinship.reason}"
    note(db, now, "same-story", detail, article_id=article_id)


def hand_over_story(db: Database, younger_id: int, older_id: int) -> None:
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
        moved = [row["id"] for row in db.execute("SELECT id FROM articles WHERE story_id = ?", (younger,))]
        for number in moved:
            _put(db, number, older)
        mark_changed(db, moved)
    leave_story(db, younger)


def leave_story(db: Database, story_id: int | None) -> None:
    """End a story of which not two articles are left, because one of them has gone."""
    if story_id is None:
        return
    left = [row["id"] for row in db.execute("SELECT id FROM articles WHERE story_id = ? LIMIT 2", (story_id,))]
    if len(left) > 1:
        return
    for number in left:
        db.execute("UPDATE articles SET story_id = NULL WHERE id = ?", (number,))
        db.execute("DELETE FROM tellings WHERE article_id = ?", (number,))
    mark_changed(db, left)
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
