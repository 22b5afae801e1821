"""Files from elsewhere may hold anything: one bad item spoils itself alone, and what is no export is one line."""

from __future__ import annotations

import copy
import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from test_cli_import import miniflux, newsboat, records
from test_cli_kit import run

from wireroom.importing import read_source, unpack
from wireroom.importing.markdown import safe_markdown

#: What may stand where something else is expected, as JSON text.
WRONG_JSON = [
    "null", "true", "0", "-1", "1.5", "9" * 5000, "NaN", "-Infinity", '""', '"x"', '"\\u0000"', '"\\ud83d cut"',
    json.dumps("long " * 30_000), "[]", "[null]", "[[5]]", "{}", '{"a": {"b": [1]}}', "[" * 3000 + "]" * 3000,
]  # fmt: skip


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.yaml"
    path.write_text("feeds: []\n")
    return path


def google_item(number: int) -> dict[str, Any]:
    return {
        "id": f"tag:rss,{number}", "frss:id": str(number), "guid": f"g{number}", "published": 1_700_000_000 + number,
        "updated": 1_700_000_500, "title": f"Pier {number} rebuilt", "author": "Una Roe",
        "canonical": [{"href": f"https://pier.example/{number}"}], "alternate": [{"href": "https://pier.example/z"}],
        "categories": ["user/-/state/com.google/read", "user/-/label/later", "piers"],
        "origin": {"streamId": "feed/https://pier.example/rss", "feedUrl": "https://pier.example/rss", "title": "Pier"},
        "content": {"content": "<p>The pier stands again.</p>"}, "summary": {"content": "short"},
        "enclosure": [{"href": "https://pier.example/a.mp3", "type": "audio/mpeg", "length": 5}],
    }  # fmt: skip


def record(number: int) -> dict[str, Any]:
    link = {"url": "https://pier.example/r", "title": "Related"}
    image = {"url": "https://pier.example/i.jpg", "alt": None, "caption": "A pier", "credit": None}
    return {
        "id": number, "url": f"https://pier.example/{number}", "canonical_url": f"https://pier.example/{number}",
        "title": f"Pier {number} rebuilt", "byline": ["Una Roe"], "agencies": [], "published_at": "2026-01-02T03:04:05Z",
        "updated_at": None, "first_seen_at": "2026-01-02T04:00:00Z", "fetched_at": "2026-01-02T04:00:00Z",
        "site_name": "Pier", "section": None, "language": "en", "summary": "s", "image": image, "images": [image],
        "text": "The pier stands again.", "html": "<p>The pier stands again.</p>", "markdown": "The pier stands again.",
        "related": [link], "enclosures": [{"url": "https://pier.example/a.mp3", "type": None, "length": 5}],
        "comments_url": None, "categories": ["piers"], "feeds": [{"name": "Pier", "url": "https://pier.example/rss"}],
        "tags": ["later"], "read_at": None, "starred_at": None, "story_id": 7, "revision": 1, "word_count": 4,
        "kind": "article", "status": "full", "reason": None, "change_seq": number,
    }  # fmt: skip


def entry(number: int) -> dict[str, Any]:
    return miniflux(id=number, url=f"https://paper.example/{number}", comments_url="https://paper.example/c")


