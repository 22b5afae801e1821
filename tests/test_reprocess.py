"""Reading stored pages again: what would change, what is filed, and undoing it."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from patience import LONG_S
from test_cli_kit import ROOT, command, environment, run, run_json
from test_pipeline import PARAGRAPH, Newsroom, item, newsroom, page, publish, rss  # noqa: F401 - a fixture

from scraper.articles.reprocess import MARKUP, reread, rules_version
from scraper.config import read_database_path
from scraper.engine.batch import read_all
from scraper.errors import NotFound
from scraper.model import ArticleFilter, SiteRule
from store import Store, open_store
from store.sqlite.work.revisions import slight_edits
from wireroom.cli.commands.reprocess import _Tally

TEASER = "Our summer raffle: win a week for two in the mountains, with breakfast and a view, if you write to us today. "


@pytest.fixture
def filed(newsroom: Newsroom) -> Newsroom:  # noqa: F811
    """Articles 1 and 2 with a box in their text that only a site's rule can tell."""
    for n in (1, 2):
        box = f'</p><p class="zz{n}">{TEASER}</p><p>{PARAGRAPH}'
        newsroom.origin.routes[f"/{n}"] = page(f"Story {n}", f"Number {n}. {PARAGRAPH}{box}", PARAGRAPH)
    publish_feed(newsroom)
    newsroom.subscribe()
    newsroom.work()
    assert all(TEASER.strip() in article.text for article in newsroom.articles())
    return newsroom


def publish_feed(room: Newsroom) -> None:
    routes = dict(room.origin.routes)
    publish(room, 2, 1)
    room.origin.routes.update(routes)


RULES = {"127.0.0.1": SiteRule(remove=(".zz1",))}


def read(room: Newsroom, rules: dict[str, SiteRule]):
    return {
        (reading.version.article_id, reading.version.revision): reading
        for reading in read_all(room.store.kept_version, room.store.kept_versions(), rules)
    }


def run_over(room: Newsroom, rules: dict[str, SiteRule]) -> int:
    """Read everything again and keep what changes, as the command does."""
    run_id = room.store.begin_run("everything")
    readings = read(room, rules).values()
    for reading in readings:
        if reading.changed:
            room.store.refile(run_id, reading)
    room.store.end_run(run_id, len(readings))
    return run_id


def first(room: Newsroom):
    return next(article for article in room.articles() if article.url.endswith("/1"))


def test_nothing_changes_without_a_new_rule(filed: Newsroom) -> None:
    assert [reading.changed for reading in read(filed, {}).values()] == [(), ()]


def test_a_new_rule_changes_what_it_touches(filed: Newsroom) -> None:
    found = read(filed, RULES)
    one = first(filed)
    assert {key: reading.changed for key, reading in found.items() if reading.changed} == {(one.id, 1): ("text",)}
    run_id = filed.store.begin_run("everything")
    assert filed.store.refile(run_id, found[one.id, 1])
    filed.store.end_run(run_id, 2)
    after = first(filed)
    assert TEASER.strip() not in after.text
    assert (after.revision, after.status, after.change_seq > one.change_seq) == (1, "full", True)
    (told,) = filed.store.revisions(one.id)
    assert (told.rule, told.run_id, told.word_count) == ("page-read", None, after.word_count)
    assert told.reading is not None
    assert (told.reading.run_id, told.reading.changed) == (run_id, ("text",))
    assert told.reading.rules_version == found[one.id, 1].rules_version
    assert filed.store.version(one.id, 1).text == after.text
    assert filed.store.version(one.id, 1, as_filed=True).text == one.text, "never over what was filed"
    with filed.store._read() as db:
        assert db.execute("SELECT count(*) FROM edits").fetchone()[0] == 0, "it is no edit of the publisher's"
    (done,) = filed.store.runs()
    assert (done.id, done.examined, done.changed, done.undone_at) == (run_id, 2, 1, None)
    assert [reading.changed for reading in read(filed, RULES).values()] == [(), ()], "once is enough"


def test_rules_have_a_version_by_the_program_and_the_rule_of_the_site() -> None:
    one, other = rules_version(None), rules_version(RULES["127.0.0.1"])
    assert len({one, other, rules_version(SiteRule(remove=(".zz2",)))}) == 3
    assert (one, other) == (rules_version(None), rules_version(SiteRule(remove=(".zz1",))))


