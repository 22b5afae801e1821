"""Articles moved here from another archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from scraper.model import (
    ArticleRecord,
    Extraction,
    FeedName,
    MoveCount,
    MovedArticle,
    ParsedEntry,
)
from scraper.urls import host_of
from store.sqlite.database.columns import ids_json, insert, storable, strings, to_json, to_text
from store.sqlite.database.connections import Base
from store.sqlite.database.rows import bare_address, entry_columns, extraction_columns
from store.sqlite.search.index import index_articles
from store.sqlite.work.claims import host_id, refresh_slots
from store.sqlite.work.lifecycle import buried, graves_among, mark_changed, new_row, next_changes, owner_of, owners
from store.sqlite.work.new_articles import NewArticles
from store.sqlite.work.stories import leave_story

#: Articles of pairs of a feed and a guid.
_KNOWN_GUIDS = """
SELECT e.feed_id, e.guid_key, e.article_id FROM json_each(?) j CROSS JOIN entries e
ON e.feed_id = json_extract(j.value, '$[0]') AND e.guid_key = json_extract(j.value, '$[1]')
WHERE e.article_id IS NOT NULL ORDER BY e.id"""
#: Entries of an article in some feeds, with what it says.
_SIGHTED = """
SELECT e.guid_key, e.link, e.title, e.published_at, e.content_hash, a.status,
    coalesce(a.text, '') AS text FROM entries e JOIN articles a
    ON a.id = e.article_id WHERE e.article_id = ? AND e.feed_id IN (SELECT value FROM json_each(?))"""
_MARK = """
INSERT INTO marks (article_id, read_at, starred_at) VALUES (:id, :read, :starred)
ON CONFLICT DO UPDATE SET read_at = coalesce(read_at, :read), starred_at = coalesce(starred_at, :starred)
WHERE (read_at IS NULL AND :read IS NOT NULL) OR (starred_at IS NULL AND :starred IS NOT NULL)"""


class Moving(Base):
    """Filing what another archive had."""

    def file_moved(
        self, articles: Sequence[MovedArticle], *, fetch: bool, now: datetime, stories: dict[int, int] | None = None
    ) -> MoveCount:
        """File articles in one unit of work and return what became of them.

        `stories` tells which of our stories is which of theirs, from one batch of an archive to the next; it grows.
        """
        known = {} if stories is None else stories

        def work(db: Database) -> tuple[MoveCount, dict[int, int]]:
            move = _Move(db, fetch=fetch, now=now, stories=dict(known))
            return move.file(articles), move.stories

        count, found = self._write(work)
        known.update(found)
        return count

    def end_lone_stories(self, stories: Iterable[int]) -> None:
        """End those of the stories that have one article: the others of an archive did not come along."""

        def work(db: Database) -> None:
            for story_id in stories:
                leave_story(db, story_id)

        self._write(work)


@dataclass(slots=True, kw_only=True)
class _Feeds:
    """Feeds by their address without a login; one that nobody listed is made as a removed one."""

    db: Database
    now: datetime
    ids: dict[str, int] = field(default_factory=dict)
    tags: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ids = {bare_address(row["url"]): row["id"] for row in self.db.execute("SELECT id, url FROM feeds")}

    def id_of(self, feed: FeedName) -> int:
        if feed.url not in self.ids:
            addresses = {"url": feed.url, "current_url": feed.url, "host_id": host_id(self.db, host_of(feed.url))}
            names = {"name": feed.name, "given_name": feed.name}
            self.ids[feed.url] = insert(
                self.db, "feeds", {**names, **addresses, "added_at": self.now, "removed_at": self.now}
            )
        return self.ids[feed.url]

    def tags_of(self, feed_id: int) -> tuple[str, ...]:
        if feed_id not in self.tags:
            row = self.db.execute("SELECT tags FROM feeds WHERE id = ?", (feed_id,)).fetchone()
            self.tags[feed_id] = tuple(strings(row["tags"]))
        return self.tags[feed_id]


class _Move:
    """The unit of work that files a batch."""

    def __init__(self, db: Database, *, fetch: bool, now: datetime, stories: dict[int, int]) -> None:
        self._db = db
        self._fetch = fetch
        self._now = now
        self._feeds = _Feeds(db=db, now=now)
        #: Their story -> ours.
        self.stories = stories
        self._hosts: set[int] = set()
        self._host_ids: dict[str, int] = {}
        #: Articles by their keys, and keys of deleted ones: what was on file, and what came since.
        self._owners: dict[str, int] = {}
        self._graves: set[str] = set()
        #: Articles by their feeds and guids, likewise.
        self._by_guids: dict[tuple[int, str], int] = {}
        self._new_articles = NewArticles(db)
        #: Change numbers for what is new; those left over are never used.
        self._changes: Iterator[int] = iter(())

    def file(self, articles: Sequence[MovedArticle]) -> MoveCount:
        count = MoveCount()
        placed = [(moved, [self._feeds.id_of(feed) for feed in moved.record.feeds]) for moved in articles]
        keyed = [(moved, feed_ids, self._keys(moved, feed_ids)) for moved, feed_ids in placed]
        self._look_up(keyed)
        fresh = sum(self._owner(keys) is None for _, _, keys in keyed)
        self._changes = iter(next_changes(self._db, fresh) if fresh else ())
        for moved, feed_ids, keys in keyed:
            count += self._one(moved, feed_ids, keys)
        self._new_articles.write()
        refresh_slots(self._db, "articles", self._hosts)
        return count

    def _look_up(self, keyed: Iterable[tuple[MovedArticle, Sequence[int], tuple[str, ...]]]) -> None:
        """Ask once for all that a batch wants to know of its keys and guids."""
        keys = {key for _, _, keys in keyed for key in keys}
        self._owners = owner_of(self._db, keys)
        self._graves = graves_among(self._db, keys)
        guids = {(feed_id, guid) for moved, feed_ids, _ in keyed for guid in _guid(moved) for feed_id in feed_ids}
        for feed_id, guid, article_id in self._db.execute(_KNOWN_GUIDS, (storable(to_json(list(guids))),)):
            self._by_guids.setdefault((feed_id, guid), article_id)

    def _one(self, moved: MovedArticle, feed_ids: Sequence[int], keys: tuple[str, ...]) -> MoveCount:
        known = self._by_guid(moved, feed_ids) or self._owner(keys)
        if known is not None and self._new_articles.has(known):
            self._new_articles.write()
        if known is not None and self._is_another(known, moved, feed_ids):
            self._new_articles.write()
            own = moved.entry.keys
            keys = (f"{keys[0]}|{own.content_hash}",)
            moved = replace(moved, entry=replace(moved.entry, article_key=None, keys=replace(own, link=None)))
            known, is_buried = min(owners(self._db, keys), default=None), buried(self._db, keys) is not None
        else:
            is_buried = not self._graves.isdisjoint(keys)
        if known is not None:
            self._add_to(known, moved, feed_ids)
            return MoveCount(known=1)
        if is_buried:
            return MoveCount(deleted=1)
        self._new(moved, keys, feed_ids)
        return MoveCount(new=1)

    def _owner(self, keys: Iterable[str]) -> int | None:
        return min((self._owners[key] for key in keys if key in self._owners), default=None)

    def _keys(self, moved: MovedArticle, feed_ids: Sequence[int]) -> tuple[str, ...]:
        entry = moved.entry
        if entry.article_key is not None:
            return tuple(dict.fromkeys((entry.article_key, *moved.keys)))
        return (f"entry:{feed_ids[0] if feed_ids else 0}:{entry.keys.guid or entry.keys.content_hash}",)

    def _by_guid(self, moved: MovedArticle, feed_ids: Sequence[int]) -> int | None:
        found = (self._by_guids.get((feed_id, guid)) for guid in _guid(moved) for feed_id in feed_ids)
        return next((article_id for article_id in found if article_id is not None), None)

    def _is_another(self, known: int, moved: MovedArticle, feed_ids: Sequence[int]) -> bool:
        """Say whether the article under an entry's address is that of another entry: then the address is no key.

        Release notes on one page, fragments, home pages as links. A page that was read says which article it has.
        """
        if moved.entry.article_key is None or moved.record.canonical_url is not None:
            return False
        rows = self._db.execute(_SIGHTED, (known, ids_json(feed_ids))).fetchall()
        return bool(rows) and all(_tells_another(row, moved) for row in rows)

    # ---- new

    def _new(self, moved: MovedArticle, keys: tuple[str, ...], feed_ids: Sequence[int]) -> None:
        record, rows = moved.record, self._new_articles
        host = self._host(host_of(record.url))
        values = {**_article_columns(moved), "host_id": host, "origin_feed_id": feed_ids[0] if feed_ids else None}
        values["story_id"] = self._story(record)
        is_due = record.status == "pending" or (self._fetch and record.status != "full" and values["has_page"])
        values |= {"next_fetch_at": self._now if is_due else None}
        values |= {"settled_at": None if record.status == "pending" else self._now}
        change = next(self._changes, None) or next_changes(self._db)[0]
        article_id = rows.add_article(new_row(keys[0], self._now, values, change=change))
        for key in keys:
            rows.add("article_keys", {"key": key, "article_id": article_id, "first_seen_at": self._now})
            self._owners.setdefault(key, article_id)
        if record.revision:
            version = {"article_id": article_id, "number": record.revision, "at": record.fetched_at or self._now}
            told = {"rule": "moved", "changed": "[]", "title": record.title, "word_count": record.word_count}
            rows.add("revisions", version | told)
        decision = {"at": self._now, "rule": "moved", "detail": f"from another archive, {record.status}"}
        rows.add("decisions", decision | {"article_id": article_id, "about": "article"})
        for number, feed_id in enumerate(feed_ids):
            rows.add("entries", self._sighting(article_id, feed_id, moved, is_first=number == 0))
        if record.read_at is not None or record.starred_at is not None:
            marks = {"read_at": record.read_at, "starred_at": record.starred_at}
            rows.add("marks", {"article_id": article_id, **marks})
        for tag in self._own_tags(record, feed_ids):
            rows.add("article_tags", {"article_id": article_id, "tag": tag})
        if is_due:
            self._hosts.add(host)

    def _host(self, name: str) -> int:
        if name not in self._host_ids:
            self._host_ids[name] = host_id(self._db, name)
        return self._host_ids[name]

    def _story(self, record: ArticleRecord) -> int | None:
        theirs = record.story_id
        if theirs is None:
            return None
        if theirs not in self.stories:
            times = {"first_seen_at": record.first_seen_at, "last_seen_at": record.first_seen_at}
            self.stories[theirs] = insert(self._db, "stories", {"title": record.title, **times})
        ours = self.stories[theirs]
        seen = to_text(record.first_seen_at)
        self._db.execute("UPDATE stories SET last_seen_at = max(last_seen_at, ?) WHERE id = ?", (seen, ours))
        return ours

    def _sighting(self, article_id: int, feed_id: int, moved: MovedArticle, *, is_first: bool) -> dict[str, object]:
        """Return the row of an entry; what an article shows of its entries is said by the first feed's alone."""
        entry = moved.entry.entry
        shown = entry if is_first else ParsedEntry(guid=entry.guid, link=entry.link, title=entry.title)
        keys = moved.entry.keys
        if keys.guid is not None:
            self._by_guids.setdefault((feed_id, keys.guid), article_id)
        return {
            **entry_columns(shown),
            "guid_key": keys.guid,
            "link_key": keys.link,
            "content_hash": keys.content_hash,
            "feed_id": feed_id,
            "article_id": article_id,
            "first_seen_at": moved.record.first_seen_at,
            "last_seen_at": moved.record.first_seen_at,
            "rule": "moved",
            "detail": "came with its article from another archive",
        }

    def _own_tags(self, record: ArticleRecord, feed_ids: Sequence[int]) -> list[str]:
        """Return the tags that an article has and its feeds do not give it."""
        of_feeds = {tag for feed_id in feed_ids for tag in self._feeds.tags_of(feed_id)} if record.tags else ()
        return [tag for tag in record.tags if tag not in of_feeds]

    # ---- known

    def _add_to(self, article_id: int, moved: MovedArticle, feed_ids: Sequence[int]) -> None:
        record = moved.record
        row = self._db.execute("SELECT story_id FROM articles WHERE id = ?", (article_id,)).fetchone()
        if record.story_id is not None and row["story_id"] is not None:
            self.stories.setdefault(record.story_id, row["story_id"])
        seen = {row[0] for row in self._db.execute("SELECT feed_id FROM entries WHERE article_id = ?", (article_id,))}
        missing = [feed_id for feed_id in feed_ids if feed_id not in seen]
        if missing:
            self._new_articles.write()  # entries are numbered as they come
        for feed_id in missing:
            insert(self._db, "entries", self._sighting(article_id, feed_id, moved, is_first=False))
        has_new_tags = self._tag(article_id, record, (*seen, *missing))
        index_articles(self._db, (article_id,) if missing or has_new_tags else ())
        if self._mark(article_id, record) or missing or has_new_tags:
            mark_changed(self._db, (article_id,))

    def _tag(self, article_id: int, record: ArticleRecord, feed_ids: Sequence[int]) -> bool:
        """Add the article's own tags; say whether one is new."""
        tags = [(article_id, tag) for tag in self._own_tags(record, feed_ids)]
        sql = "INSERT OR IGNORE INTO article_tags (article_id, tag) VALUES (?, ?)"
        return self._db.conn.executemany(sql, tags).rowcount > 0

    def _mark(self, article_id: int, record: ArticleRecord) -> bool:
        """Add marks; never take one away. Say whether that changed something."""
        if record.read_at is None and record.starred_at is None:
            return False
        read, starred = (at and to_text(at) for at in (record.read_at, record.starred_at))
        return self._db.execute(_MARK, {"id": article_id, "read": read, "starred": starred}).rowcount > 0


