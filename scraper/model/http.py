"""One HTTP exchange, and the right to make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from scraper.model.site_options import PLAIN, Access


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave us to ask "has it changed?" with."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect that was followed: `url` answered `status`."""

    url: str
    status: int


#: Names and values in the order they were sent, repeated ones one by one.
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRecord:
    """What was asked and answered when a page was fetched, as evidence; without secrets (scraper/fetch/exchange.py)."""

    #: `GET /path HTTP/1.1`; to the last address of the way.
    request_line: str
    request_headers: Headers
    #: `HTTP/1.1 200 OK`
    status_line: str
    headers: Headers
    #: Redirects that led there, in their order.
    redirects: tuple[Hop, ...] = ()
    #: IP address and port of the server that answered; None where a proxy asked it, or nobody knows.
    peer: str | None = None
    #: In hex, of the body as received: after its transfer coding was undone, before its content coding was.
    sha256: str
    #: Length of that body.
    wire_bytes: int
    #: The headers of one side were longer than is kept.
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """One exchange to be made."""

    url: str
    #: Sent as If-None-Match / If-Modified-Since; None = unconditional.
    validators: Validators | None = None
    #: Stop reading here, counted after decoding.
    max_bytes: int
    accept: str = "*/*"
    #: Wall time for everything: look-up, hops, headers, body.
    deadline_s: float = 30.0
    #: Keep the first `max_bytes` of a longer body; otherwise it is refused.
    cuts_long_bodies: bool = False
    #: Follow no redirect to another origin: the answer says where it leads (`moves_to`).
    stays_at_origin: bool = False
    #: Redirects that led here, when the exchange goes on with an earlier one.
    hops: tuple[Hop, ...] = ()
    #: The user's wishes; `deadline_s` above is what holds.
    access: Access = PLAIN
    #: Keep a record of the exchange, but for the values of these headers, which feeds.yaml sets; None = keep none.
    unrecorded: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A complete answer, whatever its status."""

    #: The address that finally answered.
    url: str
    status: int
    #: Header names in lower case; repeated headers joined with ", ".
    headers: Mapping[str, str]
    #: Decoded (no content coding left); empty for 304.
    body: bytes
    #: Redirects in the order they were followed; empty = none.
    hops: tuple[Hop, ...] = ()
    #: The address at another origin that a redirect leads to; None = this is the end of the way.
    moves_to: str | None = None
    #: Wall time of the exchange.
    took_s: float = 0.0
    #: Bytes received on the wire, bodies only.
    wire_bytes: int = 0
    fetched_at: datetime
    #: What was asked and answered, where the request wanted it kept.
    exchange: ExchangeRecord | None = None

    @property
    def content_type(self) -> str | None:
        """The Content-Type header as sent."""
        return self.headers.get("content-type")

    @property
    def validators(self) -> Validators:
        """The validators of this answer."""
        return Validators(etag=self.headers.get("etag"), last_modified=self.headers.get("last-modified"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request as the ledger counts it."""

    host: str
    started_at: datetime
    ended_at: datetime
    #: None = no answer, or a redirect that was followed.
    status: int | None = None
    wire_bytes: int = 0
    #: The answer had a Retry-After.
    asked_to_wait: bool = False


Slot = Literal["feeds", "articles"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostClaim:
    """The right to do one kind of work on one host until the lease ends."""

    host_id: int
    host: str
    slot: Slot
    #: Fencing number: a commit under an older one is refused with LeaseLost.
    fence: int
    leased_until: datetime
    #: The next commit under it ends it, in its own transaction: no other is needed to let the host go.
    ends_with_commit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """No host of a domain is asked for anything before an instant (429, 503)."""

    #: A host name; the hosts below it are meant, too.
    domain: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRecord:
    """An origin's robots.txt as last fetched; kept 24 h (RFC 9309)."""

    fetched_at: datetime
    #: HTTP status; None = unreachable.
    status: int | None
    #: The file, empty unless status is 2xx.
    body: bytes = b""


#: Status codes of a redirect that is meant for good (RFC 9110, 15.4).
PERMANENT = frozenset({301, 308})
#: A page that is larger is not read.
MAX_PAGE_BYTES = 5 * 1024 * 1024
