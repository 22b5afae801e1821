"""scraper.fetch.client against a real server on loopback."""

import base64
import gzip
import socket
import ssl
import zlib
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
import zstandard
from fakes import FixedClock
from origin import Answer, Origin
from patience import dripping, held_back

from scraper import errors
from scraper.fetch.client import ClientPolicy, HttpFetcher
from scraper.fetch.connection import tls_context
from scraper.fetch.networks import AddressPolicy
from scraper.model import FetchRequest, Response, Validators

LOOPBACK = AddressPolicy.allowing(("127.0.0.0/8",))


CERTIFICATES = Path(__file__).parent / "certificates"


def make_fetcher(policy: AddressPolicy = LOOPBACK, *, context: ssl.SSLContext | None = None, **kwargs) -> HttpFetcher:
    client = ClientPolicy(user_agent="Wireroom/test (+https://example.org)", addresses=policy)
    return HttpFetcher(client, context or tls_context(), FixedClock(), **kwargs)


def trusting_context() -> ssl.SSLContext:
    context = tls_context()
    context.load_verify_locations(CERTIFICATES / "authority.pem")
    return context


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as server:
        yield server


@pytest.fixture
def fetcher() -> Iterator[HttpFetcher]:
    made = make_fetcher()
    yield made
    made.close()


def get(fetcher: HttpFetcher, url: str, **kwargs) -> Response:
    return fetcher.fetch(FetchRequest(url=url, max_bytes=kwargs.pop("max_bytes", 100_000), **kwargs))


def test_sends_our_name_and_the_validators(origin: Origin, fetcher: HttpFetcher) -> None:
    origin.routes["/feed"] = Answer(status=304)
    answer = get(fetcher, origin.url("/feed"), validators=Validators(etag='"a"', last_modified="yesterday"))
    assert (answer.status, answer.body) == (304, b"")
    sent = origin.requests[0].headers
    assert sent["user-agent"] == "Wireroom/test (+https://example.org)"
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"a"', "yesterday")


@pytest.mark.parametrize(
    ("coding", "compress"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("br", brotli.compress),
        ("zstd", zstandard.compress),
    ],
)
def test_decodes_what_it_offers_and_refuses_what_is_cut(origin: Origin, fetcher: HttpFetcher, coding, compress) -> None:
    text = b"all the news " * 500
    coded = compress(text)
    origin.routes["/whole"] = Answer(coded, headers={"Content-Encoding": coding})
    origin.routes["/cut"] = Answer(coded[:-6], headers={"Content-Encoding": coding})
    answer = get(fetcher, origin.url("/whole"))
    assert (answer.body, answer.wire_bytes) == (text, len(coded))
    with pytest.raises(errors.AnswerBroken):
        get(fetcher, origin.url("/cut"))
    with pytest.raises(errors.BodyTooLarge):
        get(fetcher, origin.url("/whole"), max_bytes=len(text) - 1)


@pytest.mark.parametrize(
    ("coding", "said"), [("compress", "not offered"), ("gzip, gzip", "not valid gzip"), ("gzip, gzip, gzip", "3 times")]
)
def test_refuses_codings_it_did_not_offer(origin: Origin, fetcher: HttpFetcher, coding: str, said: str) -> None:
    origin.routes["/"] = Answer(b"plain words", headers={"Content-Encoding": coding})
    with pytest.raises(errors.AnswerBroken, match=said):
        get(fetcher, origin.url())


def test_packed_without_a_header_or_twice_is_read(origin: Origin, fetcher: HttpFetcher) -> None:
    once = gzip.compress(b"all the news")
    origin.routes["/bare"] = Answer(once, headers={"Content-Type": "application/x-gzip"})
    origin.routes["/twice"] = Answer(
        raw=b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
        + gzip.compress(once)
    )
    origin.routes["/named"] = Answer(b"all the news", headers={"Content-Encoding": "UTF-8"})
    for path in ("/bare", "/twice", "/named"):
        assert get(fetcher, origin.url(path)).body == b"all the news"


def test_a_body_that_is_long_in_decoding_ends_at_the_deadline(origin: Origin, fetcher: HttpFetcher) -> None:
    origin.routes["/"] = Answer(gzip.compress(b"", mtime=0) * 700_000, headers={"Content-Encoding": "gzip"})
    with pytest.raises(errors.DeadlineExceeded):
        get(fetcher, origin.url(), max_bytes=15 * 2**20, deadline_s=0.5)


def test_follows_redirects_and_reports_the_hops(origin: Origin, fetcher: HttpFetcher) -> None:
    origin.routes["/old"] = Answer(status=301, headers={"Location": "/moved"})
    origin.routes["/moved"] = Answer(status=302, headers={"Location": origin.url("/here#part")})
    origin.routes["/here"] = Answer(b"found")
    answer = get(fetcher, origin.url("/old"))
    assert (answer.url, answer.body) == (origin.url("/here"), b"found")
    assert [(hop.url, hop.status) for hop in answer.hops] == [(origin.url("/old"), 301), (origin.url("/moved"), 302)]


