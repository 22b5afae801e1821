"""The two operations that everything else serves. Both are idempotent and end in one transaction.

    poll_feed                                          fetch_article

    state on file                                      job on file
      │                                                  │
    fetch, conditionally ── no answer ──┐              robots.txt ── refused ───────┐
      │        └── 304, same body ──────┤                │                          │
    parse what is not on file (worker)  │              fetch, conditionally ─ fails ┤
      │        └── not a feed ──────────┤                │                          │
    key the entries                     │              extract, clean, join pages   │
      │                                 │                │    (worker process)      │
    decide about each                   │              readable? ─ no ─ feed's text ┤
      │                                 │                │                          │
    plan the next poll ◄────────────────┘              settle, find twins ◄─────────┘
      │                                                  │
    COMMIT entries, pending articles,                  COMMIT article, revision, raw page,
    validators, due time, poll record                  search index, keys, story, host's gap; of an article
                                                       that goes on, the pages so far: it is due
                                                       again for its next page

A crash at any line repeats work; it never loses or doubles any.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from scraper.articles import recheck
from scraper.articles.commit import Visit, needs_feed_text, refused_on, settle_article
from scraper.articles.duplicates import settle_twins
from scraper.articles.fetch_page import read_feed_text, read_page
from scraper.articles.robots_gate import Permissions, RuleBook
from scraper.articles.stories import telling_of
from scraper.fetch.request_recorder import Recorder
from scraper.fetch.retry_after import pause_asked
from scraper.fetch.site_options import NO_WISHES, AccessBook
from scraper.identity import key_entries
from scraper.model import (
    ArticleJob,
    ArticleOutcome,
    EntryDecision,
    Exchange,
    Extraction,
    FeedState,
    HostClaim,
    ParsedFeed,
    PollCommit,
    PollOutcome,
    SiteRule,
)
from scraper.polling import cadence
from scraper.polling.commit import Reading, poll_result, settle_poll
from scraper.polling.decide_entries import decide_entries, doubts
from scraper.polling.fetch_feed import read_answer, read_feed, recognise_nothing
from scraper.ports import Clock, Fetcher, Repository, Workers
from scraper.urls import without_credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the two operations use."""

    repository: Repository
    workers: Workers
    #: The robots.txt files that were read, whatever claim they were read for.
    rules: RuleBook
    clock: Clock
    rng: random.Random
    cron: cadence.CronTimes
    #: Makes the fetcher of one claim.
    open_fetcher: Callable[[], Fetcher]
    #: Host name -> the user's rule for the site's pages.
    sites: Mapping[str, SiteRule]
    #: Networks that may be reached although they are not public, as the user wrote them.
    allow_private: tuple[str, ...] = ()
    #: Pages are kept as they were received.
    keeps_pages: bool = True
    #: How the user wants addresses to be asked.
    access: AccessBook = NO_WISHES


# --------------------------------------------------------------------------- polling


def poll_feed(feed: FeedState, claim: HostClaim, services: Services, fetcher: Fetcher) -> PollOutcome:
    """Poll one feed of a claimed host and file what is new.

    Of a new feed, what `feeds add` fetched is the first poll: the feed is asked nothing, and the poll is of that time.

    Raises:
        LeaseLost: somebody else has taken the host over; nothing was written.
        StoreError: the archive could not take it; nothing was written.
    """
    started_at = services.clock.now()
    recorder = Recorder(fetcher, services.clock)
    access, recognise = services.access.of_feed(feed.spec.url), partial(services.repository.known_items, feed.id)
    if feed.answer is None:
        reading = read_feed(feed, recorder, services.workers, started_at, access, recognise)
    else:
        recorder.take(feed.answer)
        reading = read_answer(feed, feed.answer, services.workers, started_at, recognise)
    decisions = _decide(feed, reading, services.repository)
    if reading.response and any(decision.lacks_html for decision in decisions):
        reading = read_answer(feed, reading.response, services.workers, started_at, recognise_nothing)
        decisions = _decide(feed, reading, services.repository)
    commit = replace(_plan(feed, reading, decisions, started_at, services), exchanges=recorder.exchanges)
    outcome = services.repository.commit_poll(claim, commit)
    risk = commit.state.intake.risk if commit.risk_is_news else None
    return replace(
        outcome,
        is_unreachable=reading.is_unreachable,
        is_unresolved=reading.is_unresolved,
        next_poll=commit.next_poll,
        risk=risk,
    )


def give_up_poll(feed: FeedState, claim: HostClaim, services: Services, error: str) -> PollOutcome:
    """File a poll that failed for a reason of ours, so that it is retried like any other failure."""
    now = services.clock.now()
    reading = Reading(status="failed", error=error)
    commit = settle_poll(feed, reading, (), cadence.after_own_error(feed, now), (now, now))
    return services.repository.commit_poll(claim, commit)


