"""How the user wants addresses to be asked: from feeds.yaml onto the wire, and nowhere else."""

import base64
import hashlib
import select
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from fakes import NOON, FixedClock, InlineWorkers
from origin import Answer, Origin
from patience import LONG_S
from test_fetch import CERTIFICATES, LOOPBACK, make_fetcher

from scraper import errors
from scraper.articles.fetch_page import fetch_permitted
from scraper.articles.robots_gate import Permissions, RuleBook
from scraper.config import Settings, load_settings
from scraper.fetch.networks import AddressPolicy
from scraper.model import Access, FeedState, FetchRequest, Proxy, Response
from scraper.polling.fetch_feed import read_feed, recognise_nothing
from store import open_store

FEED = b"<rss version='2.0'><channel><item><title>x</title></item></channel></rss>"
KEYS = """
feeds:
  - url: {feed}
    user_agent: Mine/1
    headers: {{X-Key: {{env: TEST_KEY}}}}
    cookies: {{session: {{file: cookie}}}}
    auth: {{username: me, password: {{file: password}}}}
    timeout: 45s
"""


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as server:
        yield server


def settings_of(folder: Path, text: str) -> Settings:
    (folder / "feeds.yaml").write_text(text)
    return load_settings(folder / "feeds.yaml")


def ask(url: str, access: Access, policy: AddressPolicy = LOOPBACK) -> Response:
    fetcher = make_fetcher(policy)
    try:
        return fetcher.fetch(FetchRequest(url=url, max_bytes=100_000, access=access))
    finally:
        fetcher.close()


