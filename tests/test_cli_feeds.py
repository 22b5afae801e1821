"""`feeds ...` against a real server and a real feeds.yaml."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from origin import Answer, Origin
from test_cli_kit import configure, run, run_json

from scraper.fetch.client import ClientPolicy, HttpFetcher
from scraper.fetch.connection import tls_context
from scraper.ports import Clock
from store import open_store

HEAD = '<rss version="2.0"><channel><title>Harbour News</title><link>https://h.example/</link>'
ITEM = "<item><title>Ferry late</title><link>{}</link><guid>1</guid><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>"
PAGE = (
    '<html><head><link rel="alternate" type="application/rss+xml" title="All" href="/feed"></head><p>Hello</p></html>'
)


@pytest.fixture
def origin() -> Iterator[Origin]:
    feed = f"{HEAD}{ITEM.format('https://h.example/1')}</channel></rss>".encode()
    routes = {
        "/feed": Answer(feed, headers={"Content-Type": "application/rss+xml"}),
        "/": Answer(PAGE.encode(), headers={"Content-Type": "text/html"}),
        "/plain": Answer(b"<html><p>No feed here.</p></html>", headers={"Content-Type": "text/html"}),
    }
    with Origin(routes) as server:
        yield server


@pytest.fixture
def config(tmp_path: Path, origin: Origin) -> Path:
    allowed = f'settings:\n  network: {{allow_private: ["127.0.0.1:{origin.port}"]}}  # ours\n'
    return configure(tmp_path, allowed + "feeds: []  # none so far\n")


def test_add_finds_the_feed_behind_a_page_and_keeps_comments(config: Path, origin: Origin) -> None:
    url = origin.url("/feed")
    result = run(
        "--config", config, "feeds", "add", origin.url("/"), "--name", "Port", "--tag", "sea", "--interval", "2h"
    )
    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"added to {config}: {url}\n"
    text = config.read_text()
    assert "# ours" in text
    assert f"url: {url}\n    name: Port\n    tags: [sea]\n    interval: 2h" in text
    (row,) = run_json("--config", config, "feeds", "list", "--json")
    assert (row["url"], row["name"], row["tags"], row["state"]) == (url, "Port", ["sea"], "new")


def test_adding_twice_says_so_and_is_no_failure(config: Path, origin: Origin) -> None:
    for said in ("added to", "lists it already"):
        result = run("--config", config, "feeds", "add", origin.url("/feed"))
        assert result.exit_code == 0
        assert said in result.output
    assert config.read_text().count(origin.url("/feed")) == 1


def test_a_listed_feed_is_not_asked_again_to_be_added(config: Path) -> None:
    assert run("--config", config, "feeds", "add", "--no-check", "http://127.0.0.1:1/feed").exit_code == 0
    result = run("--config", config, "feeds", "add", "http://127.0.0.1:1/feed")
    assert (result.exit_code, "lists it already" in result.stderr) == (0, True)


def test_add_makes_a_missing_feeds_yaml(tmp_path: Path) -> None:
    config = tmp_path / "feeds.yaml"
    result = run("--config", config, "feeds", "add", "h.example/feed", "--no-check")
    assert result.exit_code == 0, result.stderr
    assert "https://h.example/feed" in config.read_text()
    assert "# The feeds that Wireroom polls." in config.read_text()


@pytest.mark.parametrize("path", ["/plain", "/none"])
def test_add_without_a_feed_changes_nothing_and_names_no_check(config: Path, origin: Origin, path: str) -> None:
    before = config.read_text()
    result = run("--config", config, "feeds", "add", origin.url(path))
    assert result.exit_code == 1
    assert "--no-check" in result.stderr
    assert config.read_text() == before


def test_add_out_of_reach_says_what_failed(config: Path) -> None:
    result = run("--config", config, "feeds", "add", "http://127.0.0.1:1/feed")
    assert result.exit_code == 1
    assert "not public" in result.stderr
    assert "--no-check adds the address as it is" in result.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["ftp://a.example/"], "https://"),
        (["https://a b.example/"], "space"),
        (["a.example", "--interval", "soon"], "time span"),
        (["a.example", "--interval", "1s"], "too short"),
    ],
)
def test_wrong_values_are_wrong_usage(config: Path, args: list[str], said: str) -> None:
    result = run("--config", config, "feeds", "add", "--no-check", *args)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_feed_address_of_another_program_is_read(config: Path) -> None:
    for given in ("feed://a.example/rss", "feed:https://b.example/rss"):
        assert run("--config", config, "feeds", "add", "--no-check", given).exit_code == 0
    assert "https://a.example/rss" in config.read_text()
    assert "https://b.example/rss" in config.read_text()


def test_suggest_lists_what_a_page_offers(config: Path, origin: Origin) -> None:
    result = run("--config", config, "feeds", "suggest", origin.url("/"))
    assert result.stdout == f"{origin.url('/feed')}\t1\tHarbour News\n"
    assert run("--config", config, "feeds", "suggest", origin.url("/plain")).exit_code == 1


def test_remove_takes_the_exact_feed_alone(config: Path) -> None:
    for name in ("North", "South"):
        run("--config", config, "feeds", "add", "--no-check", f"{name}.example/rss", "--name", name)
    guess = run("--config", config, "feeds", "remove", "Nor")
    assert guess.exit_code == 1
    assert "did you mean https://North.example/rss?" in guess.stderr
    assert run("--config", config, "feeds", "remove", "North").exit_code == 0
    assert run("--config", config, "feeds", "remove", "https://south.example/rss").exit_code == 0
    assert run_json("--config", config, "feeds", "list", "--json") == []
    assert "# ours" in config.read_text()


def test_check_reports_a_feed(config: Path, origin: Origin) -> None:
    run("--config", config, "feeds", "add", origin.url("/feed"))
    (report,) = run_json("--config", config, "feeds", "check", "--json")
    assert (report["title"], report["entries"], report["version"]) == ("Harbour News", 1, "rss20")
    assert (report["newest_at"], report["problem"]) == ("2026-03-02T10:00:00Z", None)
    result = run("--config", config, "feeds", "check")
    assert f"{origin.url('/feed')}: 1 entry, polled every " in result.stdout
    assert result.stdout.endswith("feeds.yaml is in order; 1 feed, 0 with a problem\n")


def test_check_of_a_web_page_names_its_feed(config: Path, origin: Origin) -> None:
    result = run("--config", config, "feeds", "check", origin.url("/"))
    assert result.exit_code == 1
    assert "this is a web page, not a feed" in result.stdout
    assert f"do     it offers {origin.url('/feed')}" in result.stdout
    assert f"offers  {origin.url('/feed')} All" in result.stdout


def test_a_listed_feed_that_is_a_web_page_fails_the_poll_and_says_what_to_do(config: Path, origin: Origin) -> None:
    run("--config", config, "feeds", "add", "--no-check", origin.url("/"))
    result = run("--config", config, "poll", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["feeds_failed"] == 1
    assert f"{origin.url('/')}: " in result.stderr
    assert "this is a web page, not a feed" in result.stderr
    assert f"it offers {origin.url('/feed')}" in result.stderr
    (row,) = run_json("--config", config, "feeds", "list", "--json")
    assert (row["failures"], row["last_status"]) == (1, "failed")
    listed = run("--config", config, "feeds", "list").stdout
    assert "active, 1 failed" in listed


def test_password_in_an_address_is_not_shown(config: Path, origin: Origin) -> None:
    secret = origin.url("/none").replace("http://", "http://me:hunter2@")
    for command, exit_code, said in (
        (["feeds", "add", "--no-check", secret], 0, "added to "),
        (["poll"], 1, "there is nothing at this address (HTTP 404)"),
        (["feeds", "list"], 0, "active, 1 failed"),
        (["feeds", "check"], 1, "1 feed, 1 with a problem"),
        (["feeds", "add", secret], 0, "lists it already: "),
        (["feeds", "remove", "hunter"], 1, "did you mean "),
        (["feeds", "remove", secret], 0, "removed from "),
    ):
        result = run("--config", config, *command)
        assert (result.exit_code, said in result.output) == (exit_code, True), result.output
        assert f"{urlsplit(origin.url()).netloc}/none" in result.output, command
        assert "hunter2" not in result.output, command


def test_three_feeds_out_of_reach_are_one_line(tmp_path: Path) -> None:
    config = configure(tmp_path, 'settings:\n  network: {allow_private: ["127.0.0.0/8"]}\nfeeds: []\n')
    for host in ("127.0.0.21", "127.0.0.22", "127.0.0.23"):
        run("--config", config, "feeds", "add", "--no-check", f"http://{host}:1/feed")
    result = run("--config", config, "poll")
    assert result.exit_code == 1
    assert "the web is out of reach: none of 3 feeds could be asked" in result.stderr
    assert "wireroom demo" in result.stderr
    assert len(result.stderr.splitlines()) == 2


class _FetchingHere:
    """Fetches in this process, where the look-up is a test's."""

    def __init__(self, policy: ClientPolicy, clock: Clock) -> None:
        self.open = lambda: HttpFetcher(policy, tls_context(), clock)

    def close(self) -> None:
        """Have nothing to end."""


