"""The archive in the real Datasette, with and without our metadata."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from contracts.desk import Desk
from datasette.app import Datasette
from fakes import FixedClock
from test_cli_kit import run_json

from store import open_store
from store.descriptions import TABLE_WORDS, VIEW_WORDS
from wireroom.datasette import configuration, metadata


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    clock = FixedClock()
    with open_store(tmp_path / "wireroom.db", clock=clock) as store:
        Desk(store, clock).file("The dredger came back to the harbour. It was late.", "Nothing of note.")
    return tmp_path / "wireroom.db"


def get(archive: Path, path: str, words: dict[str, Any] | None = None) -> Any:
    answer = asyncio.run(Datasette([str(archive)], metadata=words, settings={"num_sql_threads": 0}).client.get(path))
    assert answer.status_code == 200, (path, answer.text[:300])
    return answer.json() if ".json" in path else answer.text


def test_it_just_works_without_metadata(archive: Path) -> None:
    page = get(archive, "/wireroom/articles")
    assert 'name="_search"' in page, "the search box"
    found = get(archive, "/wireroom/articles.json?_search=dredger&_shape=array")
    assert [row["title"] for row in found] == ["Title 0"]
    entries = get(archive, "/wireroom/entries")
    assert ">The Paper</a>" in entries, "the feed by its name"
    assert ">Title 0</a>" in entries, "the article by its title"
    days = get(archive, "/wireroom/articles.json?_facet_date=first_seen_at&_size=0")["facet_results"]
    assert len(days["first_seen_at"]["results"]) == 1, "times are dates to it"


def test_every_table_view_and_query_is_shown(archive: Path) -> None:
    words = metadata("wireroom")
    told = words["databases"]["wireroom"]
    for name in (*TABLE_WORDS, *VIEW_WORDS):
        assert told["tables"][name]["description"]
        get(archive, f"/wireroom/{name}", words)
    for name in told["queries"]:
        get(archive, f"/wireroom/{name}", words)
        get(archive, f"/wireroom/{name}.json?words=dredger&_shape=array", words)


def test_the_indexes_without_text_can_be_opened(archive: Path) -> None:
    for name, count in (("articles_stems", 2), ("articles_words", 0)):
        assert len(get(archive, f"/wireroom/{name}.json?_shape=array")) == count


def test_search_with_snippets_takes_any_words(archive: Path) -> None:
    words = metadata("wireroom")
    (found,) = get(archive, "/wireroom/search_with_snippets.json?words=dredger&_shape=array", words)
    assert "[dredger]" in found["found"]
    assert get(archive, "/wireroom/search_with_snippets.json?words=%22a+NEAR+(-*&_shape=array", words) == []


def test_facets_and_order_are_as_told(archive: Path) -> None:
    shown = get(archive, "/wireroom/articles.json?_size=5", metadata("wireroom"))
    assert set(shown["facet_results"]) >= {"status", "language", "site_name", "origin_feed_id"}
    assert [dict(zip(shown["columns"], row, strict=True))["id"] for row in shown["rows"]] == [2, 1]


def test_own_accounts_are_hidden(archive: Path) -> None:
    tables = get(archive, "/wireroom.json", metadata("wireroom"))["tables"]
    shown = {table["name"] for table in tables if not table["hidden"]}
    assert {"articles", "entries", "feeds", "revisions"} <= shown
    assert shown.isdisjoint(
        {"slots", "sequence", "article_keys", "_sqlite_migrations", "articles_stems", "search_index"}
    )


def test_the_configuration_of_1_0_is_what_is_no_words() -> None:
    told, ours = metadata("w")["databases"]["w"], configuration("w")["databases"]["w"]
    assert ours["queries"] == told["queries"]
    for name, shown in ours["tables"].items():
        words = ("description", "columns")
        assert shown == {key: value for key, value in told["tables"][name].items() if key not in words}


def test_the_command_prints_either_file(archive: Path) -> None:
    for arguments, expected in (((), metadata), (("--for", "1.0"), configuration)):
        assert run_json("datasette-metadata", *arguments, "--db", archive) == expected("wireroom")
