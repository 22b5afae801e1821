"""The tables that the first migration makes. Never edited: what has changed since is in store/schema.py."""

from __future__ import annotations

HOSTS = """
CREATE TABLE hosts (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    robots_fetched_at TEXT,
    robots_status INTEGER,  -- NULL = robots.txt could not be reached
    robots BLOB
);
CREATE TABLE slots (
    host_id INTEGER NOT NULL REFERENCES hosts(id),
    slot TEXT NOT NULL CHECK (slot IN ('feeds', 'articles')),
    due_at TEXT,  -- when its next feed or article is due; NULL = nothing is
    allowed_at TEXT,  -- not before this: gap between fetches, Retry-After
    ready_at TEXT GENERATED ALWAYS AS (CASE WHEN allowed_at > due_at THEN allowed_at ELSE due_at END) VIRTUAL,
    leased_until TEXT,
    fence INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (host_id, slot)
) WITHOUT ROWID;
CREATE INDEX slots_by_ready ON slots(ready_at);
CREATE INDEX slots_by_due ON slots(due_at);
"""

FEEDS = """
CREATE TABLE feeds (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,  -- the user's name for it, else its title, else its address
    url TEXT NOT NULL UNIQUE,  -- as in feeds.yaml
    current_url TEXT NOT NULL,  -- the address that is polled
    host_id INTEGER NOT NULL REFERENCES hosts(id),
    title TEXT,
    site_url TEXT,
    given_name TEXT,
    tags TEXT NOT NULL DEFAULT '[]',
    interval_s REAL,
    schedule TEXT,
    time_zone TEXT,
    full_text INTEGER NOT NULL DEFAULT 1,
    paused INTEGER NOT NULL DEFAULT 0,
    keep_words TEXT NOT NULL DEFAULT '[]',
    drop_words TEXT NOT NULL DEFAULT '[]',
    added_at TEXT NOT NULL,
    removed_at TEXT,  -- no longer in feeds.yaml
    gone INTEGER NOT NULL DEFAULT 0,  -- answered 410
    failures INTEGER NOT NULL DEFAULT 0,
    last_polled_at TEXT,
    last_body_at TEXT,
    last_status TEXT,
    last_http_status INTEGER,
    last_error TEXT,
    next_poll_at TEXT,  -- NULL = not polled: paused, removed, gone
    next_poll_reason TEXT,
    etag TEXT,
    last_modified TEXT,
    body_hash TEXT,
    redirect_target TEXT,
    redirect_since TEXT,
    hints TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX feeds_by_due ON feeds(host_id, next_poll_at) WHERE next_poll_at IS NOT NULL;
CREATE TABLE polls (
    id INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds(id),
    started_at TEXT NOT NULL,
    finished_at TEXT NOT NULL,
    status TEXT NOT NULL,
    http_status INTEGER,
    error TEXT,
    wire_bytes INTEGER NOT NULL,
    entries_seen INTEGER NOT NULL,
    entries_new INTEGER NOT NULL,
    articles_new INTEGER NOT NULL,
    next_poll_at TEXT,
    next_poll_reason TEXT NOT NULL,
    warnings TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX polls_by_feed ON polls(feed_id, started_at);
"""

