"""Secrets of feeds.yaml go onto the wire, to their own origin, and are nowhere else to be found afterwards."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from origin import Answer, Origin, Request
from test_cli_kit import configure, run
from test_web_room import get

from store import open_store
from wireroom.serving import ReadingRoom

HEADER, TOKEN, COOKIE, PASSWORD, IN_ADDRESS = "hdr-5ecret", "tok-5ecret", "cke-5ecret", "pwd-5ecret", "adr-5ecret"
SECRETS = (HEADER, TOKEN, COOKIE, PASSWORD, IN_ADDRESS, base64.b64encode(f"me:{PASSWORD}".encode()).decode())
CONFIGURATION = """settings:
  network: {{allow_private: ["127.0.0.0/8"]}}
sites:
  127.0.0.1: {{cookies: {{session: {{env: TEST_COOKIE}}}}}}
feeds:
  - {{url: "{feed}", name: Good, headers: {{X-Key: {{env: TEST_HEADER}}}}, auth: {{token: {{env: TEST_TOKEN}}}}}}
  - {{url: "{broken}", name: Broken, auth: {{username: me, password: {{file: password}}}}}}
  - {{url: "{cut}", name: Cut, headers: {{X-Key: {{env: TEST_HEADER}}}}}}
  - {{url: "{loop}", name: Loop, headers: {{X-Key: {{env: TEST_HEADER}}}}}}
  - {{url: "{login}"}}
"""


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as server:
        text = "<p>" + "The council met and agreed on the harbour works after a long debate. " * 9 + "</p>"
        item = f"<item><title>Harbour</title><guid>1</guid><link>{server.url('/page')}</link></item>"
        server.routes = {
            "/feed": Answer(f"<rss version='2.0'><channel><title>Good</title>{item}</channel></rss>".encode()),
            "/page": Answer(
                f"<html><article><h1>Harbour</h1>{text}</article></html>".encode(),
                headers={"Content-Type": "text/html"},
            ),
            "/broken": Answer(status=500),
            "/cut": Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\ncut"),
            "/loop": Answer(status=302, headers={"Location": "/loop"}),
            "/login": Answer(status=401),
        }
        yield server


@pytest.fixture
def config(tmp_path: Path, origin: Origin, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in (("HEADER", HEADER), ("TOKEN", TOKEN), ("COOKIE", COOKIE)):
        monkeypatch.setenv(f"TEST_{name}", value)
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    urls = {path: origin.url(f"/{path}") for path in ("feed", "broken", "cut", "loop")}
    login = origin.url("/login").replace("//", f"//me:{IN_ADDRESS}@")
    return configure(tmp_path, CONFIGURATION.format(**urls, login=login))


def sent(origin: Origin, path: str) -> Request:
    return next(request for request in origin.requests if request.path == path)


def test_no_secret_is_in_any_log_page_export_error_list_or_record(config: Path, origin: Origin) -> None:
    said = []
    for args in (
        ["-vv", "--log-format", "json", "poll"],
        ["-vv", "poll", "--all", "--json"],
        ["feeds", "list"],
        ["feeds", "list", "--json"],
        ["feeds", "check"],
        ["feeds", "check", "Good", "Broken", "Cut", "Loop", "--json"],
        ["feeds", "suggest", origin.url("/page")],
        ["status"],
        ["status", "--json"],
        ["status", "--hosts"],
        ["articles", "--json"],
        ["show", "1", "--json"],
        ["why", "1"],
        ["export", "--format", "jsonl"],
        ["export", "--format", "csv"],
    ):
        result = run("--config", config, *args)
        said.append((" ".join(args), result.output))
    with open_store(config.with_name("wireroom.db"), create=False) as store, ReadingRoom(store, port=0) as room:
        said += [(path, get(room.url, path)[1]) for path in ("/", "/feeds", "/articles/1", "/search?q=harbour")]
        polls = [row[0] for row in store._readers._idle[0].execute("SELECT error FROM polls WHERE error IS NOT NULL")]
    assert len(polls) >= 4, "errors were recorded"
    said.append(("poll records", "\n".join(polls)))
    assert all(text for _, text in said), "each said something"
    assert [(where, secret) for where, text in said for secret in SECRETS if secret in text] == []
    # They were in use all the time.
    assert sent(origin, "/feed").headers["x-key"] == HEADER
    assert sent(origin, "/feed").headers["authorization"] == f"Bearer {TOKEN}"
    assert sent(origin, "/broken").headers["authorization"] == f"Basic {SECRETS[-1]}"
    assert sent(origin, "/page").headers["cookie"] == f"session={COOKIE}", "a site's cookies are for its pages, too"
    assert IN_ADDRESS in base64.b64decode(sent(origin, "/login").headers["authorization"].split()[1]).decode()


def test_the_archive_keeps_no_secret_that_came_from_elsewhere(config: Path) -> None:
    run("--config", config, "poll")
    kept = b"".join(path.read_bytes() for path in config.parent.glob("wireroom.db*"))
    # A login inside an address is a part of the feed's address, which is its identity; nobody else can read the file.
    assert [secret for secret in SECRETS if secret != IN_ADDRESS and secret.encode() in kept] == []
