"""Sockets that know where they may connect to and when their time is up; plugged under `requests` by client.py.

The check and the connection use the same look-up, so a name cannot change its address in between.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

import socks  # type: ignore[import-untyped]  # PySocks has no annotations
import urllib3
import urllib3.exceptions
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from scraper.fetch import tls
from scraper.fetch.networks import AddressPolicy
from scraper.fetch.networks import is_private_host as is_private
from scraper.model import Proxy

CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 20.0

#: What getaddrinfo says of a name that there is not, and when it has nobody to ask (RFC 3493, 6.1).
_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
_NO_ANSWER = frozenset({socket.EAI_AGAIN})
_NO_NAMES = "no name server answers; look at this machine's network"

Resolver = Callable[[str, int], list[str]]


class Refused(Exception):
    """The address policy forbids the connection; internal to fetching."""


class Unusable(Exception):
    """Nothing can be asked at this address; internal to fetching."""


class Unreached(Exception):
    """No connection came about: the name has no address, or nobody answers there; internal to fetching."""


class Unresolved(Unreached):
    """The name led to no address."""


class Untrusted(Exception):
    """The certificate or the handshake was not acceptable; internal to fetching."""


def system_resolver(host: str, port: int) -> list[str]:
    """Return the addresses of a host name in the system's order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


class Guard:
    """What the exchange in progress may do: its address policy and its deadline. Used by one thread."""

    def __init__(self, policy: AddressPolicy, resolver: Resolver = system_resolver) -> None:
        self._policy = policy
        self._resolver = resolver
        self._started_at = self._ends_at = 0.0
        self.read_timeout_s = READ_TIMEOUT_S

    def start(self, deadline_s: float) -> None:
        """Start the clock of one exchange."""
        self._started_at = time.monotonic()
        self._ends_at = self._started_at + deadline_s
        # Who allows more than the usual deadline does so for a site that is long in answering.
        self.read_timeout_s = max(READ_TIMEOUT_S, deadline_s * 2 / 3)

    def elapsed_s(self) -> float:
        """Return how long the exchange has been going on."""
        return time.monotonic() - self._started_at

    def remaining_s(self, at_most: float) -> float:
        """Return the seconds left, bounded by `at_most`.

        Raises:
            TimeoutError: none are left.
        """
        left = min(at_most, self._ends_at - time.monotonic())
        if left <= 0:
            raise TimeoutError("the deadline of the exchange has passed")
        return left

    def check_time(self) -> None:
        """Raise TimeoutError if none is left."""
        self.remaining_s(1)

    def check_unresolved(self, host: str, port: int) -> None:
        """Refuse what is private by its looks, where a proxy looks the name up; numbers in any notation count.

        Raises:
            Refused
        """
        number = _number(host)
        if number is None and is_private(f"http://{host}/"):
            raise Refused(f"{host}, by its name, asked for through a proxy")
        if number is not None and not self._policy.permits(number, port):
            raise Refused(number)

    def addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses to connect to; if any of them is forbidden, none is used.

        Raises:
            Refused, Unreached, Unusable, TimeoutError
        """
        found = self._numbers(host, port)
        for ip in found:
            if not self._policy.permits(ip, port):
                raise Refused(ip if ip == host else f"{host} is {ip}")
        return found

    def _numbers(self, host: str, port: int) -> list[str]:
        try:
            return [str(ipaddress.ip_address(host))]
        except ValueError:
            return self._look_up(host, port)

    def _look_up(self, host: str, port: int) -> list[str]:
        """Resolve in a thread of its own, since getaddrinfo cannot be interrupted."""
        answer: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

        def resolve() -> None:
            try:
                answer.put(self._resolver(host, port))
            except (OSError, UnicodeError) as exc:
                answer.put(exc)

        threading.Thread(target=resolve, name="look-up", daemon=True).start()
        try:
            found = answer.get(timeout=self.remaining_s(READ_TIMEOUT_S))
        except queue.Empty:
            raise Unresolved(f"the name {host} could not be looked up in time: {_NO_NAMES}") from None
        if isinstance(found, UnicodeError):
            raise Unusable(f"{host} cannot be the name of a host") from found
        if isinstance(found, Exception):
            raise Unresolved(_look_up_failure(host, found)) from found
        return found

    def connect(self, host: str, port: int) -> socket.socket:
        """Open a connection to the first permitted address that answers.

        Raises:
            Refused, Unreached, Unusable, TimeoutError
        """
        return self._dial(host, port, self.addresses(host, port))

    def connect_to_proxy(self, host: str, port: int) -> socket.socket:
        """Open a connection to a proxy, which the user chose and which may be anywhere; raises as `connect`."""
        try:
            return self._dial(host, port, self._numbers(host, port))
        except Unreached as exc:
            raise Unreached(f"the proxy {host}:{port} is out of reach: {exc}") from exc

    def connect_through(self, proxy: Proxy, host: str, port: int) -> socket.socket:
        """Have a SOCKS proxy open a connection; raises as `connect`."""
        target = host if proxy.scheme == "socks5h" else self.addresses(host, port)[0]
        number = (self._numbers(proxy.host, proxy.port) or [proxy.host])[0]
        sock = _SocksSocket(socket.AF_INET6 if ":" in number else socket.AF_INET)
        sock.guard = self
        sock.settimeout(self.remaining_s(READ_TIMEOUT_S))
        sock.set_proxy(socks.SOCKS5, number, proxy.port, True, proxy.username, proxy.password)
        try:
            sock.connect((target, port))
        except OSError as exc:  # PySocks' errors are among them
            sock.close()
            raise Unreached(f"the proxy {proxy.host}:{proxy.port} gave no connection to {host}: {exc}") from exc
        return sock

    def _dial(self, host: str, port: int, numbers: list[str]) -> socket.socket:
        if not numbers:
            raise Unresolved(f"the name {host} has no address")
        failure = ""
        for ip in numbers:
            family = socket.AF_INET6 if ":" in ip else socket.AF_INET
            sock = _TimedSocket(family, socket.SOCK_STREAM)
            sock.guard = self
            sock.settimeout(self.remaining_s(CONNECT_TIMEOUT_S))
            try:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.connect((ip, port))
                return sock
            except TimeoutError:
                sock.close()
                failure = f"nobody answered at {ip}"
            except OSError as exc:
                sock.close()
                failure = f"no connection to {ip}: {exc.strerror or exc}"
        raise Unreached(failure)


class _TimedReads:
    """Bounds every single read by what is left of the exchange, so a server that drips bytes gains nothing."""

    guard: Guard | None = None

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        if self.guard is not None:
            self.settimeout(self.guard.remaining_s(self.guard.read_timeout_s))  # type: ignore[attr-defined]  # of the socket it is mixed into
        return super().recv_into(*args, **kwargs)  # type: ignore[misc,no-any-return]  # likewise


class _TimedSocket(_TimedReads, socket.socket):
    pass


class _SocksSocket(_TimedReads, socks.socksocket):  # type: ignore[misc]  # without annotations
    pass


class _TimedTlsSocket(_TimedReads, ssl.SSLSocket):
    pass


def tls_context() -> ssl.SSLContext:
    """Build the one TLS context that all exchanges share."""
    return tls.tls_context(_TimedTlsSocket)


def exception_context(certificate: str) -> ssl.SSLContext:
    """Build the TLS context of one certificate exception."""
    return tls.exception_context(certificate, _TimedTlsSocket)


def _look_up_failure(host: str, failure: Exception) -> str:
    code = failure.errno if isinstance(failure, socket.gaierror) else None
    if code in _NO_SUCH_NAME:
        return f"there is no host of the name {host}; look at the address for a slip"
    if code in _NO_ANSWER:
        return f"the name {host} could not be looked up: {_NO_NAMES}"
    return f"the name {host} could not be looked up: {failure}"


def _number(host: str) -> str | None:
    """Return the IP address that a host is in any notation (`127.1`, `0x7f000001`), None for a name."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return str(ipaddress.IPv4Address(socket.inet_aton(host)))
    except (OSError, UnicodeError):
        return None