ARTICLES = """
CREATE TABLE stories (
    id INTEGER PRIMARY KEY,
    title TEXT,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL
);
CREATE TABLE articles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice
    title TEXT,
    status TEXT NOT NULL CHECK (status IN ('pending', 'full', 'feed_only', 'failed')),
    kind TEXT NOT NULL DEFAULT 'article',
    reason TEXT,  -- why it is not full
    kind_reason TEXT,  -- why its kind is not article
    site_name TEXT,
    section TEXT,
    language TEXT,
    byline TEXT NOT NULL DEFAULT '[]',
    agencies TEXT NOT NULL DEFAULT '[]',
    published_at TEXT,
    updated_at TEXT,
    first_seen_at TEXT NOT NULL,
    fetched_at TEXT,
    word_count INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL DEFAULT 0,  -- 0 = nothing but the feed's words yet
    change_seq INTEGER NOT NULL,
    story_id INTEGER REFERENCES stories(id),
    origin_feed_id INTEGER REFERENCES feeds(id),  -- the first feed that had it; NULL = saved by hand
    host_id INTEGER NOT NULL REFERENCES hosts(id),
    url TEXT NOT NULL,
    canonical_url TEXT,  -- as the page declares it
    article_key TEXT NOT NULL,  -- canonical form of the address it was first known by
    has_page INTEGER NOT NULL DEFAULT 1,
    next_fetch_at TEXT,
    settled_at TEXT,
    last_checked_at TEXT,
    checks INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    http_status INTEGER,
    etag TEXT,
    last_modified TEXT,
    image_url TEXT,
    image_alt TEXT,
    image_caption TEXT,
    credit TEXT,  -- who made the lead picture
    summary TEXT,
    images TEXT NOT NULL DEFAULT '[]',
    related TEXT NOT NULL DEFAULT '[]',
    text TEXT NOT NULL DEFAULT '',
    markdown TEXT NOT NULL DEFAULT '',
    html TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX articles_by_change ON articles(change_seq);
CREATE INDEX articles_by_due ON articles(host_id, next_fetch_at, id DESC) WHERE next_fetch_at IS NOT NULL;
CREATE INDEX articles_by_url ON articles(url);
CREATE INDEX articles_by_first_seen ON articles(first_seen_at);
CREATE INDEX articles_by_published ON articles(published_at);
CREATE INDEX articles_by_story ON articles(story_id) WHERE story_id IS NOT NULL;
CREATE INDEX articles_by_status ON articles(status, first_seen_at);
CREATE TABLE article_keys (
    key TEXT PRIMARY KEY,  -- canonical forms of the addresses that lead to the article
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX article_keys_by_article ON article_keys(article_id);
CREATE TABLE revisions (
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    rule TEXT NOT NULL,
    title TEXT,
    word_count INTEGER NOT NULL,
    snapshot TEXT,  -- the whole version as JSON; NULL = it is the one in articles
    PRIMARY KEY (article_id, number)
);
CREATE TABLE pages (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    content_type TEXT,
    fetched_at TEXT NOT NULL,
    raw_bytes INTEGER NOT NULL,
    body BLOB NOT NULL  -- zstd
);
CREATE TABLE marks (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
    read_at TEXT,
    starred_at TEXT
);
CREATE INDEX marks_starred ON marks(article_id) WHERE starred_at IS NOT NULL;
CREATE TABLE article_tags (
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (article_id, tag)
) WITHOUT ROWID;
CREATE INDEX article_tags_by_tag ON article_tags(tag);
CREATE TABLE tombstones (
    id INTEGER PRIMARY KEY,  -- the article's
    deleted_at TEXT NOT NULL,
    change_seq INTEGER NOT NULL UNIQUE
);
CREATE TABLE tombstone_keys (
    key TEXT PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES tombstones(id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX tombstone_keys_by_article ON tombstone_keys(article_id);
CREATE TABLE sequence (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO sequence (name, value) VALUES ('change_seq', 0);
CREATE TABLE export_cursors (
    name TEXT PRIMARY KEY,
    change_seq INTEGER NOT NULL,
    updated_at TEXT NOT NULL
) WITHOUT ROWID;
"""

ENTRIES = """
CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    title TEXT,
    feed_id INTEGER NOT NULL REFERENCES feeds(id),
    article_id INTEGER REFERENCES articles(id) ON DELETE SET NULL,  -- NULL = dropped, or its article was deleted
    published_at TEXT,
    updated_at TEXT,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    dropped_at TEXT,
    rule TEXT NOT NULL,  -- what filed or dropped it ...
    detail TEXT NOT NULL,  -- ... and on what value
    guid TEXT,
    link TEXT,
    guid_key TEXT,  -- what it is recognised by
    link_key TEXT,
    content_hash TEXT NOT NULL,
    language TEXT,
    authors TEXT NOT NULL DEFAULT '[]',
    categories TEXT NOT NULL DEFAULT '[]',
    enclosures TEXT NOT NULL DEFAULT '[]',
    comments_url TEXT,
    image_url TEXT,
    summary_html TEXT,
    content_html TEXT
);
CREATE INDEX entries_by_guid ON entries(feed_id, guid_key) WHERE guid_key IS NOT NULL;
CREATE INDEX entries_by_link_key ON entries(feed_id, link_key) WHERE link_key IS NOT NULL;
CREATE INDEX entries_by_hash ON entries(feed_id, content_hash);
CREATE INDEX entries_by_time ON entries(feed_id, coalesce(published_at, updated_at, first_seen_at));
CREATE INDEX entries_by_feed_and_article ON entries(feed_id, article_id);
CREATE INDEX entries_by_article ON entries(article_id) WHERE article_id IS NOT NULL;
CREATE INDEX entries_by_link ON entries(link);
CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    about TEXT NOT NULL CHECK (about IN ('entry', 'article')),
    rule TEXT NOT NULL,
    detail TEXT NOT NULL,
    feed_id INTEGER REFERENCES feeds(id),
    entry_id INTEGER REFERENCES entries(id),
    article_id INTEGER REFERENCES articles(id) ON DELETE SET NULL
);
CREATE INDEX decisions_by_entry ON decisions(entry_id) WHERE entry_id IS NOT NULL;
CREATE INDEX decisions_by_article ON decisions(article_id) WHERE article_id IS NOT NULL;
"""
