"""One poll into the archive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from scraper.model import (
    EntryDecision,
    EntryKeys,
    HostClaim,
    KeyedEntry,
    PollCommit,
    PollOutcome,
)
from scraper.urls import host_of
from store.sqlite.database.columns import ids_json, insert, storable, strings_json, to_column, to_text, update
from store.sqlite.database.connections import Base
from store.sqlite.database.rows import entry_columns, feed_state_columns, hints
from store.sqlite.search.index import index_articles, update_article
from store.sqlite.work.answers import forget_answer
from store.sqlite.work.claims import check_fence, end_claim, hold_domain, host_id, refresh_slots
from store.sqlite.work.ledger import enter
from store.sqlite.work.lifecycle import (
    add_keys,
    buried,
    feed_words,
    file_article,
    graves_among,
    mark_changed,
    next_changes,
    note,
    owner_of,
    owners,
)
from store.sqlite.work.multipage import begin_anew
from store.sqlite.work.readings import keep_hints

#: Articles known by an address, which no other feed has.
_SHARING = """
SELECT a.id, a.host_id, k.key FROM article_keys k JOIN articles a ON a.id = k.article_id
WHERE k.key IN (SELECT value FROM json_each(:addresses)) AND a.has_page AND a.origin_feed_id = :feed
    AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.article_id = a.id AND e.feed_id <> :feed)"""
#: What an entry is but for its HTML: where all is as filed, so is what depends on it.
_WRITTEN = (
    "guid", "link", "title", "authors", "published_at", "updated_at", "categories", "enclosures", "comments_url",
    "image_url", "language",
)  # fmt: skip
_NEW_ITEM = f"""
UPDATE entries SET item = ? WHERE id = ? AND ({", ".join(_WRITTEN)}) IS ({", ".join("?" * len(_WRITTEN))})"""
#: What an article shows of its entries: a change of one is a change of the article.
_SHOWN = ("categories", "enclosures", "comments_url")
#: What the reading of a page hears of its entry: what it was is kept with the versions read so far.
_HINTS = (
    "title", "authors", "published_at", "updated_at", "summary_html", "content_html", "image_url", "language",
)  # fmt: skip


class Polls(Base):
    """Filing what polls bring."""

    def commit_poll(self, claim: HostClaim, commit: PollCommit) -> PollOutcome:
        return self._write(_Poll(claim, commit).write)


class _Poll:
    """The unit of work that files one poll."""

    def __init__(self, claim: HostClaim, commit: PollCommit) -> None:
        self._claim = claim
        self._commit = commit
        self._now: datetime = commit.record.finished_at
        # Done here, in the caller's thread: the writer's is everybody's.
        self._words = {
            id(decision): feed_words(decision.keyed.entry, commit.state.title)
            for decision in commit.decisions
            if decision.action in ("file", "update")
        }
        self._entries_new = 0
        self._articles_new = 0
        #: Article key -> its article, of the entries to file.
        self._owners: dict[str, int] = {}
        self._graves: set[str] = set()
        self._changes: Iterator[int]
        self._host_ids: dict[str, int] = {}
        #: Hosts whose article slot has to be looked at.
        self._article_hosts: set[int] = set()

    def write(self, db: Database) -> PollOutcome:
        check_fence(db, self._claim)
        feed = db.execute("SELECT * FROM feeds WHERE id = ?", (self._commit.feed_id,)).fetchone()
        self._look_up(db, feed)
        # Documents list the newest first: filed from their end, the newest gets the highest number.
        for decision in reversed(self._commit.decisions):
            if decision.action == "file":
                self._file(db, feed, decision)
            elif decision.action == "update":
                self._update(db, feed, decision)
            elif decision.action == "drop":
                self._drop(db, decision)
        self._leave_shared(db, feed["id"])
        self._see(db)
        self._save_feed(db, feed)
        forget_answer(db, feed["url"])
        self._record(db)
        refresh_slots(db, "articles", self._article_hosts)
        enter(db, "feeds", self._commit.exchanges)
        hold_domain(db, self._commit.block, self._now)
        if self._claim.ends_with_commit:
            end_claim(db, self._claim)
        return self._outcome()

    def _outcome(self) -> PollOutcome:
        record = self._commit.record
        return PollOutcome(
            feed_id=self._commit.feed_id,
            url=self._commit.state.spec.url,
            status=record.status,
            entries_new=self._entries_new,
            articles_new=self._articles_new,
            entries_dropped=sum(decision.action == "drop" for decision in self._commit.decisions),
            wire_bytes=record.wire_bytes,
            error=record.error,
        )

    # ---- new entries

    def _look_up(self, db: Database, feed: Any) -> None:
        """Ask for all new entries at once what would be asked for each; a change number that is not used is skipped."""
        keys = [_article_key(feed, item.keyed) for item in self._commit.decisions if item.action == "file"]
        if keys:
            keys = [storable(key) for key in keys]
            self._owners = owner_of(db, keys)
            self._graves = graves_among(db, keys)
            self._changes = iter(next_changes(db, len(keys)))

    def _file(self, db: Database, feed: Any, decision: EntryDecision) -> None:
        self._entries_new += 1
        key = storable(_article_key(feed, decision.keyed))
        if (found := self._owners.get(key)) is not None:
            self._join(db, decision, found)
        elif key in self._graves and (dead := buried(db, (key,))) is not None:
            entry = self._insert_entry(db, decision, None)
            note(db, self._now, "tombstone", f"its article ({dead}) was deleted; it does not come back", entry=entry)
        else:
            self._owners[key] = self._new_article(db, feed, decision, key)
            self._insert_entry(db, decision, self._owners[key])

    def _join(self, db: Database, decision: EntryDecision, article_id: int) -> None:
        entry = self._insert_entry(db, decision, article_id)
        detail = f"{decision.keyed.article_key or 'the same words'} leads to article {article_id}"
        note(db, self._now, "known-article", detail, entry=entry, article_id=article_id)
        index_articles(db, (article_id,))
        mark_changed(db, (article_id,))

    def _new_article(self, db: Database, feed: Any, decision: EntryDecision, key: str) -> int:
        keyed = decision.keyed
        has_page = keyed.article_key is not None
        url = keyed.entry.link or (key if has_page else self._commit.site_url or feed["site_url"] or feed["url"])
        host = self._host_id(db, url)
        self._articles_new += 1
        self._article_hosts.add(host)
        values = {"url": url, "host_id": host, "origin_feed_id": feed["id"], "has_page": has_page}
        return file_article(db, key, self._now, {**self._words[id(decision)], **values}, change=next(self._changes))

    def _host_id(self, db: Database, url: str) -> int:
        """Return the host of a page; most entries of a document are on one."""
        name = host_of(url) or self._claim.host
        if name not in self._host_ids:
            self._host_ids[name] = host_id(db, name)
        return self._host_ids[name]

    def _drop(self, db: Database, decision: EntryDecision) -> None:
        if decision.entry_id is None:
            self._insert_entry(db, decision, None, dropped_at=self._now)

    def _insert_entry(
        self, db: Database, decision: EntryDecision, article_id: int | None, *, dropped_at: datetime | None = None
    ) -> dict[str, int]:
        feed_id = self._commit.feed_id
        values = {
            **entry_columns(decision.keyed.entry),
            **_key_columns(decision.keyed.keys),
            "feed_id": feed_id,
            "article_id": article_id,
            "article_key": decision.keyed.article_key or decision.keyed.own_key if article_id is None else None,
            "first_seen_at": self._now,
            "last_seen_at": self._now,
            "dropped_at": dropped_at,
            "rule": decision.rule,
            "detail": decision.detail,
        }
        return {"id": insert(db, "entries", values), "feed_id": feed_id}

    # ---- known entries

    def _update(self, db: Database, feed: Any, decision: EntryDecision) -> None:
        old = db.execute("SELECT * FROM entries WHERE id = ?", (decision.entry_id,)).fetchone()
        keyed = decision.keyed
        values = {**entry_columns(keyed.entry), **_key_columns(keyed.keys)}
        if any(to_column(values[name]) != old[name] for name in _HINTS):
            keep_hints(db, old, hints(old, feed["title"]))
        update(db, "entries", old["id"], {**values, "last_seen_at": self._now, "changes": decision.changes})
        note(db, self._now, decision.rule, decision.detail, entry=old, article_id=old["article_id"])
        if old["article_id"] is None:
            return
        if any(to_column(values[name]) != old[name] for name in _SHOWN):
            mark_changed(db, (old["article_id"],))
        article = db.execute("SELECT * FROM articles WHERE id = ?", (old["article_id"],)).fetchone()
        changes = self._moved(db, article, keyed) if article["origin_feed_id"] == feed["id"] else {}
        if article["status"] == "pending" and not article["revision"] and article["origin_feed_id"] == feed["id"]:
            changes |= _different(article, self._words[id(decision)])
        elif article["status"] != "pending" and keyed.keys.content_hash != old["content_hash"]:
            changes["next_fetch_at"] = self._now
        if "next_fetch_at" in changes or "url" in changes:
            self._article_hosts |= begin_anew(db, (article["id"],))
        self._article_hosts |= {article["host_id"], changes.get("host_id", article["host_id"])}
        update_article(db, article, changes)

    def _moved(self, db: Database, article: Any, keyed: KeyedEntry) -> dict[str, Any]:
        """Return what changes of an article whose entry has a new address, which nothing else answers to."""
        key, link = keyed.article_key, keyed.entry.link
        if key is None or link is None or owners(db, (key,)) or buried(db, (key,)) is not None:
            return {}
        add_keys(db, article["id"], (key,), self._now)
        self._owners[storable(key)] = article["id"]
        return {"url": link, "host_id": self._host_id(db, link), "has_page": True, "etag": None, "last_modified": None}

    def _leave_shared(self, db: Database, feed_id: int) -> None:
        """Ask no more for the page of articles whose address other entries have come to share: it is not theirs."""
        own_keys = [item.keyed.own_key for item in self._commit.decisions if item.keyed.own_key]
        if not own_keys:
            return
        addresses = strings_json({key.partition("|")[0] for key in own_keys})
        rows = db.execute(_SHARING, {"addresses": addresses, "feed": feed_id}).fetchall()
        ids = [row["id"] for row in rows]
        self._article_hosts |= begin_anew(db, ids) | {row["host_id"] for row in rows}
        for row in rows:
            update(db, "articles", row["id"], {"has_page": False, "recheck_at": None})
            detail = f"other entries share {row['key']}: its page is not asked for any more"
            note(db, self._now, "shared-address", detail, article_id=row["id"])
        mark_changed(db, ids)

    def _see(self, db: Database) -> None:
        known = [item for item in self._commit.decisions if item.action != "update" and item.entry_id is not None]
        for changes, ids in _by_changes(known).items():
            db.execute(
                "UPDATE entries SET last_seen_at = ?, changes = ? WHERE id IN (SELECT value FROM json_each(?))",
                (to_text(self._now), changes, ids_json(ids)),
            )
        db.conn.executemany(
            "UPDATE entries SET guid_key = coalesce(?, guid_key), link_key = coalesce(?, link_key) WHERE id = ?",
            [(*_stored_keys(item.keyed.keys), item.entry_id) for item in known if item.has_new_keys],
        )

        db.conn.executemany(_NEW_ITEM, [row for item in known for row in _new_item(item)])

    # ---- the feed

    def _save_feed(self, db: Database, feed: Any) -> None:
        commit, record, state = self._commit, self._commit.record, self._commit.state
        is_polled = feed["removed_at"] is None and not feed["paused"]  # the list may have changed meanwhile
        host = feed["host_id"]
        if state.current_url != feed["current_url"]:
            host = host_id(db, host_of(state.current_url))
        values = {
            **feed_state_columns(state),
            "name": feed["given_name"] or state.title or feed["url"],
            "site_url": commit.site_url or feed["site_url"],
            "host_id": host,
            "last_status": record.status,
            "last_http_status": record.http_status,
            "last_error": record.error,
            "next_poll_at": commit.next_poll.at if is_polled else None,
            "next_poll_reason": commit.next_poll.reason,
            "held_until": commit.next_poll.held_until,
        }
        update(db, "feeds", feed["id"], values)
        refresh_slots(db, "feeds", {feed["host_id"], host})

    def _record(self, db: Database) -> None:
        record, next_poll = self._commit.record, self._commit.next_poll
        values = {
            "feed_id": self._commit.feed_id,
            "started_at": record.started_at,
            "finished_at": record.finished_at,
            "status": record.status,
            "http_status": record.http_status,
            "error": record.error,
            "wire_bytes": record.wire_bytes,
            "entries_seen": record.entries_seen,
            "entries_new": self._entries_new,
            "articles_new": self._articles_new,
            "next_poll_at": next_poll.at,
            "next_poll_reason": next_poll.reason,
            "warnings": record.warnings,
            "notes": record.notes,
        }
        insert(db, "polls", values)


def _article_key(feed: Any, keyed: KeyedEntry) -> str:
    """Return what the article of an entry is known by; an entry without a page is its own article."""
    return keyed.article_key or keyed.own_key or f"entry:{feed['id']}:{keyed.keys.guid or keyed.keys.content_hash}"


def _key_columns(keys: EntryKeys) -> dict[str, object]:
    return {"guid_key": keys.guid, "link_key": keys.link, "content_hash": keys.content_hash}


def _by_changes(decisions: Sequence[EntryDecision]) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for decision in decisions:
        if decision.entry_id is not None:
            found[decision.changes].append(decision.entry_id)
    return found


def _new_item(decision: EntryDecision) -> list[tuple[object, ...]]:
    """Return what `_NEW_ITEM` takes of an entry that was parsed anew and has nothing new to say."""
    entry = decision.keyed.entry
    if entry.item is None or entry.on_file is not None or not decision.rule.startswith("known-"):
        return []
    columns = entry_columns(entry)
    return [(entry.item, decision.entry_id, *(to_column(columns[name]) for name in _WRITTEN))]


def _stored_keys(keys: EntryKeys) -> tuple[object, object]:
    return to_column(keys.guid), to_column(keys.link)


def _different(article: Any, words: dict[str, object]) -> dict[str, Any]:
    return {name: value for name, value in words.items() if to_column(value) != article[name]}
