"""Tables that came after the first ones, as SQL; `store.schema` says when."""

from __future__ import annotations

#: Stories: what articles are found by, and how each came to its story.
STORIES = """
CREATE TABLE story_keys (
    period INTEGER NOT NULL,  -- of 14 days, by when the article was first seen
    key INTEGER NOT NULL,  -- of its text's sketch, its title or its site (scraper/words.py, scraper/story.py)
    article_id INTEGER NOT NULL,  -- it may be gone
    site INTEGER NOT NULL,  -- checksum of the site's domain
    PRIMARY KEY (period, key, article_id)
) WITHOUT ROWID;
CREATE TABLE tellings (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
    like_id INTEGER NOT NULL,  -- the article it was found to be like; that may be gone
    how TEXT NOT NULL,  -- copy, retold, headline
    share REAL NOT NULL,  -- of its text, so much was in the other's ...
    share_of_other REAL NOT NULL,  -- ... and of the other's in its
    at TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX tellings_by_like ON tellings(like_id);
ALTER TABLE feeds ADD COLUMN stories INTEGER NOT NULL DEFAULT 1;
CREATE VIEW story_sizes AS
SELECT s.id AS story, count(*) AS members, count(DISTINCT a.host_id) AS hosts, s.title AS first_title,
    min(a.first_seen_at) AS first_seen_at, max(a.first_seen_at) AS last_seen_at
FROM stories s JOIN articles a ON a.story_id = s.id GROUP BY s.id;
"""

#: What pages are packed with.
DICTIONARIES = """
CREATE TABLE dictionaries (
    id INTEGER PRIMARY KEY,
    made_at TEXT NOT NULL,
    pages INTEGER NOT NULL,  -- how many there were then
    body BLOB NOT NULL  -- of zstd; empty = one would not have helped
);
ALTER TABLE pages ADD COLUMN dictionary_id INTEGER REFERENCES dictionaries(id);  -- NULL = packed without
CREATE INDEX pages_by_dictionary ON pages(dictionary_id) WHERE dictionary_id IS NOT NULL;
CREATE INDEX pages_by_time ON pages(fetched_at);
"""

#: Runs over stored pages. A version that one filed is no edit.
RUNS = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    finished_at TEXT,  -- NULL = broken off
    scope TEXT NOT NULL,  -- what was asked for, in words
    examined INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    undone_at TEXT
);
ALTER TABLE revisions ADD COLUMN run_id INTEGER REFERENCES runs(id);  -- NULL = the publisher's version
CREATE INDEX revisions_by_run ON revisions(run_id) WHERE run_id IS NOT NULL;
DROP VIEW edits;
CREATE VIEW edits AS
SELECT r.article_id, a.title AS article, r.number AS revision, r.at, r.changed, a.site_name, f.name AS feed,
    r.word_count, a.url
