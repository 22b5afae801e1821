"""Polling a feed: its state, the poll, what it writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from scraper.model.config import FeedSpec
from scraper.model.entries import EntryDecision, FeedHints
from scraper.model.http import Block, Exchange, Response, Validators

#: Why a feed is due that a person wants polled now.
ASKED_FOR = "asked for"
#: Why the daemon makes a feed due in an outage, and when it has ended.
BY_OUTAGE = PROBE, MISSED = "tried for a sign of the network", "missed while there was no network"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What a feed holds and publishes (`scraper.polling.feed_rate`)."""

    #: Entries in its last document.
    holds: int = 0
    #: Entries per hour at the end of that.
    end_rate_per_h: float = 0.0
    #: Class of rate -> hours measured at such a rate, and entries published in them; older ones fade.
    classes: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    #: Entries of the run that went on at the last poll (`scraper.polling.batches`); 0 = none did.
    running: float = 0.0
    #: The most that are thought to have come before those, unseen; 0 = its beginning was seen.
    running_unseen: float = 0.0
    #: Class of size -> runs that were seen whole, and entries in them; older ones fade.
    sizes: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    #: Polls that brought entries of a run that could fill the document, and those that found it going on; fading.
    polls_with_run: float = 0.0
    polls_running: float = 0.0
    #: Hours measured and entries published in them, fading half as fast: they tell a trend.
    long_hours: float = 0.0
    long_published: float = 0.0
    #: What is lost at the present interval, in words; empty = nothing to speak of.
    risk: str = ""
    #: The loss that was last told in the log.
    told_per_h: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """A feed with everything that a poll needs to know of its past."""

    id: int
    spec: FeedSpec
    #: The address that is polled; differs from spec.url after a permanent redirect.
    current_url: str
    validators: Validators = Validators()
    #: SHA-256 (hex) of the last body that was parsed.
    body_hash: str | None = None
    hints: FeedHints = FeedHints()
    title: str | None = None
    last_polled_at: datetime | None = None
    #: Last time a body came (not a 304).
    last_body_at: datetime | None = None
    #: Polls that failed in a row.
    failures: int = 0
    #: It is due since a person asked for it, and not by any rule.
    is_asked_for: bool = False
    #: Answered 410 Gone: no longer polled until the user says otherwise.
    gone: bool = False
    #: A chain of permanent redirects being watched: the addresses after the first with a space between, when it was
    #: first seen, and on how many polls in a row.
    redirect_target: str | None = None
    redirect_since: datetime | None = None
    redirect_polls: int = 0
    #: The address answered with a web page: the feed that this offers, and when it was last searched for one.
    suggestion: str | None = None
    suggested_at: datetime | None = None
    #: Publication (else update, else first-seen) times of the newest stored entries, newest first, at most 50.
    entry_times: tuple[datetime, ...] = ()
    intake: Intake = Intake()
    #: What `feeds add` fetched, not long ago: its poll reads this and asks nothing.
    answer: Response | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPoll:
    """When to poll next, and why (stored in the poll record)."""

    #: None = never again unless asked (410 Gone).
    at: datetime | None
    interval: timedelta
    reason: str
    #: The server wants nothing before this; holds whatever else is asked.
    held_until: datetime | None = None


PollStatus = Literal["new", "unchanged", "not_modified", "failed", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRecord:
    """One poll as it is remembered (table `polls`)."""

    started_at: datetime
    finished_at: datetime
    #: new: a document was parsed; unchanged: a body with the known hash; not_modified: 304; failed; gone: 410.
    status: PollStatus
    http_status: int | None = None
    #: Message for a person when the poll failed; None = it did not.
    error: str | None = None
    wire_bytes: int = 0
    entries_seen: int = 0
    warnings: tuple[str, ...] = ()
    #: What was decided beside the next time, and why.
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PollCommit:
    """Everything one poll writes, in one transaction."""

    feed_id: int
    record: PollRecord
    next_poll: NextPoll
    #: One for every entry of the document, known ones included.
    decisions: tuple[EntryDecision, ...] = ()
    #: The feed's new state, whole: it replaces the old one (entry_times apart, which the store derives).
    state: FeedState
    #: Site address from the document, when one was parsed.
    site_url: str | None = None
    #: Whom the server spoke for when it asked for a pause (429, 503).
    block: Block | None = None
    #: What the feed loses has begun, ended or changed much.
    risk_is_news: bool = False
    #: The requests made, for the ledger.
    exchanges: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """That no feed at all can be reached: the fault is on this side of the wire, not at the feeds."""

    #: When the first poll failed; a second is as fine as it is kept.
    since: datetime
    #: No host's name could be looked up.
    is_unresolved: bool = False
    #: A daemon tries again by itself.
    is_retried: bool = False

    def __str__(self) -> str:
        """Return it for a person, in the time zone of this machine."""
        since, today = self.since.astimezone(), datetime.now(UTC).astimezone().date()
        at = f"{since:%H:%M}" if since.date() == today else f"{since:%Y-%m-%d %H:%M}"
        then = "trying again every few minutes" if self.is_retried else "the next poll tries again"
        names = " (no host name can be looked up)" if self.is_unresolved else ""
        return f"no network since {at}; {then}{names}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOutcome:
    """What a poll came to, for counts and the log line."""

    feed_id: int
    url: str
    status: PollStatus
    entries_new: int = 0
    articles_new: int = 0
    entries_dropped: int = 0
    wire_bytes: int = 0
    error: str | None = None
    #: Failed before any server answered: look-up, connection or TLS. Set by the pipeline.
    is_unreachable: bool = False
    #: ... at the look-up. Likewise.
    is_unresolved: bool = False
    #: What the feed loses at its interval, when that is news; empty = it loses nothing any more.
    risk: str | None = None
    next_poll: NextPoll | None = None
