"""The tables, as migrations: appended, never edited.

Made to be read by people and by Datasette: short columns first, big texts last, real foreign keys, ISO times in UTC,
JSON arrays for lists.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations
from sqlite_utils.db import Table

migrations = Migrations("wireroom")

#: What a search looks through, in the order of the index's columns. Part of the schema: changed only by a migration.
INDEXED = ("title", "byline", "credit", "section", "site_name", "text")

_HOSTS = """
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

_FEEDS = """
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

_ARTICLES = """
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

_ENTRIES = """
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

#: Articles of several pages: a row of `pages` for each, and what is known while they are being read.
_PAGES = """
CREATE TABLE numbered_pages (
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,  -- its place among the article's pages
    is_draft INTEGER NOT NULL,  -- read for a version whose other pages are still to come
    is_whole INTEGER NOT NULL,  -- has the whole article: read in place of the pages before it
    url TEXT NOT NULL,
    content_type TEXT,
    fetched_at TEXT NOT NULL,
    raw_bytes INTEGER NOT NULL,
    body BLOB NOT NULL,  -- zstd
    PRIMARY KEY (article_id, number, is_draft)
);
INSERT INTO numbered_pages SELECT article_id, 1, 0, 0, url, content_type, fetched_at, raw_bytes, body FROM pages;
DROP TABLE pages;
ALTER TABLE numbered_pages RENAME TO pages;
CREATE TABLE drafts (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
    next_url TEXT NOT NULL,  -- the page to fetch next
    is_whole INTEGER NOT NULL,  -- that one has the whole article
    urls TEXT NOT NULL,  -- of the pages read
    keys TEXT NOT NULL,  -- for article_keys, when it is filed
    version TEXT NOT NULL  -- the pages read as one, as JSON: columns of articles
);
"""

_VIEWS = """
CREATE VIEW unread_articles AS
SELECT a.id, a.title, f.name AS feed, a.site_name, a.published_at, a.first_seen_at, a.language, a.url
FROM articles a LEFT JOIN feeds f ON f.id = a.origin_feed_id LEFT JOIN marks m ON m.article_id = a.id
WHERE m.read_at IS NULL AND a.status <> 'pending';
CREATE VIEW articles_today AS
SELECT a.id, a.title, f.name AS feed, a.site_name, a.status, a.published_at, a.first_seen_at, a.language, a.url
FROM articles a LEFT JOIN feeds f ON f.id = a.origin_feed_id
WHERE a.first_seen_at >= strftime('%Y-%m-%dT00:00:00.000000Z', 'now');
CREATE VIEW feed_health AS
SELECT f.id, f.name, f.last_status, f.last_http_status, f.last_error, f.failures, f.last_polled_at, f.next_poll_at,
    f.next_poll_reason, f.paused, f.gone, f.removed_at,
    (SELECT count(DISTINCT e.article_id) FROM entries e WHERE e.feed_id = f.id) AS articles, f.url
FROM feeds f;
CREATE VIEW dropped_entries AS
SELECT e.id, e.title, f.name AS feed, e.dropped_at, e.rule, e.detail, e.link
FROM entries e JOIN feeds f ON f.id = e.feed_id WHERE e.dropped_at IS NOT NULL;
"""

_TRIGGERS = """
CREATE TRIGGER articles_ai AFTER INSERT ON articles BEGIN
    INSERT INTO articles_fts (rowid, {columns}) VALUES (new.id, {new});
END;
CREATE TRIGGER articles_ad AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, {columns}) VALUES ('delete', old.id, {old});
END;
CREATE TRIGGER articles_au AFTER UPDATE OF {columns} ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, {columns}) VALUES ('delete', old.id, {old});
    INSERT INTO articles_fts (rowid, {columns}) VALUES (new.id, {new});
END;
"""

#: Runs of scripts without spaces, cut into pairs by the store (store/grams.py); no text is kept twice. Every non-ASCII
#: character must be part of a token: unicode61 by itself takes Thai vowel signs for separators.
_GRAMS = """
CREATE VIRTUAL TABLE articles_cjk USING fts5(
    grams, content='', columnsize=0, tokenize="unicode61 remove_diacritics 2 categories 'L* M* N* Co'"
);
"""

_ROBOTS = """
CREATE TABLE robots (
    origin TEXT PRIMARY KEY,  -- scheme, host, and port if it is not the scheme's own
    fetched_at TEXT NOT NULL,
    status INTEGER,  -- of the answer; NULL = it could not be reached
    body BLOB NOT NULL
) WITHOUT ROWID;
"""

_PAUSES = """
CREATE TABLE blocks (
    domain TEXT PRIMARY KEY,  -- it and the hosts below it are left alone (429, 503) ...
    until TEXT NOT NULL  -- ... before this; the slots of known hosts have it as allowed_at
) WITHOUT ROWID;
ALTER TABLE feeds ADD COLUMN held_until TEXT;  -- its server wants nothing before this, whatever is asked for
ALTER TABLE feeds ADD COLUMN redirect_polls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN suggestion TEXT;  -- feed offered by the web page that came in its place
ALTER TABLE feeds ADD COLUMN suggested_at TEXT;
ALTER TABLE feeds ADD COLUMN intake TEXT NOT NULL DEFAULT '{}';  -- what it held and published, as JSON
"""


@migrations()
def first_schema(db: Database) -> None:
    """Make everything."""
    for sql in (_HOSTS, _FEEDS, _ARTICLES, _ENTRIES):
        db.executescript(sql)
    articles = db["articles"]
    assert isinstance(articles, Table)
    # sqlite-utils' own update trigger fires on any column: marking 1,000 read took 0.26 s against 0.003 s.
    articles.enable_fts(INDEXED, tokenize="unicode61 remove_diacritics 2", create_triggers=False)
    names = {"columns": ", ".join(INDEXED)}
    for row in ("old", "new"):
        names[row] = ", ".join(f"{row}.{column}" for column in INDEXED)
    db.executescript(_TRIGGERS.format(**names))
    db.executescript(_GRAMS)
    db.executescript(_VIEWS)


@migrations()
def numbered_pages(db: Database) -> None:
    """Keep every page of an article, and where the reading of one stands."""
    db.executescript(_PAGES)


@migrations()
def robots_by_origin(db: Database) -> None:
    """Keep robots.txt by scheme, host and port (RFC 9309, 2.3): a host name may have several. All are asked anew."""
    for column in ("robots_fetched_at", "robots_status", "robots"):
        db.execute(f"ALTER TABLE hosts DROP COLUMN {column}")
    db.execute(_ROBOTS)


@migrations()
def pauses(db: Database) -> None:
    """Keep who asked for a pause, a web page's offer in a feed's place, and what a feed holds and publishes."""
    db.executescript(_PAUSES)
