"""The two operations that everything else serves. Both are idempotent and end in one transaction.

    poll_feed                                          fetch_article

    state on file                                      job on file
      │                                                  │
    fetch, conditionally ── no answer ──┐              robots.txt ── refused ───────┐
      │        └── 304, same body ──────┤                │                          │
    parse            (worker process)   │              fetch, conditionally ─ fails ┤
      │        └── not a feed ──────────┤                │                          │
    key the entries                     │              extract, clean               │
      │                                 │                │    (worker process)      │
    decide about each                   │              readable? ─ no ─ feed's text ┤
      │                                 │                │                          │
    plan the next poll ◄────────────────┘              settle ◄─────────────────────┘
      │                                                  │
    COMMIT entries, pending articles,                  COMMIT article, revision, raw page,
    validators, due time, poll record                  search index, keys, host's gap

A crash at any line repeats work; it never loses or doubles any.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from scraper import cadence, robots
from scraper.addresses import host_of, without_credentials
from scraper.decide import decide_address, decide_entries
from scraper.errors import (
    AddressRefused,
    BodyTooLarge,
    ConnectFailed,
    FetchError,
    NotAFeed,
    NotHtml,
    ParseError,
    WireroomError,
    WorkerFailed,
)
from scraper.extract import extract_article, extract_from_feed
from scraper.feed import body_hash, parse_feed
from scraper.identity import is_front_page, key_entries
from scraper.model import (
    ArticleJob,
    ArticleOutcome,
    EntryDecision,
    Extraction,
    FeedState,
    FetchRequest,
    HostClaim,
    ParsedEntry,
    ParsedFeed,
    PollCommit,
    PollOutcome,
    PollRecord,
    PollStatus,
    Response,
    RobotsRecord,
    SiteRule,
)
from scraper.ports import Clock, Fetcher, Repository, Workers
from scraper.settle import Visit, needs_feed_text, settle

MAX_FEED_BYTES = 15 * 1024 * 1024
MAX_PAGE_BYTES = 5 * 1024 * 1024
ACCEPT_FEED = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
_OVERLOAD = frozenset({429, 503})
_FINAL = frozenset({404, 410})


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the two operations use."""

    repository: Repository
    workers: Workers
    clock: Clock
    rng: random.Random
    cron: cadence.CronTimes
    #: Makes the fetcher of one claim.
    open_fetcher: Callable[[], Fetcher]
    #: Host name -> the user's rule for the site's pages.
    sites: Mapping[str, SiteRule]
    #: Our name in robots.txt.
    robots_name: str = "Wireroom"