FROM revisions r JOIN articles a ON a.id = r.article_id LEFT JOIN feeds f ON f.id = a.origin_feed_id
WHERE r.number > 1 AND coalesce(r.changed, '') <> '[]' AND r.run_id IS NULL;
"""

#: Terms of articles (store/terms.py), written by the store (store/indexing.py). No text is kept twice; the store's own
#: folding decides what a term is, so to SQLite every character beyond ASCII is part of one. Built after the migration.
STEMS = """
DROP TABLE articles_cjk;
CREATE VIRTUAL TABLE articles_stems USING fts5(
    terms, content='', columnsize=0, detail=none, tokenize="ascii tokenchars '_.-'"
);
CREATE TABLE article_facets (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
    facets TEXT NOT NULL,  -- its terms from feeds, tags, language, site, day
    earlier TEXT NOT NULL  -- its terms from the words of earlier versions
);
CREATE TABLE search_languages (
    language TEXT PRIMARY KEY  -- words of searches are reduced by the rules of these
) WITHOUT ROWID;
CREATE TABLE search_index (
    version TEXT NOT NULL,  -- of the rules that made the index
    indexed_from INTEGER NOT NULL  -- articles from this id on are in it; 0 = all
);
INSERT INTO search_index (version, indexed_from) VALUES ('', 0);
CREATE TABLE saved_searches (
    name TEXT PRIMARY KEY,
    query TEXT NOT NULL,
    saved_at TEXT NOT NULL
) WITHOUT ROWID;
"""

#: What `feeds add` fetched waits here for the feed's first poll.
ANSWERS = """
CREATE TABLE answers (
    url TEXT PRIMARY KEY,  -- of the feed, as feeds.yaml lists it
    fetched_at TEXT NOT NULL,
    final_url TEXT NOT NULL,  -- the address that answered
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,  -- JSON: those that a poll looks at
    hops TEXT NOT NULL,  -- JSON: redirects on the way
    took_s REAL NOT NULL,
    wire_bytes INTEGER NOT NULL,
    raw_bytes INTEGER NOT NULL,
    body BLOB NOT NULL  -- zstd
);
"""

#: Alarms of sites, and how far was looked.
DRIFTS = """
CREATE TABLE drifts (
    host_id INTEGER PRIMARY KEY REFERENCES hosts(id),
    since TEXT NOT NULL,
    alarm TEXT NOT NULL,  -- wall, short texts, repeated block
    detail TEXT NOT NULL
);
CREATE TABLE drift_looks (
    seen_id INTEGER NOT NULL  -- the newest article there was at the last look
);
INSERT INTO drift_looks (seen_id) SELECT coalesce(max(id), 0) FROM articles;
CREATE INDEX articles_by_fetch ON articles(host_id, fetched_at, id) WHERE fetched_at IS NOT NULL;
"""

#: Pages belong to versions, and say what was asked and answered; readings of them by later rules stand beside what was
#: filed. Done in place: an archive of a million pages is not copied. What the columns mean is in store/words.py.
PAGES_OF_VERSIONS = """
ALTER TABLE pages RENAME COLUMN is_draft TO revision;
UPDATE pages SET revision = -1 WHERE revision = 1;
UPDATE pages SET revision = max(1, (SELECT a.revision FROM articles a WHERE a.id = article_id)) WHERE revision = 0;
UPDATE pages SET revision = 0 WHERE revision = -1;
ALTER TABLE pages ADD COLUMN prefix_revision INTEGER;
ALTER TABLE pages ADD COLUMN sha256 BLOB;
ALTER TABLE pages ADD COLUMN exchange BLOB;
ALTER TABLE revisions ADD COLUMN hints BLOB;
CREATE TABLE readings (
    article_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,  -- the version whose pages were read
    run_id INTEGER NOT NULL REFERENCES runs(id),
    at TEXT NOT NULL,
    rules_version TEXT NOT NULL,  -- checksum of the program that reads pages and of the site's rule
    changed TEXT NOT NULL,  -- what differs from how the version was read before
    title TEXT,
    word_count INTEGER NOT NULL,
    snapshot BLOB,  -- the whole reading as JSON, zstd; NULL = it is the one in articles
    PRIMARY KEY (article_id, revision, run_id),
    FOREIGN KEY (article_id, revision) REFERENCES revisions(article_id, number) ON DELETE CASCADE
);
CREATE INDEX readings_by_run ON readings(run_id);
CREATE VIEW kept_pages AS
SELECT p.article_id, a.title AS article, p.revision, p.number, p.url, p.fetched_at, p.raw_bytes,
    length(p.body) AS kept_bytes, lower(hex(p.sha256)) AS sha256, a.site_name
FROM pages p JOIN articles a ON a.id = p.article_id WHERE p.revision > 0;
"""

#: Words in their order as searches see them, of articles that `articles_fts` sees in another way (store/indexing.py).
WORDS = """
CREATE VIRTUAL TABLE articles_words USING fts5(
    title, byline, credit, section, site_name, text, content='', columnsize=0, tokenize="ascii tokenchars '_'"
);
ALTER TABLE article_facets ADD COLUMN is_rewritten INTEGER NOT NULL DEFAULT 0;
"""

#: What other programs count and read as the rows of the two indexes, in place of the text that those do not store.
INDEXED_ROWS = """
DROP TABLE articles_stems;
DROP TABLE articles_words;
CREATE VIEW indexed_stems AS SELECT article_id, NULL AS terms FROM article_facets;
CREATE VIEW indexed_words AS
SELECT article_id, NULL AS title, NULL AS byline, NULL AS credit, NULL AS section, NULL AS site_name, NULL AS text
FROM article_facets WHERE is_rewritten;
CREATE VIRTUAL TABLE articles_stems USING fts5(
    terms, content='indexed_stems', content_rowid='article_id', columnsize=0, detail=none,
    tokenize="ascii tokenchars '_.-'"
);
CREATE VIRTUAL TABLE articles_words USING fts5(
    title, byline, credit, section, site_name, text, content='indexed_words', content_rowid='article_id', columnsize=0,
    tokenize="ascii tokenchars '_'"
);
UPDATE search_index SET version = '';
"""

#: How sure it is that the text on file is the article's: 0 to 1, NULL = not judged.
CONFIDENCE = "ALTER TABLE articles ADD COLUMN confidence REAL"