def test_stops_at_a_redirect_loop(origin: Origin, fetcher: HttpFetcher) -> None:
    origin.routes["/a"] = Answer(status=302, headers={"Location": "/b"})
    origin.routes["/b"] = Answer(status=302, headers={"Location": "/a"})
    with pytest.raises(errors.TooManyRedirects):
        get(fetcher, origin.url("/a"))
    assert len(origin.requests) == 2


def test_does_not_read_the_body_of_a_redirect(origin: Origin, fetcher: HttpFetcher) -> None:
    sent = []

    def endless(send) -> None:
        for _ in range(10_000):
            send(b"x" * 65536)
            sent.append(1)

    origin.routes["/a"] = Answer(status=302, headers={"Location": "/b"}, stream=endless)
    origin.routes["/b"] = Answer(b"ok")
    assert get(fetcher, origin.url("/a")).body == b"ok"
    assert len(sent) < 5_000


def test_private_addresses_are_refused_also_behind_redirects_and_names(origin: Origin) -> None:
    origin.routes["/out"] = Answer(status=302, headers={"Location": "http://10.0.0.1/secret"})
    fetcher = make_fetcher(AddressPolicy.allowing((f"127.0.0.1:{origin.port}",)))
    with pytest.raises(errors.AddressRefused, match=r"10\.0\.0\.1"):
        get(fetcher, origin.url("/out"))
    with pytest.raises(errors.AddressRefused):
        get(fetcher, f"http://127.0.0.1:{origin.port + 1}/")
    named = make_fetcher(AddressPolicy(), resolver=lambda host, port: ["93.184.215.14", "127.0.0.1"])
    with pytest.raises(errors.AddressRefused, match=r"news\.example is 127\.0\.0\.1"):
        get(named, "http://news.example/")
    assert origin.paths() == ["/out"]
    fetcher.close()
    named.close()


def test_connects_to_the_address_that_was_checked(origin: Origin) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    fetcher = make_fetcher(resolver=lambda host, port: next(answers))
    origin.routes["/"] = Answer(b"checked")
    assert get(fetcher, f"http://rebinding.example:{origin.port}/").body == b"checked"
    assert next(answers) == ["10.0.0.1"]
    fetcher.close()


@pytest.mark.parametrize("url", ["ftp://example.org/", "file:///etc/passwd", "http://", "http://[::1/", "javascript:1"])
def test_addresses_that_are_none_are_refused(fetcher: HttpFetcher, url: str) -> None:
    with pytest.raises(errors.AddressRefused):
        get(fetcher, url)


@pytest.mark.parametrize("part", ["head", "body"])
def test_the_deadline_holds_against_a_dripping_server(origin: Origin, fetcher: HttpFetcher, part: str) -> None:
    head = b"HTTP/1.1 200 OK\r\n" + (b"X-Slow: " if part == "head" else b"\r\n")
    with dripping(b"x") as drip:
        origin.routes["/"] = Answer(raw=head, stream=drip)
        with pytest.raises(errors.DeadlineExceeded):
            get(fetcher, origin.url(), deadline_s=0.4)


def test_cut_bodies_are_failures(origin: Origin, fetcher: HttpFetcher) -> None:
    origin.routes["/length"] = Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
    origin.routes["/chunk"] = Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n")
    for path in ("/length", "/chunk"):
        with pytest.raises(errors.AnswerBroken):
            get(fetcher, origin.url(path))


def test_a_closed_port_is_a_failed_connection(fetcher: HttpFetcher) -> None:
    with Origin() as gone:
        url = gone.url()
    with pytest.raises(errors.ConnectFailed):
        get(fetcher, url)


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (OSError("odd"), r"the name news\.example could not be looked up: odd"),
        (socket.gaierror(socket.EAI_NONAME, "unknown"), r"there is no host of the name news\.example; look at the"),
        (socket.gaierror(socket.EAI_AGAIN, "later"), r"no name server answers; look at this machine's network"),
        (None, r"the name news\.example has no address"),
    ],
)
def test_a_failed_name_look_up_says_whether_name_or_network_is_at_fault(failure: OSError | None, said: str) -> None:
    def resolver(host: str, port: int) -> list[str]:
        if failure:
            raise failure
        return []

    fetcher = make_fetcher(resolver=resolver)
    with pytest.raises(errors.LookUpFailed, match=said):
        get(fetcher, "http://news.example/")
    fetcher.close()


def test_a_hanging_name_look_up_is_under_the_deadline_and_no_slow_server() -> None:
    def resolver(host: str, port: int) -> list[str]:
        wait()
        return []

    with held_back() as wait:
        fetcher = make_fetcher(resolver=resolver)
        with pytest.raises(errors.LookUpFailed, match="could not be looked up in time"):
            get(fetcher, "http://news.example/", deadline_s=0.2)
        fetcher.close()


