"""The tables, as migrations: appended, never edited.

Made to be read by people and by Datasette: short columns first, big texts last, real foreign keys, ISO times in UTC,
JSON arrays for lists.
"""

from __future__ import annotations

import zstandard
from sqlite_utils import Database, Migrations
from sqlite_utils.db import Table

from store.sqlite.schema.first_tables import ARTICLES, ENTRIES, FEEDS, HOSTS
from store.sqlite.schema.joined_hosts import join_hosts
from store.sqlite.schema.later_tables import (
    ANSWERS,
    CONFIDENCE,
    DICTIONARIES,
    DRIFTS,
    INDEXED_ROWS,
    PAGES_OF_VERSIONS,
    RUNS,
    STEMS,
    STORIES,
    WORDS,
)

migrations = Migrations("wireroom")

#: What a search looks through, in the order of the index's columns. Part of the schema: changed only by a migration.
INDEXED = ("title", "byline", "credit", "section", "site_name", "text")

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

#: Runs of scripts without spaces, cut into pairs by the store; no text is kept twice. Every non-ASCII
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

_LEDGER = """
CREATE TABLE ledger (
    host TEXT PRIMARY KEY,
    since TEXT NOT NULL,
    requests INTEGER NOT NULL DEFAULT 0,
    wire_bytes INTEGER NOT NULL DEFAULT 0,
    not_modified INTEGER NOT NULL DEFAULT 0,  -- answers that were 304
    pauses_asked INTEGER NOT NULL DEFAULT 0,  -- answers with Retry-After
    pauses_broken INTEGER NOT NULL DEFAULT 0,  -- requests made before such a pause was over
    robots_refusals INTEGER NOT NULL DEFAULT 0,  -- pages left alone because robots.txt says so
    least_gap_s REAL,  -- between two visits of its pages; NULL = there were not two
    last_request_at TEXT,
    last_page_at TEXT
) WITHOUT ROWID;
"""

_TERMS = """
ALTER TABLE articles ADD COLUMN refused_on TEXT;  -- the terms on which its page is refused until they change
CREATE INDEX articles_refused ON articles(refused_on) WHERE refused_on IS NOT NULL;
ALTER TABLE polls ADD COLUMN notes TEXT NOT NULL DEFAULT '[]';  -- what was decided beside the next time, and why
"""


#: Old versions compressed and with what changed; when an article is looked at again; pages that were taken down.
_REVISIONS = """
CREATE TABLE told_revisions (
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    rule TEXT NOT NULL,  -- what filed it
    changed TEXT,  -- what differs from the version before; [] = nothing the site edited; NULL = not recorded
    title TEXT,
    word_count INTEGER NOT NULL,
    snapshot BLOB,  -- the whole version as JSON, zstd; NULL = it is the one in articles
    PRIMARY KEY (article_id, number)
);
INSERT INTO told_revisions
    SELECT article_id, number, at, rule, CASE number WHEN 1 THEN '[]' END, title, word_count, snapshot FROM revisions;
DROP TABLE revisions;
ALTER TABLE told_revisions RENAME TO revisions;
ALTER TABLE articles ADD COLUMN recheck_at TEXT;  -- when to look at it again, after all that is new; NULL = no more
ALTER TABLE articles ADD COLUMN rechecks INTEGER NOT NULL DEFAULT 0;
CREATE INDEX articles_by_recheck ON articles(host_id, recheck_at) WHERE recheck_at IS NOT NULL;
ALTER TABLE slots ADD COLUMN recheck_at TEXT;  -- when its next article is to be looked at again; NULL = none is
ALTER TABLE slots ADD COLUMN recheck_ready_at TEXT GENERATED ALWAYS AS (
    CASE WHEN allowed_at > recheck_at THEN allowed_at ELSE recheck_at END) VIRTUAL;
CREATE INDEX slots_by_recheck ON slots(recheck_ready_at) WHERE recheck_at IS NOT NULL;
ALTER TABLE feeds ADD COLUMN recheck INTEGER NOT NULL DEFAULT 1;
CREATE TABLE removals (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    cause TEXT NOT NULL,  -- 404, 410, 451; home, section, redirect: its address leads there; replaced: by another text
    missing_at TEXT NOT NULL,  -- first found missing
    removed_at TEXT,  -- confirmed by a second look; NULL = not yet
    back_at TEXT,  -- there again
    reason TEXT NOT NULL
);
CREATE INDEX removals_by_article ON removals(article_id);
CREATE VIEW edits AS
SELECT r.article_id, a.title AS article, r.number AS revision, r.at, r.changed, a.site_name, f.name AS feed,
    r.word_count, a.url
FROM revisions r JOIN articles a ON a.id = r.article_id LEFT JOIN feeds f ON f.id = a.origin_feed_id
WHERE r.number > 1 AND coalesce(r.changed, '') <> '[]';
CREATE VIEW removed_articles AS
SELECT r.article_id, a.title AS article, a.site_name, f.name AS feed, r.cause, r.missing_at, r.removed_at,
    r.reason, a.url
FROM removals r JOIN articles a ON a.id = r.article_id LEFT JOIN feeds f ON f.id = a.origin_feed_id
WHERE r.removed_at IS NOT NULL AND r.back_at IS NULL;
"""


