"""What the tables and views hold, in words: for the reference and for Datasette."""

from __future__ import annotations

#: Of each table, the telling ones first.
TABLE_WORDS: dict[str, str] = {
    "articles": "One row an article. The big columns stand last.",
    "article_keys": "Canonical forms of the addresses that lead to an article: two addresses, one article.",
    "article_claims": "Weak keys: where an article may be found, too; settled by comparing what the two say.",
    "revisions": "The versions of an article: what changed, and all but the newest whole.",
    "readings": "What later rules made of the kept pages of a version, beside what was filed.",
    "runs": "Readings of stored pages by a newer extractor or new site rules (`wireroom reprocess`).",
    "removals": "Pages that were taken down, and that came back.",
    "pages": "The pages behind each version of an article as they were received, compressed with zstd.",
    "dictionaries": "What the pages are packed with: trained on the pages there were.",
    "drafts": "Articles of several pages whose next page is still to be fetched.",
    "marks": "What you have read and starred.",
    "article_tags": "Tags of single articles, beside those of their feeds.",
    "article_facets": "What the search index knows of an article beside its words. Internal.",
    "search_languages": "Languages of articles whose inflections searches know.",
    "search_index": "One row: how far the index of searches is.",
    "saved_searches": "Searches that are kept under a name.",
    "stories": "Groups of articles that tell the same news: copies, and what was retold of them.",
    "tellings": "Why an article belongs to its story: which article it is like, and how much text they share.",
    "story_keys": "What articles are found by for 14 days, to be compared with new ones.",
    "feeds": "One row a feed, those that were taken out of feeds.yaml included.",
    "answers": "What `feeds add` fetched, until it is filed as the feed's first poll; for a day at most.",
    "polls": "What came of each poll. Polls that brought nothing are kept for 14 days, all others for 366.",
    "entries": "What the feeds said: every entry, kept or dropped.",
    "decisions": "What was decided later about an entry or an article; `wireroom why` tells it.",
    "hosts": "One row a host name.",
    "blocks": "One row a domain that asked for a pause (429, 503): its hosts are left alone until then.",
    "ledger": "One row a host: the requests made to it; `wireroom status --hosts` shows them.",
    "drifts": "Sites whose newest articles are not what they were: a new layout, a wall, a box in every text.",
    "robots": "One row an origin (scheme, host, port) whose pages were fetched: its robots.txt.",
    "slots": "Work by host: one slot for its feeds and one for its articles, each held by one worker at a time.",
    "tombstones": "Deleted articles. Their ids are not used again.",
    "tombstone_keys": "The addresses of deleted articles, so that they do not come back.",
    "export_cursors": "How far each `export --since-last NAME` has come.",
    "sequence": "Numbers: the last `change_seq` that was given out; while nothing can be reached, since when.",
}

VIEW_WORDS: dict[str, str] = {
    "unread_articles": "Articles that you have not marked as read.",
    "articles_today": "Articles first seen today (UTC).",
    "feed_health": "How each feed is doing: last answer, failures in a row, next poll and why then.",
    "edits": "Versions that brought an edit: of which article, when, and what changed.",
    "kept_pages": "The pages that are kept: of which version, from when, how large, and what is left of them on disk.",
    "removed_articles": "Articles whose page was taken down and is not back, with the cause.",
    "story_sizes": "Stories: how many articles and hosts told them, the first headline, the first and the last time.",
    "indexed_stems": "The articles in the index `articles_stems`, as other programs count them. No text is kept there.",
    "indexed_words": "The articles in the index `articles_words`, likewise.",
    "dropped_entries": "Entries that `keep:` or `drop:` kept out, with the rule and the value that decided.",
}

#: Columns that came after their table, or changed their meaning: SQLite keeps no remark of them.
COLUMN_WORDS: dict[str, dict[str, str]] = {
    "pages": {
        "revision": "of the version read from it; 0 = of one whose other pages are still to come",
        "body": "zstd",
        "prefix_revision": "packed with the page of this number in that newer version before it; NULL = by itself",
        "dictionary_id": "packed with it; NULL = without",
        "sha256": "of the body as received, before its content coding was undone; NULL = not recorded",
        "exchange": "what was asked and answered, as JSON, zstd (`wireroom page` shows it); NULL = not recorded",
    },
    "article_facets": {
        "is_rewritten": "1 = articles_words has its words; articles_fts would divide or fold them otherwise"
    },
    "revisions": {
        "run_id": "the run of an earlier release that filed it; NULL = the publisher's version",
        "snapshot": "the version as it was filed, as JSON, zstd; NULL = it is the one in articles",
        "hints": "what its feed said when it was read, as JSON, zstd; NULL = the same as now",
    },
}
