"""One look at a feed, as the daemon would poll it: what came, what it makes of it, and what is wrong."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scraper.config import Settings
from scraper.errors import FetchError, PauseAsked
from scraper.identity import are_sound, key_entries, known_by
from scraper.model import (
    EntryDecision,
    FeedHints,
    FeedRow,
    FeedSpec,
    FeedState,
    FetchRequest,
    Hop,
    Intake,
    Link,
    NextPoll,
    Response,
    Validators,
)
from scraper.pipeline import decide_document
from scraper.polling import cadence
from scraper.polling import feed_rate as intake
from scraper.polling.commit import Reading, intake_after, poll_result
from scraper.polling.cron import next_cron_time
from scraper.polling.decide_entries import decide_entries
from scraper.polling.fetch_feed import read_answer, read_feed, recognise_nothing
from scraper.ports import Fetcher
from scraper.urls import without_credentials
from store import Store
from wireroom.operations.compose import SystemClock, open_client, open_workers
from wireroom.operations.diagnosis import Problem, failure, warnings
from wireroom.operations.discover import offered

#: Response headers that say when to ask again.
_TELLING_HEADERS = ("cache-control", "expires", "retry-after", "age")
SAMPLE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySample:
    """One of the newest entries."""

    title: str | None
    link: str | None
    #: Published, else updated.
    dated: datetime | None
    #: What it is recognised by first, in words ("guid", "link and date" ...), and that key.
    known_by: str
    key: str
    #: What a poll would do: file, update, seen, drop; and the rule that says so.
    action: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReport:
    """One look at a feed. Without an answer, only addresses, `problems` and what is on file are told."""

    url: str
    #: Its name in feeds.yaml; None = it is not listed there, or has none.
    name: str | None
    is_listed: bool
    #: What was asked, unlike `url` where a permanent redirect was taken over; where redirects led; each of them.
    asked_url: str
    final_url: str
    hops: tuple[Hop, ...]
    http_status: int | None
    content_type: str | None
    #: Coding on the wire ("gzip"), None = none.
    coding: str | None
    wire_bytes: int
    #: After decoding.
    size_bytes: int
    took_s: float | None
    #: `feeds add` had that answer moments ago: the feed was asked nothing now.
    is_kept: bool
    #: Its site wants to be left alone until then: it was asked nothing, all that is told was on file.
    paused_until: datetime | None
    #: Format, "rss20", "atom10", "json11" ... and the encoding of its characters.
    version: str | None
    encoding: str | None
    title: str | None
    validators: Validators
    #: What server and document say of when to ask again.
    headers: Mapping[str, str]
    hints: FeedHints
    #: How often it would be polled after this look, when next (None = never again), and why.
    interval: timedelta | None
    next_poll_at: datetime | None
    interval_reason: str | None
    #: What a document holds and how much is published, None = not known; what that interval loses, None = nothing.
    published_per_h: float | None
    risk: str | None
    entries: int
    newest_at: datetime | None
    oldest_at: datetime | None
    #: What a poll would do -> how many entries.
    actions: Mapping[str, int]
    guids_are_sound: bool | None
    #: The newest ones, at most five.
    sample: tuple[EntrySample, ...]
    #: What the archive has on the feed; None = it was never polled.
    on_file: FeedRow | None
    #: What keeps it from being read; None = it can be.
    problem: str | None
    #: That, and what else is wrong, each with the next step.
    problems: tuple[Problem, ...]
    #: Feeds offered by the page, when the address is one.
    candidates: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What a look brought, before it is put into words."""

    state: FeedState
    reading: Reading
    error: FetchError | None
    decisions: tuple[EntryDecision, ...]
    now: datetime
    candidates: tuple[Link, ...]

    @property
    def paused_until(self) -> datetime | None:
        """Until when it is to be asked nothing, where that kept us from looking."""
        return self.error.until if isinstance(self.error, PauseAsked) else None


def check_feed(settings: Settings, url: str, store: Store | None = None) -> FeedReport:
    """Look at a feed once, unconditionally, and report; never raises for what the feed does, and files nothing of it.

    With the archive, a feed that is on file is judged with what is known of it, and is asked nothing in a pause that
    its site asked for, nor when `feeds add` has just asked.
    """
    spec = next((spec for spec in settings.feeds if spec.url == url), None)
    stored = store.feed_state(url) if store else None
    state = _unconditional(stored, spec or FeedSpec(url=url))
    look = _look(settings, state, store, is_on_file=stored is not None)
    rows = store.feeds() if store and stored else ()
    return _report(look, spec, next((row for row in rows if row.id == state.id), None))


def _unconditional(stored: FeedState | None, spec: FeedSpec) -> FeedState:
    """Return the feed as one whose document is not on file, so that all of it is fetched and parsed."""
    if stored is None:
        return FeedState(id=0, spec=spec, current_url=spec.url)
    return replace(stored, spec=spec, validators=Validators(), body_hash=None, last_body_at=None, suggested_at=None)


def _look(settings: Settings, state: FeedState, store: Store | None, *, is_on_file: bool) -> _Look:
    now = SystemClock().now()
    kept = store.kept_answer(state.spec.url, now=now) if store else None
    state = replace(state, answer=kept if kept and now - kept.fetched_at < cadence.SHORTEST else None)
    with open_client(settings, store) as client, open_workers() as workers:
        fetcher = _Witness(client)
        access = settings.access.of_feed(state.spec.url)
        if state.answer is None:
            reading = read_feed(state, fetcher, workers, now, access, recognise_nothing)
        else:
            reading = read_answer(state, state.answer, workers, now, recognise_nothing)
        is_page = reading.was_searched and reading.response is not None
        candidates = offered(reading.response, workers) if is_page and reading.response else ()
    decisions: tuple[EntryDecision, ...] = ()
    if reading.parsed and store and is_on_file:
        decisions = decide_document(state, reading.parsed, store)
    elif reading.parsed:
        decisions = decide_entries(key_entries(reading.parsed), (), state.spec)
    return _Look(state=state, reading=reading, error=fetcher.error, decisions=decisions, now=now, candidates=candidates)


