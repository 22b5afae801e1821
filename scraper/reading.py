"""Asking a site: fetch a feed or a page, read what came in a worker, and say what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from scraper import cadence
from scraper.addresses import domains_of, host_of, without_credentials
from scraper.challenge import is_challenge
from scraper.discover import feeds_in_page
from scraper.errors import (
    AddressRefused,
    BodyTooLarge,
    ConnectFailed,
    FetchError,
    LookUpFailed,
    NotAFeed,
    NotHtml,
    ParseError,
    TlsFailed,
    WorkerFailed,
)
from scraper.extract import extract_from_feed, extract_page
from scraper.extract.paging import is_page_of
from scraper.feed import body_hash, parse_feed, put_back
from scraper.identity import is_front_page
from scraper.items import items_of
from scraper.model import (
    Access,
    ArticleJob,
    Extraction,
    FeedState,
    FetchRequest,
    ParsedEntry,
    Refusal,
    Response,
    SiteRule,
    Validators,
)
from scraper.permission import Permissions
from scraper.ports import Fetcher, Workers
from scraper.settle import MAX_PAGE_BYTES, Visit
from scraper.settle_poll import Reading, wants_search

MAX_FEED_BYTES = 15 * 1024 * 1024
ACCEPT_FEED = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
_FINAL_STATUS = frozenset({404, 410})
#: What a path has in it where a login is asked for.
_LOGIN = re.compile(r"/(?:log[-_]?in|sign[-_]?in|sso|anmelden|einloggen|connexion|identifier)(?:[/.]|$)", re.IGNORECASE)
_REFUSALS: tuple[tuple[type[FetchError], Refusal], ...] = ((AddressRefused, "address"), (BodyTooLarge, "size"))
#: The site says that it has the page no more, or must not show it.
_ABSENT = frozenset({404, 410, 451})


#: Returns the entries on file by the fingerprints of their items.
Recognise = Callable[[Sequence[int]], Mapping[int, ParsedEntry]]


def read_feed(
    feed: FeedState, fetcher: Fetcher, workers: Workers, now: datetime, access: Access, recognise: Recognise
) -> Reading:
    """Fetch a feed and parse what is not on file; what goes wrong on the way is in the reading."""
    validators = feed.validators if cadence.asks_conditionally(feed, now) else None
    request = FetchRequest(
        url=feed.current_url,
        validators=validators,
        max_bytes=MAX_FEED_BYTES,
        accept=ACCEPT_FEED,
        access=access,
        deadline_s=access.deadline_s,
    )
    try:
        response = fetcher.fetch(request)
    except FetchError as exc:
        is_unresolved = isinstance(exc, LookUpFailed)
        return Reading(
            status="failed", error=str(exc), is_unreachable=_is_unreachable(exc), is_unresolved=is_unresolved
        )
    if response.status == 304 and _asks(validators):
        return Reading(status="not_modified", response=response)
    return read_answer(feed, response, workers, now, recognise)


def _is_unreachable(exc: FetchError) -> bool:
    """Say whether no server was reached; one whose certificate is wrong was."""
    return isinstance(exc, ConnectFailed) and not isinstance(exc, TlsFailed)


def _asks(validators: Validators | None) -> bool:
    """Say whether a request with these asks if anything has changed."""
    return validators is not None and bool(validators.etag or validators.last_modified)


def _has_all(response: Response) -> bool:
    """Say whether an answer has the document; a part (206) that nobody asked for is none."""
    return 200 <= response.status < 300 and response.status != 206


def recognise_nothing(items: Sequence[int]) -> Mapping[int, ParsedEntry]:
    """Have the whole document parsed."""
    return {}


def read_answer(feed: FeedState, response: Response, workers: Workers, now: datetime, recognise: Recognise) -> Reading:
    """Read what a feed's address has answered."""
    if response.status == 410:
        return Reading(status="gone", response=response, error="410 Gone: the publisher has ended this feed")
    if not _has_all(response):
        return Reading(status="failed", response=response, error=_status_text(response))
    if body_hash(response.body) == feed.body_hash:
        return Reading(status="unchanged", response=response)
    url, content_type = without_credentials(response.url), response.content_type
    items = items_of(response.body, url=url, content_type=content_type) if feed.body_hash else ()
    known = recognise([item.fingerprint for item in items]) if items else {}
    try:
        parsed = workers.run(parse_feed, response.body, url=url, content_type=content_type, known=frozenset(known))
    except NotAFeed as exc:
        return _no_feed(feed, response, exc, workers, now)
    except (ParseError, WorkerFailed) as exc:
        return Reading(status="failed", response=response, error=str(exc))
    return Reading(status="new", response=response, parsed=put_back(parsed, known))


def _no_feed(feed: FeedState, response: Response, exc: NotAFeed, workers: Workers, now: datetime) -> Reading:
    """Say what came in place of a feed, and once a week which feed a web page offers; nobody switches by himself."""
    if is_challenge(response):
        return Reading(status="failed", response=response, error=_status_text(response))
    if not exc.is_html:
        return Reading(status="failed", response=response, error=str(exc))
    was_searched = wants_search(feed, now) and len(response.body) <= MAX_PAGE_BYTES
    offered = _offered(feed, response, workers) if was_searched else feed.suggestion
    if offered:
        hint = f"; it offers {offered}: if that is the feed, write it into feeds.yaml instead"
    else:
        hint = "; `wireroom feeds suggest` looks for the feed behind it"
    return Reading(
        status="failed", response=response, error=f"{exc}{hint}", was_searched=was_searched, suggestion=offered
    )