def test_readings_are_no_edits_of_the_publisher_s(filed: Newsroom) -> None:
    number = first(filed).id
    for _ in range(3):
        reading = reread(filed.store.kept_version(number, 1), {})
        assert filed.store.refile(filed.store.begin_run("x"), replace(reading, changed=(MARKUP,)))
    with filed.store._read() as db:
        row = db.execute("SELECT * FROM articles WHERE id = ?", (number,)).fetchone()
        assert (row["revision"], slight_edits(db, row)) == (1, 0)


def test_a_version_that_was_read_again_meanwhile_is_left_alone(filed: Newsroom) -> None:
    reading = read(filed, RULES)[first(filed).id, 1]
    run_id, other = filed.store.begin_run("x"), filed.store.begin_run("y")
    assert filed.store.refile(other, reading)
    assert not filed.store.refile(other, reading)
    assert not filed.store.refile(run_id, reading)


def test_a_version_whose_page_was_renewed_meanwhile_is_left_alone(filed: Newsroom) -> None:
    one = first(filed)
    reading = read(filed, RULES)[one.id, 1]
    filed.clock.move(timedelta(minutes=1))
    filed.store.request_fetches([one.id], now=filed.clock.now())
    filed.work()
    assert not filed.store.refile(filed.store.begin_run("x"), reading)
    assert first(filed).text == one.text


def test_a_run_is_undone(filed: Newsroom) -> None:
    before = first(filed)
    run_id = run_over(filed, RULES)
    assert first(filed) != before
    assert filed.store.undo_run(run_id) == (1, 0)
    assert replace(first(filed), change_seq=before.change_seq) == before
    assert [revision.reading for revision in filed.store.revisions(before.id)] == [None]
    assert filed.store.undo_run(run_id) == (0, 0), "twice changes nothing"
    assert filed.store.runs()[0].undone_at is not None
    with pytest.raises(NotFound):
        filed.store.undo_run(99)


def test_runs_are_undone_in_any_order(filed: Newsroom) -> None:
    before = first(filed)
    one = run_over(filed, RULES)
    between = first(filed)
    two = run_over(filed, {})
    assert first(filed).text == before.text
    assert filed.store.undo_run(one) == (0, 1), "another reading is shown"
    assert filed.store.undo_run(two) == (1, 0)
    assert first(filed).text == before.text
    one = run_over(filed, RULES)
    two = run_over(filed, {})
    assert filed.store.undo_run(two) == (1, 0)
    assert first(filed).text == between.text


# --------------------------------------------------------------------------- versions that were edited since

EDITS = 5


def told(version: int) -> str:
    """The words that one version alone has."""
    return f"Only{'abcdefgh'[version]}tale"


def edited_page(version: int):
    return page(
        f"Story 1 as of {version}", f"Report {told(version)}. {PARAGRAPH}", PARAGRAPH,
        f'</p><p class="zz1">{TEASER}</p><p>The end of it. {PARAGRAPH}',
    )  # fmt: skip


@pytest.fixture
def edited(newsroom: Newsroom) -> Newsroom:  # noqa: F811
    """Article 1 in six versions, each with the box."""
    newsroom.origin.routes["/1"] = edited_page(0)
    publish_feed_of(newsroom, 0)
    newsroom.subscribe()
    newsroom.work()
    for version in range(1, EDITS + 1):
        newsroom.clock.move(timedelta(hours=1))
        newsroom.origin.routes["/1"] = edited_page(version)
        publish_feed_of(newsroom, version)
        newsroom.store.request_polls(None, now=newsroom.clock.now())
        newsroom.work()
        newsroom.store.request_fetches([1], now=newsroom.clock.now())
        newsroom.work()
    assert first(newsroom).revision == EDITS + 1
    return newsroom


def publish_feed_of(room: Newsroom, version: int) -> None:
    """The feed's headline changes with the story."""
    room.origin.routes["/feed"] = rss(item(1, room.origin.url("/1")).replace("Story 1", f"Story 1 as of {version}"))


NUMBERS = range(1, EDITS + 2)


def texts(store: Store, **how: bool) -> list[str]:
    return [store.version(1, number, **how).text for number in NUMBERS]


def found(store: Store, query: str) -> list[int]:
    return [summary.id for summary in store.find_articles(ArticleFilter(query=query))]


