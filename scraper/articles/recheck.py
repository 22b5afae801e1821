"""When an article is looked at again, and when its page counts as removed. Pure (POLICY: Identity)."""

from __future__ import annotations

from datetime import datetime, timedelta

from scraper.model import ArticleJob, Missing

#: The first check; each later one comes when as much time has passed as the article was old at the last.
FIRST_AFTER = timedelta(hours=1)
MOST_RECHECKS = 10
LONGEST_AGE = timedelta(days=30)
#: A page that is not there must still not be there so much later to count as removed.
CONFIRM_AFTER = timedelta(hours=1)
#: ... where the server calls it a page all the same: a site under maintenance shows a notice for hours.
CONFIRM_NOTICE_AFTER = timedelta(hours=24)


def next_recheck(*, first_seen_at: datetime, checked_at: datetime, done: int) -> datetime | None:
    """Return when an article is looked at again after a look at `checked_at`, `done` times so far; None = no more.

    Never before `checked_at` + 1 h, never later than 30 days after `first_seen_at`. Age counts from there, not from the
    date of publication: that is often wrong, or that of an older article at the same address.
    """
    if done >= MOST_RECHECKS:
        return None
    age = checked_at - first_seen_at
    at = checked_at + (FIRST_AFTER if done == 0 else max(age, FIRST_AFTER))
    return at if at - first_seen_at <= LONGEST_AGE else None


def is_wanted(job: ArticleJob, now: datetime) -> bool:
    """Say whether a re-check that is due is still to be made: after a long sleep the article may be too old for it."""
    return job.keeps_watch and (now - job.first_seen_at <= LONGEST_AGE or is_unsettled(job.missing))


def is_unsettled(missing: Missing | None) -> bool:
    """Say whether a page was found missing and a second look has yet to confirm it."""
    return missing is not None and not missing.is_confirmed


def confirm_after(cause: str) -> timedelta:
    """Return how long a page must have been missing, by cause, to count as removed."""
    return CONFIRM_NOTICE_AFTER if cause == "replaced" else CONFIRM_AFTER


def next_confirmation(missing: Missing, now: datetime) -> datetime:
    """Return when a page that may have been removed is looked at again: as long from now as it is missing already.

    An hour at least; not later than when it may count as removed.
    """
    at = now + max(CONFIRM_AFTER, now - missing.since)
    decides_at = missing.since + confirm_after(missing.cause)
    return decides_at if now + CONFIRM_AFTER <= decides_at < at else at


def find_missing(before: Missing | None, cause: str, reason: str, now: datetime) -> Missing:
    """Return what is known of a page that is not there: removed at 410, else when seen so twice, so far apart.

    What is confirmed stays as it was first found.
    """
    if before is not None and before.is_confirmed:
        return before
    since = before.since if before else now
    is_confirmed = cause == "410" or (before is not None and now - before.since >= confirm_after(cause))
    return Missing(since=since, cause=cause, reason=reason, is_confirmed=is_confirmed)
