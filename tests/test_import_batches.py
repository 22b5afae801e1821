"""Imports file hundreds of articles at a time: with what comes of them one by one, and whole or not at all."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from contracts.test_index_roads import moved
from fakes import NOON, FixedClock
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import LONG_S, times, wait_until
from test_cli_import import miniflux, records
from test_search_index import rows_of_index

from scraper.model import FeedName, MovedArticle
from store import open_store

ROOT = Path(__file__).parent.parent
#: What is filed, without the numbers of changes, of which some are taken and never used.
_TABLES = (
    "article_keys", "entries", "decisions", "revisions", "marks", "article_tags", "stories", "article_facets", "hosts",
    "feeds", "search_languages",
)  # fmt: skip
_FEEDS = [FeedName(name=name, url=f"https://{name}.example/feed") for name in ("one", "two")]


@st.composite
def moved_articles(draw: st.DrawFn) -> MovedArticle:
    one = moved(
        draw(st.integers(1, 3)),
        title=draw(st.sampled_from(["Ferry", "Bridge"])),
        text=draw(st.sampled_from(["It came late.", "船は港に戻った。"])),
        canonical_url=None,
        feeds=tuple(draw(st.lists(st.sampled_from(_FEEDS), unique=True))),
        tags=tuple(draw(st.lists(st.sampled_from(["sea", "land"]), unique=True))),
        status=draw(st.sampled_from(["feed_only", "pending"])),
        revision=draw(st.integers(0, 1)),
        starred_at=draw(st.sampled_from([None, NOON])),
        story_id=draw(st.sampled_from([None, 7])),
    )
    guid = draw(st.sampled_from([None, "a", "b"]))
    keys = replace(one.entry.keys, guid=guid, content_hash=f"{one.record.title} {one.record.text}")
    entry = replace(one.entry.entry, guid=guid, title=one.record.title)
    key = one.entry.article_key if draw(st.booleans()) else None
    return replace(one, entry=replace(one.entry, entry=entry, keys=keys, article_key=key))


@settings(max_examples=times(25, 500), deadline=None)
@given(st.lists(moved_articles(), max_size=8))
def test_a_batch_is_filed_as_its_articles_one_by_one(articles: list[MovedArticle]) -> None:
    assert filed([articles]) == filed([one] for one in articles)


def filed(batches: Iterable[Sequence[MovedArticle]]) -> tuple[Any, ...]:
    """Return what became of the articles, and all rows that say so."""
    counts, stories = [], dict[int, int]()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wireroom.db"
        with open_store(path, clock=FixedClock()) as store:
            store.file_moved([moved(9, feeds=tuple(_FEEDS))], fetch=False, now=NOON)  # hosts and feeds have ids
            for batch in batches:
                done = store.file_moved(batch, fetch=False, now=NOON, stories=stories)
                counts.append((done.new, done.known, done.deleted))
            assert store.integrity() == ()
        with closing(sqlite3.connect(path)) as db:
            db.execute("UPDATE articles SET change_seq = -id")
            rows = {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in ("articles", *_TABLES)}
        rows["article_facets"] = [(*row[:1], *map(as_set, row[1:])) for row in rows["article_facets"]]
        return [sum(numbers) for numbers in zip(*counts, strict=True)] or [0, 0, 0], rows, rows_of_index(path)


def as_set(value: object) -> object:
    return set(value.split()) if isinstance(value, str) else value


def test_a_kill_loses_nothing_that_was_reported_and_a_second_import_goes_on(tmp_path: Path) -> None:
    few, many = 5, times(2_000, 20_000)
    first, second = entries(tmp_path / "first.json", range(few)), entries(tmp_path / "second.json", range(few, many))
    undisturbed, config = folder(tmp_path / "undisturbed"), folder(tmp_path / "killed")
    subprocess.run(command(undisturbed, first, second), cwd=ROOT, check=True, timeout=LONG_S, capture_output=True)
    process = subprocess.Popen(command(config, first, second), cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        assert f"{few} articles new" in process.stdout.readline()
        wait_until(lambda: process.poll() is not None or count(config) > few, "a batch")
        process.send_signal(signal.SIGKILL)
        process.wait(LONG_S)
    with open_store(config.with_name("wireroom.db")) as store:
        assert store.integrity() == ()
        assert store.status().not_indexed == 0
    kept = {record["url"] for record in records(config)}
    assert {f"https://paper.example/{number}" for number in range(few)} < kept, "what was reported"
    done = subprocess.run(command(config, first, second), cwd=ROOT, check=True, capture_output=True, text=True)
    assert f"{many - len(kept):,} articles new, {len(kept) - few:,} on file already" in done.stdout
    assert told(config) == told(undisturbed)


def entries(path: Path, numbers: Iterable[int]) -> Path:
    listed = [
        miniflux(id=number, url=f"https://paper.example/{number}", title=f"Story {number}", content=f"<p>No {number}.")
        for number in numbers
    ]
    path.write_text(json.dumps({"total": len(listed), "entries": listed}))
    return path


def folder(path: Path) -> Path:
    path.mkdir()
    (path / "feeds.yaml").write_text("settings: {database: wireroom.db}\nfeeds: []\n")
    return path / "feeds.yaml"


def command(config: Path, *files: Path) -> list[str]:
    return [sys.executable, "-m", "wireroom", "--config", str(config), "import", *map(str, files)]


def count(config: Path) -> int:
    path = config.with_name("wireroom.db")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        number: int = db.execute("SELECT count(*) FROM articles").fetchone()[0]
        return number


def told(config: Path) -> list[dict[str, Any]]:
    """Return the records of an archive without the numbers of changes, of which a kill leaves some unused."""
    return [record | {"change_seq": None} for record in records(config)]