def secret_feed(folder: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TEST_KEY", "k3y-secret")
    (folder / "cookie").write_text("c00kie-secret\n")
    (folder / "password").write_text("pass-secret\n")
    return settings_of(folder, KEYS.format(feed=url))


def test_sends_what_the_feed_says_and_shows_no_secret(origin, tmp_path, monkeypatch) -> None:
    settings = secret_feed(tmp_path, origin.url("/feed"), monkeypatch)
    access = settings.access.of_feed(origin.url("/feed"))
    ask(origin.url("/feed"), access)
    sent = origin.requests[0].headers
    assert (sent["user-agent"], sent["x-key"], sent["cookie"]) == ("Mine/1", "k3y-secret", "session=c00kie-secret")
    assert base64.b64decode(sent["authorization"].removeprefix("Basic ")) == b"me:pass-secret"
    assert access.deadline_s == 45
    assert "secret" not in repr(settings)
    assert "secret" not in repr(FetchRequest(url="/", max_bytes=1, access=access))


def test_a_redirect_to_another_origin_gets_no_credentials(origin, tmp_path, monkeypatch) -> None:
    with Origin({"/": Answer(b"elsewhere")}) as other:
        origin.routes["/feed"] = Answer(status=302, headers={"Location": "/inner"})
        origin.routes["/inner"] = Answer(status=302, headers={"Location": other.url("/")})
        settings = secret_feed(tmp_path, origin.url("/feed"), monkeypatch)
        ask(origin.url("/feed"), settings.access.of_feed(origin.url("/feed")))
        assert [r.headers.get("cookie") for r in origin.requests] == ["session=c00kie-secret"] * 2
        sent = other.requests[0].headers
        assert not {"cookie", "authorization", "x-key"} & set(sent)
        assert sent["user-agent"] == "Mine/1"


def test_a_moved_feed_gets_no_credentials_at_its_new_origin(origin, tmp_path, monkeypatch) -> None:
    settings = secret_feed(tmp_path, "https://old.example/feed", monkeypatch)
    ask(origin.url("/feed"), settings.access.of_feed("https://old.example/feed"))
    assert not {"cookie", "authorization", "x-key"} & set(origin.requests[0].headers)


@pytest.mark.parametrize("key", ["auth: {token: t0ken}", "cookies: {a: b}", "auth: {username: me, password: pw}"])
def test_a_way_out_of_the_encrypted_gets_no_credentials(tmp_path, key: str) -> None:
    secret = {"authorization", "cookie"}
    with Origin({"/": Answer(b"plain")}) as plain, Origin(certificate=CERTIFICATES / "good.pem") as encrypted:
        encrypted.routes["/"] = Answer(status=301, headers={"Location": plain.url("/")})
        authority = CERTIFICATES / "authority.pem"
        url = encrypted.url("/")
        settings = settings_of(tmp_path, f"feeds:\n  - url: {url}\n    {key}\n    certificate: {authority}\n")
        assert ask(url, settings.access.of_feed(url)).body == b"plain"
    assert secret & set(encrypted.requests[0].headers)
    assert not secret & set(plain.requests[0].headers)


def on_the_way(folder: Path, settings: Settings, url: str) -> tuple[Response, timedelta]:
    """Fetch a page as an article's is, robots.txt of each origin first; return it and the gap that was asked for."""
    fetcher, clock = make_fetcher(), FixedClock()
    with open_store(folder / "wireroom.db", clock=clock) as store:
        permissions = Permissions(store, fetcher, clock, RuleBook(InlineWorkers()), settings.access)
        response = fetch_permitted(FetchRequest(url=url, max_bytes=100_000), fetcher, permissions)
    fetcher.close()
    assert isinstance(response, Response)
    return response, permissions.crawl_delay


def test_secrets_of_a_site_stay_where_it_leads_out_of_the_encrypted_and_robots_txt_gets_none(tmp_path: Path) -> None:
    with Origin({"/": Answer(b"plain")}) as plain, Origin(certificate=CERTIFICATES / "good.pem") as encrypted:
        encrypted.routes["/"] = Answer(status=302, headers={"Location": "/inner"})
        encrypted.routes["/inner"] = Answer(status=302, headers={"Location": plain.url("/")})
        authority = CERTIFICATES / "authority.pem"
        text = f"sites: {{127.0.0.1: {{cookies: {{a: b}}, certificate: {authority}}}}}\nfeeds: []\n"
        settings = settings_of(tmp_path, text)
        assert on_the_way(tmp_path, settings, encrypted.url("/"))[0].body == b"plain"
        sent = {(request.path, request.headers.get("cookie")) for request in encrypted.requests}
        assert sent == {("/robots.txt", None), ("/", "a=b"), ("/inner", "a=b")}
        assert {request.headers.get("cookie") for request in plain.requests} == {None}
        assert on_the_way(tmp_path, settings, plain.url("/"))[0].body == b"plain"
        assert plain.requests[-1].headers["cookie"] == "a=b", "where nothing encrypted led there"


def test_robots_txt_is_not_asked_with_the_login_of_an_address(origin, tmp_path) -> None:
    origin.routes["/"] = Answer(b"page")
    url = origin.url("/").replace("//", "//me:pw@")
    assert on_the_way(tmp_path, settings_of(tmp_path, "feeds: []\n"), url)[0].body == b"page"
    sent = {request.path: request.headers.get("authorization") for request in origin.requests}
    assert sent == {"/robots.txt": None, "/": "Basic " + base64.b64encode(b"me:pw").decode()}


@pytest.mark.parametrize("delays", [(20, 9), (9, 20)])
def test_the_longest_crawl_delay_on_the_way_holds(origin, tmp_path, delays: tuple[int, int]) -> None:
    with Origin({"/": Answer(b"page")}) as other:
        origin.routes["/"] = Answer(status=302, headers={"Location": other.url("/")})
        for server, delay in zip((origin, other), delays, strict=True):
            server.routes["/robots.txt"] = Answer(f"User-agent: *\nCrawl-delay: {delay}\n".encode())
        _, gap = on_the_way(tmp_path, settings_of(tmp_path, "feeds: []\n"), origin.url("/"))
    assert gap == timedelta(seconds=20)


def test_a_token_is_sent_as_bearer(origin, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("TEST_TOKEN", "t0ken")
    url = origin.url("/feed")
    settings = settings_of(tmp_path, f"feeds:\n  - url: {url}\n    auth: {{token: {{env: TEST_TOKEN}}}}\n")
    ask(url, settings.access.of_feed(url))
    assert origin.requests[0].headers["authorization"] == "Bearer t0ken"


@pytest.mark.parametrize(("timeout", "is_long_enough"), [("1s", False), ("2m", True)])
def test_a_feed_s_timeout_is_what_its_server_gets(origin, tmp_path, timeout: str, is_long_enough: bool) -> None:
    def slow(request: object) -> Answer:
        over.wait(1.5 if is_long_enough else LONG_S)
        return Answer(FEED)

    over = threading.Event()
    origin.routes["/feed"] = slow
    url = origin.url("/feed")
    settings = settings_of(tmp_path, f"feeds:\n  - url: {url}\n    timeout: {timeout}\n")
    fetcher = make_fetcher()
    feed = FeedState(id=1, spec=settings.feeds[0], current_url=url)
    reading = read_feed(feed, fetcher, InlineWorkers(), NOON, settings.access.of_feed(url), recognise_nothing)
    over.set()
    fetcher.close()
    assert (reading.status == "new") is is_long_enough, reading.error


def test_a_site_holds_for_its_pages_and_a_feed_overrides_it(tmp_path) -> None:
    book = settings_of(
        tmp_path,
        "defaults: {proxy: 'socks5h://127.0.0.1:9050', timeout: 1m}\n"
        "sites: {n.example: {cookies: {a: b}, headers: {X-A: one}}}\n"
        "feeds: [{url: 'https://n.example/f', headers: {x-a: two}, proxy: none}, 'https://o.example/f']\n",
    ).access
    assert book.of_page("https://www.n.example/1").headers == (("X-A", "one"), ("Cookie", "a=b"))
    assert book.of_page("https://o.example/1").headers == ()
    feed = book.of_feed("https://n.example/f")
    assert (dict(feed.headers), feed.proxy) == ({"X-A": "two", "Cookie": "a=b"}, None)
    assert book.of_feed("https://o.example/f").proxy == Proxy(scheme="socks5h", host="127.0.0.1", port=9050)
    assert book.of_feed("https://o.example/f").deadline_s == 60


@pytest.mark.parametrize(
    ("key", "place", "said"),
    [
        ("auth: {token: {env: WIREROOM_TEST_UNSET}}", "3:19", "has no variable 'WIREROOM_TEST_UNSET'"),
        ("auth: {token: {file: none-such}}", "3:19", "the file cannot be read: No such file"),
        ("auth: {username: s3cret}", "3:11", "username and password, or token alone"),
        ("auth: {token: 53637}", "3:19", "in quotes"),
        ('auth: {token: "s3cret\\r\\nX: y"}', "3:19", "printable ASCII"),
        ("headers: {Host: s3cret}", "3:15", "Wireroom sets it itself"),
        ("cookies: {a: s3cret; b}", "3:18", "no semicolon"),
        ("proxy: https://u:s3cret@h:1", "3:12", "is not the address of a proxy"),
        ("timeout: 3h", "3:14", "1s to 120s"),
        ("certificate: feeds.yaml", "3:18", "no certificate in PEM form"),
        ("certificate: sha256:12", "3:18", "64 hexadecimal digits"),
    ],
)
def test_says_where_a_value_is_wrong_and_not_what_it_is(tmp_path, key: str, place: str, said: str) -> None:
    with pytest.raises(errors.ConfigError) as caught:
        settings_of(tmp_path, f"feeds:\n  - url: https://n.example/f\n    {key}\n")
    text = str(caught.value)
    assert f"feeds.yaml:{place}: " in text
    assert said in text
    assert "s3cret" not in text
    assert "53637" not in text


# --------------------------------------------------------------------------- certificates


def test_a_certificate_is_trusted_for_its_own_origin_alone() -> None:
    authority = (CERTIFICATES / "authority.pem").read_text()
    with Origin({"/": Answer(b"hello")}, certificate=CERTIFICATES / "good.pem") as origin:
        own = Access(certificate=authority, origin=origin.url("").rstrip("/"))
        assert ask(origin.url(), own).body == b"hello"
        with pytest.raises(errors.TlsFailed, match="issuer"):
            ask(origin.url(), own.at("https://127.0.0.1:1"))


def test_a_fingerprint_pins_one_certificate_and_nothing_is_sent_to_another() -> None:
    pem = (CERTIFICATES / "expired.pem").read_text()
    begin = pem.index("-----BEGIN CERTIFICATE-----")
    end = pem.index("-----END CERTIFICATE-----") + len("-----END CERTIFICATE-----")
    fingerprint = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem[begin:end])).hexdigest()
    for name, is_right in (("expired", True), ("good", False)):
        with Origin({"/": Answer(b"hello")}, certificate=CERTIFICATES / f"{name}.pem") as origin:
            access = Access(certificate=f"sha256:{fingerprint}", origin=origin.url("").rstrip("/"))
            if is_right:
                assert ask(origin.url(), access).body == b"hello"
                continue
            with pytest.raises(errors.TlsFailed, match="not the one named"):
                ask(origin.url(), access)
            assert origin.requests == []


