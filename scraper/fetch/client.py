"""One HTTP exchange: the only user of `requests`.

Validators go out, redirects are followed by hand, bodies are read under a limit and decoded under a limit, all within
one deadline; what goes wrong is translated here, once, into a FetchError.
"""

from __future__ import annotations

import hashlib
import http.client
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import requests.adapters
import urllib3.exceptions

from scraper.errors import (
    AddressRefused,
    AnswerBroken,
    BodyTooLarge,
    ConnectFailed,
    DeadlineExceeded,
    FetchError,
    LookUpFailed,
    TlsFailed,
    TooManyRedirects,
)
from scraper.fetch import connection
from scraper.fetch.decoding import ACCEPT_ENCODING, CodingError, OutputLimit, decode
from scraper.fetch.exchange import secrets_of, struck_out
from scraper.fetch.networks import AddressPolicy
from scraper.model import Access, ExchangeRecord, FetchRequest, Hop, Proxy, Response, Validators
from scraper.ports import Clock
from scraper.urls import credentials_of, host_of, origin_of, without_credentials

MAX_HOPS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_STEP_BYTES = 64 * 1024
_PUBLIC_ONLY = AddressPolicy()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPolicy:
    """Who we say we are and where we may go."""

    user_agent: str
    addresses: AddressPolicy = _PUBLIC_ONLY


class HttpFetcher:
    """Implements `scraper.ports.Fetcher`; connections are kept alive until `close`. For one thread.

    `context` is the shared one from `scraper.fetch.connection.tls_context`.
    """

    def __init__(
        self,
        policy: ClientPolicy,
        context: ssl.SSLContext,
        clock: Clock,
        *,
        resolver: connection.Resolver = connection.system_resolver,
    ) -> None:
        self._guard = connection.Guard(policy.addresses, resolver)
        self._policy, self._context = policy, context
        #: By way: proxy and certificate exception.
        self._sessions: dict[tuple[Proxy | None, str | None], requests.Session] = {}
        self._clock = clock

    def fetch(self, request: FetchRequest) -> Response:
        """Make one exchange; see `scraper.ports.Fetcher.fetch`."""
        self._guard.start(request.deadline_s)
        url = without_credentials(request.url)
        hops = list(request.hops)
        try:
            while True:
                with self._send(url, request) as answer:
                    target = _redirect_target(answer, url)
                    if target is None:
                        return self._complete(answer, request, url, tuple(hops))
                hops.append(Hop(url=url, status=answer.status_code))
                if len(hops) > MAX_HOPS or target in {hop.url for hop in hops}:
                    raise TooManyRedirects(_message(url, "redirects in a loop"), url=url)
                if request.stays_at_origin and _is_web(target) and origin_of(target) != origin_of(url):
                    return self._stopped(answer, url, tuple(hops), target)
                url = target
        except _EXPECTED as exc:
            raise _translated(exc, url, is_redirected=bool(hops)) from exc

    def close(self) -> None:
        """Close kept-alive connections."""
        for session in self._sessions.values():
            session.close()

    def _send(self, url: str, request: FetchRequest) -> requests.Response:
        access = request.access
        certificate = access.certificate if access.origin == origin_of(url) else None
        session = self._session(access.proxy, certificate)
        prepared = self._prepared(session, url, request)
        if access.proxy is not None and access.proxy.scheme != "socks5":
            parts = urlsplit(url)
            self._guard.check_unresolved(host_of(url), parts.port or (443 if parts.scheme == "https" else 80))
        return session.send(
            prepared,
            stream=True,
            allow_redirects=False,
            timeout=(connection.CONNECT_TIMEOUT_S, self._guard.read_timeout_s),
        )

    def _session(self, proxy: Proxy | None, certificate: str | None) -> requests.Session:
        way = (proxy, certificate)
        if way not in self._sessions:
            context = connection.exception_context(certificate) if certificate else self._context
            adapter = _Adapter(self._guard, context, proxy, certificate)
            self._sessions[way] = _session(self._policy, adapter)
        return self._sessions[way]

    def _prepared(self, session: requests.Session, url: str, request: FetchRequest) -> requests.PreparedRequest:
        headers = {"Accept": request.accept, **_conditions(request.validators), **_wished(request.access, url)}
        # An address may carry a login; it is for its own origin, whatever the site redirects to.
        login = (
            credentials_of(request.url)
            if origin_of(url) == origin_of(request.url) and "Authorization" not in headers
            else None
        )
        auth = (login[0].encode(), login[1].encode()) if login else None
        try:
            if not _is_web(url):
                raise AddressRefused(_message(url, "only http and https addresses are fetched"), url=url)
            return session.prepare_request(requests.Request("GET", url, headers=headers, auth=auth))
        except (requests.RequestException, ValueError) as exc:
            raise connection.Unusable(str(exc)) from exc

    def _complete(self, answer: requests.Response, request: FetchRequest, url: str, hops: tuple[Hop, ...]) -> Response:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        peer = getattr(answer.raw.connection, "peer", None)  # it is let go with the last byte
        wire = _read(answer.raw, request)  # of a 304 too: a connection is kept for what has been read to its end
        body = decode(
            wire,
            headers.get("content-encoding"),
            request.max_bytes,
            cuts=request.cuts_long_bodies,
            tick=self._guard.check_time,
        )
        return Response(
            url=url,
            status=answer.status_code,
            headers=headers,
            body=body,
            hops=hops,
            wire_bytes=len(wire),
            took_s=self._guard.elapsed_s(),
            fetched_at=self._clock.now(),
            exchange=None if request.unrecorded is None else _record(answer, request, hops, wire, peer),
        )

    def _stopped(self, answer: requests.Response, url: str, hops: tuple[Hop, ...], target: str) -> Response:
        return Response(
            url=url,
            status=answer.status_code,
            headers={},
            body=b"",
            hops=hops,
            moves_to=target,
            took_s=self._guard.elapsed_s(),
            fetched_at=self._clock.now(),
        )


