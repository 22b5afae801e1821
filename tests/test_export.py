"""Exports: each format is read back with a parser of its own."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes import NOON, FixedClock
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from shelf import FEED, Filed, fill

from scraper.errors import WireroomError
from scraper.model import ArticleFilter, ArticleRecord, Enclosure, Extraction, FeedSpec, Image, Link, ParsedEntry
from store import Store, open_store
from wireroom.export import (
    FORMATS,
    RECORD_FIELDS,
    as_json,
    export_archive,
    export_records,
    find_format,
    record_to_json,
    tombstone_to_json,
)
from wireroom.export.csv import COLUMNS
from wireroom.export.csv import write as write_csv
from wireroom.export.markdown import yaml_string
from wireroom.export.target import ExportRefused
from wireroom.opml import read_opml

EVERYTHING = ArticleFilter()
#: The names of DESIGN's exported record, typed here by hand.
NAMES = """
id url canonical_url title byline agencies published_at updated_at first_seen_at fetched_at site_name section
language summary image images text html markdown related enclosures comments_url categories feeds tags read_at starred_at
story_id revision word_count kind confidence status reason change_seq
""".split()  # noqa: SIM905 - thirty-five quoted names are harder to compare with the design

LAMP = Extraction(
    title="Lamp: 'on' or \"off\"? # Ламп",
    byline=("Maud Ellery", "Тимур Ледов"),
    published_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    section="Coast",
    site_name="The Paper",
    language="en",
    summary="One line.",
    image=Image(url="https://paper.example/lamp.jpg", alt="A lamp", caption="The lamp", credit="Вальдемар"),
    images=(Image(url="https://paper.example/lamp.jpg", credit="Вальдемар"),),
    html="<p>First “quoted” line.</p>\n<p>二行目。</p>",
    markdown="First “quoted” line.\n\n二行目。\n",
    text="First “quoted” line.\n\n二行目。",
    related=(Link(url="https://paper.example/a", title="Another"),),
    agencies=("TASS",),
)
FORMULA = Extraction(
    title='=HYPERLINK("http://evil.example","x")',
    byline=("@cmd", "+1"),
    site_name="-2+3",
    section="\tTabbed",
    text='He said "a, b"\r\nand left.',
    html="<p>x</p>",
    markdown="x",
)
ENTRY = ParsedEntry(
    categories=("Sea", "Light"),
    enclosures=(Enclosure(url="https://paper.example/a.mp3", type="audio/mpeg", length=1234),),
    comments_url="https://paper.example/talk",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "wireroom.db", clock=FixedClock()) as archive:
        fill(
            archive,
            [
                Filed(url="https://paper.example/lamp", extraction=LAMP, entry=ENTRY),
                Filed(url="https://paper.example/formula", extraction=FORMULA, status="feed_only", reason="a wall"),
                Filed(url="https://paper.example/bare", extraction=Extraction(text="Bare."), status="feed_only"),
            ],
            feeds=(FEED, FeedSpec(url="https://other.example/rss", name="Other & Co")),
        )
        archive.set_read([1], True, now=NOON)
        yield archive


def exported(store: Store, format_name: str, wanted: ArticleFilter = EVERYTHING) -> str:
    stream = io.StringIO()
    export_archive(store, find_format(format_name), wanted, stream)
    return stream.getvalue()


def test_the_record_has_the_designed_names_in_their_order() -> None:
    assert list(RECORD_FIELDS) == NAMES


def test_json_lines_hold_every_field_of_every_article(store: Store) -> None:
    lines = exported(store, "jsonl").splitlines()
    records = [json.loads(line) for line in lines]
    assert [list(record) for record in records] == [NAMES] * 3
    lamp = records[0]
    assert lamp["title"] == LAMP.title
    assert lamp["byline"] == ["Maud Ellery", "Тимур Ледов"]
    assert lamp["published_at"] == "2026-01-02T03:04:05Z"
    assert lamp["read_at"] == "2026-01-15T12:00:00Z"
    assert lamp["image"] == {
        "url": "https://paper.example/lamp.jpg", "alt": "A lamp", "caption": "The lamp", "credit": "Вальдемар",
    }  # fmt: skip
    assert lamp["related"] == [{"url": "https://paper.example/a", "title": "Another"}]
    assert lamp["enclosures"] == [{"url": "https://paper.example/a.mp3", "type": "audio/mpeg", "length": 1234}]
    assert lamp["feeds"] == [{"name": "The Paper", "url": "https://paper.example/feed"}]
    assert (lamp["tags"], lamp["categories"], lamp["comments_url"]) == (
        ["news"],
        ["Sea", "Light"],
        "https://paper.example/talk",
    )
    assert "Вальдемар" in lines[0]
    assert "二行目" in lines[0]
    assert records[1]["image"] is None
    assert records[1]["reason"] == "a wall"


def test_json_is_one_array_of_the_same_records(store: Store) -> None:
    assert json.loads(exported(store, "json")) == [json.loads(line) for line in exported(store, "jsonl").splitlines()]
    assert json.loads(exported(store, "json", ArticleFilter(query="nowhere"))) == []


def test_show_and_export_share_one_record(store: Store) -> None:
    assert record_to_json(store.article(1)) == json.loads(exported(store, "jsonl").splitlines()[0])


@pytest.mark.parametrize("format_name", ["jsonl", "json"])
def test_exports_of_changes_tell_what_was_deleted(store: Store, format_name: str) -> None:
    seen = store.change_seq()
    store.delete_articles([2], now=NOON)
    store.set_starred([3], True, now=NOON)
    text = exported(store, format_name, ArticleFilter(changed_after=seen))
    items = json.loads(text) if format_name == "json" else [json.loads(line) for line in text.splitlines()]
    assert items[0] == {"id": 2, "deleted_at": "2026-01-15T12:00:00Z", "change_seq": items[0]["change_seq"]}
    assert items[0] == tombstone_to_json(store.tombstones(seen)[0])
    assert items[1]["id"] == 3
    assert [item["change_seq"] for item in items] == sorted(item["change_seq"] for item in items)
    assert len(items) == 2


def test_csv_is_flat_and_disarms_formulas(store: Store) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(store, "csv"), newline="")))
    assert len(rows) == 3
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["byline"] == "Maud Ellery; Тимур Ледов"
    assert rows[0]["image_credit"] == "Вальдемар"
    assert rows[0]["enclosures"] == "https://paper.example/a.mp3"
    assert (rows[0]["feeds"], rows[0]["feed_urls"]) == ("The Paper", "https://paper.example/feed")
    assert rows[0]["published_at"] == "2026-01-02T03:04:05Z"
    formula = rows[1]
    assert formula["title"] == "'" + str(FORMULA.title)
    assert (formula["byline"], formula["site_name"], formula["image_url"]) == ("'@cmd; +1", "'-2+3", "")
    assert formula["text"] == 'He said "a, b"\r\nand left.'
    for row in rows:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_begins_like_a_formula_is_disarmed_in_csv(store: Store, start: str) -> None:
    record = next(iter(store.records(EVERYTHING)))
    stream = io.StringIO()
    write_csv([replace(record, title=f"{start}1+1", tags=(f"{start}2",))], stream)
    (row,) = csv.DictReader(io.StringIO(stream.getvalue(), newline=""))
    assert (row["title"], row["tags"]) == (f"'{start}1+1", f"'{start}2")


def test_csv_has_a_column_for_every_field() -> None:
    for name in NAMES:
        assert any(
            column == name or column.startswith((f"{name}_", f"{name.removesuffix('s')}_")) for column in COLUMNS
        )


def test_markdown_front_matter_reads_back(store: Store, tmp_path: Path) -> None:
    count = export_archive(store, find_format("markdown"), EVERYTHING, tmp_path / "notes")
    assert (count.articles, count.deleted) == (3, 0)
    assert sorted(path.name for path in (tmp_path / "notes").iterdir()) == ["1.md", "2.md", "3.md"]
    empty, front, body = (tmp_path / "notes" / "1.md").read_text(encoding="utf-8").split("---\n", 2)
    facts = YAML(typ="safe").load(front)
    assert (empty, body) == ("", "\nFirst “quoted” line.\n\n二行目。\n")
    assert facts["title"] == LAMP.title
    assert facts["url"] == "https://paper.example/lamp"
    assert facts["published"].replace(tzinfo=UTC) == LAMP.published_at
    assert (facts["tags"], facts["authors"]) == (["news"], ["Maud Ellery", "Тимур Ледов"])
    assert (facts["id"], facts["status"]) == (1, "full")
    bare = YAML(typ="safe").load((tmp_path / "notes" / "3.md").read_text(encoding="utf-8").split("---\n")[1])
    assert bare["title"] == "https://paper.example/bare"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_yaml_strings_mean_what_was_written(text: str) -> None:
    written = yaml_string(text)
    assert YAML(typ="safe", pure=True).load(f"title: {written}\n")["title"] == text
    assert len(written.splitlines()) == 1


def test_text_reads_as_a_person_would_file_it(store: Store, tmp_path: Path) -> None:
    export_archive(store, find_format("text"), EVERYTHING, tmp_path / "texts")
    assert (tmp_path / "texts" / "1.txt").read_text(encoding="utf-8") == (
        f"{LAMP.title}\nMaud Ellery; Тимур Ледов\nThe Paper, 2026-01-02T03:04:05Z\nhttps://paper.example/lamp\n\n"
        "First “quoted” line.\n\n二行目。\n"
    )


def test_on_a_stream_articles_are_clearly_divided(store: Store) -> None:
    assert len(exported(store, "text").split("=" * 72)) == 3
    assert exported(store, "markdown").count("<!-- wireroom article ") == 3


def test_opml_is_the_feed_list(store: Store) -> None:
    assert set(read_opml(exported(store, "opml").encode())) == {
        FeedSpec(url=FEED.url, name="The Paper", tags=("news",)),
        FeedSpec(url="https://other.example/rss", name="Other & Co"),
    }
    store.sync_feeds((FEED,), now=NOON + timedelta(days=1))
    assert [feed.url for feed in read_opml(exported(store, "opml").encode())] == [FEED.url]


def test_filters_hold(store: Store) -> None:
    assert [json.loads(line)["id"] for line in exported(store, "jsonl", ArticleFilter(unread=True)).splitlines()] == [
        2,
        3,
    ]


@pytest.mark.parametrize("format_name", ["jsonl", "json", "csv", "opml"])
def test_files_are_private_and_replace_what_was_there(store: Store, tmp_path: Path, format_name: str) -> None:
    path = tmp_path / "out"
    path.write_text("old")
    path.chmod(0o644)
    export_archive(store, find_format(format_name), EVERYTHING, path)
    assert (
        path.read_text(encoding="utf-8") == exported(store, format_name).replace("\r\n", "\n") or format_name == "csv"
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [item.name for item in tmp_path.iterdir() if item.name.startswith(".wireroom-")] == []


def test_csv_files_keep_their_line_ends(store: Store, tmp_path: Path) -> None:
    export_archive(store, find_format("csv"), EVERYTHING, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == exported(store, "csv").encode()


def test_a_failed_export_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("old")

    def broken() -> Iterator[ArticleRecord]:
        yield from ()
        raise WireroomError("the archive went away")

    with pytest.raises(WireroomError, match="went away"):
        export_records(broken(), find_format("jsonl"), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_wrong_targets_are_named(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    for format_name, name, message in (
        ("jsonl", ".", "it is a directory; name a file"),
        ("json", "pipe", "not a plain file"),
        ("csv", "missing/out.csv", "No such file or directory"),
        ("markdown", "file", "needs a directory"),
        ("text", "file/below", "Not a directory"),
        ("opml", ".", "it is a directory"),
    ):
        with pytest.raises(ExportRefused, match=message) as caught:
            export_archive(store, find_format(format_name), EVERYTHING, tmp_path / name)
        assert caught.value.path == tmp_path / name
    with pytest.raises(WireroomError, match="the formats are jsonl, json, csv, markdown, text, opml"):
        export_archive(store, find_format("epub"), EVERYTHING, tmp_path / "out")
    with pytest.raises(WireroomError, match="not articles"):
        export_records((), find_format("opml"), io.StringIO())


def test_a_disk_error_while_writing_is_named(tmp_path: Path) -> None:
    def full() -> Iterator[ArticleRecord]:
        yield from ()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(ExportRefused, match="No space left on device"):
        export_records(full(), find_format("jsonl"), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_articles_are_taken_one_by_one(store: Store) -> None:
    record = store.article(1)
    alive: list[int] = []

    class Stream(io.StringIO):
        def write(self, text: str, /) -> int:
            alive.append(taken)
            return len(text)

    taken = 0

    def many() -> Iterator[ArticleRecord]:
        nonlocal taken
        for _ in range(5):
            taken += 1
            yield record

    for format_name in ("jsonl", "json", "csv", "markdown", "text"):
        taken, alive[:] = 0, []
        assert export_records(many(), find_format(format_name), Stream()).articles == 5
        assert sorted(set(alive) - {0}) == [1, 2, 3, 4, 5], format_name


def test_any_value_of_the_model_becomes_json(store: Store) -> None:
    status = as_json(store.status())
    assert json.loads(json.dumps(status)) == status
    feed = as_json(store.feeds()[1])
    assert (feed["name"], feed["tags"]) == ("The Paper", ["news"])
    assert as_json(timedelta(minutes=30)) == 1800


def test_every_format_says_what_it_is() -> None:
    assert [format_.name for format_ in FORMATS.built_ins()] == ["jsonl", "json", "csv", "markdown", "text", "opml"]
    assert all(format_.summary for format_ in FORMATS.built_ins())
