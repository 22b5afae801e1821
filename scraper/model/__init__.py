"""The data that passes between the steps: one frozen type per stage, in the order of the flow.

    FeedSpec -> FeedState -> FetchRequest -> Response -> ParsedFeed -> KeyedEntry -> EntryDecision -> PollCommit
    ArticleJob -> FetchRequest -> Response -> Extraction -> ArticleCommit -> ArticleRecord

Instants are aware UTC datetimes; `None` means unknown or absent, nothing else.
"""

from scraper.model.articles import (
    ArticleCommit,
    ArticleJob,
    ArticleOutcome,
    Draft,
    Extraction,
    Hints,
    Image,
    Kind,
    Link,
    RawPage,
    Refusal,
    Status,
)
from scraper.model.config import FeedSpec, SiteRule, SyncResult
from scraper.model.entries import (
    Enclosure,
    EntryDecision,
    EntryKeys,
    FeedHints,
    KeyedEntry,
    KnownEntry,
    ParsedEntry,
    ParsedFeed,
    SkippedEntry,
)
from scraper.model.moved import MoveCount, MovedArticle
from scraper.model.polls import FeedState, Intake, NextPoll, PollCommit, PollOutcome, PollRecord, PollStatus
from scraper.model.shown import (
    ArchiveStatus,
    ArticleFilter,
    ArticleRecord,
    ArticleSummary,
    FeedName,
    FeedRow,
    HostLedger,
    Tombstone,
    TrailStep,
)
from scraper.model.wire import Block, Exchange, FetchRequest, Hop, HostClaim, Response, RobotsRecord, Slot, Validators

__all__ = [
    "ArchiveStatus",
    "ArticleCommit",
    "ArticleFilter",
    "ArticleJob",
    "ArticleOutcome",
    "ArticleRecord",
    "ArticleSummary",
    "Block",
    "Draft",
    "Enclosure",
    "EntryDecision",
    "EntryKeys",
    "Exchange",
    "Extraction",
    "FeedHints",
    "FeedName",
    "FeedRow",
    "FeedSpec",
    "FeedState",
    "FetchRequest",
    "Hints",
    "Hop",
    "HostClaim",
    "HostLedger",
    "Image",
    "Intake",
    "KeyedEntry",
    "Kind",
    "KnownEntry",
    "Link",
    "MoveCount",
    "MovedArticle",
    "NextPoll",
    "ParsedEntry",
    "ParsedFeed",
    "PollCommit",
    "PollOutcome",
    "PollRecord",
    "PollStatus",
    "RawPage",
    "Refusal",
    "Response",
    "RobotsRecord",
    "SiteRule",
    "SkippedEntry",
    "Slot",
    "Status",
    "SyncResult",
    "Tombstone",
    "TrailStep",
    "Validators",
]
