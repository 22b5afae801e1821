"""What a poll makes of a feed: its new state and the commit. Pure (POLICY)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scraper.fetch.retry_after import block_by
from scraper.model import (
    Block,
    EntryDecision,
    FeedState,
    Intake,
    NextPoll,
    ParsedEntry,
    ParsedFeed,
    PollCommit,
    PollRecord,
    PollStatus,
    Response,
    Validators,
)
from scraper.polling.cadence import PollResult, asks_conditionally
from scraper.polling.feed_rate import measure, with_risk
from scraper.polling.redirects import decide_address
from scraper.sources.syndication import body_hash
from scraper.urls import without_credentials

#: A feed that has become a web page is searched for a feed this often.
SEARCH_EVERY = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of asking a feed."""

    status: PollStatus
    response: Response | None = None
    parsed: ParsedFeed | None = None
    error: str | None = None
    is_unreachable: bool = False
    #: ... since its name led to no address.
    is_unresolved: bool = False
    #: A web page came, and was searched for feeds ...
    was_searched: bool = False
    #: ... of which this is the first.
    suggestion: str | None = None


def wants_search(feed: FeedState, now: datetime) -> bool:
    """Say whether the web page that came in place of a feed is to be searched for one: once a week."""
    return feed.suggested_at is None or not timedelta(0) <= now - feed.suggested_at < SEARCH_EVERY


def settle_poll(
    feed: FeedState,
    reading: Reading,
    decisions: tuple[EntryDecision, ...],
    plan: NextPoll,
    span: tuple[datetime, datetime],
) -> PollCommit:
    """Put together what a poll writes. `span` is when it started and ended."""
    response, parsed = reading.response, reading.parsed
    state = _new_state(feed, reading, span[1])
    block = block_by(response, plan.held_until)
    known, is_news = with_risk(intake_after(feed, reading, decisions, span[1]), plan.interval)
    record = PollRecord(
        started_at=span[0],
        finished_at=span[1],
        status=reading.status,
        http_status=response.status if response else None,
        error=reading.error,
        wire_bytes=response.wire_bytes if response else 0,
        entries_seen=len(decisions),
        warnings=_warnings(parsed),
        notes=_notes(feed, state, block, span[0]),
    )
    return PollCommit(
        feed_id=feed.id,
        record=record,
        next_poll=plan,
        decisions=decisions,
        state=replace(state, intake=known),
        risk_is_news=is_news,
        site_url=parsed.site_url if parsed else None,
        block=block,
    )


def poll_result(feed: FeedState, reading: Reading, decisions: tuple[EntryDecision, ...], now: datetime) -> PollResult:
    """Return what the next poll's time depends on."""
    response, parsed = reading.response, reading.parsed
    new_times = [_time_of(d.keyed.entry) or now for d in decisions if d.action == "file"]
    return PollResult(
        status=reading.status,
        http_status=response.status if response else None,
        headers=response.headers if response else {},
        hints=parsed.hints if parsed else feed.hints,
        entry_times=sorted((*new_times, *feed.entry_times), reverse=True)[:50],
        intake=intake_after(feed, reading, decisions, now),
    )


def intake_after(feed: FeedState, reading: Reading, decisions: tuple[EntryDecision, ...], now: datetime) -> Intake:
    """Return what is known of what the feed holds and publishes. A poll that failed measured nothing."""
    if reading.status in ("failed", "gone"):
        return feed.intake
    times = [_time_of(decision.keyed.entry) for decision in decisions]
    new = sum(decision.action in ("file", "drop") and decision.entry_id is None for decision in decisions)
    return measure(feed.intake, times, new, feed.last_polled_at, now)


def _time_of(entry: ParsedEntry) -> datetime | None:
    return entry.published_at or entry.updated_at


def _warnings(parsed: ParsedFeed | None) -> tuple[str, ...]:
    if parsed is None:
        return ()
    return (*parsed.warnings, *(f"entry {s.position} skipped: {s.reason}" for s in parsed.skipped))


def _notes(feed: FeedState, state: FeedState, block: Block | None, started_at: datetime) -> tuple[str, ...]:
    """Say what was decided beside the time of the next poll."""
    notes = []
    if (feed.validators.etag or feed.validators.last_modified) and not asks_conditionally(feed, started_at):
        notes.append("asked without validators: the last body is 12 hours old")
    if state.current_url != feed.current_url:
        notes.append(
            f"polled at {without_credentials(state.current_url)} from now on: the same permanent redirect for six days"
        )
    elif state.redirect_target and state.redirect_since:
        notes.append(f"a permanent redirect is being watched since {state.redirect_since:%Y-%m-%d %H:%M} UTC")
    if block is not None:
        notes.append(f"{block.domain} and what is below it is left alone until {block.until:%Y-%m-%d %H:%M} UTC")
    return tuple(notes)


def _new_state(feed: FeedState, reading: Reading, now: datetime) -> FeedState:
    """Return the feed's state after the poll. Validators move only with a body that was understood."""
    state = replace(feed, last_polled_at=now)
    if reading.was_searched:
        state = replace(state, suggestion=reading.suggestion, suggested_at=now)
    response = reading.response
    if reading.status in ("failed", "gone") or response is None:
        return replace(state, failures=feed.failures + 1, gone=reading.status == "gone")
    address = decide_address(feed, response.url, response.hops, now)
    state = replace(
        state,
        failures=0,
        gone=False,
        suggestion=None,
        suggested_at=None,
        current_url=address.current_url,
        redirect_target=address.redirect_target,
        redirect_since=address.redirect_since,
        redirect_polls=address.redirect_polls,
    )
    if reading.status == "not_modified":
        return state
    # Kept from a document that was cut, they would answer 304 for the entries that were lost with its end.
    is_cut = reading.parsed is not None and reading.parsed.is_cut
    validators = Validators() if is_cut else response.validators
    state = replace(state, validators=validators, body_hash=body_hash(response.body), last_body_at=now)
    if reading.parsed is None:
        return state
    return replace(state, hints=reading.parsed.hints, title=reading.parsed.title or feed.title)
