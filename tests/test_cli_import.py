"""Moving house: what other readers and our own exports hold comes in whole, once."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from shelf import FEED, Filed, fill
from test_cli_kit import run, run_json

from scraper.model import Enclosure, Extraction, FeedSpec, Image, Link, ParsedEntry
from store import open_store

URL = "https://paper.example/feed"
BODY = "<p>The bridge opened on Monday, and <b>everybody</b> came.</p><script>alert(1)</script>"
TEXT = "The bridge opened on Monday, and everybody came."


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.yaml"
    path.write_text("# mine\nfeeds:\n  - https://other.example/rss\n")
    return path


def records(config: Path) -> list[dict[str, Any]]:
    result = run("--config", config, "export", "-f", "jsonl")
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def imported(config: Path, *args: object) -> str:
    result = run("--config", config, "import", *args)
    assert result.exit_code == 0, result.output
    return result.stdout


def newsboat(path: Path) -> Path:
    db = sqlite3.connect(path)
    db.executescript(
        """CREATE TABLE rss_feed (rssurl VARCHAR(1024) PRIMARY KEY NOT NULL, url VARCHAR(1024) NOT NULL,
            title VARCHAR(1024) NOT NULL, lastmodified INTEGER(11) NOT NULL DEFAULT 0, is_rtl INTEGER(1) NOT NULL DEFAULT 0,
            etag VARCHAR(128) NOT NULL DEFAULT "");
        CREATE TABLE rss_item (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, guid VARCHAR(64) NOT NULL,
            title VARCHAR(1024) NOT NULL, author VARCHAR(1024) NOT NULL, url VARCHAR(1024) NOT NULL,
            feedurl VARCHAR(1024) NOT NULL, pubDate INTEGER NOT NULL, content VARCHAR(65535) NOT NULL,
            unread INTEGER(1) NOT NULL, enclosure_url VARCHAR(1024), enclosure_type VARCHAR(1024),
            enqueued INTEGER(1) NOT NULL DEFAULT 0, flags VARCHAR(52), deleted INTEGER(1) NOT NULL DEFAULT 0);"""
    )
    db.executemany("INSERT INTO rss_feed (rssurl, url, title) VALUES (?, '', ?)", [(URL, "The Paper"), ("exec:x", "X")])
    rows = [
        ("g1", "Bridge opens", "Ann Lee", "https://paper.example/1", URL, 1_700_000_000, BODY, 0, "s", 0),
        ("g2", "Storm", "", "https://paper.example/2", URL, 1_700_000_100, "", 1, None, 0),
        ("g3", "Gone", "", "https://paper.example/3", URL, 1_700_000_200, BODY, 1, None, 1),
    ]
    db.executemany(
        """INSERT INTO rss_item (guid, title, author, url, feedurl, pubDate, content, unread, flags, deleted)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        rows,
    )
    db.commit()
    db.close()
    return path


def test_newsboats_cache_is_taken_over_with_its_marks(config: Path, tmp_path: Path) -> None:
    cache = newsboat(tmp_path / "cache.db")
    before = cache.read_bytes()
    result = run("--config", config, "import", cache, "--star-flag", "s")
    assert "exec:x (X): newsboat runs a program for it; not added to feeds.yaml, its articles are kept" in result.stderr
    assert "2 articles new" in result.stdout
    first, second = records(config)
    assert (first["title"], first["byline"], first["text"]) == ("Bridge opens", ["Ann Lee"], TEXT)
    assert (first["status"], first["published_at"]) == ("feed_only", "2023-11-14T22:13:20Z")
    assert "script" not in first["html"]
    assert first["read_at"]
    assert first["starred_at"]
    assert (second["status"], second["read_at"], second["starred_at"]) == ("failed", None, None)
    assert first["feeds"] == [{"name": "The Paper", "url": URL}]
    assert "# mine" in config.read_text()
    assert URL in config.read_text()
    assert cache.read_bytes() == before


def test_the_same_file_again_changes_nothing(config: Path, tmp_path: Path) -> None:
    cache = newsboat(tmp_path / "cache.db")
    run("--config", config, "import", cache)
    before = records(config)
    assert "0 articles new, 2 on file already" in run("--config", config, "import", cache).stdout
    assert records(config) == before


def miniflux(**fields: Any) -> dict[str, Any]:
    feed = {"feed_url": URL, "site_url": "https://paper.example/", "title": "The Paper", "category": {"title": "World"}}
    entry = {
        "id": 888, "status": "read", "starred": True, "title": "Bridge opens", "url": "https://paper.example/1",
        "author": "Ann Lee", "content": BODY, "published_at": "2023-11-14T22:13:20Z", "tags": ["bridges"],
        "created_at": "2023-11-14T22:20:00.123456+01:00", "changed_at": "2023-11-15T08:00:00Z", "feed": feed,
        "enclosures": [{"url": "https://paper.example/1.mp3", "mime_type": "audio/mpeg", "size": 12}],
    }  # fmt: skip
    return entry | fields


