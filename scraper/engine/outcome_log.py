"""One line in the log for each poll and each article that was settled."""

from __future__ import annotations

import logging

from scraper.model import ArticleOutcome, PollOutcome
from scraper.urls import without_credentials

_polls = logging.getLogger("wireroom.polls")

_articles = logging.getLogger("wireroom.articles")


def log_poll(outcome: PollOutcome) -> None:
    """Write what came of a poll; a feed of which entries are lost, too, when that begins or ends."""
    facts: dict[str, object] = {"url": without_credentials(outcome.url), "status": outcome.status}
    facts |= {"new": outcome.entries_new, "articles": outcome.articles_new, "dropped": outcome.entries_dropped}
    if outcome.next_poll and outcome.next_poll.at:
        facts |= {"next": outcome.next_poll.at, "why": outcome.next_poll.reason}
    if outcome.error:
        _polls.warning("feed failed", extra=facts | {"error": outcome.error})
    else:
        _polls.info("feed polled", extra=facts)
    if outcome.risk:
        _polls.warning("entries are lost between polls", extra={"url": facts["url"], "risk": outcome.risk})
    elif outcome.risk is not None:
        _polls.info("no entries are lost any more", extra={"url": facts["url"]})


def log_article(outcome: ArticleOutcome) -> None:
    """Write what came of an article."""
    facts: dict[str, object] = {"id": outcome.article_id, "url": outcome.url, "status": outcome.status}
    if outcome.kind not in (None, "article"):
        facts["kind"] = outcome.kind
    if outcome.merged_into is not None:
        facts["same_as"] = outcome.merged_into
    if outcome.reason:
        facts["reason"] = outcome.reason
    if outcome.goes_on:
        _articles.debug("article goes on", extra=facts)
    elif outcome.removal:
        _articles.info("page removed", extra=facts | {"reason": outcome.removal})
    elif outcome.changed:
        _articles.info("article edited", extra=facts | {"changed": ", ".join(outcome.changed)})
    elif outcome.is_recheck:
        _articles.debug("article looked at again", extra=facts)
    else:
        _articles.info("article filed", extra=facts)