def places(value: object, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the ways to everything in a value of JSON, the value itself included."""
    yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield from places(each, (*at, name))


def spoiled(make: Callable[[int], dict[str, Any]]) -> Iterator[str]:
    """Yield an item as JSON text, each time with something else wrong at one place, or missing."""
    number = 100
    for way in places(make(0)):
        for wrong in (*WRONG_JSON, None):
            number += 1
            item: Any = make(number)
            if not way:
                if wrong is not None:
                    yield wrong
                continue
            target = item
            for name in way[:-1]:
                target = target[name]
            if wrong is None:
                del target[way[-1]]
                yield json.dumps(item)
            else:
                target[way[-1]] = "@@@"
                yield json.dumps(item).replace('"@@@"', wrong)


def told(result: Any) -> None:
    assert "Traceback" not in result.output
    assert all(len(line) < 500 for line in result.stderr.splitlines())


@pytest.mark.parametrize(("name", "make"), [("items", google_item), ("entries", entry)])
def test_any_type_at_any_place_of_json_spoils_its_item_alone(
    config: Path, tmp_path: Path, name: str, make: Callable[[int], dict[str, Any]]
) -> None:
    path = tmp_path / "export.json"
    items = [*spoiled(make), json.dumps(make(90_001)), json.dumps(make(90_002))]
    path.write_text(f'{{"{name}": [{",".join(items)}]}}')
    result = run("--config", config, "import", path)
    told(result)
    assert result.exit_code == 1
    urls = {record["url"].rpartition("/")[2] for record in records(config)}
    assert {"90001", "90002"} <= urls
    assert "items could not be imported" in result.stderr
    again = run("--config", config, "import", path)
    assert " 0 articles new" in again.stdout


def test_any_type_at_any_place_of_a_record_spoils_its_line_alone(config: Path, tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    lines = [*spoiled(record), json.dumps(record(1)), json.dumps(record(2))]
    path.write_text("\n".join(lines))
    result = run("--config", config, "import", path)
    told(result)
    assert result.exit_code == 1
    urls = {record["url"].rpartition("/")[2] for record in records(config)}
    assert {"1", "2"} <= urls


WRONG_CELLS = [None, "", "x", 5, -1, 1.5, float("inf"), b"\xff\xfe", b"", 2**63 - 1, -(2**63), "a" * 100_000, "a\0b"]


def test_any_value_in_newsboats_columns_spoils_its_row_alone(config: Path, tmp_path: Path) -> None:
    cache = newsboat(tmp_path / "cache.db")
    with closing(sqlite3.connect(cache)) as db:
        spoil(db, "rss_item", "url", "id")
        spoil(db, "rss_feed", "rssurl", None)
        db.commit()
    result = run("--config", config, "import", cache, "--star-flag", "s")
    told(result)
    assert result.exit_code == 1
    assert {"Bridge opens", "Storm"} <= {record["title"] for record in records(config)}


def test_any_value_in_freshrsss_columns_spoils_its_row_alone(config: Path, tmp_path: Path) -> None:
    from test_cli_import import freshrss

    path = freshrss(tmp_path / "db.sqlite")
    with closing(sqlite3.connect(path)) as db:
        spoil(db, "entry", "link", "id")
        spoil(db, "feed", "url", "id")
        db.commit()
    result = run("--config", config, "import", path)
    told(result)
    assert result.exit_code == 1
    assert "Bridge & tunnel" in {record["title"] for record in records(config)}


def spoil(db: sqlite3.Connection, table: str, address: str, key: str | None) -> None:
    """Add copies of a table's first row, each with something else in one column; without the constraints."""
    names = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    db.execute(f"CREATE TABLE other AS SELECT * FROM {table}")
    db.execute(f"DROP TABLE {table}")
    db.execute(f"CREATE TABLE {table} ({', '.join(names)})")
    db.execute(f"INSERT INTO {table} SELECT * FROM other")
    db.execute("DROP TABLE other")
    first = dict(zip(names, db.execute(f"SELECT * FROM {table}").fetchone(), strict=True))
    number = 1000
    for name in names:
        for wrong in WRONG_CELLS:
            number += 1
            row = {**first, address: f"https://bad.example/{number}", name: wrong}
            if key and name != key:
                row[key] = number
            db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", list(row.values()))


# --------------------------------------------------------------------------- files as a whole


def refused(config: Path, path: Path) -> str:
    """Import a file that is no export; return the one line that says why."""
    result = run("--config", config, "import", path)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert "is not an export that Wireroom knows: " in line
    assert not config.with_name("wireroom.db").exists()
    return line


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 200_000,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b'{"items": "' + b'\\"' * 50_000,
        b"[]",
        b"[1, 2]",
        b"null",
        b'{"entries": null}',
        b'{"entries": {"a": 1}}',
        b'{"entries": [{"id": %s}]}' % (b"9" * 9000),
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1"}]}',
        b'{"items": [{"origin": 5}]}',
        b"\xff\xfe\x00\xd8",
        b"\x00" * 5000,
        b"\xef\xbb\xbf",
        b"SQLite format 3\0" + b"\x10\x00\x01\x01" + b"\x00" * 200,
        b"PK\x03\x04 not an archive",
    ],
)
def test_what_is_no_export_is_one_line(config: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert len(refused(config, path)) < 700


def test_an_item_nested_without_end_spoils_itself_alone(config: Path, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    deep = '{"feed": {"feed_url": "https://a.example/f"}, "title": ' + "[" * 50_000 + "]" * 50_000 + "}"
    path.write_text(f'{{"entries": [{deep}, {json.dumps(entry(1))}]}}')
    result = run("--config", config, "import", path)
    assert (result.exit_code, len(records(config))) == (1, 1)
    assert "entry 1: title: a text is expected" in result.stderr


def test_bytes_that_are_no_text_spoil_no_more_than_themselves(config: Path, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_bytes(json.dumps({"entries": [entry(1) | {"title": "Br@cke"}]}).encode().replace(b"@", b"\xfc"))
    assert run("--config", config, "import", path).exit_code == 0
    assert [record["title"] for record in records(config)] == ["Br\ufffdcke"]


def zipped(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.json", content)
    return path


def test_a_bad_member_spoils_itself_alone(config: Path, tmp_path: Path) -> None:
    good = json.dumps({"items": [google_item(1)]}).encode()
    path = zipped(tmp_path / "export.zip", a_bad=b"{", b_secret=good, c_good=good, d_broken=good)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        secret, broken = archive.getinfo("b_secret.json"), archive.getinfo("d_broken.json")
    data[secret.header_offset + 6] |= 1
    data[data.rindex(b"b_secret.json") - 38] |= 1
    data[broken.header_offset + 30 + len("d_broken.json") + 20] ^= 0xFF
    path.write_bytes(data)
    result = run("--config", config, "import", path)
    assert result.exit_code == 1
    for name, why in (("a_bad", "not JSON"), ("b_secret", "encrypted"), ("d_broken", "cannot be unpacked")):
        assert any(f"left out: {name}.json: " in line and why in line for line in result.stderr.splitlines()), name
    assert [record["title"] for record in records(config)] == ["Pier 1 rebuilt"]


def test_archives_that_unpack_without_end_are_refused(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpack, "MAX_BYTES", 2_000_000)
    one = zipped(tmp_path / "one.zip", a=b" " * 3_000_000)
    many = zipped(tmp_path / "many.zip", **{f"f{number}": b" " * 300_000 for number in range(10)})
    nested = tmp_path / "nested.zip"
    with zipfile.ZipFile(nested, "w") as archive:
        archive.write(one, "inner.zip")
    assert "more than 1 MiB in it" in refused(config, one)
    assert "more than 1 MiB in it" in refused(config, many)
    assert "without articles of FreshRSS" in refused(config, nested)


def test_archives_of_absurdly_many_members_are_refused_unread(config: Path, tmp_path: Path) -> None:
    few = zipped(tmp_path / "few.zip", a=b"{}")
    data = bytearray(few.read_bytes())
    struct.pack_into("<I", data, data.rindex(b"PK\x05\x06") + 12, 5_000_000)
    few.write_bytes(data)
    assert "more files than any export has" in refused(config, few)
    many = zipped(tmp_path / "many.zip", **{f"f{number}": b"" for number in range(10_001)})
    assert "10,001 files" in refused(config, many)


def test_a_cut_archive_and_a_cut_database_are_refused(config: Path, tmp_path: Path) -> None:
    cut = zipped(tmp_path / "cut.zip", a=json.dumps({"items": [google_item(1)]}).encode())
    cut.write_bytes(cut.read_bytes()[:-40])
    refused(config, cut)
    cache = newsboat(tmp_path / "cache.db")
    cache.write_bytes(cache.read_bytes()[:5000])
    assert "cannot be read" in refused(config, cache)


def test_of_a_damaged_database_what_can_be_read_is_taken_over(config: Path, tmp_path: Path) -> None:
    cache = newsboat(tmp_path / "cache.db")
    with closing(sqlite3.connect(cache)) as db:
        for number in range(400):
            db.execute(
                "INSERT INTO rss_item SELECT NULL, ?, title, author, ?, feedurl, pubDate, content, unread, NULL, NULL, 0,"
                " flags, 0 FROM rss_item WHERE guid = 'g1'",
                (f"n{number}", f"https://paper.example/n{number}"),
            )
        db.commit()
    data = bytearray(cache.read_bytes())
    data[-8192:-4096] = b"\xff" * 4096
    cache.write_bytes(data)
    result = run("--config", config, "import", cache)
    assert result.exit_code == 1
    assert "what stands behind item " in result.stderr
    assert len(records(config)) > 100


def test_views_and_virtual_tables_are_no_tables_of_a_program(config: Path, tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id FROM n"
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"CREATE VIEW rss_item AS {endless}")
        db.execute("CREATE VIRTUAL TABLE rss_feed USING fts5(rssurl, title)")
    assert "rss_feed" not in refused(config, path).partition("Articles can")[0].replace("rss_feed_", "")


def test_an_endless_name_is_left_out_and_its_feed_taken(config: Path, tmp_path: Path) -> None:
    one = entry(1)
    one["feed"] = one["feed"] | {"title": "N" * 5000, "category": {"title": "T" * 5000}}
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"entries": [one]}))
    result = run("--config", config, "import", path)
    assert result.exit_code == 1
    assert "its name of 5,000 characters, 'NNN" in result.stderr
    assert "its tag of 5,000 characters, 'TTT" in result.stderr
    assert len(records(config)) == 1
    assert "NNN" not in config.read_text()


# --------------------------------------------------------------------------- Markdown


def test_markdown_is_made_of_the_cleaned_html(config: Path, tmp_path: Path) -> None:
    bad = record(1) | {
        "html": "<p>Good <strong>news</strong></p><script>x()</script><a href='javascript:x()'>y</a>",
        "markdown": "Good news <img src=x onerror=x()> [y](javascript:x())",
    }
    path = tmp_path / "export.jsonl"
    path.write_text(json.dumps(bad))
    assert run("--config", config, "import", path).exit_code == 0
    (found,) = records(config)
    assert found["markdown"] == "Good **news**\n\ny"
    assert "script" not in found["html"]


def test_markdown_that_comes_alone_is_cleaned(config: Path, tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    path.write_text(
        json.dumps(record(1) | {"html": "", "markdown": "A **b** <script>x()</script> [y](JavaScript:x(1))"})
    )
    assert run("--config", config, "import", path).exit_code == 0
    (found,) = records(config)
    assert found["markdown"] == "A **b** x() [y]"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("*so* [a](https://a.example/x_(y)) ![p](http://a.example/p.png)", None),
        ("> quoted `code` and <https://a.example/> for 1 &lt; 2", None),
        ("[a]: https://a.example/\n[a]", None),
        ("[a](<https://a.example/>) [m](mailto:me@a.example)", None),
        ("[a](java\nscript:x())", "[a]\\(java\nscript:x())"),
        ("[a]( data:text/html,x )", "[a]"),
        ("[a](&#106;avascript:x())", "[a]"),
        ("[a]: javascript:x()\n[a]", "[a]\\: javascript:x()\n[a]"),
        ("<javascript:x()> <!-- x --> <? x ?>", " &lt;!-- x --> &lt;? x ?>"),
        ("<svg/onload=x()>a</svg>", "a"),
        ("<img src=x onerror=x()", "&lt;img src=x onerror=x()"),
        ("[![p](javascript:a)](vbscript:b)", "[![p]]"),
    ],
)
def test_only_what_leads_to_the_web_stays_a_link(given: str, kept: str | None) -> None:
    assert safe_markdown(given) == (given if kept is None else kept)


def test_a_source_names_what_was_left_out_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"entries": [5, entry(1), copy.deepcopy(entry(2)) | {"content": 5}]}))
    source = read_source(path)
    assert len(list(source.articles)) == 1
    assert [reason.partition(":")[0] for reason in source.left_out] == ["entry 1", "entry 3"]