def test_name_servers_that_are_down_are_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody_answers(*args: object, **kwargs: object) -> list[object]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", nobody_answers)
    monkeypatch.setattr("wireroom.operations.compose.FetchProcess", _FetchingHere)
    names = "".join(f"  - https://n{number}.example/feed\n" for number in range(3))
    config = configure(tmp_path, f"settings:\n  contact: me@h.example\nfeeds:\n{names}")
    result = run("--config", config, "poll")
    assert result.exit_code == 1
    assert "names cannot be looked up: none of 3 feeds could be asked" in result.stderr
    status = run("--config", config, "status").stdout
    said = r"no network since \d\d:\d\d; the next poll tries again \(no host name can be looked up\)"
    assert len(re.findall(f"network +{said}", status)) == 1
    assert len(re.findall(said, run("--config", config, "feeds", "list").stdout)) == 3
    assert "failed at the last poll" not in status, "the fault is not theirs"
    assert run_json("--config", config, "status", "--json")["outage"]["is_unresolved"] is True
    with open_store(tmp_path / "wireroom.db") as store:
        store.set_outage(None)
    assert run("--config", config, "status").stdout.count("no name server answers; look at this machine's network") == 3


# --------------------------------------------------------------------------- OPML


def test_opml_comes_back_as_it_went(config: Path, tmp_path: Path) -> None:
    run("--config", config, "feeds", "add", "--no-check", "a.example/rss", "--name", "Ä & Ö", "--tag", "мир")
    opml = tmp_path / "feeds.opml"
    assert run("--config", config, "feeds", "export", "--out", opml).exit_code == 0
    assert run("--config", config, "feeds", "export").stdout == opml.read_text()
    again = run("--config", config, "feeds", "import", opml)
    assert again.exit_code == 0
    assert again.stdout == f"0 feeds added to {config}, 1 listed already\n"
    assert again.stderr == "listed already: https://a.example/rss\n"
    other = tmp_path / "other.yaml"
    assert run("--config", other, "feeds", "import", opml).exit_code == 0
    (row,) = run_json("--config", other, "feeds", "list", "--json")
    assert (row["url"], row["name"], row["tags"]) == ("https://a.example/rss", "Ä & Ö", ["мир"])


