"""`feeds check` explains a feed on one screen: what came, what Wireroom makes of it, what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from origin import Answer, Origin
from test_cli_kit import configure, run, run_json

RSS = {"Content-Type": "application/rss+xml; charset=utf-8"}


def feed(guids: list[str], *, hours: float = 1, newest: float = 1, head: str = "", at: datetime | None = None) -> bytes:
    """Write a feed with an entry every so many hours, the newest first and `newest` hours old at `at` (None = now)."""
    now = at or datetime.now(UTC)
    items = "".join(
        f"<item><title>Story {n}</title><link>https://h.example/{n}</link>{guid}"
        f"<pubDate>{format_datetime(now - timedelta(hours=newest + n * hours))}</pubDate></item>"
        for n, guid in enumerate(guids)
    )
    return f'<rss version="2.0"><channel><title>Harbour</title>{head}{items}</channel></rss>'.encode()


def guids(number: int) -> list[str]:
    return [f"<guid>tag:h.example,{n}</guid>" for n in range(number)]


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as server:
        yield server


@pytest.fixture
def config(tmp_path: Path, origin: Origin) -> Path:
    return configure(
        tmp_path,
        f'settings:\n  network: {{allow_private: ["127.0.0.1:{origin.port}"]}}\n'
        f"feeds:\n  - url: {origin.url('/feed')}\n    name: Harbour\n    interval: 2h\n    full_text: false\n"
        "    drop: [Story 1]\n",
    )


def test_all_that_came_and_what_is_made_of_it(config: Path, origin: Origin) -> None:
    hints = "<ttl>90</ttl><skipHours><hour>3</hour><hour>4</hour></skipHours><skipDays><day>Sunday</day></skipDays>"
    told = {"ETag": '"v1"', "Cache-Control": "max-age=300"}
    origin.routes = {
        "/old": Answer(status=301, headers={"Location": "/there"}),
        "/there": Answer(status=302, headers={"Location": "/new"}),
        "/new": lambda request: Answer(feed(guids(8), head=hints), headers=RSS | told),
    }
    result = run("--config", config, "feeds", "check", origin.url("/old"))
    assert result.exit_code == 0, result.output
    for line in (
        f"redirect      301 from {origin.url('/old')}",
        f"redirect      302 from {origin.url('/there')}",
        f"moved to      {origin.url('/new')}",
        "answer        HTTP 200, application/rss+xml; charset=utf-8, ",
        "format        rss20, utf-8",
        'validators    ETag "v1"',
        "hints         ttl 1 h 30 min; skipHours 3, 4 UTC; skipDays Sun; Cache-Control: max-age=300",
        "entries       8 from ",
        "Story 0 [guid tag:h.example,0]",
        "Story 4 [guid tag:h.example,4]",
        "polled every  1 h 30 min; the feed's ttl",
        "loses         nothing: it holds 8 entries at 1/h",
    ):
        assert line in result.stdout
    assert "Story 5" not in result.stdout
    assert "problem" not in result.stdout
    assert len(result.stdout.splitlines()) <= 24


def test_a_listed_feed_by_name_with_its_own_interval_and_what_is_on_file(config: Path, origin: Origin) -> None:
    at = datetime.now(UTC)
    origin.routes["/feed"] = Answer(feed(guids(3), at=at), headers=RSS | {"ETag": '"v1"'})
    first = run("--config", config, "feeds", "check", "Harbour").stdout
    assert "polled every  2 h; every 2 h as configured; next " in first
    assert "on file       not polled yet" in first
    assert ", 2 new, 1 dropped by your rules" in first
    run("--config", config, "poll")
    origin.routes["/feed"] = Answer(feed(guids(4), at=at), headers=RSS | {"ETag": '"v2"'})
    told = run("--config", config, "feeds", "check", "Harbour").stdout
    assert "on file       active; last poll " in told
    assert "every 2 h as configured; 2 articles, 2 unread" in told
    assert ", 1 new, 3 known" in told
    (report,) = run_json("--config", config, "feeds", "check", "Harbour", "--json")
    assert (report["is_listed"], report["interval"]) == (True, 7200.0)
    assert report["on_file"]["articles"] == 2
    assert report["sample"][1]["action"] == "seen"
    # It was a look, not a poll: nothing was filed, and the next poll still asks with the old validator.
    assert len(run_json("--config", config, "articles", "--json")) == 2
    assert "if-none-match" not in origin.requests[-1].headers


def test_a_feed_that_failed_is_told_with_how_often_and_when_next(config: Path, origin: Origin) -> None:
    origin.routes["/feed"] = Answer(status=500)
    run("--config", config, "poll")
    result = run("--config", config, "feeds", "check", "Harbour")
    assert result.exit_code == 1
    assert "on file       active, 1 failed in a row; last poll " in result.stdout
    assert "retry 1 of 3; every 2 h as configured" in result.stdout
    assert "problem  the site has an error (HTTP 500)" in result.stdout
    assert "    do     it is tried again by itself" in result.stdout


@pytest.mark.parametrize(
    ("answer", "what", "step"),
    [
        (Answer(status=401), "asks for a login", "`auth:`"),
        (Answer(status=404), "nothing at this address", "feeds suggest"),
        (Answer(status=410), "410 Gone", "feeds remove"),
        (Answer(status=429, headers={"Retry-After": "60"}), "slow down", "`interval:`"),
        (Answer(b"<rss><channel/></rss>", headers=RSS), "no entries", "if it is new"),
        (Answer(b"plain words"), "no feed format", "browser"),
        (Answer(b'{"a": 1}'), "not a JSON Feed", "browser"),
        (Answer(status=302, headers={"Location": "/feed"}), "redirects in a loop", "cookies:"),
        (Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort"), "cut short", "tried again by itself"),
        (Answer(status=302, headers={"Location": "http://[::1"}), "redirects to what is no address", "by itself"),
    ],
)
def test_a_problem_has_its_next_step(config: Path, origin: Origin, answer: Answer, what: str, step: str) -> None:
    origin.routes["/feed"] = answer
    (report,) = run_report(config, origin.url("/feed"))
    assert what in report["problem"]
    (problem,) = report["problems"]
    assert problem["what"] == report["problem"]
    assert step in problem["next_step"]


def run_report(config: Path, url: str) -> list[dict]:
    import json

    result = run("--config", config, "feeds", "check", url, "--json")
    assert result.exit_code == 1
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    ("write", "headers", "warned"),
    [
        (
            lambda: feed(["<guid>same</guid>"] * 6),
            {"ETag": '"1"'},
            ["guids are unsound: of 6 entries 0 have none, 6 share one"],
        ),
        (lambda: feed([""] * 4), {"ETag": '"1"'}, ["guids are unsound: of 4 entries 4 have none"]),
        (lambda: feed(guids(2)), {}, ["no ETag and no Last-Modified"]),
        (lambda: feed(guids(3)).replace(b"pubDate", b"x"), {"ETag": '"1"'}, ["3 entries without a date"]),
        (lambda: feed(guids(3)).replace(b"link>", b"x>"), {"ETag": '"1"'}, ["3 entries without a link"]),
        (
            lambda: feed(guids(3))[:-40],
            {"ETag": '"1"'},
            ["the document has a fault", "the document ends in", "1 entry without a date"],
        ),
        (lambda: feed(guids(20), hours=1 / 240, newest=0), {"ETag": '"1"'}, ["holds 20, posts "]),
        (lambda: feed(guids(3), hours=-10), {"ETag": '"1"'}, ["2 entries dated in the future"]),
    ],
)
def test_what_can_be_read_and_is_not_in_order(
    config: Path, origin: Origin, write: Callable[[], bytes], headers: dict[str, str], warned: list[str]
) -> None:
    # Dated when it is asked for: however long the tests take, the entries are as old as they are meant to be.
    origin.routes["/other"] = lambda request: Answer(write(), headers=RSS | headers)
    (report,) = run_json("--config", config, "feeds", "check", origin.url("/other"), "--json")
    found = [problem["what"] for problem in report["problems"]]
    assert len(found) == len(warned), found
    assert all(each.startswith(what) for each, what in zip(found, warned, strict=True)), found
    assert all(problem["next_step"] for problem in report["problems"])
    assert report["problem"] is None
    told = run("--config", config, "feeds", "check", origin.url("/other")).stdout
    assert f"warning  {warned[0]}" in told


def test_entries_of_unsound_guids_are_told_apart_by_link_and_date(config: Path, origin: Origin) -> None:
    origin.routes["/other"] = Answer(feed(["<guid>same</guid>"] * 6), headers=RSS)
    (report,) = run_json("--config", config, "feeds", "check", origin.url("/other"), "--json")
    assert report["guids_are_sound"] is False
    assert {entry["known_by"] for entry in report["sample"]} == {"link and date"}
    assert report["sample"][0]["key"].startswith("//h.example/0|20")
