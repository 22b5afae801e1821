"""What is kept of the exchange that brought a page, and that no secret is."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from fakes import NOON
from hypothesis import given, settings
from hypothesis import strategies as st
from origin import Answer, Origin, Request
from test_cli_kit import run, run_json
from test_fetch import make_fetcher
from test_pipeline import PARAGRAPH, Newsroom, newsroom, page, publish  # noqa: F401 - a fixture

from scraper.fetch.exchange import MAX_HEADER_CHARS, STRUCK, secrets_of, struck_out
from scraper.fetch.site_options import AccessBook
from scraper.model import Access, ExchangeRecord, FetchRequest, Hop, Proxy, RawPage, Response
from scraper.urls import origin_of
from store import open_store
from store.sqlite.database import exchanges
from store.sqlite.database.exchanges import exchange_columns, exchange_record

RECORD = ExchangeRecord(
    request_line="GET /a HTTP/1.1",
    request_headers=(("Host", "paper.example"), ("Accept", "text/html")),
    status_line="HTTP/1.1 200 OK",
    headers=(("Content-Type", "text/html"), ("X-Twice", "one"), ("X-Twice", "two")),
    redirects=(Hop(url="https://paper.example/old", status=301),),
    peer="192.0.2.1:443",
    sha256=hashlib.sha256(b"body").hexdigest(),
    wire_bytes=4,
)


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as server:
        yield server


def ask(url: str, access: Access | None = None, *, accept: str = "*/*") -> Response:
    fetcher = make_fetcher()
    try:
        asked = access.at(origin_of(url)) if access else Access()
        unrecorded = AccessBook(default=asked).header_names
        request = FetchRequest(url=url, max_bytes=100_000, accept=accept, access=asked, unrecorded=unrecorded)
        return fetcher.fetch(request)
    finally:
        fetcher.close()


def lines(record: ExchangeRecord) -> str:
    """All that is kept, as text."""
    pairs = [f"{name}: {value}" for name, value in (*record.request_headers, *record.headers)]
    return "\n".join([record.request_line, record.status_line, *pairs, *(hop.url for hop in record.redirects)])


# --------------------------------------------------------------------------- from the wire


def test_what_was_asked_and_answered_is_recorded(origin: Origin) -> None:
    packed = gzip.compress(b"<p>the page</p>")
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip", "X-Mixed-Case": "As Sent"}
    origin.routes["/new?q=1"] = origin.routes["/new"] = Answer(packed, headers=headers)
    origin.routes["/old"] = Answer(status=301, headers={"Location": "/new?q=1"})
    record = ask(origin.url("/old"), accept="text/html").exchange
    assert record is not None
    assert (record.request_line, record.status_line) == ("GET /new?q=1 HTTP/1.1", "HTTP/1.1 200 OK")
    assert record.redirects == (Hop(url=origin.url("/old"), status=301),)
    asked = dict(record.request_headers)
    assert (asked["Host"], asked["Accept"]) == (origin.url("").removeprefix("http://").rstrip("/"), "text/html")
    assert "User-Agent" in asked
    assert ("X-Mixed-Case", "As Sent") in record.headers
    assert (record.sha256, record.wire_bytes) == (hashlib.sha256(packed).hexdigest(), len(packed))
    assert record.peer == asked["Host"]
    assert not record.is_cut


def test_nothing_is_recorded_of_what_is_no_page(origin: Origin) -> None:
    origin.routes["/feed"] = Answer(b"<rss/>")
    fetcher = make_fetcher()
    assert fetcher.fetch(FetchRequest(url=origin.url("/feed"), max_bytes=1000)).exchange is None
    fetcher.close()


def test_repeated_headers_are_kept_one_by_one(origin: Origin) -> None:
    head = b"HTTP/1.1 200 Fine By Us\r\nLink: </a>\r\nLink: </b>\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n\r\nx"
    origin.routes["/x"] = Answer(raw=head)
    record = ask(origin.url("/x")).exchange
    assert record is not None
    assert record.status_line.endswith("200 Fine By Us")
    values = [(name.lower(), value) for name, value in record.headers]
    assert values == [("link", "</a>"), ("link", "</b>"), ("set-cookie", STRUCK), ("set-cookie", STRUCK)]


def test_secrets_of_the_user_do_not_come_back_by_any_way(origin: Origin) -> None:
    basic = base64.b64encode(b"reader-name:pass-word!").decode()
    access = Access(
        headers=(("X-Api-Key", "k3y-of-mine"), ("Cookie", "session=s3ss-value; theme=dark-mode"), ("Authorization", f"Basic {basic}")),
        user_agent="Mine/1 (secret-agent)",
    )  # fmt: skip

    def echo(request: Request) -> Answer:
        told = {name.lower(): value for name, value in request.headers.items()}
        assert (told["x-api-key"], told["authorization"]) == ("k3y-of-mine", f"Basic {basic}"), "they were sent"
        headers = {"X-API-KEY": "other", "X-Echo": " | ".join(told.values()), "X-Coded": quote("pass-word!", safe="")}
        return Answer(b"x", headers={**headers, "X-Plain": "reader-name pass-word!", "Proxy-Authenticate": "Basic"})

    origin.routes["/x"] = echo
    record = ask(origin.url("/x"), access).exchange
    assert record is not None
    kept = lines(record)
    for secret in ("k3y-of-mine", "s3ss-value", basic, "pass-word!", "pass-word%21", "reader-name"):
        assert secret not in kept
    struck = {name.lower() for name, value in (*record.request_headers, *record.headers) if value == STRUCK}
    assert struck == {"x-api-key", "cookie", "authorization", "user-agent", "proxy-authenticate", "x-coded"}


def test_a_login_in_the_address_is_not_kept(origin: Origin) -> None:
    host = origin.url("").removeprefix("http://").rstrip("/")
    origin.routes["/x"] = Answer(status=302, headers={"Location": f"http://other-user:other-pass@{host}/y"})
    origin.routes["/y"] = Answer(
        b"x",
        headers={
            "Content-Location": f"http://u1:longpass@{host}/y",
            "Link": f"<//u2:longpass@{host}/>; rel=a, <https://u3:long@pass@{host}/>; rel=b",
            "Refresh": f"3; url=http://{host}/?to=https%3A%2F%2Fu4%3Alongpass%40{host}%2Fz",
            "X-Json": rf'{{"at":"https:\/\/u5:longpass@{host}\/"}}',
        },
    )
    record = ask(f"http://my-user:my-password@{host}/x").exchange
    assert record is not None
    kept = lines(record)
    for secret in (
        "longpass",
        "long@pass",
        "my-user",
        "my-password",
        "other-pass",
        "u1:",
        "u2:",
        "u3:",
        "u4%3A",
        "u5:",
    ):
        assert secret not in kept
    assert kept.count(host) >= 6, "the addresses themselves are kept"


# --------------------------------------------------------------------------- striking out

NAMES = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789", min_size=1, max_size=20)
SECRETS = st.text("abcdefghijklmnopqrstuvwxyz0123456789!$&'*+-._~=", min_size=10, max_size=40)
PLACES = ("Location", "Referer", "Link", "Content-Location", "X-Any", "Via")


def in_any_case(name: str, seed: int) -> str:
    return "".join(letter.upper() if seed >> (at % 16) & 1 else letter.lower() for at, letter in enumerate(name))


@settings(deadline=None)
@given(
    name=st.one_of(NAMES, st.sampled_from(["Cookie", "Set-Cookie", "Set-Cookie2", "Authorization", "Proxy-Foo"])),
    secret=SECRETS,
    seed=st.integers(0, 2**16 - 1),
)
def test_headers_that_feeds_yaml_sets_lose_their_value_in_any_case(name: str, secret: str, seed: int) -> None:
    names = {name.lower()}
    sent = (("A", "b"), (in_any_case(name, seed), secret), ("C", "d"))
    record = struck_out(RECORD.__class__(**{**as_dict(RECORD), "request_headers": sent, "headers": sent}), names, ())
    for kept in (record.request_headers, record.headers):
        assert [header for header, _ in kept] == [header for header, _ in sent], "names are kept"
        assert kept[1][1] == STRUCK


@settings(deadline=None)
@given(user=SECRETS, password=SECRETS, place=st.sampled_from(PLACES), form=st.integers(0, 5))
def test_logins_in_addresses_are_struck_out_wherever_they_stand(
    user: str, password: str, place: str, form: int
) -> None:
    login = f"{user}:{password}@h.example/p"
    address = (
        f"https://{login}", f"//{login}", quote(f"https://{login}", safe=""),
        quote(quote(f"https://{login}", safe=""), safe=""), f"<https://{login}>; rel=x", f"https:\\\\{login}",
    )[form]  # fmt: skip
    sent = ((place, f"a {address} b"),)
    changes = {"headers": sent, "request_headers": sent, "request_line": f"GET {address} HTTP/1.1"}
    record = struck_out(ExchangeRecord(**{**as_dict(RECORD), **changes}), (), ())
    for text in (record.headers[0][1], record.request_headers[0][1], record.request_line):
        assert password not in text
        assert quote(password, safe="") not in text
        assert "h.example" in text


@settings(deadline=None)
@given(value=SECRETS, password=SECRETS, around=st.text(max_size=20))
def test_values_of_the_user_are_found_wherever_a_server_repeats_them(value: str, password: str, around: str) -> None:
    proxy = Proxy(scheme="http", host="p.example", port=8080, username="me", password=password)
    basic = base64.b64encode(f"me:{value}".encode()).decode()
    access = Access(proxy=proxy, headers=(("Authorization", f"Basic {basic}"),))
    said = (("X-Echo", f"{around}{value}{around}"), ("X-Proxy", f"{password}"), ("X-All", f"Basic {basic}"))
    record = struck_out(ExchangeRecord(**{**as_dict(RECORD), "headers": said}), (), secrets_of(access))
    kept = lines(record)
    assert value not in kept.replace(STRUCK, "")
    assert password not in kept.replace(STRUCK, "")
    assert basic not in kept


def as_dict(record: ExchangeRecord) -> dict:
    return {name: getattr(record, name) for name in record.__slots__}


def test_long_headers_are_cut_and_it_is_said(origin: Origin) -> None:
    long = tuple((f"X-{number}", "v" * 1000) for number in range(20))
    origin.routes["/x"] = Answer(b"x", headers=dict(long))
    record = ask(origin.url("/x")).exchange
    assert record is not None
    size = sum(len(name) + len(value) for name, value in record.headers)
    assert (record.is_cut, size) == (True, MAX_HEADER_CHARS)
    assert record.headers[-1][1] in long[len(record.headers) - 1][1]
    assert dict(record.request_headers)["Host"], "the other side is whole"


def test_a_secret_at_the_cut_is_struck_out_before_it(origin: Origin) -> None:
    headers = (("X-Fill", "v" * (MAX_HEADER_CHARS - 40)), ("Set-Cookie", "s" * 100), ("X-More", "m" * 100))
    record = struck_out(ExchangeRecord(**{**as_dict(RECORD), "headers": headers}), (), ())
    assert "sss" not in lines(record)
    assert record.is_cut


# --------------------------------------------------------------------------- in the archive


def row_of(columns: dict[str, object], url: str) -> dict[str, object]:
    return {"url": url, "sha256": None, "exchange": None, **columns}


@settings(deadline=None)
@given(
    headers=st.lists(st.tuples(NAMES, st.text(st.characters(exclude_categories=["Cs"]), max_size=200)), max_size=12),
    url=st.sampled_from(["https://paper.example/a", "https://ж.example/\u00e4"]),
)
def test_any_record_comes_back_from_the_archive(headers: list[tuple[str, str]], url: str) -> None:
    record = ExchangeRecord(**{**as_dict(RECORD), "headers": tuple(headers)})
    assert exchange_record(row_of(exchange_columns(record, url), url)) == record
    assert exchange_record(row_of(exchange_columns(None, url), url)) is None


def test_the_words_that_records_are_packed_with_are_those_of_the_first_day() -> None:
    """Whoever changes them makes every archive unreadable: another list needs another column."""
    assert hashlib.sha256(exchanges._WORDS.encode()).hexdigest() == WORDS_SHA256


WORDS_SHA256 = "543de1d54ff8e232a2c3e4d191dc34b46a064f37712ae70ca5d3b77e5186c944"


def test_a_usual_exchange_takes_less_than_the_limit() -> None:
    headers = (
        ("Date", "Sat, 17 Jan 2026 10:11:12 GMT"), ("Content-Type", "text/html; charset=UTF-8"),
        ("Transfer-Encoding", "chunked"), ("Connection", "keep-alive"), ("Server", "cloudflare"),
        ("Vary", "Accept-Encoding"), ("Cache-Control", "public, max-age=120"), ("Content-Encoding", "gzip"),
        ("Last-Modified", "Sat, 17 Jan 2026 09:00:01 GMT"), ("ETag", 'W/"5f2c-81d0a7b4c9"'), ("CF-RAY", "9bf3d0a17e2c4f5a-FRA"),
        ("Link", '<https://paper.example/wp-json/>; rel="https://api.w.org/"'), ("Set-Cookie", STRUCK),
        ("Strict-Transport-Security", "max-age=31536000"), ("X-Frame-Options", "SAMEORIGIN"),
        ("Content-Security-Policy", "default-src 'self' https://static.paper.example https://cdn.other.example; img-src *"),
    )  # fmt: skip
    record = ExchangeRecord(**{**as_dict(RECORD), "headers": headers})
    columns = exchange_columns(record, "https://paper.example/2026/01/17/a-story-of-some-length")
    assert sum(len(value) for value in columns.values() if isinstance(value, bytes)) < 400


def test_the_page_of_a_version_keeps_its_exchange_and_a_304_does_not_replace_it(
    newsroom: Newsroom,  # noqa: F811
) -> None:
    publish(newsroom, 1)
    newsroom.subscribe()
    newsroom.work()
    (first,) = newsroom.store.pages(1)
    assert first.exchange is not None
    assert first.exchange.sha256 == hashlib.sha256(first.body).hexdigest()
    asked = len(newsroom.origin.requests)
    answer = newsroom.origin.routes["/1"]
    newsroom.origin.routes["/1"] = lambda request: Answer(status=304, headers={"ETag": '"x"'})
    newsroom.store.request_fetches([1], now=newsroom.clock.now())
    newsroom.work()
    assert len(newsroom.origin.requests) > asked
    assert newsroom.store.pages(1) == (first,)
    assert isinstance(answer, Answer)
    newsroom.origin.routes["/1"] = page("Story 1", f"Another text. {PARAGRAPH}", PARAGRAPH)
    newsroom.store.request_fetches([1], now=newsroom.clock.now())
    newsroom.work()
    assert newsroom.store.pages(1, 1) == (first,), "packed with the newer one, it is as it was"
    (second,) = newsroom.store.pages(1, 2)
    assert second.exchange is not None
    assert second.exchange.sha256 == hashlib.sha256(second.body).hexdigest() != first.exchange.sha256


def test_no_secret_of_feeds_yaml_is_in_the_file(newsroom: Newsroom) -> None:  # noqa: F811
    """Of a site with all kinds of secrets, not one byte is found in the database."""
    access = Access(headers=(("X-Token", "t0ken-canary"), ("Cookie", "sid=c00kie-canary")))
    newsroom.access = AccessBook(sites={"127.0.0.1": access})
    publish(newsroom, 1)
    told = newsroom.origin.routes["/1"]

    def echo(request: Request) -> Answer:
        assert isinstance(told, Answer)
        headers = {**told.headers, "X-Echo": request.headers.get("x-token", ""), "X-TOKEN": "again"}
        return Answer(told.body, headers={**headers, "Set-Cookie": "sid=c00kie-canary"})

    newsroom.origin.routes["/1"] = echo
    newsroom.subscribe()
    newsroom.work()
    sent = next(request for request in newsroom.origin.requests if request.path == "/1")
    assert sent.headers["x-token"] == "t0ken-canary"
    (kept,) = newsroom.store.pages(1)
    assert kept.exchange is not None
    assert "canary" not in lines(kept.exchange)
    assert dict(kept.exchange.headers)["X-TOKEN"] == STRUCK
    newsroom.store.close()
    assert all(b"canary" not in path.read_bytes() for path in newsroom.store.path.parent.glob("*.db*"))


# --------------------------------------------------------------------------- the command


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    from contracts.desk import Desk
    from fakes import FixedClock

    from scraper.model import Extraction

    with open_store(path) as store:
        desk = Desk(store, FixedClock())
        desk.subscribe("https://paper.example/feed")
        store.save_address("https://paper.example/a", "https://paper.example/a", now=NOON)
        for version, exchange in ((1, None), (2, RECORD)):
            body = f"<p>Version {version}\r\n".encode() + b"\xff\0"
            kept = RawPage(
                url="https://paper.example/a", content_type=None, body=body, fetched_at=desk.now, exchange=exchange
            )
            store.request_fetches([1], now=desk.now)
            desk.fetch(Extraction(text=f"Version {version}"), page=kept)
    return path


def test_the_command_shows_the_exchange_and_writes_the_page(archive: Path, tmp_path: Path) -> None:
    shown = run("--db", archive, "page", 1).stdout
    for line in ("GET /a HTTP/1.1", "HTTP/1.1 200 OK", "Content-Type: text/html", "X-Twice: one", "X-Twice: two"):
        assert line in shown.splitlines()
    assert RECORD.sha256 in shown
    assert "192.0.2.1:443" in shown
    assert "301 https://paper.example/old" in shown
    out = tmp_path / "page.html"
    for number in (1, 2):
        run("--db", archive, "page", 1, "--revision", number, "--out", out)
        assert out.read_bytes() == f"<p>Version {number}\r\n".encode() + b"\xff\0"
    told = run_json("--db", archive, "page", 1, "--json")["page"]
    assert told["exchange"]["status_line"] == "HTTP/1.1 200 OK"
    assert told["body_sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()


def test_what_is_not_there_is_said(archive: Path, tmp_path: Path) -> None:
    earlier = run("--db", archive, "page", 1, "--revision", 1)
    assert (earlier.exit_code, "was not recorded" in earlier.stderr) == (0, True)
    for arguments, said in (
        (("--revision", 3), "No page is kept for version 3 of article 1"),
        (("--number", 2), "no page 2; it has 1"),
        (("--out", tmp_path / "nowhere" / "x"), "cannot be written"),
    ):
        told = run("--db", archive, "page", 1, *arguments)
        assert told.exit_code != 0
        assert said in told.stderr
