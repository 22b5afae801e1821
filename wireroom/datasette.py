"""The archive in Datasette: what its pages are told of the tables (https://docs.datasette.io/en/stable/metadata.html).

Datasette 0.65 reads everything from its metadata file; 1.0 reads words from there, and how tables are shown and the
queries from its configuration file.
"""

from __future__ import annotations

from typing import Any

from store.descriptions import COLUMN_WORDS, TABLE_WORDS, VIEW_WORDS

#: What a reader of the archive looks for; the other tables are Wireroom's own accounts, and hidden.
_SHOWN = (
    "articles", "entries", "feeds", "polls", "revisions", "readings", "removals", "stories", "tellings", "pages",
    "marks", "tombstones",
)  # fmt: skip
_OWN = ("_sqlite_migrations",)
_FACETS: dict[str, list[object]] = {
    "articles": ["status", "language", "site_name", "origin_feed_id", {"date": "published_at"}],
    "entries": ["feed_id", "rule", {"array": "categories"}, {"date": "published_at"}],
    "feeds": ["last_status", "paused", {"array": "tags"}],
    "polls": ["status", "feed_id", {"date": "started_at"}],
    "revisions": [{"array": "changed"}, {"date": "at"}],
    "readings": ["run_id", {"array": "changed"}],
    "kept_pages": ["site_name", {"date": "fetched_at"}],
    "removals": ["cause", {"date": "removed_at"}],
    "tellings": ["how", {"date": "at"}],
    "edits": ["feed", "site_name", {"date": "at"}],
    "articles_today": ["feed", "site_name", "language"],
    "unread_articles": ["feed", "site_name", "language"],
    "dropped_entries": ["feed", "rule", {"date": "dropped_at"}],
    "feed_health": ["last_status"],
    "removed_articles": ["cause", "site_name", {"date": "removed_at"}],
}
_NEWEST_FIRST = {
    "articles": "id", "entries": "id", "polls": "id", "edits": "at", "articles_today": "first_seen_at",
    "unread_articles": "first_seen_at", "dropped_entries": "dropped_at", "removed_articles": "removed_at",
    "kept_pages": "fetched_at",
    "story_sizes": "last_seen_at", "tellings": "at",
}  # fmt: skip
_LABELS = {"articles": "title", "entries": "title", "feeds": "name", "hosts": "name", "stories": "title"}
_QUERIES: dict[str, tuple[str, str, str]] = {
    "search_with_snippets": (
        "Search, with the words found in their context",
        "All the words must be there; \"quotes\" make a phrase. The newest filed come first.",
        """SELECT a.id, a.title, snippet(articles_fts, -1, '[', ']', ' ... ', 24) AS found, a.site_name, a.url
FROM articles_fts JOIN articles a ON a.id = articles_fts.rowid
WHERE articles_fts MATCH coalesce(nullif(escape_fts(:words), ''), '""')
ORDER BY a.id DESC LIMIT 100""",
    ),
    "articles_per_day": (
        "Articles per day and site",
        "Of the last 30 days, by when they were first seen.",
        """SELECT date(first_seen_at) AS day, site_name, count(*) AS articles, sum(status = 'full') AS full
FROM articles WHERE first_seen_at >= strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-30 days')
GROUP BY day, site_name ORDER BY day DESC, articles DESC""",
    ),
    "who_published_first": (
        "What several feeds carried",
        "Articles that more than one feed had, with the time of each sighting.",
        """SELECT a.id, a.title, count(*) AS feeds, group_concat(f.name || ' ' || e.first_seen_at, '; ') AS seen
FROM entries e JOIN articles a ON a.id = e.article_id JOIN feeds f ON f.id = e.feed_id
GROUP BY a.id HAVING count(DISTINCT e.feed_id) > 1 ORDER BY a.id DESC LIMIT 200""",
    ),
    "failed_polls": (
        "Polls that failed in the last week",
        "With the reason, and what happened next.",
        """SELECT f.name AS feed, p.started_at, p.http_status, p.error, p.next_poll_at, p.next_poll_reason
FROM polls p JOIN feeds f ON f.id = p.feed_id
WHERE p.status IN ('failed', 'gone') AND p.started_at >= strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-7 days')
ORDER BY p.started_at DESC LIMIT 500""",
    ),
}  # fmt: skip


def metadata(database: str) -> dict[str, Any]:
    """Return what Datasette 0.65 reads with `--metadata`; `database` is the file's name without its ending."""
    words = {**TABLE_WORDS, **VIEW_WORDS}
    tables: dict[str, dict[str, Any]] = {name: {"description": words[name]} for name in words}
    for name, columns in COLUMN_WORDS.items():
        tables[name]["columns"] = columns
    for name, shown in _tables().items():
        tables[name] = {**tables.get(name, {}), **shown}
    return {
        "title": "Wireroom",
        "description": "News as it was published: articles, their versions, and the feeds they came from.",
        "databases": {database: {"tables": tables, "queries": _queries()}},
    }


def configuration(database: str) -> dict[str, Any]:
    """Return what Datasette 1.0 reads with `--config`; the words it takes from `metadata`."""
    return {"databases": {database: {"tables": _tables(), "queries": _queries()}}}


def _tables() -> dict[str, dict[str, Any]]:
    """Return how each table and view is shown."""
    found: dict[str, dict[str, Any]] = {}
    for name in (*TABLE_WORDS, *VIEW_WORDS, *_OWN):
        shown: dict[str, Any] = {"facets": _FACETS[name]} if name in _FACETS else {}
        if name in _NEWEST_FIRST:
            shown["sort_desc"] = _NEWEST_FIRST[name]
        if name in _LABELS:
            shown["label_column"] = _LABELS[name]
        if name == "articles":
            shown |= {"fts_table": "articles_fts", "fts_pk": "id", "size": 50}
        if name not in _SHOWN and name not in VIEW_WORDS:
            shown["hidden"] = True
        found[name] = shown
    return {name: shown for name, shown in found.items() if shown}


def _queries() -> dict[str, dict[str, str]]:
    return {name: {"title": title, "description": words, "sql": sql} for name, (title, words, sql) in _QUERIES.items()}