def test_minifluxs_entries_are_taken_over(config: Path, tmp_path: Path) -> None:
    path = tmp_path / "entries.json"
    removed = miniflux(status="removed", url="https://paper.example/2")
    path.write_text(json.dumps({"total": 2, "entries": [miniflux(), removed]}))
    assert "from Miniflux: 1 article new" in imported(config, path)
    (record,) = records(config)
    assert record["first_seen_at"] == "2023-11-14T21:20:00Z"
    assert (record["read_at"], record["starred_at"]) == ("2023-11-15T08:00:00Z", "2023-11-15T08:00:00Z")
    assert (record["tags"], record["categories"]) == (["World"], ["bridges"])
    assert record["enclosures"] == [{"url": "https://paper.example/1.mp3", "type": "audio/mpeg", "length": 12}]


def freshrss(path: Path) -> Path:
    db = sqlite3.connect(path)
    db.executescript(
        """CREATE TABLE category (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE feed (id INTEGER PRIMARY KEY, url TEXT, kind INTEGER DEFAULT 0, category INTEGER, name TEXT,
            website TEXT, ttl INTEGER DEFAULT 0);
        CREATE TABLE entry (id BIGINT PRIMARY KEY, guid TEXT, title TEXT, author TEXT, content TEXT, link TEXT,
            date INTEGER, lastSeen INTEGER, hash BLOB, is_read INTEGER, is_favorite INTEGER, id_feed INTEGER, tags TEXT,
            attributes TEXT);
        CREATE TABLE tag (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE entrytag (id_tag INTEGER, id_entry BIGINT);
        INSERT INTO category VALUES (1, 'Uncategorized'), (2, 'World &amp; more');
        INSERT INTO feed VALUES (1, 'https://paper.example/feed?a=1&amp;b=2', 0, 2, 'Tom &amp; Co', '', 0),
            (2, 'https://scraped.example/', 10, 1, 'Scraped', '', 0), (3, 'https://muted.example/f', 0, 1, 'Muted', '', -3600);
        INSERT INTO tag VALUES (7, 'later');
        INSERT INTO entrytag VALUES (7, 1700000000123456);"""
    )
    row = (
        1_700_000_000_123_456, "g1", "Bridge &amp; tunnel", "Ann Lee; Tom Fox", BODY, "https://paper.example/1?x=1&amp;y=2",
        1_699_999_000, 0, b"", 1, 1, 1, "#bridges #world", '{"enclosures": [{"url": "https://paper.example/a.mp3"}]}',
    )  # fmt: skip
    db.execute(f"INSERT INTO entry VALUES ({', '.join('?' * len(row))})", row)
    db.commit()
    db.close()
    return path


def test_freshrsss_database_is_taken_over(config: Path, tmp_path: Path) -> None:
    result = run("--config", config, "import", freshrss(tmp_path / "db.sqlite"))
    assert (
        "https://scraped.example/ (Scraped): a page that FreshRSS takes apart itself, not a feed; not added"
        in result.stderr
    )
    (record,) = records(config)
    assert (record["title"], record["byline"]) == ("Bridge & tunnel", ["Ann Lee", "Tom Fox"])
    assert record["url"] == "https://paper.example/1?x=1&y=2"
    assert record["first_seen_at"] == "2023-11-14T22:13:20Z"
    assert record["feeds"] == [{"name": "Tom & Co", "url": "https://paper.example/feed?a=1&b=2"}]
    assert (record["tags"], record["categories"]) == (["World & more", "later"], ["bridges", "world"])
    assert record["read_at"]
    assert record["starred_at"]
    states = {row["url"]: row["state"] for row in run_json("--config", config, "feeds", "list", "--json")}
    assert states["https://muted.example/f"] == "paused"


def test_freshrsss_export_is_taken_over_once(config: Path, tmp_path: Path) -> None:
    item = {
        "frss:id": "1", "guid": "g1", "title": "Bridge &amp; tunnel", "author": "Ann Lee", "published": 1_700_000_000,
        "categories": ["user/-/state/com.google/read", "user/-/state/com.google/starred", "user/-/label/later", "bridges"],
        "alternate": [{"href": "https://paper.example/1"}], "content": {"content": BODY},
        "origin": {"streamId": "feed/1", "feedUrl": URL, "title": "The Paper"},
    }  # fmt: skip
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("starred.json", json.dumps({"items": [item]}))
        archive.writestr("feed_1.json", json.dumps({"items": [item, item | {"origin": {"streamId": "feed/9"}}]}))
        archive.writestr("feeds.opml.xml", "<opml/>")
    assert "1 article new" in run("--config", config, "import", path).stdout
    (record,) = records(config)
    assert (record["title"], record["text"], record["tags"]) == ("Bridge & tunnel", TEXT, ["later"])
    assert record["read_at"]
    assert record["starred_at"]