def test_six_versions_have_six_pages_and_are_read_anew(edited: Newsroom) -> None:
    store = edited.store
    assert [store.pages(1, number)[0].body for number in NUMBERS] == [edited_page(n).body for n in range(EDITS + 1)]
    assert [reading.changed for reading in read(edited, {}).values()] == [()] * 6, "each by what its feed said then"
    before, filed_texts = first(edited), texts(store)
    assert found(store, "was:raffle") == [1]
    run_id = run_over(edited, RULES)
    assert all(TEASER.strip() not in text for text in texts(store))
    assert [told(n) in text for n, text in enumerate(texts(store))] == [True] * 6
    assert texts(store, as_filed=True) == filed_texts
    assert [revision.reading and revision.reading.run_id for revision in store.revisions(1)] == [run_id] * 6
    assert found(store, "was:raffle") == found(store, "raffle") == [], "searches know the newest reading"
    assert found(store, f"was:{told(2)}") == [1]
    assert [store.pages(1, number)[0].body for number in NUMBERS] == [edited_page(n).body for n in range(EDITS + 1)]
    assert store.undo_run(run_id) == (6, 0)
    assert texts(store) == filed_texts
    assert found(store, "was:raffle") == found(store, "raffle") == [1]
    assert replace(first(edited), change_seq=before.change_seq) == before
    assert store.integrity() == ()


def test_an_edit_after_a_run_puts_the_reading_away_beside_what_was_filed(edited: Newsroom) -> None:
    store = edited.store
    filed_texts = texts(store)
    run_id = run_over(edited, RULES)
    read_texts = texts(store)
    edited.sites = RULES
    edited.clock.move(timedelta(hours=1))
    edited.origin.routes["/1"] = edited_page(6)
    store.request_fetches([1], now=edited.clock.now())
    edited.work()
    assert (first(edited).revision, texts(store), texts(store, as_filed=True)) == (7, read_texts, filed_texts)
    assert store.revisions(1)[6].changed == ("title", "text")
    assert store.undo_run(run_id) == (6, 0)
    assert texts(store) == filed_texts
    assert told(6) in first(edited).text


def test_a_version_filed_anew_is_not_shown_as_its_former_page_was_read(edited: Newsroom) -> None:
    run_over(edited, RULES)
    edited.clock.move(timedelta(hours=1))
    edited.store.request_fetches([1], now=edited.clock.now())
    edited.work()  # by the old rules, and the box is there again: an edit by all that can be known
    assert first(edited).revision == 7
    edited.clock.move(timedelta(hours=1))
    run_over(edited, RULES)
    edited.sites = RULES
    edited.store.request_fetches([1], now=edited.clock.now())
    edited.work()
    (newest,) = edited.store.revisions(1)[6:]
    assert (first(edited).revision, newest.reading) == (7, None)
    assert TEASER.strip() not in edited.store.version(1, 7, as_filed=True).text


def test_a_version_that_an_earlier_release_filed_is_taken_back(filed: Newsroom) -> None:
    """Runs used to file a version of their own, and only the newest one had its page."""
    before = first(filed)
    run_id = run_over(filed, RULES)
    with closing(sqlite3.connect(filed.store.path)) as db, db:
        db.execute(
            "INSERT INTO revisions (article_id, number, at, rule, changed, word_count, run_id)"
            " SELECT article_id, 2, at, 'reprocessed', changed, word_count, run_id FROM readings"
        )
        db.execute("DELETE FROM readings")
        db.execute("UPDATE articles SET revision = 2 WHERE id = ?", (before.id,))
        db.execute("UPDATE pages SET revision = 2 WHERE article_id = ?", (before.id,))
    assert [revision.run_id for revision in filed.store.revisions(before.id)] == [None, run_id]
    assert [reading.changed for reading in read(filed, RULES).values()] == [(), ()]
    assert filed.store.undo_run(run_id) == (1, 0)
    assert replace(first(filed), change_seq=before.change_seq) == before
    assert len(filed.store.pages(before.id, 1)) == 1


def test_what_is_chosen(filed: Newsroom) -> None:
    store = filed.store
    assert store.kept_versions(site="127.0.0.1") == ((1, 1), (2, 1))
    assert store.kept_versions(site="7.0.0.1") == store.kept_versions(site="other.example") == ()
    assert len(store.kept_versions(feed_id=store.find_feed_id(filed.origin.url("/feed")))) == 2
    assert store.kept_versions(feed_id=99) == ()
    assert store.kept_versions(since=filed.clock.now() + timedelta(hours=1)) == ()
    store.forget_pages(timedelta(hours=-1))
    assert store.kept_versions() == ()
    with pytest.raises(NotFound):
        store.kept_version(1, 1)


def test_pages_without_text_leave_what_is_on_file(filed: Newsroom) -> None:
    number = first(filed).id
    reading = reread(filed.store.kept_version(number, 1), {"127.0.0.1": SiteRule(body="div.none", remove=("p",))})
    assert (reading.found, reading.changed) == (None, ())
    assert not filed.store.refile(filed.store.begin_run("x"), reading)


