"""Nothing of another program's archive is dropped without a word, and what is dropped makes the status 1."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from origin import Answer, Origin
from patience import LONG_S
from test_cli_import import URL, exported, freshrss, miniflux, newsboat, records
from test_cli_kit import run, run_json
from test_import_hostile import google_item, record

from store import open_store

ATOM = "https://quay.example/atom"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.yaml"
    path.write_text("feeds: []\n")
    return path


def taken(config: Path, status: int, *args: object) -> str:
    """Import files; return what was said on standard error."""
    result = run("--config", config, "import", *args)
    assert result.exit_code == status, result.output
    return result.stderr


def states(config: Path) -> dict[str, str]:
    return {row["url"]: row["state"] for row in run_json("--config", config, "feeds", "list", "--json")}


def written(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value))
    return path


# --------------------------------------------------------------------------- Miniflux


def answer(total: int, *numbers: int, **feed: Any) -> dict[str, Any]:
    entries = [miniflux(id=number, user_id=1, url=f"https://paper.example/{number}") for number in numbers]
    return {"total": total, "entries": [entry | {"feed": entry["feed"] | feed} for entry in entries]}


def test_entries_that_are_not_in_the_file_are_told(config: Path, tmp_path: Path) -> None:
    said = taken(config, 1, written(tmp_path / "a.json", answer(5, 1, 2)))
    assert "left out: 3 of 5 entries, which are not in the file" in said
    assert len(records(config)) == 2


def test_parts_of_an_answer_are_taken_over_in_one_import(config: Path, tmp_path: Path) -> None:
    first, second = written(tmp_path / "a.json", answer(5, 1, 2, 3)), written(tmp_path / "b.json", answer(5, 3, 4, 5))
    assert "1 of 5 entries" not in taken(config, 0, first, second)
    assert len(records(config)) == 5
    assert "2 of 5 entries" in taken(config, 1, first, first)


@pytest.mark.parametrize(
    ("parts", "lacking"),
    [
        ([answer(3, 1, 2, 3), answer(2, 4, 5)], ""),
        ([answer(3, 1, 2, 3), answer(2, 4)], "1 of 2 entries"),
        ([answer(5, 1, 2, 3), answer(4, 6, 7, 8)], "2 of 5 entries, 1 of 4 entries"),
        ([answer(5, 1, 2, 3), answer(5, 4, 5), answer(4, 6, 7, 8), answer(4, 9)], ""),
        ([answer(4, 1, 2), answer(5, 3, 4, 5)], ""),  # an entry came meanwhile
        ([answer(4, 1, 2), answer(4, 3, 4), answer(5, 5)], ""),
    ],
)
def test_answers_to_several_questions_are_counted_each_by_its_own_total(
    config: Path, tmp_path: Path, parts: list[dict[str, Any]], lacking: str
) -> None:
    files = [written(tmp_path / f"{number}.json", part) for number, part in enumerate(parts)]
    expected = lacking.split(", ") if lacking else []
    for given in (files, [written(tmp_path / "all.json", parts)]):
        said = taken(config, 1 if lacking else 0, *given)
        assert all(told in said for told in expected)
        assert said.count("not in the file") == len(expected)


def test_an_empty_part_beyond_the_last_entry_is_no_loss(config: Path, tmp_path: Path) -> None:
    parts = [answer(3, 1, 2), answer(3, 3), answer(3)]
    files = [written(tmp_path / f"{number}.json", part) for number, part in enumerate(parts)]
    taken(config, 0, *files)
    assert len(records(config)) == 3
    assert "3 of 3 entries" in taken(config, 1, files[2]), "by itself it is nothing"


def test_an_answer_of_another_shape_among_others_is_told(config: Path, tmp_path: Path) -> None:
    said = taken(config, 1, written(tmp_path / "a.json", [answer(1, 1), {"error_message": "no"}]))
    assert "left out: JSON of another shape" in said
    path = export_zip(tmp_path / "a.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("other.json", '{"items": [{"nothing": "of it"}]}')
    assert "left out: other.json: JSON of another shape" in taken(config, 1, path)


def test_losses_of_one_file_are_told_though_the_next_one_fails(config: Path, tmp_path: Path) -> None:
    config.write_text("{feeds: [], sites: {}}\n")  # no place for another feed that a program can find
    first = written(tmp_path / "a.json", answer(1, 1, feed_url="exec:date"))
    second = written(tmp_path / "b.json", answer(1, 2, feed_url="https://other.example/feed"))
    result = run("--config", config, "import", first, second)
    assert result.exit_code == 2
    assert "left out: a.json: exec:date" in result.stderr
    assert "add them by hand" in result.stderr


def test_settings_are_named_once_and_of_feeds_that_are_polled(config: Path, tmp_path: Path) -> None:
    both = [answer(2, 1, username="me"), answer(2, 2, feed_url="exec:date", username="me")]
    said = taken(config, 1, written(tmp_path / "a.json", both))
    assert said.count("its login, not copied") == 1


@pytest.mark.parametrize("joined", [lambda parts: json.dumps(parts), lambda parts: "\n".join(map(json.dumps, parts))])
def test_parts_in_one_file_are_taken_over(config: Path, tmp_path: Path, joined: Any) -> None:
    (tmp_path / "all.json").write_text(joined([answer(3, 1, 2), answer(3, 3)]))
    taken(config, 0, tmp_path / "all.json")
    assert len(records(config)) == 3


def test_of_several_files_one_that_is_no_export_spoils_itself_alone(config: Path, tmp_path: Path) -> None:
    bad = written(tmp_path / "bad.json", {"colour": "red"})
    good = written(tmp_path / "good.json", answer(1, 1))
    said = taken(config, 2, bad, good)
    assert "bad.json is not an export that Wireroom knows: JSON with colour" in said
    assert len(records(config)) == 1


def test_a_total_in_quotes_counts(config: Path, tmp_path: Path) -> None:
    assert "6 of 7 entries" in taken(config, 1, written(tmp_path / "a.json", answer(1, 1) | {"total": "7"}))


def test_a_feed_that_is_disabled_in_miniflux_is_paused(config: Path, tmp_path: Path) -> None:
    taken(config, 0, written(tmp_path / "a.json", answer(1, 1, disabled=True)))
    assert states(config) == {URL: "paused"}


def test_logins_and_rules_of_miniflux_are_named_and_not_copied(config: Path, tmp_path: Path) -> None:
    secrets = {"username": "ann", "password": "hush", "cookie": "", "blocklist_rules": "(?i)ad", "user_agent": ""}
    said = taken(config, 1, written(tmp_path / "a.json", answer(1, 1, **secrets)))
    assert f"left out: {URL} (The Paper): username, password (its login, not copied: write auth" in said
    assert f"left out: {URL} (The Paper): blocklist_rules (its settings in Miniflux, not taken over)" in said
    assert "hush" not in said + config.read_text()


# --------------------------------------------------------------------------- feeds that cannot be polled


@pytest.mark.parametrize("address", ["exec:~/bin/tide", "filter:~/bin/x:https://a.example/rss", "file:///tmp/a.xml"])
def test_what_newsboat_makes_itself_keeps_its_articles(config: Path, tmp_path: Path, address: str) -> None:
    cache = newsboat(tmp_path / "cache.db")
    with closing(sqlite3.connect(cache)) as db:
        db.execute("UPDATE rss_feed SET rssurl = ? WHERE rssurl = 'exec:x'", (address,))
        db.execute("UPDATE rss_item SET feedurl = ?, url = '' WHERE guid = 'g1'", (address,))
        db.commit()
    said = taken(config, 1, cache, "--star-flag", "s")
    assert f"left out: {address} (X): " in said
    assert "passed over: deleted in newsboat: 1" in said
    kept = next(found for found in records(config) if found["title"] == "Bridge opens")
    assert kept["starred_at"]
    assert kept["feeds"] == [{"name": "X", "url": address}]
    assert states(config) == {URL: "active", address: "removed"}
    again = exported(config, tmp_path / "out.jsonl")
    other = tmp_path / "other" / "feeds.yaml"
    other.parent.mkdir()
    other.write_text("feeds: []\n")
    taken(other, 0, again)
    assert records(other)[0]["feeds"] == records(config)[0]["feeds"]


def test_items_of_a_feed_that_newsboat_lists_no_longer_are_kept(config: Path, tmp_path: Path) -> None:
    cache = newsboat(tmp_path / "cache.db")
    with closing(sqlite3.connect(cache)) as db:
        db.execute("DELETE FROM rss_feed")
        db.commit()
    assert f"{URL}: newsboat lists it no longer" in taken(config, 0, cache)
    assert len(records(config)) == 2
    assert states(config) == {URL: "removed"}


def test_every_kind_of_freshrsss_feeds_keeps_its_articles(config: Path, tmp_path: Path) -> None:
    kinds = {
        0: "active",
        2: "active",
        10: "removed",
        15: "removed",
        20: "removed",
        25: "active",
        30: "removed",
        35: "removed",
    }
    path = freshrss(tmp_path / "db.sqlite")
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM feed")
        for kind in kinds:
            db.execute("INSERT INTO feed VALUES (?, ?, ?, 2, 'F', '', 0)", (kind, f"https://k{kind}.example/f", kind))
            db.execute(
                "INSERT INTO entry SELECT id + ?, guid, title, author, content, ?, date, 0, hash, 1, 1, ?, tags, attributes"
                " FROM entry WHERE id = 1700000000123456",
                (kind + 1, f"https://k{kind}.example/1", kind),
            )
        db.execute("DELETE FROM entry WHERE id = 1700000000123456")
        db.commit()
    said = taken(config, 1, path)
    assert said.count("a page that FreshRSS takes apart itself") == 5
    found = records(config)
    assert len(found) == len(kinds)
    assert all(one["starred_at"] and one["tags"] == ["World & more"] for one in found)
    assert states(config) == {f"https://k{kind}.example/f": state for kind, state in kinds.items()}


def test_a_feed_whose_address_is_none_keeps_its_articles(config: Path, tmp_path: Path) -> None:
    bad = answer(2, 1, feed_url="https://pap er.example/f")
    bad["entries"] += answer(2, 2, feed_url="")["entries"]
    said = taken(config, 1, written(tmp_path / "a.json", bad))
    assert "left out: https://pap er.example/f (The Paper): the address has a space" in said
    assert "left out: feed The Paper: it has no address" in said
    feeds = {one["url"]: one["feeds"] for one in records(config)}
    assert feeds["https://paper.example/1"] == [{"name": "The Paper", "url": "https://pap er.example/f"}]
    assert feeds["https://paper.example/2"] == []
    assert {one["site_name"] for one in records(config)} == {"The Paper"}, "its name stays"


def test_categories_of_feeds_that_are_not_added_are_tags_of_their_articles(config: Path, tmp_path: Path) -> None:
    taken(config, 0, "--no-feeds", written(tmp_path / "a.json", answer(1, 1)))
    (record,) = records(config)
    assert (record["tags"], [feed["name"] for feed in record["feeds"]]) == (["World"], ["The Paper"])
    assert run_json("--config", config, "import", tmp_path / "a.json", "--json")["feeds_added"] == 1
    (record,) = records(config)
    assert record["tags"] == ["World"], "the feed's as well by now"


def test_a_feed_that_cannot_be_polled_has_the_tags_of_all_its_folders(config: Path, tmp_path: Path) -> None:
    outlines = "".join(
        f'<outline text="{name}"><outline type="rss" text="Odd" xmlUrl="exec:odd"/></outline>' for name in ("A", "B")
    )
    item = google_item(1) | {"origin": {"streamId": "feed/exec:odd", "title": "Odd"}}
    path = export_zip(tmp_path / "a.zip", f"<opml version='2.0'><body>{outlines}</body></opml>", item)
    taken(config, 1, path)
    (record,) = records(config)
    assert record["tags"] == ["A", "B", "later"], "and the label of the item"


def test_an_article_without_any_address_is_kept(config: Path, tmp_path: Path) -> None:
    one = answer(1, 1, feed_url="")
    one["entries"][0]["url"] = ""
    taken(config, 1, written(tmp_path / "a.json", one))
    assert [(found["title"], found["starred_at"] is not None) for found in records(config)] == [("Bridge opens", True)]


# --------------------------------------------------------------------------- FreshRSS


def test_logins_rules_and_lists_of_freshrss_are_named(config: Path, tmp_path: Path) -> None:
    path = freshrss(tmp_path / "db.sqlite")
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM feed WHERE kind = 10")
        for name in ("httpAuth", "attributes", "pathEntries"):
            db.execute(f"ALTER TABLE feed ADD COLUMN {name} TEXT")
        db.execute("ALTER TABLE category ADD COLUMN attributes TEXT")
        db.execute("""UPDATE feed SET httpAuth = 'ann:hush', attributes = '{"filters": ["-ad"]}' WHERE id = 1""")
        db.execute("""UPDATE category SET attributes = '{"opml_url": "https://l.example/o"}' WHERE id = 2""")
        db.commit()
    said = taken(config, 1, path)
    assert "(Tom & Co): httpAuth (its login, not copied" in said
    assert "(Tom & Co): filters (its settings in FreshRSS, not taken over)" in said
    assert "https://l.example/o (World & more): a list that FreshRSS fetches anew" in said
    assert "hush" not in said + config.read_text()


def test_entries_that_freshrss_has_not_put_in_place_come_along(config: Path, tmp_path: Path) -> None:
    path = freshrss(tmp_path / "db.sqlite")
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE entrytmp AS SELECT * FROM entry")
        db.execute("UPDATE entrytmp SET id = id + 1, guid = 'new', link = 'https://paper.example/new', title = 'New'")
        db.commit()
    taken(config, 1, path)
    assert {found["title"] for found in records(config)} == {"Bridge & tunnel", "New"}


OPML = f"""<opml version="2.0"><body><outline text="Harbour &amp; sea">
<outline text="Quay" type="rss" xmlUrl="{ATOM}"/><outline text="Pier" type="rss" xmlUrl="https://pier.example/rss"/>
<outline text="Tides" type="HTML+XPath" xmlUrl="https://tide.example/"/></outline>
<outline text="Uncategorized"><outline text="Data" type="JSONFeed" xmlUrl="https://data.example/j"/></outline>
</body></opml>"""


def export_zip(path: Path, opml: str = OPML, *items: dict[str, Any]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("feeds_2026-01-01.opml.xml", opml)
        if items:
            archive.writestr("feed_1.json", json.dumps({"id": "x", "items": items}))
    return path


def test_feeds_and_categories_of_freshrsss_export_come_along(config: Path, tmp_path: Path) -> None:
    page = {"origin": {"streamId": "feed/9", "feedUrl": "https://tide.example/", "title": "Tides"}, "frss:id": "9"}
    starred = {"categories": ["user/-/state/com.google/starred"], "canonical": [{"href": "https://tide.example/1"}]}
    path = export_zip(tmp_path / "e.zip", OPML, google_item(1), google_item(2) | page | starred)
    said = taken(config, 1, path)
    assert "left out: https://tide.example/ (Tides): a page that the other reader takes apart itself" in said
    tags = {one["url"]: one["tags"] for one in run_json("--config", config, "feeds", "list", "--json")}
    assert tags[ATOM] == tags["https://pier.example/rss"] == ["Harbour & sea"]
    assert tags["https://data.example/j"] == []
    found = {one["url"]: one for one in records(config)}
    assert found["https://pier.example/1"]["tags"] == ["Harbour & sea", "later"]
    assert found["https://tide.example/1"]["tags"] == ["Harbour & sea"]
    assert found["https://tide.example/1"]["starred_at"]


def test_an_export_of_feeds_alone_is_taken_over(config: Path, tmp_path: Path) -> None:
    taken(config, 0, export_zip(tmp_path / "e.zip", f'<opml><body><outline xmlUrl="{ATOM}"/></body></opml>'))
    assert states(config) == {ATOM: "active"}


def test_marks_of_any_user_count(config: Path, tmp_path: Path) -> None:
    names = ["user/1005/state/com.google/read", "user/1005/state/com.google/starred", "user/1005/label/boats"]
    taken(config, 0, written(tmp_path / "e.json", {"items": [google_item(1) | {"categories": names}]}))
    (found,) = records(config)
    assert (found["tags"], found["categories"]) == (["boats"], [])
    assert found["read_at"]
    assert found["starred_at"]


# --------------------------------------------------------------------------- what is on file already


def test_labels_come_to_articles_that_are_on_file(config: Path, tmp_path: Path) -> None:
    taken(config, 0, written(tmp_path / "a.json", {"items": [google_item(1) | {"categories": []}]}))
    assert run("--config", config, "search", "tag:later").stdout == ""
    labelled = written(tmp_path / "b.json", {"items": [google_item(1)]})
    assert "0 articles new, 1 on file already" in run("--config", config, "import", labelled).stdout
    assert records(config)[0]["tags"] == ["later"]
    assert "Pier 1 rebuilt" in run("--config", config, "search", "tag:later").stdout
    before = records(config)
    taken(config, 0, labelled)
    assert records(config) == before


# --------------------------------------------------------------------------- damaged files


@pytest.mark.parametrize("cut", [700, -2, -1])
def test_cut_json_is_read_as_far_as_it_goes(config: Path, tmp_path: Path, cut: int) -> None:
    whole = json.dumps(answer(2, 1, 2))
    (tmp_path / "a.json").write_text(whole[:cut])
    said = taken(config, 1, tmp_path / "a.json")
    assert "left out: the JSON is cut off or damaged at character " in said
    assert len(records(config)) == (1 if cut > 0 else 2)


def test_json_damaged_in_the_middle_is_read_up_to_there(config: Path, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(answer(3, 1, 2, 3)).replace("/paper.example/2", "/\\q"))
    said = taken(config, 1, tmp_path / "a.json")
    assert "2 of 3 entries" in said
    assert len(records(config)) == 1


def test_line_ends_inside_texts_spoil_nothing(config: Path, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(answer(1, 1)).replace("Bridge opens", "Bridge\n\topens"))
    taken(config, 0, tmp_path / "a.json")
    assert records(config)[0]["title"] == "Bridge opens"


def test_a_cut_export_of_ours_is_read_as_far_as_it_goes(config: Path, tmp_path: Path) -> None:
    text = "\ufeff" + "\n".join(json.dumps(record(number)) for number in (1, 2, 3))
    (tmp_path / "a.jsonl").write_text(text[:-40], encoding="utf-8")
    assert "left out: line 3: " in taken(config, 1, tmp_path / "a.jsonl")
    assert len(records(config)) == 2


def test_a_story_stays_one_whatever_lies_between_its_articles_and_one_alone_is_none(
    config: Path, tmp_path: Path
) -> None:
    stories = {1: 7, 551: 7, 552: 8}  # more are between than are filed in one unit of work
    lines = [record(number) | {"story_id": stories.get(number)} for number in range(1, 553)]
    (tmp_path / "all.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    taken(config, 0, tmp_path / "all.jsonl")
    found = {one["url"].rpartition("/")[2]: one["story_id"] for one in records(config)}
    assert found["1"] == found["551"] is not None
    assert [number for number, story in found.items() if story is not None] == ["1", "551"]
    with closing(sqlite3.connect(config.with_name("wireroom.db"))) as db:
        assert db.execute("SELECT count(*) FROM stories").fetchone() == (1,)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b" \n\n", "it is empty"),
        (b"PK\x03\x04" + b"x" * 50, "a ZIP archive that is cut off or damaged"),
        (OPML.encode(), "a list of feeds (OPML), for `wireroom feeds import`"),
        (b'{"a": 1}\n{"b": 2}', "JSON with a"),
        (b'{"entries": [', "JSON with entries"),
    ],
)
def test_what_is_no_export_says_what_it_is(config: Path, tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "file").write_bytes(content)
    said = taken(config, 2, tmp_path / "file")
    if b"entries" not in content:
        assert f"is not an export that Wireroom knows: {why}" in said
    assert not config.with_name("wireroom.db").exists()


def test_all_that_is_left_out_is_counted_and_in_the_json(config: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", {"entries": [*range(50), miniflux()]})
    assert "left out: 30 more; --json names all" in taken(config, 1, path)
    result = run("--config", config, "import", path, "--json")
    assert result.exit_code == 1
    assert len(json.loads(result.stdout)["left_out"]) == 50


# --------------------------------------------------------------------------- search


def test_an_archive_that_moved_is_searched_with_the_same_hits(tmp_path: Path) -> None:
    first, second, third = (tmp_path / name / "feeds.yaml" for name in ("a", "b", "c"))
    for config in (first, second, third):
        config.parent.mkdir()
        config.write_text("feeds: []\n")
    texts = (
        "Ferries ran late on the river, and those who were waiting for them were told to go home and come back later.",
        "Die Fähren liefen später ein, und wer auf sie gewartet hatte, wurde wieder nach Hause geschickt.",
        "渡し船が遅れた。乗客は家に帰るように言われた。",
        "Паромы опоздали, и тем, кто их ждал, сказали идти домой и вернуться позже, когда они придут.",
    )
    items = [
        google_item(number)
        | {"title": f"{text.split()[0]} {number}", "content": {"content": f"<p>{text} Nr. {number}</p>"}}
        for number, text in enumerate(texts * 5)
    ]
    taken(first, 0, written(tmp_path / "a.json", {"items": items}))
    taken(second, 0, exported(first, tmp_path / "first.jsonl"))
    taken(third, 0, exported(second, tmp_path / "second.jsonl"))
    queries = (
        "ferry", "ferries late", '"late on the river"', "fahre*", "später", "渡し船", "паром", "title:ferries", "by:roe",
        "tag:later", "feed:pier", "site:pier.example", "is:read", "after:2023-11-01", "before:2023-11-01", "tag:later -river",
        "lang:de", "lang:ja",
    )  # fmt: skip
    found = {query: [hits(config, query) for config in (first, second, third)] for query in queries}
    assert all(one[0] == one[1] == one[2] for one in found.values())
    assert [query for query, (one, *_) in found.items() if not one] == ["before:2023-11-01"]


def hits(config: Path, query: str) -> list[str]:
    result = run("--config", config, "search", "--json", "--limit", "50", "--", query)
    assert result.exit_code == 0, result.output
    return [found["url"] for found in json.loads(result.stdout)]


# --------------------------------------------------------------------------- the real newsboat


RSS = """<rss version="2.0"><channel><title>Harbour &amp; sea</title><link>http://h.example/</link><description>d</description>
<item><title>Tide &lt;tables&gt;</title><link>http://h.example/1</link><guid>one</guid><author>ann@h.example (Ann Lee)</author>
<pubDate>Mon, 02 Feb 2026 08:00:00 GMT</pubDate><description>&lt;p&gt;High at noon.&lt;/p&gt;</description></item>
<item><title>日本 fog</title><link>http://h.example/2</link><guid>two</guid><pubDate>Tue, 03 Feb 2026 08:00:00 GMT</pubDate>
<description>&lt;p&gt;No ships.&lt;/p&gt;</description><enclosure url="http://h.example/f.mp3" type="audio/mpeg" length="9"/></item>
</channel></rss>"""


def test_the_cache_of_a_real_newsboat_is_taken_over(config: Path, tmp_path: Path) -> None:
    newsboat_program = shutil.which("newsboat")
    if newsboat_program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("newsboat is not installed: scripts/install-test-tools.sh does that")
        pytest.skip("newsboat is not installed; scripts/install-test-tools.sh does that")
    program = tmp_path / "tide.sh"
    program.write_text(
        f"#!/bin/sh\ncat <<'END'\n{RSS.replace('h.example', 'e.example').replace('<guid>', '<guid>e-')}\nEND\n"
    )
    program.chmod(0o755)
    urls = tmp_path / "urls"
    (tmp_path / "config").write_text("")
    cache = tmp_path / "cache.db"
    files = ["-u", urls, "-c", cache, "-C", tmp_path / "config"]
    environment = {**os.environ, "HOME": str(tmp_path), "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    with Origin({"/rss": Answer(RSS.encode(), headers={"Content-Type": "application/rss+xml"})}) as origin:
        address = origin.url("/rss")
        urls.write_text(f'{address} harbour\n"exec:{program}"\n')
        reload = [newsboat_program, *map(str, files), "-x", "reload"]
        subprocess.run(reload, env=environment, check=True, timeout=LONG_S, capture_output=True)
    with closing(sqlite3.connect(cache)) as db:
        db.execute("UPDATE rss_item SET unread = 0, flags = 's' WHERE guid = 'one' AND feedurl LIKE 'http%'")
        db.commit()
    said = taken(config, 1, cache, "--star-flag", "s")
    assert f"left out: exec:{program} (Harbour & sea): newsboat runs a program for it" in said
    found = {one["url"]: one for one in records(config)}
    assert set(found) == {f"http://{host}.example/{number}" for host in "he" for number in (1, 2)}
    first, second = found["http://h.example/1"], found["http://h.example/2"]
    assert (first["title"], first["text"]) == ("Tide <tables>", "High at noon.")
    assert datetime.fromisoformat(first["published_at"]) == datetime(2026, 2, 2, 8, tzinfo=UTC)
    assert [bool(first[name]) for name in ("read_at", "starred_at")] == [True, True]
    assert [bool(second[name]) for name in ("read_at", "starred_at")] == [False, False]
    assert (second["title"], second["enclosures"][0]["url"]) == ("日本 fog", "http://h.example/f.mp3")
    assert states(config) == {address: "active", f"exec:{program}": "removed"}


# --------------------------------------------------------------------------- members of lists


def test_a_tag_or_file_that_is_unfit_spoils_itself_alone(config: Path, tmp_path: Path) -> None:
    one = answer(1, 1)
    one["entries"][0] |= {
        "tags": ["a", "long " * 5000, 7, "b"],
        "enclosures": [5, {"url": "https://paper.example/a.mp3"}],
    }
    labels = ["user/-/state/com.google/starred", "x" * 20_000, "c"]
    said = taken(config, 1, written(tmp_path / "a.json", one))
    assert "left out: entry 1: tags.1: it is too long; tags.2: a text is expected; enclosures.0: an object" in said
    said = taken(config, 1, written(tmp_path / "b.json", {"items": [google_item(2) | {"categories": labels}]}))
    assert "left out: item 1: categories.1: it is too long" in said
    found = {record["url"]: record for record in records(config)}
    assert found["https://paper.example/1"]["categories"] == ["a", "b"]
    assert len(found["https://paper.example/1"]["enclosures"]) == 1
    assert found["https://pier.example/2"]["starred_at"]


# --------------------------------------------------------------------------- in one batch


def test_the_same_entry_twice_in_a_file_is_one_article(config: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", answer(3, 1, 1, 2))
    assert "2 articles new, 1 on file already" in run("--config", config, "import", path).stdout
    assert "0 articles new, 3 on file already" in run("--config", config, "import", path).stdout


def test_what_was_deleted_here_does_not_come_back(config: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "a.json", answer(2, 1, 2))
    taken(config, 0, path)
    with open_store(config.with_name("wireroom.db")) as store:
        store.delete_articles([records(config)[0]["id"]], now=datetime.now(UTC))
    assert "1 article not imported: deleted here before" in taken(config, 0, path)
    assert len(records(config)) == 1