# --------------------------------------------------------------------------- polling


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What came of asking a feed."""

    status: PollStatus
    response: Response | None = None
    parsed: ParsedFeed | None = None
    error: str | None = None
    is_unreachable: bool = False


def poll_feed(feed: FeedState, claim: HostClaim, services: Services, fetcher: Fetcher) -> PollOutcome:
    """Poll one feed of a claimed host and file what is new.

    Raises:
        LeaseLost: somebody else has taken the host over; nothing was written.
        StoreError: the archive could not take it; nothing was written.
    """
    started_at = services.clock.now()
    reading = _read_feed(feed, services, fetcher, started_at)
    decisions = _decide(feed, reading, services)
    commit = _poll_commit(feed, reading, decisions, services, started_at)
    outcome = services.repository.commit_poll(claim, commit)
    return replace(outcome, is_unreachable=reading.is_unreachable, next_poll=commit.next_poll)


def give_up_poll(feed: FeedState, claim: HostClaim, services: Services, error: str) -> PollOutcome:
    """File a poll that failed for a reason of ours, so that it is retried like any other failure."""
    reading = _Reading(status="failed", error=error)
    return services.repository.commit_poll(claim, _poll_commit(feed, reading, (), services, services.clock.now()))


def _read_feed(feed: FeedState, services: Services, fetcher: Fetcher, now: datetime) -> _Reading:
    validators = feed.validators if cadence.asks_conditionally(feed, now) else None
    request = FetchRequest(url=feed.current_url, validators=validators, max_bytes=MAX_FEED_BYTES, accept=ACCEPT_FEED)
    try:
        response = fetcher.fetch(request)
        return _read_answer(feed, response, services)
    except FetchError as exc:
        return _Reading(status="failed", error=str(exc), is_unreachable=isinstance(exc, ConnectFailed))


def _read_answer(feed: FeedState, response: Response, services: Services) -> _Reading:
    if response.status == 304:
        return _Reading(status="not_modified", response=response)
    if response.status == 410:
        return _Reading(status="gone", response=response, error="410 Gone: the publisher has ended this feed")
    if not 200 <= response.status < 300:
        return _Reading(status="failed", response=response, error=_status_text(response))
    if body_hash(response.body) == feed.body_hash:
        return _Reading(status="unchanged", response=response)
    try:
        parsed = services.workers.run(
            parse_feed, response.body, url=without_credentials(response.url), content_type=response.content_type
        )
    except NotAFeed as exc:
        hint = "; `wireroom feeds check` on it shows the feeds it offers" if exc.is_html else ""
        return _Reading(status="failed", response=response, error=f"{exc}{hint}")
    except (ParseError, WorkerFailed) as exc:
        return _Reading(status="failed", response=response, error=str(exc))
    return _Reading(status="new", response=response, parsed=parsed)


def _decide(feed: FeedState, reading: _Reading, services: Services) -> tuple[EntryDecision, ...]:
    if reading.parsed is None:
        return ()
    keyed = key_entries(reading.parsed)
    known = services.repository.known_entries(feed.id, [entry.keys for entry in keyed])
    return decide_entries(keyed, known, feed.spec)


def _poll_commit(
    feed: FeedState, reading: _Reading, decisions: tuple[EntryDecision, ...], services: Services, started_at: datetime
) -> PollCommit:
    now = services.clock.now()
    response, parsed = reading.response, reading.parsed
    new_times = [_time_of(d.keyed.entry) or now for d in decisions if d.action == "file"]
    result = cadence.PollResult(
        status=reading.status,
        http_status=response.status if response else None,
        headers=response.headers if response else {},
        hints=parsed.hints if parsed else feed.hints,
        entry_times=sorted((*new_times, *feed.entry_times), reverse=True)[:50],
    )
    plan = cadence.next_poll(feed, result, now, services.rng, services.cron)
    record = PollRecord(
        started_at=started_at,
        finished_at=now,
        status=reading.status,
        http_status=result.http_status,
        error=reading.error,
        wire_bytes=response.wire_bytes if response else 0,
        entries_seen=len(decisions),
        warnings=_warnings(parsed),
    )
    return PollCommit(
        feed_id=feed.id,
        record=record,
        next_poll=plan,
        decisions=decisions,
        state=_new_state(feed, reading, now),
        site_url=parsed.site_url if parsed else None,
        host_blocked_until=plan.at if response and response.status in _OVERLOAD else None,
    )


def _time_of(entry: ParsedEntry) -> datetime | None:
    return entry.published_at or entry.updated_at


def _warnings(parsed: ParsedFeed | None) -> tuple[str, ...]:
    if parsed is None:
        return ()
    return (*parsed.warnings, *(f"entry {s.position} skipped: {s.reason}" for s in parsed.skipped))


def _new_state(feed: FeedState, reading: _Reading, now: datetime) -> FeedState:
    """Return the feed's state after the poll. Validators move only with a body that was understood."""
    state = replace(feed, last_polled_at=now)
    if reading.status in ("failed", "gone") or reading.response is None:
        return replace(state, failures=feed.failures + 1, gone=reading.status == "gone")
    state = replace(state, failures=0)
    if reading.status == "not_modified":
        return state
    response = reading.response
    state = replace(state, validators=response.validators, body_hash=body_hash(response.body), last_body_at=now)
    if reading.parsed is None:
        return state
    address = decide_address(feed, response.url, response.hops, now)
    return replace(
        state,
        hints=reading.parsed.hints,
        title=reading.parsed.title or feed.title,
        current_url=address.current_url,
        redirect_target=address.redirect_target,
        redirect_since=address.redirect_since,
    )


# --------------------------------------------------------------------------- articles


def fetch_article(job: ArticleJob, claim: HostClaim, services: Services, fetcher: Fetcher) -> ArticleOutcome:
    """Fetch, read and file one article of a claimed host.

    Raises:
        LeaseLost, StoreError: as in `poll_feed`.
    """
    visit = _visit(job, claim, services, fetcher)
    return _file(job, claim, visit, services)


def give_up_article(job: ArticleJob, claim: HostClaim, services: Services, error: str) -> ArticleOutcome:
    """File an article that failed for a reason of ours; it is tried again like any other failure."""
    return _file(job, claim, Visit(outcome="later", reason=error, used_network=False), services)