# --------------------------------------------------------------------------- our own


FULL = Extraction(
    title="Bridge opens", byline=("Ann Lee",), published_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    section="World", site_name="The Paper", language="en", summary="It <opens>.", agencies=("AFP",),
    image=Image(url="https://paper.example/a.jpg", alt="a", caption="b", credit="c"),
    images=(Image(url="https://paper.example/a.jpg", alt="a", caption="b", credit="c"),),
    canonical_url="https://paper.example/one", html="<p>One &amp; two.</p>", markdown="One & two.", text="One & two.",
    related=(Link(url="https://paper.example/r", title="R"),),
)  # fmt: skip
ENTRY = ParsedEntry(
    categories=("bridges",), comments_url="https://paper.example/c",
    enclosures=(Enclosure(url="https://paper.example/a.mp3", type="audio/mpeg", length=3),),
)  # fmt: skip


def shelf(directory: Path) -> Path:
    directory.mkdir()
    config = directory / "feeds.yaml"
    config.write_text(f"feeds:\n  - url: {FEED.url}\n    name: The Paper\n    tags: [news]\n")
    articles = [
        Filed(url="https://paper.example/1", extraction=FULL, entry=ENTRY),
        Filed(
            url="https://paper.example/2",
            extraction=Extraction(
                title="Walled", text="Only this.", html="<p>Only this.</p>", markdown="Only this.", kind="paywalled"
            ),
            status="feed_only",
            reason="paywall",
        ),
    ]
    with open_store(directory / "wireroom.db") as store:
        fill(store, articles, feeds=(FEED, FeedSpec(url="https://second.example/feed")))
    assert run("--config", config, "star", "1").exit_code == 0
    return config


def empty(directory: Path) -> Path:
    directory.mkdir()
    config = directory / "feeds.yaml"
    config.write_text("feeds: []\n")
    return config


def exported(config: Path, path: Path) -> Path:
    assert run("--config", config, "export", "-f", "jsonl", "--out", path).exit_code == 0
    return path


def without_numbers(path: Path) -> list[str]:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [json.dumps({**line, "id": 0, "change_seq": 0}, ensure_ascii=False) for line in lines]


@pytest.mark.parametrize("option", ["--feeds", "--no-feeds"])
def test_jsonl_out_in_and_out_again_is_the_same(tmp_path: Path, option: str) -> None:
    first = exported(shelf(tmp_path / "old"), tmp_path / "first.jsonl")
    config = empty(tmp_path / "new")
    assert "2 articles new" in imported(config, first, option)
    second = exported(config, tmp_path / "second.jsonl")
    assert without_numbers(second) == without_numbers(first)
    assert "0 articles new, 2 on file already" in imported(config, first, option)
    assert exported(config, tmp_path / "third.jsonl").read_bytes() == second.read_bytes()
    with open_store(config.with_name("wireroom.db")) as store:
        assert store.integrity() == ()


def test_marks_are_added_to_what_is_on_file_and_never_taken_away(tmp_path: Path) -> None:
    path = exported(shelf(tmp_path / "old"), tmp_path / "first.jsonl")
    config = empty(tmp_path / "new")
    imported(config, path)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    lines[0] |= {"starred_at": None, "read_at": "2026-02-03T04:05:06Z"}
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    imported(config, path)
    record = records(config)[0]
    assert record["starred_at"] is not None
    assert record["read_at"] == "2026-02-03T04:05:06Z"


def test_hostile_lines_are_left_out_with_the_reason(tmp_path: Path) -> None:
    config = shelf(tmp_path / "old")
    path = exported(config, tmp_path / "first.jsonl")
    good = json.loads(path.read_text().splitlines()[0])
    other = {
        **good,
        "url": "https://paper.example/9",
        "canonical_url": None,
        "html": "<p onclick=x()>Hi<script>1</script></p>",
    }
    bad = [{**good, "url": "javascript:alert(1)"}, {**good, "published_at": "soon"}]
    path.write_text("\n".join([*(json.dumps(line) for line in [other, *bad]), "no json", ""]))
    result = run("--config", config, "import", path)
    assert result.exit_code == 1
    assert "line 2: url: 'javascript:alert(1)' is no http address" in result.stderr
    assert "line 3: published_at" in result.stderr
    assert "line 4" in result.stderr
    assert records(config)[-1]["html"] == "<p>Hi</p>"