# --------------------------------------------------------------------------- proxies


@contextmanager
def relay(
    kind: str, to: int, scheme: Literal["http", "socks5", "socks5h"] | None = None
) -> Iterator[tuple[Proxy, list[bytes]]]:
    """Serve one kind of proxy that connects to the port `to` of this machine, whatever it is asked for."""
    seen: list[bytes] = []

    class Handler(socketserver.StreamRequestHandler):
        rbufsize = 0

        def handle(self) -> None:
            head = b""
            if kind == "http":
                while not head.endswith(b"\r\n\r\n"):
                    head += self.rfile.read(1)
                seen.append(head)
                if head.startswith(b"CONNECT"):
                    self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
                    head = b""
            else:
                self.rfile.read(self.rfile.read(2)[1])
                self.wfile.write(b"\x05\x02")
                self.rfile.read(1)
                login = [self.rfile.read(self.rfile.read(1)[0]) for _ in range(2)]
                self.wfile.write(b"\x01\x00")
                kind_of_address = self.rfile.read(4)[3]
                length = {1: 4, 4: 16}.get(kind_of_address) or self.rfile.read(1)[0]
                seen.extend([*login, self.rfile.read(length)])
                self.rfile.read(2)
                self.wfile.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x01")
            with socket.create_connection(("127.0.0.1", to)) as far:
                far.sendall(head)
                pair = [self.connection, far]
                while True:
                    for end in select.select(pair, [], [], 5)[0] or [None]:
                        data = end.recv(65536) if end else b""
                        if not data:
                            return
                        pair[end is self.connection].sendall(data)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads, block_on_close = True, False

        def handle_error(self, request: object, client_address: object) -> None:
            """Clients hang up."""

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        scheme = scheme or ("socks5h" if kind == "socks" else "http")
        port = server.server_address[1]
        yield Proxy(scheme=scheme, host="127.0.0.1", port=port, username="me", password="pw"), seen
        server.shutdown()