def test_import_takes_what_it_can(config: Path) -> None:
    opml = '<opml version="2.0"><body><outline xmlUrl="https://a.example:99999/"/><outline xmlUrl="https://b.example/"/></body></opml>'
    result = run("--config", config, "feeds", "import", "-", input=opml)
    assert result.exit_code == 1
    assert "left out: https://a.example:99999/" in result.stderr
    assert "https://b.example/" in config.read_text()


def test_import_of_something_else(config: Path, tmp_path: Path) -> None:
    before = config.read_text()
    result = run("--config", config, "feeds", "import", "-", input="<html></html>")
    assert result.exit_code == 1
    assert "not an OPML feed list" in result.stderr
    missing = run("--config", config, "feeds", "import", tmp_path / "none.opml")
    assert missing.exit_code == 1
    assert "none.opml: No such file" in missing.stderr
    assert config.read_text() == before


def test_each_opml_feed_that_cannot_be_polled_is_named_and_the_others_are_added(config: Path, tmp_path: Path) -> None:
    addresses = (
        "feed://mill.example/rss",
        "newsletter:42",
        "rsshub://mill/1",
        "file:///tmp/f.xml",
        "https://a b.example/",
    )
    outlines = "".join(f'<outline text="n{n}" xmlUrl="{address}"/>' for n, address in enumerate(addresses))
    opml = tmp_path / "list.opml"
    opml.write_text(f"<opml><body>{outlines}</body></opml>")
    result = run("--config", config, "feeds", "import", opml)
    assert result.exit_code == 1
    assert result.stdout == f"1 feed added to {config}, 0 listed already\n"
    assert "http://mill.example/rss" in config.read_text()
    left_out = [line for line in result.stderr.splitlines() if line.startswith("left out: ")]
    assert [line.removeprefix("left out: ").partition(" (n")[0] for line in left_out] == list(addresses[1:])
    assert result.stderr.endswith("wireroom: 4 feeds could not be added\n")