def test_an_address_where_nobody_answers_is_a_failed_connection(fetcher: HttpFetcher) -> None:
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for waiting in (first, second):  # the queue of connections is full: more are not answered
            waiting.setblocking(False)
            waiting.connect_ex(deaf.getsockname())
        with pytest.raises(errors.ConnectFailed, match="nobody answered"):
            get(fetcher, f"http://127.0.0.1:{deaf.getsockname()[1]}/", deadline_s=0.3)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\x01garbage\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot-a-size\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://[::1/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://a:port/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://" + b"a" * 80 + b".example/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"y" * 70_000 + b"\r\n\r\n",
    ],
)
def test_a_malformed_answer_is_the_server_s_fault_and_may_be_mended(
    origin: Origin, fetcher: HttpFetcher, answer: bytes
) -> None:
    origin.routes["/"] = Answer(raw=answer)
    with pytest.raises(errors.AnswerBroken):
        get(fetcher, origin.url())


def test_a_malformed_redirect_target_is_named_and_its_connection_closed(origin: Origin, fetcher: HttpFetcher) -> None:
    origin.routes["/"] = Answer(status=301, headers={"Location": "http://[::1/feed"})
    with pytest.raises(errors.AnswerBroken, match=r"redirects to what is no address: 'http://\[::1/feed'"):
        get(fetcher, origin.url())  # a socket left open is a warning, and that an error


def test_a_redirect_to_another_scheme_is_refused(origin: Origin, fetcher: HttpFetcher) -> None:
    origin.routes["/"] = Answer(status=302, headers={"Location": "file:///etc/passwd"})
    with pytest.raises(errors.AddressRefused, match="only http and https"):
        get(fetcher, origin.url())


def test_a_login_in_the_address_goes_to_its_origin_alone(origin: Origin, fetcher: HttpFetcher) -> None:
    with Origin({"/": Answer(b"there")}) as other:
        origin.routes["/feed"] = Answer(status=301, headers={"Location": "/moved"})
        origin.routes["/moved"] = Answer(status=302, headers={"Location": other.url().replace("//", "//x:y@")})
        answer = get(fetcher, origin.url("/feed").replace("//", "//j%C3%B6:s%40crt@"))
        login = "Basic " + base64.b64encode("jö:s@crt".encode()).decode()
        assert [request.headers.get("authorization") for request in origin.requests] == [login, login]
        assert [request.headers.get("authorization") for request in other.requests] == [None]
    assert "crt" not in repr(answer)


@pytest.mark.parametrize(
    ("certificate", "trusted", "said"),
    [
        ("expired", True, "has expired; the publisher has to renew it"),
        ("other_host", True, "is for another host; look at the address"),
        ("good", False, "issuer that this machine does not know; if you trust it"),
    ],
)
def test_says_what_is_wrong_with_a_certificate(certificate: str, trusted: bool, said: str) -> None:
    with Origin({"/": Answer(b"secret")}, certificate=CERTIFICATES / f"{certificate}.pem") as origin:
        fetcher = make_fetcher(context=trusting_context() if trusted else tls_context())
        with pytest.raises(errors.TlsFailed, match=said):
            get(fetcher, origin.url())
        fetcher.close()
        assert origin.requests == []


def test_a_server_without_tls_is_told_from_one_that_is_not_trusted(origin: Origin, fetcher: HttpFetcher) -> None:
    with pytest.raises(errors.TlsFailed, match="does not speak TLS on this port; try the address with http://"):
        get(fetcher, origin.url().replace("http:", "https:"))


def test_trusts_a_certificate_of_a_known_authority() -> None:
    with Origin({"/": Answer(b"hello")}, certificate=CERTIFICATES / "good.pem") as origin:
        fetcher = make_fetcher(context=trusting_context())
        assert get(fetcher, origin.url()).body == b"hello"
        fetcher.close()


def test_keeps_no_cookies_and_shows_no_credentials(origin: Origin, fetcher: HttpFetcher) -> None:
    origin.routes["/"] = lambda request: Answer(b"", headers={"Set-Cookie": "id=1"})
    get(fetcher, origin.url())
    get(fetcher, origin.url())
    assert "cookie" not in origin.requests[1].headers
    with pytest.raises(errors.FetchError) as caught:
        get(fetcher, "http://user:secret@127.0.0.1:1/")
    assert "secret" not in str(caught.value)
    assert "secret" not in caught.value.url


def test_keeps_the_connection_alive(origin: Origin, fetcher: HttpFetcher) -> None:
    origin.routes |= {"/": Answer(b"ok"), "/same": Answer(status=304)}
    assert [get(fetcher, origin.url(path)).status for path in ("/", "/same", "/", "/same")] == [200, 304, 200, 304]
    assert origin.connections == 1
    fetcher.close()
    get(fetcher, origin.url())
    assert origin.connections == 2