def _tells_another(row: Any, moved: MovedArticle) -> bool:
    """Say whether an entry on file and a moved one under its address are two: by guid, fragment or date, and words."""
    entry, keys = moved.entry.entry, moved.entry.keys
    if keys.content_hash == row["content_hash"] or (keys.guid is not None and keys.guid == row["guid_key"]):
        return False
    has_other_title = (entry.title or "").casefold().split() != (row["title"] or "").casefold().split()
    # A page's text and a feed's are never the same.
    is_alike = row["status"] == "full"
    has_other_text = not is_alike and moved.record.text.casefold().split() != row["text"].casefold().split()
    if (keys.guid and row["guid_key"]) or _fragment(entry.link) != _fragment(row["link"]):
        return has_other_title or has_other_text
    dates = {entry.published_at and to_text(entry.published_at), row["published_at"]}
    return has_other_title and (len(dates) == 2 if None not in dates else has_other_text)


def _guid(moved: MovedArticle) -> tuple[str, ...]:
    """Return the guid of an entry, if it has one."""
    guid = moved.entry.keys.guid
    return (guid,) if guid else ()


def _fragment(link: str | None) -> str:
    return (link or "").partition("#")[2]


def _article_columns(moved: MovedArticle) -> dict[str, Any]:
    record = moved.record
    found = Extraction(
        title=record.title,
        byline=record.byline,
        published_at=record.published_at,
        updated_at=record.updated_at,
        section=record.section,
        site_name=record.site_name,
        language=record.language,
        summary=record.summary,
        image=record.image,
        images=record.images,
        canonical_url=record.canonical_url,
        html=record.html,
        markdown=record.markdown,
        text=record.text,
        related=record.related,
        agencies=record.agencies,
        confidence=record.confidence,
    )
    return {
        **extraction_columns(found),
        "kind": record.kind,
        "status": record.status,
        "reason": record.reason,
        "url": record.url,
        "has_page": moved.entry.article_key is not None,
        "first_seen_at": record.first_seen_at,
        "fetched_at": record.fetched_at,
        "word_count": record.word_count,
        "revision": record.revision,
    }