class _Witness:
    """A fetcher that remembers why another one failed: a reading keeps the words alone."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self.error: FetchError | None = None

    def fetch(self, request: FetchRequest) -> Response:
        """Make one exchange; see `scraper.ports.Fetcher.fetch`."""
        try:
            return self._fetcher.fetch(request)
        except FetchError as exc:
            self.error = exc
            raise

    def close(self) -> None:
        """Close kept-alive connections."""
        self._fetcher.close()


def _report(look: _Look, spec: FeedSpec | None, row: FeedRow | None) -> FeedReport:
    state, reading = look.state, look.reading
    response, parsed = reading.response, reading.parsed
    entries = parsed.entries if parsed else ()
    times = [entry.published_at or entry.updated_at for entry in entries]
    dated = [time for time in times if time is not None]
    plan = _plan(look) if parsed or spec else None
    known = _known(look, times)
    lost = intake.risk(known, plan.interval) if plan and parsed else None
    failed = failure(reading, look.error, look.state)
    noted = warnings(reading, look.state, known, plan, row, look.now) if failed is None and plan else ()
    report = FeedReport(
        url=without_credentials(state.spec.url),
        name=spec.name if spec else None,
        is_listed=spec is not None,
        asked_url=without_credentials(state.current_url),
        final_url=without_credentials(response.url if response else state.current_url),
        hops=tuple(replace(hop, url=without_credentials(hop.url)) for hop in response.hops) if response else (),
        http_status=response.status if response else None,
        content_type=response.content_type if response else None,
        coding=response.headers.get("content-encoding") if response else None,
        wire_bytes=response.wire_bytes if response else 0,
        size_bytes=len(response.body) if response else 0,
        took_s=round(response.took_s, 3) if response else None,
        is_kept=state.answer is not None,
        paused_until=look.paused_until,
        version=parsed.version if parsed else None,
        encoding=parsed.encoding if parsed else None,
        title=parsed.title if parsed else None,
        validators=response.validators if response else Validators(),
        headers=_headers(response),
        hints=parsed.hints if parsed else FeedHints(),
        interval=plan.interval if plan else None,
        next_poll_at=plan.at if plan else None,
        interval_reason=plan.reason if plan else None,
        published_per_h=intake.published_per_h(known) if parsed else None,
        risk=str(lost) if lost else None,
        entries=len(entries),
        newest_at=max(dated, default=None),
        oldest_at=min(dated, default=None),
        actions=_counts(look.decisions),
        guids_are_sound=are_sound(entries) if parsed else None,
        sample=_sample(look.decisions),
        on_file=row,
        problem=failed.what if failed else None,
        problems=(failed,) if failed else noted,
        candidates=look.candidates,
    )
    return _from_file(report, state, row) if look.paused_until and row else report


def _from_file(report: FeedReport, state: FeedState, row: FeedRow) -> FeedReport:
    """Return the report on a feed that was asked nothing: as it was at its last poll."""
    return replace(
        report,
        title=state.title,
        hints=state.hints,
        interval=None,
        next_poll_at=row.next_poll_at,
        interval_reason=row.next_poll_reason,
        risk=row.risk or None,
        newest_at=max(state.entry_times, default=None),
        problem=report.problem if row.last_error else None,
    )


def _plan(look: _Look) -> NextPoll:
    """Return when the daemon would poll next, had this been its poll."""
    result = poll_result(look.state, look.reading, look.decisions, look.now)
    return cadence.next_poll(look.state, result, look.now, random.Random(), next_cron_time)


def _known(look: _Look, times: list[datetime | None]) -> Intake:
    """Return what is known of holding and publishing: by polls over a day or more, else by this document alone."""
    known = intake_after(look.state, look.reading, look.decisions, look.now)
    measured_h = sum(hours for hours, _ in known.classes.values())
    return known if measured_h >= 24 else intake.first_measure(times, look.now)


def _headers(response: Response | None) -> Mapping[str, str]:
    if response is None:
        return {}
    return {name: response.headers[name] for name in _TELLING_HEADERS if name in response.headers}


def _counts(decisions: tuple[EntryDecision, ...]) -> Mapping[str, int]:
    actions = [decision.action for decision in decisions]
    return {action: actions.count(action) for action in ("file", "update", "seen", "drop") if action in actions}


def _sample(decisions: tuple[EntryDecision, ...]) -> tuple[EntrySample, ...]:
    """Return the newest entries; where dates are missing, those that stand first."""

    def age(decision: EntryDecision) -> float:
        entry = decision.keyed.entry
        dated = entry.published_at or entry.updated_at
        return -dated.timestamp() if dated else 0.0

    return tuple(map(_one, sorted(decisions, key=age)[:SAMPLE]))


def _one(decision: EntryDecision) -> EntrySample:
    keyed = decision.keyed
    return EntrySample(
        title=keyed.entry.title,
        link=without_credentials(keyed.entry.link) if keyed.entry.link else None,
        dated=keyed.entry.published_at or keyed.entry.updated_at,
        known_by=known_by(keyed),
        key=keyed.keys.guid or keyed.keys.link or keyed.keys.content_hash,
        action=decision.action,
        rule=decision.rule,
    )