#: Weak keys: they name articles that may be this one, which is settled by comparing what they say. Kept when an
#: article goes, so that it does not come back by another way.
_IDENTITY = """
CREATE TABLE article_claims (
    key TEXT NOT NULL,  -- canonical form of the address that ...
    article_id INTEGER NOT NULL,  -- ... this article may be found at, too; it may be one that was deleted
    source TEXT NOT NULL,  -- canonical, amphtml: its page says so; twin: its address looks like a mobile or AMP form
    PRIMARY KEY (key, article_id)
) WITHOUT ROWID;
CREATE INDEX article_claims_by_article ON article_claims(article_id);
ALTER TABLE article_keys ADD COLUMN first_seen_at TEXT;  -- NULL = before this was kept
ALTER TABLE tombstones ADD COLUMN entry_id INTEGER REFERENCES entries(id);  -- which has the trail
ALTER TABLE tombstones ADD COLUMN title TEXT;  -- by which it is known under an address that only claims to be its
ALTER TABLE tombstones ADD COLUMN united_with INTEGER;  -- the article it turned out to be
ALTER TABLE entries ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;  -- in a row, without another updated_at
ALTER TABLE entries ADD COLUMN article_key TEXT;  -- of an entry without an article: what that would be known by
ALTER TABLE drafts ADD COLUMN claims TEXT NOT NULL DEFAULT '[]';  -- for article_claims, when it is filed
"""


@migrations()
def first_schema(db: Database) -> None:
    """Make everything."""
    for sql in (HOSTS, FEEDS, ARTICLES, ENTRIES):
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


@migrations()
def politeness_ledger(db: Database) -> None:
    """Keep what is asked of each host."""
    db.executescript(_LEDGER)


@migrations()
def terms_of_refusal(db: Database) -> None:
    """Keep on what terms a page is refused, and what a poll decided."""
    db.executescript(_TERMS)


@migrations()
def revisions_and_removals(db: Database) -> None:
    """Keep what changed from version to version, when to look again, which pages are gone; compress old versions."""
    db.executescript(_REVISIONS)
    old = db.execute("SELECT article_id, number, snapshot FROM revisions WHERE snapshot IS NOT NULL").fetchall()
    packed = [(zstandard.compress(snapshot.encode()), article_id, number) for article_id, number, snapshot in old]
    db.conn.executemany("UPDATE revisions SET snapshot = ? WHERE article_id = ? AND number = ?", packed)


@migrations()
def identity(db: Database) -> None:
    """Keep weak keys of articles, when addresses were first seen, and what brings dropped entries back."""
    db.executescript(_IDENTITY)


@migrations()
def item_fingerprints(db: Database) -> None:
    """Know entries by the bytes of their items, so that what a feed repeats is not parsed again."""
    db.execute("ALTER TABLE entries ADD COLUMN item INTEGER")
    db.execute("CREATE INDEX entries_by_item ON entries(feed_id, item) WHERE item IS NOT NULL")


@migrations()
def stories(db: Database) -> None:
    """Keep what articles that tell the same are found by, and how each came to its story."""
    db.executescript(STORIES)


@migrations()
def dictionaries(db: Database) -> None:
    """Keep what pages are packed with."""
    db.executescript(DICTIONARIES)


@migrations()
def reprocessing(db: Database) -> None:
    """Keep runs over stored pages, and tell versions of ours from the publisher's edits."""
    db.executescript(RUNS)


@migrations()
def search_by_stems(db: Database) -> None:
    """Index stems, facets and parts of runs in one place instead of the pairs alone; keep searches."""
    db.executescript(STEMS)


@migrations()
def drift_of_sites(db: Database) -> None:
    """Keep alarms of sites whose articles are no longer what they were."""
    db.executescript(DRIFTS)


@migrations()
def drift_without_looks(db: Database) -> None:
    """Forget how far was looked: the daemon knows what it has settled."""
    db.execute("DROP TABLE drift_looks")


@migrations()
def answers_of_new_feeds(db: Database) -> None:
    """Keep what `feeds add` fetched for the first poll: no feed is asked twice in seconds."""
    db.executescript(ANSWERS)


@migrations()
def pages_of_versions(db: Database) -> None:
    """Keep the pages of every version, what was asked and answered, and later readings beside what was filed."""
    db.executescript(PAGES_OF_VERSIONS)


@migrations()
def words_as_searches_see_them(db: Database) -> None:
    """Index words in their order, folded as searches do, of articles that SQLite's own tokenizer would spoil."""
    db.executescript(WORDS)


@migrations()
def indexed_rows(db: Database) -> None:
    """Give the indexes without text rows that other programs can count: `sqlite-utils tables --counts` failed."""
    db.executescript(INDEXED_ROWS)


@migrations()
def confidence(db: Database) -> None:
    """Keep how sure it is that a text is the article's."""
    db.execute(CONFIDENCE)


@migrations()
def hosts_in_one_form(db: Database) -> None:
    """Make one of hosts that are one: `paper.example` and `paper.example.`, a name in Unicode and in punycode."""
    join_hosts(db)