@pytest.mark.parametrize("kind", ["http", "socks"])
def test_a_proxy_looks_the_name_up_and_gets_its_login(origin, kind: str) -> None:
    # An HTTP proxy is sent the whole address, which the relay hands on.
    origin.routes["/feed"] = origin.routes["http://n.example/feed"] = Answer(b"news")
    with relay(kind, origin.port) as (proxy, seen):
        # No such name exists: had it been looked up here, the fetch would fail. The proxy itself is on a private
        # address, which needs no permission.
        answer = ask("http://n.example/feed", Access(proxy=proxy), AddressPolicy())
    assert answer.body == b"news"
    if kind == "http":
        assert seen[0].startswith(b"GET http://n.example/feed HTTP/1.1\r\n")
        assert b"authorization: basic " + base64.b64encode(b"me:pw").lower() in seen[0].lower()
    else:
        assert seen == [b"me", b"pw", b"n.example"]


def test_for_plain_socks5_the_name_is_looked_up_and_judged_here(origin) -> None:
    origin.routes["/feed"] = Answer(b"news")
    request = FetchRequest(url="http://n.example/feed", max_bytes=1000)
    with relay("socks", origin.port, "socks5") as (proxy, seen):
        for number, policy, is_allowed in (
            ("127.0.0.1", LOOPBACK, True),
            ("93.184.215.14", AddressPolicy(), True),
            ("127.0.0.1", AddressPolicy(), False),
        ):
            seen.clear()
            fetcher = make_fetcher(policy, resolver=lambda host, port, number=number: [number])
            wanted = replace(request, access=Access(proxy=proxy))
            if is_allowed:
                assert fetcher.fetch(wanted).body == b"news"
                assert seen == [b"me", b"pw", socket.inet_aton(number)]
            else:
                with pytest.raises(errors.AddressRefused, match=r"n\.example is 127\.0\.0\.1"):
                    fetcher.fetch(wanted)
                assert seen == []
            fetcher.close()


@pytest.mark.parametrize("kind", ["http", "socks"])
def test_tls_goes_through_a_proxy(kind: str) -> None:
    with Origin({"/": Answer(b"hello")}, certificate=CERTIFICATES / "good.pem") as origin:
        authority = (CERTIFICATES / "authority.pem").read_text()
        with relay(kind, origin.port) as (proxy, _):
            access = Access(proxy=proxy, certificate=authority, origin=origin.url("").rstrip("/"))
            assert ask(origin.url(), access).body == b"hello"


@pytest.mark.parametrize("kind", ["http", "socks"])
@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f000001", "2130706433", "localhost", "nas.lan", "[::1]"])
def test_a_proxy_is_asked_for_nothing_private(origin, kind: str, host: str) -> None:
    with relay(kind, origin.port) as (proxy, seen), pytest.raises(errors.AddressRefused):
        ask(f"http://{host}/", Access(proxy=proxy), AddressPolicy())
    assert seen == []


def test_a_proxy_that_is_down_is_named() -> None:
    with pytest.raises(errors.ConnectFailed, match=r"the proxy 127\.0\.0\.1:1 ") as caught:
        ask("http://n.example/", Access(proxy=Proxy(scheme="http", host="127.0.0.1", port=1, password="s3cret")))
    assert "s3cret" not in str(caught.value)
