"""Reading stored pages again: what would change, what is filed, and undoing it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from test_cli_kit import run, run_json
from test_pipeline import PARAGRAPH, Newsroom, newsroom, page, publish  # noqa: F401 - a fixture

from scraper.batch import read_all
from scraper.errors import NotFound
from scraper.model import SiteRule
from scraper.reprocess import MARKUP, reread
from store.revisions import slight_edits

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
        reading.article.id: reading for reading in read_all(room.store.kept_article, room.store.kept_articles(), rules)
    }


def first(room: Newsroom):
    return next(article for article in room.articles() if article.url.endswith("/1"))


def test_nothing_changes_without_a_new_rule(filed: Newsroom) -> None:
    assert [reading.changed for reading in read(filed, {}).values()] == [(), ()]


def test_a_new_rule_changes_what_it_touches(filed: Newsroom) -> None:
    found = read(filed, RULES)
    one = first(filed)
    assert {number: reading.changed for number, reading in found.items() if reading.changed} == {one.id: ("text",)}
    run_id = filed.store.begin_run("everything")
    assert filed.store.refile(run_id, found[one.id])
    filed.store.end_run(run_id, 2, 1)
    after = first(filed)
    assert TEASER.strip() not in after.text
    assert (after.revision, after.status, after.change_seq > one.change_seq) == (2, "full", True)
    told = [(revision.rule, revision.run_id) for revision in filed.store.revisions(one.id)]
    assert told == [("page-read", None), ("reprocessed", run_id)]
    with filed.store._read() as db:
        assert db.execute("SELECT count(*) FROM edits").fetchone()[0] == 0, "it is no edit of the publisher's"
    (done,) = filed.store.runs()
    assert (done.id, done.examined, done.changed, done.undone_at) == (run_id, 2, 1, None)
    assert [reading.changed for reading in read(filed, RULES).values()] == [(), ()], "once is enough"


def test_versions_of_ours_do_not_use_up_the_publisher_s(filed: Newsroom) -> None:
    number = first(filed).id
    run_id = filed.store.begin_run("x")
    for _ in range(3):
        reading = reread(filed.store.kept_article(number), {})
        assert filed.store.refile(run_id, replace(reading, changed=(MARKUP,)))
    with filed.store._read() as db:
        row = db.execute("SELECT * FROM articles WHERE id = ?", (number,)).fetchone()
        assert (row["revision"], slight_edits(db, row)) == (4, 0)


def test_an_article_that_changed_meanwhile_is_left_alone(filed: Newsroom) -> None:
    reading = read(filed, RULES)[first(filed).id]
    run_id = filed.store.begin_run("x")
    assert filed.store.refile(run_id, reading)
    assert not filed.store.refile(run_id, reading)


def test_a_run_is_undone(filed: Newsroom) -> None:
    before = first(filed)
    run_id = filed.store.begin_run("x")
    assert filed.store.refile(run_id, read(filed, RULES)[before.id])
    assert filed.store.undo_run(run_id) == (1, 0)
    after = first(filed)
    assert (after.text, after.html, after.markdown, after.status) == (
        before.text,
        before.html,
        before.markdown,
        before.status,
    )
    assert after.revision == 3, "every version is kept"
    assert filed.store.undo_run(run_id) == (0, 1), "twice changes nothing"
    assert filed.store.runs()[0].undone_at is not None
    with pytest.raises(NotFound):
        filed.store.undo_run(99)


def test_what_is_chosen(filed: Newsroom) -> None:
    store = filed.store
    assert len(store.kept_articles(site="127.0.0.1")) == 2
    assert store.kept_articles(site="7.0.0.1") == store.kept_articles(site="other.example") == ()
    assert len(store.kept_articles(feed_id=store.find_feed_id(filed.origin.url("/feed")))) == 2
    assert store.kept_articles(feed_id=99) == ()
    assert store.kept_articles(since=filed.clock.now() + timedelta(hours=1)) == ()
    store.forget_pages(timedelta(hours=-1))
    assert store.kept_articles() == ()


def test_pages_without_text_leave_what_is_on_file(filed: Newsroom) -> None:
    number = first(filed).id
    reading = reread(filed.store.kept_article(number), {"127.0.0.1": SiteRule(body="div.none", remove=("p",))})
    assert (reading.found, reading.changed) == (None, ())
    assert not filed.store.refile(filed.store.begin_run("x"), reading)


def test_other_markup_of_the_same_words_is_told_apart(filed: Newsroom) -> None:
    number = first(filed).id
    article = filed.store.kept_article(number)
    other = replace(article, current=replace(article.current, html=article.current.html.replace("<p>", "<p><br>")))
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
    assert told.stdout.splitlines()[:2] == ["would change 1 of 2", "        1  text"]
    assert "[-Our summer raffle" in told.stdout
    assert "run" not in run("--config", config, "reprocess", "--runs").stdout
    done = run("--config", config, "reprocess", "--samples", 0)
    assert done.stdout.splitlines()[0] == "changed 1 of 2"
    assert "wireroom reprocess --undo 1" in done.stderr
    assert run("--config", config, "reprocess").stdout.splitlines() == ["changed 0 of 2"]
    assert "reprocessed (run 1): text" in run("--config", config, "revisions", _first_id(config)).stdout
    (_, first_run) = run_json("--config", config, "reprocess", "--runs", "--json")
    assert (first_run["changed"], first_run["scope"]) == (1, "everything")
    assert run("--config", config, "reprocess", "--undo", 1).stdout == "1 article as before run 1\n"
    again = run_json("--config", config, "reprocess", "--dry-run", "--json")
    assert (again["examined"], again["changed"], again["kinds"], again["run"]) == (2, 1, {"text": 1}, None)
    assert run("--config", config, "reprocess", "--undo", 99).exit_code == 1
    nothing = run("--config", config, "reprocess", "--dry-run", "--site", "www.other.example")
    assert nothing.stdout.splitlines() == ["would change 0 of 0"]