def _opened(asked: HTTPConnection, guard: Guard, through: Proxy | None) -> socket.socket:
    """Open a connection's socket: direct, through a SOCKS proxy, or to the HTTP proxy that goes on from there."""
    host, port = asked._dns_host, asked.port or asked.default_port
    if through is None:
        return guard.connect(host, port)
    return (
        guard.connect_to_proxy(host, port) if through.scheme == "http" else guard.connect_through(through, host, port)
    )


def _peer(opened: socket.socket, through: Proxy | None) -> str | None:
    """Return IP address and port of the server a socket leads to; None behind a proxy, or where it is gone already."""
    if through is not None:
        return None
    try:
        ip, port = opened.getpeername()[:2]
    except OSError:
        return None
    return f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"


class _Connection(HTTPConnection):
    #: Who answers: IP address and port.
    peer: str | None = None

    def __init__(self, *args: Any, guard: Guard, through: Proxy | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guard, self._through = guard, through

    def _new_conn(self) -> socket.socket:
        opened = _opened(self, self._guard, self._through)
        self.peer = _peer(opened, self._through)
        return opened


class _TlsConnection(HTTPSConnection):
    peer: str | None = None

    def __init__(self, *args: Any, guard: Guard, through: Proxy | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guard, self._through = guard, through

    def _new_conn(self) -> socket.socket:
        opened = _opened(self, self._guard, self._through)
        self.peer = _peer(opened, self._through)
        return opened

    def connect(self) -> None:
        try:
            super().connect()
        except ssl.SSLError as exc:
            raise Untrusted(tls.explain(exc)) from exc
        except urllib3.exceptions.SSLError as exc:  # the fingerprint
            raise Untrusted(f"its certificate is not the one named at the feed: {exc}") from exc
        if isinstance(self.sock, _TimedTlsSocket):
            self.sock.guard = self._guard


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


def pool_manager(guard: Guard, context: ssl.SSLContext, proxy: Proxy | None = None) -> urllib3.PoolManager:
    """Build a urllib3 pool manager whose every connection goes through `guard`, and through `proxy` if there is one."""
    options: dict[str, Any] = {"num_pools": 4, "maxsize": 1, "block": False, "ssl_context": context}
    if proxy is not None and proxy.scheme == "http":
        login = None if proxy.username is None else f"{proxy.username}:{proxy.password or ''}"
        host = f"[{proxy.host}]" if ":" in proxy.host else proxy.host
        headers = urllib3.make_headers(proxy_basic_auth=login)
        manager: urllib3.PoolManager = urllib3.ProxyManager(
            f"http://{host}:{proxy.port}", proxy_headers=headers, **options
        )
    else:
        manager = urllib3.PoolManager(**options)
    given: dict[str, Any] = {"guard": guard, "through": proxy}
    manager.pool_classes_by_scheme = {
        "http": lambda host, port, **kw: _Pool(host, port, **given, **kw),  # type: ignore[dict-item]  # stands in for the class
        "https": lambda host, port, **kw: _TlsPool(host, port, **given, **kw),  # type: ignore[dict-item]  # likewise
    }
    return manager