@pytest.mark.parametrize(("name", "content"), [("notes.txt", b"hello"), ("x.json", b'{"a": 1}'), ("empty", b"")])
def test_a_file_of_no_known_program_is_refused(config: Path, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    result = run("--config", config, "import", tmp_path / name)
    assert result.exit_code == 2
    assert "is not an export that Wireroom knows: " in result.stderr
    assert "Miniflux" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not config.with_name("wireroom.db").exists()


def test_pages_are_fetched_when_asked_for(config: Path, tmp_path: Path) -> None:
    imported_with_fetch = run("--config", config, "import", newsboat(tmp_path / "cache.db"), "--fetch")
    assert "2 articles new" in imported_with_fetch.stdout
    with sqlite3.connect(config.with_name("wireroom.db")) as db:
        assert db.execute("SELECT count(*) FROM articles WHERE next_fetch_at IS NOT NULL").fetchone() == (2,)
        assert db.execute("SELECT count(*) FROM slots WHERE slot = 'articles' AND due_at IS NOT NULL").fetchone() == (
            1,
        )


# --------------------------------------------------------------------------- one address, several entries


def entries_file(path: Path, *entries: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"total": len(entries), "entries": [{"feed": FEED_OF_NOTES, **one} for one in entries]}))
    return path


FEED_OF_NOTES = {"feed_url": "https://notes.example/rss", "title": "Notes"}


def note(number: int, link: str, title: str | None = None, day: int | None = None) -> dict[str, Any]:
    published = f"2026-02-{day or number:02}T08:00:00Z"
    return {"id": number, "url": link, "title": title, "content": f"<p>Remark {number}.</p>", "published_at": published}


@pytest.mark.parametrize(
    "entries",
    [
        (note(1, "https://notes.example/a/1", "Body & soul"), note(2, "https://notes.example/a/1#c2", day=1)),
        (note(1, "https://notes.example/app#/x/1", "One"), note(2, "https://notes.example/app#/x/2", "Two", day=1)),
        (note(1, "https://notes.example/a#1", "Notice"), note(2, "https://notes.example/a#2", "Notice")),
        (note(1, "https://notes.example/log", "1.0 is out"), note(2, "https://notes.example/log", "1.1 is out")),
        (note(1, "https://notes.example/", "Closed on Monday"), note(2, "https://notes.example/", "Open again")),
    ],
)
def test_entries_that_share_an_address_are_articles_of_their_own(
    config: Path, tmp_path: Path, entries: tuple[dict[str, Any], ...]
) -> None:
    path = entries_file(tmp_path / "entries.json", *entries)
    assert "2 articles new, 0 on file already" in imported(config, path)
    before = records(config)
    assert {(record["title"], record["text"], record["url"]) for record in before} == {
        (entry["title"], f"Remark {entry['id']}.", entry["url"]) for entry in entries
    }
    assert "0 articles new, 2 on file already" in imported(config, path)
    assert records(config) == before
    turned = entries_file(tmp_path / "turned.json", *reversed(entries))
    assert "0 articles new, 2 on file already" in imported(config, turned)


@pytest.mark.parametrize(
    "again",
    [
        note(1, "https://notes.example/a/1?utm_source=rss", "Bridge opens"),
        note(1, "https://notes.example/a/1", "Bridge opens, at last"),  # another headline, the same day
        note(1, "https://notes.example/a/1", "Bridge opens", day=3),
        note(1, "https://notes.example/a/1#comments", "Bridge opens"),
    ],
)
def test_another_form_of_an_entry_is_the_article_on_file(config: Path, tmp_path: Path, again: dict[str, Any]) -> None:
    imported(config, entries_file(tmp_path / "a.json", note(1, "https://notes.example/a/1", "Bridge opens")))
    assert "0 articles new, 1 on file already" in imported(config, entries_file(tmp_path / "b.json", again))


def test_entries_of_one_address_with_guids_of_their_own_are_two(config: Path, tmp_path: Path) -> None:
    cache = newsboat(tmp_path / "cache.db")
    with sqlite3.connect(cache) as db:
        db.execute("UPDATE rss_item SET url = 'https://paper.example/log'")
    assert "2 articles new" in run("--config", config, "import", cache).stdout
    assert {record["title"] for record in records(config)} == {"Bridge opens", "Storm"}
    assert "0 articles new, 2 on file already" in run("--config", config, "import", cache).stdout


def test_articles_that_share_an_address_go_out_and_in_again(tmp_path: Path) -> None:
    old, new = empty(tmp_path / "old"), empty(tmp_path / "new")
    two = [note(n, f"https://notes.example/a#{n}", day=1) | {"published_at": None} for n in (1, 2)]
    imported(old, entries_file(tmp_path / "entries.json", *two))
    path = exported(old, tmp_path / "out.jsonl")
    assert "2 articles new" in imported(new, path)
    assert "0 articles new, 2 on file already" in imported(new, path)
    assert {record["text"] for record in records(new)} == {"Remark 1.", "Remark 2."}