def _offered(feed: FeedState, response: Response, workers: Workers) -> str | None:
    try:
        links = workers.run(feeds_in_page, response.body, url=without_credentials(response.url))
    except WorkerFailed:
        return None
    itself = {feed.current_url, feed.spec.url, response.url}
    return next((link.url for link in links if link.url not in itself), None)


def read_page(
    job: ArticleJob, fetcher: Fetcher, workers: Workers, sites: Mapping[str, SiteRule], permissions: Permissions
) -> Visit:
    """Fetch the page of an article that is next and extract it; what goes wrong on the way is in the visit."""
    validators = job.validators if job.status == "full" and job.draft is None else None
    request = FetchRequest(
        url=job.page_url,
        validators=validators,
        max_bytes=MAX_PAGE_BYTES,
        accept=ACCEPT_PAGE,
        deadline_s=permissions.access.of_page(job.page_url).deadline_s,
        unrecorded=permissions.access.header_names,
    )
    try:
        response = fetch_permitted(request, fetcher, permissions)
    except FetchError as exc:
        refusal = next((name for kind, name in _REFUSALS if isinstance(exc, kind)), None)
        return Visit(outcome="final" if refusal else "later", reason=str(exc), refusal=refusal)
    if isinstance(response, Visit):
        return response
    if response.status == 304 and _asks(validators):
        return Visit(outcome="unchanged", response=response)
    if not _has_all(response):
        return _refused(response)
    if is_front_page(response.url) and not is_front_page(job.page_url):
        reason = "the address leads to the site's front page instead"
        return Visit(outcome="final", response=response, reason=reason, absence="home")
    if _LOGIN.search(urlsplit(response.url).path) and not _LOGIN.search(urlsplit(job.page_url).path):
        return Visit(outcome="final", response=response, reason="the address leads to a login")
    if _leads_elsewhere(job, response, sites):
        return Visit(outcome="final", response=response, reason="the address leads to another page")
    try:
        extraction = _extraction(job, response, workers, sites)
    except NotHtml as exc:
        return Visit(outcome="final", response=response, reason=str(exc), refusal="type")
    except WorkerFailed as exc:
        return Visit(outcome="later", response=response, reason=str(exc))
    return Visit(outcome="page", response=response, extraction=extraction)


def fetch_permitted(request: FetchRequest, fetcher: Fetcher, permissions: Permissions) -> Response | Visit:
    """Fetch a page, asking robots.txt of each origin on the way first; the visit ends where one refuses.

    Raises:
        FetchError
    """
    request = replace(request, stays_at_origin=True)
    while True:
        if refusal := permissions.refusal(request.url):
            return refusal
        access = permissions.access.of_page(request.url)
        if request.url.startswith("http:") and any(hop.url.startswith("https:") for hop in request.hops):
            access = access.without_secrets()  # the site leads out of the encrypted: nobody may read along
        response = fetcher.fetch(replace(request, access=access))
        if response.moves_to is None:
            return response
        left_s = request.deadline_s - response.took_s
        request = replace(request, url=response.moves_to, hops=response.hops, deadline_s=left_s)


def _refused(response: Response) -> Visit:
    return Visit(
        outcome="final" if response.status in _FINAL_STATUS else "later",
        response=response,
        reason=_status_text(response),
        absence=str(response.status) if response.status in _ABSENT and not is_challenge(response) else None,
    )


def _extraction(job: ArticleJob, response: Response, workers: Workers, sites: Mapping[str, SiteRule]) -> Extraction:
    return workers.run(
        extract_page,
        response.body,
        url=without_credentials(response.url),
        content_type=response.content_type,
        hints=job.hints,
        rule=site_rule(sites, response.url),
        draft=job.draft,
    )


def _leads_elsewhere(job: ArticleJob, response: Response, sites: Mapping[str, SiteRule]) -> bool:
    """Say whether a later page was redirected to what is no page of the article."""
    if job.draft is None or job.draft.is_whole or response.url == job.page_url:
        return False
    rule = site_rule(sites, response.url)
    return not (rule and rule.next_page) and not is_page_of(job.draft.urls[0], response.url)


def read_feed_text(job: ArticleJob, workers: Workers) -> Extraction | None:
    """Return the article as its feed gives it; None if reading it failed."""
    try:
        return workers.run(extract_from_feed, job.hints, url=job.url)
    except WorkerFailed:
        return None


def site_rule(sites: Mapping[str, SiteRule], url: str) -> SiteRule | None:
    """Return the user's rule for the host of an address, or for the nearest domain above it."""
    return next((sites[name] for name in domains_of(host_of(url)) if name in sites), None)


def _status_text(response: Response) -> str:
    """Say what an HTTP status means for the user, and a check for robots whatever its status."""
    if is_challenge(response):
        checked = "blocked by the site: it asks for proof that a person is there"
        return (
            f"{without_credentials(response.url)}: {checked} (HTTP {response.status}); ask its owner to let feeds pass"
        )
    meaning = {
        206: "the site sent a part of it only",
        304: "the site says that nothing has changed, without having been asked",
        401: "the site asks for a login",
        402: "the site asks for payment",
        403: "blocked by the site",
        404: "there is nothing at this address",
        410: "it is gone for good",
        429: "the site asks us to slow down",
        451: "withheld for legal reasons",
        503: "the site is out of service at present",
    }.get(response.status, "the site has an error" if response.status >= 500 else "no usable answer")
    return f"{without_credentials(response.url)}: {meaning} (HTTP {response.status})"
