"""The log of outcomes: one line each, and one line in all while nothing can be reached."""

from __future__ import annotations

import logging
import threading

from scraper.addresses import without_credentials
from scraper.model import ArticleOutcome, PollOutcome

logger = logging.getLogger(__name__)

#: So many feeds failing in a row to get any answer mean that the fault is on our side of the wire.
OUTAGE_AFTER = 3


class Journal:
    """Writes a line for each outcome. Thread-safe.

    While every poll fails to reach its server, the polls are held back and one line says that the web is out of reach;
    the feeds that failed meanwhile are in `unreached` until something answers.
    """

    def __init__(self, *, feeds: int) -> None:
        self._threshold = max(1, min(OUTAGE_AFTER, feeds))
        self._lock = threading.Lock()
        self._held: dict[int, PollOutcome] = {}
        self.in_outage = False

    @property
    def unreached(self) -> tuple[int, ...]:
        """Ids of the feeds that could not be reached in the present outage, the longest waiting first."""
        with self._lock:
            return tuple(self._held) if self.in_outage else ()

    def write(self, outcome: PollOutcome | ArticleOutcome) -> tuple[int, ...]:
        """Log one outcome; return the feeds to poll again because an outage has just ended."""
        with self._lock:
            if isinstance(outcome, ArticleOutcome):
                _log_article(outcome)
                return ()
            return self._write_poll(outcome)

    def _write_poll(self, outcome: PollOutcome) -> tuple[int, ...]:
        if outcome.is_unreachable:
            self._held[outcome.feed_id] = outcome
            self._hold(outcome)
            return ()
        missed = tuple(self._held)
        if self.in_outage:
            logger.info("the web is in reach again", extra={"feeds_to_repeat": len(missed)})
        else:
            for held in self._held.values():
                _log_poll(held)
            missed = ()
        self._held.clear()
        self.in_outage = False
        _log_poll(outcome)
        return missed

    def _hold(self, outcome: PollOutcome) -> None:
        if self.in_outage:
            logger.debug("feed unreachable", extra={"url": without_credentials(outcome.url), "error": outcome.error})
        elif len(self._held) >= self._threshold:
            self.in_outage = True
            logger.warning(
                "the web is out of reach: no feed answers; trying again every minute. "
                "To see everything without a network: make demo (wireroom demo)",
                extra={"first_error": outcome.error},
            )


def _log_poll(outcome: PollOutcome) -> None:
    facts: dict[str, object] = {"url": without_credentials(outcome.url), "status": outcome.status}
    facts |= {"new": outcome.entries_new, "articles": outcome.articles_new, "dropped": outcome.entries_dropped}
    if outcome.next_poll and outcome.next_poll.at:
        facts |= {"next": outcome.next_poll.at, "why": outcome.next_poll.reason}
    if outcome.error:
        logger.warning("feed failed", extra=facts | {"error": outcome.error})
    else:
        logger.info("feed polled", extra=facts)
    if outcome.risk:
        logger.warning("entries are lost between polls", extra={"url": facts["url"], "risk": outcome.risk})
    elif outcome.risk is not None:
        logger.info("no entries are lost any more", extra={"url": facts["url"]})


def _log_article(outcome: ArticleOutcome) -> None:
    facts: dict[str, object] = {"id": outcome.article_id, "url": outcome.url, "status": outcome.status}
    if outcome.kind not in (None, "article"):
        facts["kind"] = outcome.kind
    if outcome.merged_into is not None:
        facts["same_as"] = outcome.merged_into
    if outcome.reason:
        facts["reason"] = outcome.reason
    if outcome.goes_on:
        logger.debug("article goes on", extra=facts)
    else:
        logger.info("article filed", extra=facts)