def _file(job: ArticleJob, claim: HostClaim, visit: Visit, services: Services) -> ArticleOutcome:
    feed_text = _feed_text(job, services) if needs_feed_text(visit) else None
    commit = settle(job, visit, feed_text, services.clock.now())
    merged_into = services.repository.commit_article(claim, commit)
    return ArticleOutcome(
        article_id=job.id,
        url=without_credentials(job.url),
        status=commit.status,
        kind=commit.extraction.kind if commit.extraction else None,
        reason=commit.reason,
        used_network=visit.used_network,
        pages_fetched=int(visit.response is not None),
        wire_bytes=commit.wire_bytes,
        merged_into=merged_into,
    )


def _feed_text(job: ArticleJob, services: Services) -> Extraction | None:
    try:
        return services.workers.run(extract_from_feed, job.hints, url=job.url)
    except WorkerFailed:
        return None


def _visit(job: ArticleJob, claim: HostClaim, services: Services, fetcher: Fetcher) -> Visit:
    if not job.full_text:
        return Visit(outcome="no_page", used_network=False, reason="the feed's own text is what was asked for")
    verdict, was_asked = _robots_verdict(job, claim, services, fetcher)
    if verdict.wait:
        return Visit(outcome="later", reason="the site's robots.txt cannot be read at present", used_network=was_asked)
    if not verdict.allowed:
        reason = "the site's robots.txt does not allow this page to be fetched"
        return Visit(outcome="final", reason=reason, used_network=was_asked)
    try:
        visit = _read_page(job, services, fetcher)
    except NotHtml as exc:
        visit = Visit(outcome="final", reason=str(exc))
    except (WorkerFailed, FetchError) as exc:
        visit = Visit(outcome="final" if _is_final(exc) else "later", reason=str(exc))
    return replace(visit, crawl_delay=verdict.crawl_delay)


def _read_page(job: ArticleJob, services: Services, fetcher: Fetcher) -> Visit:
    validators = job.validators if job.status == "full" else None
    request = FetchRequest(url=job.url, validators=validators, max_bytes=MAX_PAGE_BYTES, accept=ACCEPT_PAGE)
    response = fetcher.fetch(request)
    if response.status == 304:
        return Visit(outcome="unchanged", response=response)
    if not 200 <= response.status < 300:
        wait = cadence.retry_after(response.headers, services.clock.now())
        return Visit(
            outcome="final" if response.status in _FINAL else "later",
            response=response,
            reason=_status_text(response),
            retry_after=wait,
        )
    if is_front_page(response.url) and not is_front_page(job.url):
        return Visit(outcome="final", response=response, reason="the address leads to the site's front page instead")
    extraction = services.workers.run(
        extract_article,
        response.body,
        url=response.url,
        content_type=response.content_type,
        hints=job.hints,
        rule=site_rule(services.sites, response.url),
    )
    return Visit(outcome="page", response=response, extraction=extraction)


def _robots_verdict(
    job: ArticleJob, claim: HostClaim, services: Services, fetcher: Fetcher
) -> tuple[robots.RobotsVerdict, bool]:
    """Return what the host's robots.txt says, and whether the host had to be asked for it."""
    record = services.repository.robots(claim.host)
    is_fresh = record is not None and robots.is_fresh(record, services.clock.now())
    if record is None or not is_fresh:
        record = _fetch_robots(job.url, services, fetcher)
        services.repository.save_robots(claim.host, record)
    return robots.judge(record, job.url, services.robots_name), not is_fresh


def _fetch_robots(url: str, services: Services, fetcher: Fetcher) -> RobotsRecord:
    request = FetchRequest(url=robots.robots_url(url), max_bytes=robots.MAX_BYTES, accept="text/plain, */*;q=0.1")
    try:
        response = fetcher.fetch(request)
    except FetchError:
        return RobotsRecord(fetched_at=services.clock.now(), status=None)
    body = response.body if 200 <= response.status < 300 else b""
    return RobotsRecord(fetched_at=services.clock.now(), status=response.status, body=body)


def _is_final(exc: WireroomError) -> bool:
    """Say whether only a change of the configuration could help: refused by policy, or too large."""
    return isinstance(exc, AddressRefused | BodyTooLarge)


def site_rule(sites: Mapping[str, SiteRule], url: str) -> SiteRule | None:
    """Return the user's rule for the host of an address, or for the nearest domain above it."""
    labels = host_of(url).split(".")
    names = (".".join(labels[at:]) for at in range(len(labels)))
    return next((sites[name] for name in names if name in sites), None)


def _status_text(response: Response) -> str:
    """Say what an HTTP status means for the user."""
    meaning = {
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