def _decide(feed: FeedState, reading: Reading, repository: Repository) -> tuple[EntryDecision, ...]:
    return decide_document(feed, reading.parsed, repository) if reading.parsed else ()


def decide_document(feed: FeedState, parsed: ParsedFeed, repository: Repository) -> tuple[EntryDecision, ...]:
    """Decide about every entry of a document by what is on file of its feed; nothing is written."""
    keyed = key_entries(parsed)
    known = repository.known_entries(feed.id, [entry.keys for entry in keyed])
    decisions = decide_entries(keyed, known, feed.spec)
    if feed.last_polled_at is None or (doubtful := doubts(keyed, known, decisions)) is None:
        return decisions
    return decide_entries(keyed, known, feed.spec, repository.past(feed.id, doubtful))


def _plan(
    feed: FeedState, reading: Reading, decisions: tuple[EntryDecision, ...], started_at: datetime, services: Services
) -> PollCommit:
    now = feed.answer.fetched_at if feed.answer else services.clock.now()
    result = poll_result(feed, reading, decisions, now)
    plan = cadence.next_poll(feed, result, now, services.rng, services.cron)
    return settle_poll(feed, reading, decisions, plan, (min(started_at, now), now))


# --------------------------------------------------------------------------- articles


def fetch_article(job: ArticleJob, claim: HostClaim, services: Services, fetcher: Fetcher) -> ArticleOutcome:
    """Fetch, read and file one article of a claimed host; of several pages, the next one.

    Raises:
        LeaseLost, StoreError: as in `poll_feed`.
    """
    recorder = Recorder(fetcher, services.clock)
    visit = _visit(job, services, recorder)
    feed_text = read_feed_text(job, services.workers) if needs_feed_text(job, visit) else None
    return _file(job, claim, visit, feed_text, services, recorder.exchanges)


def give_up_article(job: ArticleJob, claim: HostClaim, services: Services, error: str) -> ArticleOutcome:
    """File an article that failed for a reason of ours; it is tried again like any other failure."""
    return _file(job, claim, Visit(outcome="later", reason=error, used_network=False), None, services)


def _file(
    job: ArticleJob,
    claim: HostClaim,
    visit: Visit,
    feed_text: Extraction | None,
    services: Services,
    exchanges: tuple[Exchange, ...] = (),
) -> ArticleOutcome:
    commit = settle_article(job, visit, feed_text, services.clock.now())
    is_refused = visit.refusal is not None and commit.next_fetch_at is None and commit.status != "full"
    terms = refused_on(visit.refusal, services.allow_private) if visit.refusal and is_refused else None
    if commit.extraction is not None:
        commit = settle_twins(commit, services.repository.rivals(job.id, commit.keys, commit.claims))
    page = commit.page if services.keeps_pages else None
    commit = replace(commit, page=page, exchanges=exchanges, refused_host=visit.refused_host, refused_on=terms)
    claim = replace(claim, ends_with_commit=visit.used_network)
    merged_into = services.repository.commit_article(claim, commit, telling_of(job, commit))
    return ArticleOutcome(
        article_id=job.id,
        url=without_credentials(job.url),
        status=commit.status,
        kind=commit.extraction.kind if commit.extraction else None,
        reason=commit.reason or commit.detail,
        goes_on=commit.draft is not None and not commit.attempts,
        is_recheck=job.is_recheck,
        changed=commit.changed if commit.is_revision else (),
        removal=commit.missing.reason if commit.missing and commit.rule == "page-removed" and commit.detail else None,
        used_network=visit.used_network,
        pages_fetched=int(visit.response is not None),
        wire_bytes=commit.wire_bytes,
        merged_into=merged_into,
    )


def _visit(job: ArticleJob, services: Services, fetcher: Fetcher) -> Visit:
    if not job.full_text:
        return Visit(outcome="no_page", used_network=False, reason="filed as its feed gives it, without a page")
    if job.is_recheck and not recheck.is_wanted(job, services.clock.now()):
        return Visit(outcome="given_up", used_network=False)
    permissions = Permissions(services.repository, fetcher, services.clock, services.rules, services.access)
    visit = read_page(job, fetcher, services.workers, services.sites, permissions)
    return replace(visit, crawl_delay=permissions.crawl_delay, retry_after=_pause_asked(visit, services))


def _pause_asked(visit: Visit, services: Services) -> timedelta | None:
    """Return for how long the site wants to be left alone, where it did not give the page."""
    response = visit.response
    if response is None or 200 <= response.status < 300:
        return None
    return pause_asked(response.status, response.headers, services.clock.now(), services.rng)
