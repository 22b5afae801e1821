"""A new feed is asked once: what `feeds add` fetched is its first poll; and nothing is asked within a pause."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from origin import Answer, Origin, Request
from test_cli_daemon import announced, running
from test_cli_kit import configure, run, run_json

RSS = {"Content-Type": "application/rss+xml", "ETag": '"s1"', "Set-Cookie": "who=me"}
TOO_SOON = Answer(b"slow down", status=429, headers={"Retry-After": "86400"})


def feed(titles: tuple[str, ...] = ("Lock gate stuck", "Tide tables redrawn")) -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>https://dock.example/{n}</link><guid>{n}</guid>"
        f"<pubDate>Tue, 03 Mar 2026 1{n}:00:00 GMT</pubDate><description>{title}, it says.</description></item>"
        for n, title in enumerate(titles)
    )
    return f'<rss version="2.0"><channel><title>Dock Gazette</title>{items}</channel></rss>'.encode()


class StrictFeed:
    """A feed that is given once; who asks again for the document is told to wait for a day."""

    def __init__(self) -> None:
        self.answers = [Answer(feed(), headers=RSS)]

    def __call__(self, request: Request) -> Answer:
        if request.headers.get("if-none-match") == '"s1"':
            return Answer(status=304, headers={"ETag": '"s1"'})
        return self.answers.pop(0) if self.answers else TOO_SOON


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin({"/strict": StrictFeed()}) as server:
        yield server


@pytest.fixture
def config(tmp_path: Path, origin: Origin) -> Path:
    network = f'network: {{allow_private: ["127.0.0.1:{origin.port}"]}}'
    return configure(tmp_path, f"settings:\n  {network}\ndefaults: {{full_text: false}}\nfeeds: []\n")


def titles(config: Path) -> set[str]:
    return {article["title"] for article in run_json("--config", config, "articles", "--json")}


def polls(config: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(config.with_name("wireroom.db"))) as db:
        return db.execute("SELECT status, entries_new FROM polls ORDER BY id").fetchall()


def test_what_add_fetched_is_the_first_poll(config: Path, origin: Origin) -> None:
    assert run("--config", config, "feeds", "add", origin.url("/strict")).exit_code == 0
    counts = run_json("--config", config, "poll", "--json")
    assert (counts["feeds_polled"], counts["entries_new"], counts["feeds_failed"]) == (1, 2, 0)
    assert titles(config) == {"Lock gate stuck", "Tide tables redrawn"}
    assert polls(config) == [("new", 2)]
    assert origin.paths() == ["/strict"]
    # Its validators were kept with it: the next poll asks with them.
    assert run_json("--config", config, "poll", "--all", "--json")["not_modified"] == 1
    (row,) = run_json("--config", config, "status", "--hosts", "--json")
    assert (row["requests"], row["not_modified"]) == (2, 1)


def test_the_next_poll_is_due_as_if_the_feed_had_been_polled_when_add_asked(config: Path, origin: Origin) -> None:
    run("--config", config, "feeds", "add", origin.url("/strict"), "--interval", "2h")
    run("--config", config, "poll")
    again = run("--config", config, "poll")
    assert again.stdout.startswith("nothing was due; the next feed is due at ")
    assert len(origin.requests) == 1


def test_a_page_that_offers_a_feed_costs_the_page_and_the_feed_once(config: Path, origin: Origin) -> None:
    links = "".join(f'<link rel=alternate type="application/rss+xml" title="{t}" href="/{t}">' for t in ("strict", "b"))
    origin.routes["/"] = Answer(f"<html><head>{links}</head><p>Hello</p></html>".encode())
    added = run("--config", config, "feeds", "add", origin.url("/"))
    assert added.stderr == f"also there: {origin.url('/b')} b\n"
    assert run_json("--config", config, "poll", "--json")["entries_new"] == 2
    assert origin.paths() == ["/", "/strict"]


def test_redirects_on_the_way_are_the_poll_s(config: Path, origin: Origin) -> None:
    origin.routes |= {
        "/old": Answer(status=301, headers={"Location": "/here"}),
        "/here": Answer(status=302, headers={"Location": "/strict"}),
    }
    run("--config", config, "feeds", "add", origin.url("/old"))
    assert f"- {origin.url('/here')}\n" in config.read_text()
    assert run_json("--config", config, "poll", "--json")["entries_new"] == 2
    assert origin.paths() == ["/old", "/here", "/strict"]


def test_a_login_in_the_address_stays_with_the_feed(config: Path, origin: Origin) -> None:
    address = origin.url("/strict").replace("http://", "http://me:pass@")
    run("--config", config, "feeds", "add", address)
    assert address in config.read_text()
    assert run_json("--config", config, "poll", "--json")["entries_new"] == 2
    assert len(origin.requests) == 1


def test_a_feed_that_was_removed_and_added_again_is_asked_once_more(config: Path, origin: Origin) -> None:
    route = origin.routes["/strict"]
    assert isinstance(route, StrictFeed)
    for number in (1, 2):
        run("--config", config, "feeds", "add", origin.url("/strict"))
        assert run_json("--config", config, "poll", "--json")["feeds_failed"] == 0
        run("--config", config, "feeds", "remove", origin.url("/strict"))
        run("--config", config, "poll")
        assert len(origin.requests) == number
        route.answers.append(Answer(feed(("Lock gate mended",)), headers=RSS))
    assert titles(config) == {"Lock gate mended", "Tide tables redrawn"}


def test_a_listed_feed_is_not_given_what_is_hours_old_later(config: Path, origin: Origin) -> None:
    origin.routes["/feed"] = Answer(feed(), headers=RSS)
    page = '<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head><body></body></html>'
    origin.routes["/"] = Answer(page.encode(), headers={"Content-Type": "text/html"})
    run("--config", config, "feeds", "add", origin.url("/feed"))
    run("--config", config, "poll")
    run("--config", config, "feeds", "add", origin.url("/"))
    run("--config", config, "poll", "--all")
    assert origin.paths() == ["/feed", "/", "/feed", "/feed"]


def test_the_daemon_takes_what_add_fetched(config: Path, origin: Origin) -> None:
    with running("--config", config, "run") as process:
        announced(process)
        assert run("--config", config, "feeds", "add", origin.url("/strict")).exit_code == 0
        while not polls(config):
            assert process.poll() is None
            time.sleep(0.05)
    assert polls(config) == [("new", 2)]
    assert origin.paths() == ["/strict"]


def test_cookies_of_the_answer_are_not_kept(config: Path, origin: Origin) -> None:
    run("--config", config, "feeds", "add", origin.url("/strict"))
    with closing(sqlite3.connect(config.with_name("wireroom.db"))) as db:
        (headers,) = db.execute("SELECT headers FROM answers").fetchone()
    assert "s1" in headers
    assert "who=me" not in headers


def test_an_archive_that_cannot_be_made_keeps_no_feed_from_being_added(config: Path, origin: Origin) -> None:
    config.with_name("wireroom.db").write_bytes(b"another file, longer than a database's header is")
    result = run("--config", config, "feeds", "add", origin.url("/strict"))
    assert result.exit_code == 0
    assert origin.url("/strict") in config.read_text()
    assert "it will be asked again" in result.stderr


# --------------------------------------------------------------------------- looks and pauses


def test_check_after_add_asks_nothing(config: Path, origin: Origin) -> None:
    run("--config", config, "feeds", "add", origin.url("/strict"))
    result = run("--config", config, "feeds", "check", origin.url("/strict"))
    assert result.exit_code == 0, result.output
    assert ", as `feeds add` had it just now" in result.stdout
    assert "entries       2 from " in result.stdout
    assert len(origin.requests) == 1


def test_check_asks_nothing_within_a_pause_and_tells_what_is_on_file(config: Path, origin: Origin) -> None:
    run("--config", config, "feeds", "add", origin.url("/strict"))
    run("--config", config, "poll")
    origin.routes["/strict"] = TOO_SOON
    run("--config", config, "poll", "--all")
    asked = len(origin.requests)
    result = run("--config", config, "feeds", "check", origin.url("/strict"))
    assert result.exit_code == 1
    assert len(origin.requests) == asked
    assert "problem  the site asked to be left alone until 20" in result.stdout
    assert "nothing was asked now" in result.stdout
    assert "title         Dock Gazette" in result.stdout
    assert "2 articles, 2 unread" in result.stdout
    (report,) = run_json_of_failure("--config", config, "feeds", "check", "--json")
    assert report["paused_until"] is not None
    assert (report["http_status"], report["on_file"]["last_status"]) == (None, "failed")
    line = run("--config", config, "feeds", "check").stdout
    assert f"{origin.url('/strict')}:\n  the site asked to be left alone until " in line
    assert len(origin.requests) == asked


def run_json_of_failure(*args: object) -> Any:
    result = run(*args)
    assert result.exit_code == 1
    return json.loads(result.stdout)


def test_a_pause_of_a_feed_that_answered_is_no_failure(config: Path, origin: Origin) -> None:
    origin.routes["/feed"] = Answer(feed(), headers=RSS | {"Retry-After": "3600"})
    run("--config", config, "feeds", "add", origin.url("/feed"))
    run("--config", config, "poll")
    result = run("--config", config, "feeds", "check")
    assert result.exit_code == 0
    assert "left alone until" in result.stdout
    assert len(origin.requests) == 1


def test_a_pause_that_check_is_asked_for_holds_for_polls_too(config: Path, origin: Origin) -> None:
    run("--config", config, "feeds", "add", origin.url("/strict"), "--interval", "1h")
    run("--config", config, "poll")
    assert "slow down" in run("--config", config, "feeds", "check", origin.url("/strict")).stdout
    assert "left alone until" in run("--config", config, "feeds", "check", origin.url("/strict")).stdout
    (row,) = run_json("--config", config, "feeds", "list", "--json")
    assert row["next_poll_reason"] == "the site asked for a pause"
    assert run_json("--config", config, "poll", "--all", "--json")["feeds_polled"] == 0
    assert len(origin.requests) == 2


@pytest.mark.parametrize("command", [("feeds", "suggest"), ("extract",)])
def test_no_look_at_an_address_breaks_a_pause(config: Path, origin: Origin, command: tuple[str, ...]) -> None:
    origin.routes["/strict"] = TOO_SOON
    run("--config", config, "feeds", "add", "--no-check", origin.url("/strict"))
    run("--config", config, "poll")
    result = run("--config", config, *command, origin.url("/strict"))
    assert result.exit_code == 1
    assert "asked to be left alone until 20" in result.stderr
    assert len(origin.requests) == 1


def test_add_stops_at_a_site_that_asks_for_a_pause(config: Path, origin: Origin) -> None:
    origin.routes["/"] = TOO_SOON
    result = run("--config", config, "feeds", "add", origin.url("/"))
    assert result.exit_code == 1
    assert "asked to be left alone until 20" in result.stderr
    assert "--no-check adds the address as it is" in result.stderr
    assert origin.paths() == ["/"]