def test_other_markup_of_the_same_words_is_told_apart(filed: Newsroom) -> None:
    number = first(filed).id
    version = filed.store.kept_version(number, 1)
    other = replace(version, shown=replace(version.shown, html=version.shown.html.replace("<p>", "<p><br>")))
    assert reread(other, {}).changed == (MARKUP,)


# --------------------------------------------------------------------------- the command


@pytest.fixture
def config(filed: Newsroom, tmp_path: Path) -> Path:
    path = tmp_path / "feeds.yaml"
    path.write_text(
        f"feeds: []\nsites:\n  127.0.0.1: {{remove: ['.zz1']}}\nsettings: {{database: {filed.store.path}}}\n"
    )
    filed.store.close()
    return path


def _first_id(config: Path) -> int:
    (article,) = [one for one in run_json("--config", config, "articles", "--json") if one["url"].endswith("/1")]
    return int(article["id"])


def test_the_command_tells_files_and_undoes(config: Path) -> None:
    told = run("--config", config, "reprocess", "--dry-run")
    assert told.stdout.splitlines()[:2] == ["would change 1 of 2 versions", "        1  text"]
    assert "[-Our summer raffle" in told.stdout
    assert "run" not in run("--config", config, "reprocess", "--runs").stdout
    done = run("--config", config, "reprocess", "--samples", 0)
    assert done.stdout.splitlines()[0] == "changed 1 of 2 versions"
    assert "wireroom reprocess --undo 1" in done.stderr
    assert run("--config", config, "reprocess").stdout.splitlines() == ["changed 0 of 2 versions"]
    number = _first_id(config)
    (line,) = run("--config", config, "revisions", number).stdout.splitlines()
    assert "first version; read by run 1" in line
    shown, as_filed = (run("--config", config, "show", number, *how).stdout for how in ((), ("--filed",)))
    assert ("raffle" in shown, "raffle" in as_filed) == (False, True)
    (_, first_run) = run_json("--config", config, "reprocess", "--runs", "--json")
    assert (first_run["changed"], first_run["scope"]) == (1, "everything")
    assert run("--config", config, "reprocess", "--undo", 1).stdout == "1 version as before run 1\n"
    twice = run("--config", config, "reprocess", "--undo", 1)
    assert (twice.exit_code, twice.stderr) == (1, "wireroom: run 1 is undone already\n")
    run("--config", config, "reprocess", "--since", "2026-01-15T13:03:20+01:00")
    scopes = [each["scope"] for each in run_json("--config", config, "reprocess", "--runs", "--json")]
    assert "--since 2026-01-15T12:03+00:00" in scopes
    again = run_json("--config", config, "reprocess", "--dry-run", "--json")
    assert (again["examined"], again["changed"], again["kinds"], again["run"]) == (2, 1, {"text": 1}, None)
    assert run("--config", config, "reprocess", "--undo", 99).exit_code == 1
    nothing = run("--config", config, "reprocess", "--dry-run", "--site", "www.other.example")
    assert nothing.stdout.splitlines() == ["would change 0 of 0 versions"]


def test_a_run_that_was_broken_off_says_what_it_did(config: Path) -> None:
    with open_store(read_database_path(config), create=False) as store:
        run_id = store.begin_run("everything")
        reading = next(iter(read_all(store.kept_version, store.kept_versions(), RULES)))
        assert store.refile(run_id, reading)
        store.count_run(run_id, 20)
    (line,) = run("--config", config, "reprocess", "--runs").stdout.splitlines()
    assert line.split("\t")[2:5] == ["20 or more", "1", "not finished"]


def test_two_runs_at_once_count_each_change_once(config: Path) -> None:
    started = [
        subprocess.Popen(
            command(["--config", config, "reprocess", "--json"]), cwd=ROOT, env=environment(), stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    told = [json.loads(process.communicate(timeout=LONG_S)[0]) for process in started]
    assert sorted(one["changed"] for one in told) == [0, 1]
    assert all(sum(one["kinds"].values()) == one["changed"] for one in told)
    kept = run_json("--config", config, "reprocess", "--runs", "--json")
    assert {one["id"]: one["changed"] for one in kept} == {one["run"]: one["changed"] for one in told}


def test_what_another_run_was_faster_with_is_told_apart(filed: Newsroom) -> None:
    reading = read(filed, RULES)[first(filed).id, 1]
    tally = _Tally(3)
    for changes in (True, False):
        tally.take(reading, changes=changes)
    assert (tally.examined, tally.changed, tally.overtaken, tally.kinds) == (2, 1, 1, {"text": 1})