class _Adapter(requests.adapters.HTTPAdapter):
    """Hands requests our connections; certificates are in the shared context, so nothing is loaded per pool."""

    def __init__(
        self, guard: connection.Guard, context: ssl.SSLContext, proxy: Proxy | None, certificate: str | None
    ) -> None:
        self._guard, self._context, self._proxy = guard, context, proxy
        is_pinned = certificate is not None and certificate.startswith("sha256:")
        self._fingerprint = certificate.removeprefix("sha256:") if certificate and is_pinned else None
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        self.poolmanager = connection.pool_manager(self._guard, self._context, self._proxy)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        conn.cert_reqs = "CERT_NONE" if self._fingerprint else "CERT_REQUIRED"
        conn.assert_fingerprint = self._fingerprint

    def request_url(self, request: requests.PreparedRequest, proxies: Any) -> str:
        """Ask an HTTP proxy for the whole address (RFC 9112, 3.2.2); through a tunnel the path is enough."""
        url = str(request.url)
        is_forwarded = self._proxy is not None and self._proxy.scheme == "http" and url.startswith("http:")
        return url if is_forwarded else super().request_url(request, proxies)


class _Misled(Exception):
    """A redirect leads to what is no address."""


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Say that nothing redirects: requests would read the whole body of a redirect even when told not to follow."""


def _session(policy: ClientPolicy, adapter: _Adapter) -> requests.Session:
    session = _Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers = {"User-Agent": policy.user_agent, "Accept-Encoding": ACCEPT_ENCODING}
    session.adapters.clear()
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _wished(access: Access, url: str) -> Mapping[str, str]:
    """Return the headers that the user wants; those that may say who he is for their own origin alone."""
    name = {"User-Agent": access.user_agent} if access.user_agent else {}
    return {**name, **dict(access.headers)} if access.origin == origin_of(url) else name


def _conditions(validators: Validators | None) -> Mapping[str, str]:
    if validators is None:
        return {}
    pairs = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in pairs.items() if value}


def _redirect_target(answer: requests.Response, url: str) -> str | None:
    """Return where the answer sends us (RFC 9110, 10.2.2), None if it is no redirect.

    Raises:
        _Misled: the target is no address.
    """
    location = answer.headers.get("location")
    if answer.status_code not in _REDIRECTS or not location:
        return None
    # Servers send the bytes of a UTF-8 address; http.client reads headers as Latin-1.
    location = location.encode("latin-1", "replace").decode("utf-8", "replace").strip()
    try:
        return without_credentials(urljoin(url, location).partition("#")[0])
    except ValueError as exc:
        raise _Misled(f"{location[:200]!r} ({exc})") from exc


def _is_web(url: str) -> bool:
    return urlsplit(url).scheme in ("http", "https")


def _record(
    answer: requests.Response, request: FetchRequest, hops: tuple[Hop, ...], wire: bytes, peer: str | None
) -> ExchangeRecord:
    """Return what was asked and answered, as it is kept."""
    sent = answer.request
    version = f"HTTP/{answer.raw.version // 10}.{answer.raw.version % 10}"
    asked = {"Host": urlsplit(sent.url or "").netloc.rpartition("@")[2], **sent.headers}
    record = ExchangeRecord(
        request_line=f"GET {sent.path_url} HTTP/1.1",
        request_headers=tuple((_text(name), _text(value)) for name, value in asked.items()),
        status_line=f"{version} {answer.status_code} {answer.reason or ''}".strip(),
        headers=tuple((_text(name), _text(value)) for name, value in answer.raw.headers.items()),
        redirects=hops,
        peer=peer,
        sha256=hashlib.sha256(wire).hexdigest(),
        wire_bytes=len(wire),
    )
    secrets = secrets_of(request.access, credentials_of(request.url))
    return struck_out(record, request.unrecorded or (), secrets)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _read(raw: Any, request: FetchRequest) -> bytes:
    """Read the body as sent, still coded. urllib3 raises when it is shorter than announced."""
    parts, size = [], 0
    while data := raw.read1(_STEP_BYTES, decode_content=False):
        size += len(data)
        parts.append(data)
        if size > request.max_bytes:
            if request.cuts_long_bodies:
                return b"".join(parts)[: request.max_bytes]
            raise OutputLimit
    return b"".join(parts)


#: What the libraries raise, each kind with its translation; the first that fits holds.
_RULES: tuple[tuple[tuple[type[BaseException], ...], type[FetchError], str], ...] = (
    ((connection.Refused,), AddressRefused, "the address is not public ({}); network.allow_private can permit it"),
    ((connection.Unresolved,), LookUpFailed, "{}"),
    ((connection.Unreached,), ConnectFailed, "{}"),
    ((connection.Untrusted,), TlsFailed, "{}"),
    ((_Misled,), AnswerBroken, "the site redirects to what is no address: {}"),
    ((OutputLimit,), BodyTooLarge, "the body is larger than the limit"),
    ((CodingError,), AnswerBroken, "{}"),
    ((TimeoutError, requests.Timeout, urllib3.exceptions.TimeoutError), DeadlineExceeded, "no complete answer in time"),
    ((connection.Unusable, requests.exceptions.InvalidURL, urllib3.exceptions.LocationValueError),
     AddressRefused, "this is not a usable address: {}"),
    ((requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError),
     AnswerBroken, "the answer was cut short or malformed: {}"),
)  # fmt: skip
_EXPECTED = tuple(kind for kinds, _, _ in _RULES for kind in kinds)


def _translated(exc: BaseException, url: str, *, is_redirected: bool) -> FetchError:
    """Turn what requests, urllib3 and sockets raise into a FetchError, by the first rule that fits.

    An address that is none is the asker's fault, or the server's if it sent us there: that may be mended.
    """
    cause = _innermost(exc)
    detail = re.sub(r"<[^<>]*object at 0x[0-9a-f]+>:?\s*", "", str(cause)) or type(cause).__name__
    error, text = next(
        (error, text) for kinds, error, text in _RULES if isinstance(cause, kinds) or isinstance(exc, kinds)
    )
    if is_redirected and error is AddressRefused and not isinstance(cause, connection.Refused):
        error, text = AnswerBroken, "the site redirects to what is no address: {}"
    return error(_message(url, text.format(detail)), url=without_credentials(url))


def _innermost(exc: BaseException) -> BaseException:
    """Find the cause that libraries have wrapped (`args`, `reason`)."""
    for inner in (getattr(exc, "reason", None), *exc.args):
        if isinstance(inner, BaseException):
            return _innermost(inner)
    return exc


def _message(url: str, text: str) -> str:
    return f"{without_credentials(url)}: {text}"
