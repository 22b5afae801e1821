"""What a visit makes of an article: the commit. Pure (POLICY: Articles that fail)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from scraper.articles.recheck import find_missing, is_unsettled, next_confirmation, next_recheck
from scraper.articles.revisions import changes, cut_off, is_other_text, is_revision
from scraper.fetch.networks import is_private_host
from scraper.fetch.retry_after import block_by
from scraper.identity import page_claims, page_keys
from scraper.model import (
    WALLS,
    ArticleCommit,
    ArticleJob,
    Claim,
    Draft,
    Extraction,
    RawPage,
    Refusal,
    Response,
    Status,
    Validators,
)
from scraper.model.http import MAX_PAGE_BYTES, PERMANENT
from scraper.urls import article_key, is_above, same_site, without_credentials

#: Waits after the first, second ... failed fetch; then it is settled with what the feed gave.
RETRY_LADDER = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
#: Least time between two article fetches from one host.
GAP = timedelta(seconds=1)
#: No cause of a removal: sent on for the moment, to another site, as for a consent that it alone calls so.
_DETOUR = "detour"
#: Kinds of page that are no article's own.
_KEYLESS = frozenset({"list", "not_an_article"})
#: So many pages are read of one article.
MAX_PAGES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What came of trying to read an article's page."""

    #: page: `extraction` was read from `response`; unchanged: 304; final: it will not get better; later: it may;
    #: no_page: there is none to fetch; given_up: a re-check that is not worth it any more.
    outcome: Literal["page", "unchanged", "final", "later", "no_page", "given_up"]
    response: Response | None = None
    extraction: Extraction | None = None
    #: For a person; None for `page` and `unchanged`.
    reason: str | None = None
    #: The server says that the page is not there (404, 410, 451), or its address leads to the front page (home).
    absence: str | None = None
    #: Asked of a server: the host's gap starts.
    used_network: bool = True
    #: The host whose robots.txt refused the page.
    refused_host: str | None = None
    #: What of ours refused it.
    refusal: Refusal | None = None
    #: Longer gap asked for by robots.txt.
    crawl_delay: timedelta = timedelta(0)
    #: Asked for by Retry-After, or by 429 and 503 without it.
    retry_after: timedelta | None = None


def refused_on(refusal: Refusal, allow_private: Sequence[str]) -> str:
    """Return the terms on which pages are refused, in words: those that the user or a new version may change."""
    return {
        "address": f"networks beside the public ones: {', '.join(sorted(allow_private)) or 'none'}",
        "robots": "robots.txt is heeded",
        "size": f"at most {MAX_PAGE_BYTES} bytes",
        "type": "HTML and plain text",
    }[refusal]


def needs_feed_text(job: ArticleJob, visit: Visit) -> bool:
    """Say whether the feed's own text is wanted, because the page gave none or one that is hardly the article's."""
    if visit.outcome == "page" and visit.extraction is not None:
        is_wanted = not visit.extraction.is_readable or visit.extraction.is_doubtful
        return job.draft is None and job.status != "full" and is_wanted
    if visit.outcome == "no_page":
        return True
    return visit.outcome != "unchanged" and job.draft is None and job.status != "full"


def settle_article(job: ArticleJob, visit: Visit, feed_text: Extraction | None, now: datetime) -> ArticleCommit:
    """Decide what is filed.

    `feed_text` is the article as the feed gives it, wanted when `needs_feed_text`; None leaves what is on file.
    """
    commit = _watched(job, visit, _settled(job, visit, feed_text, now), now)
    if not visit.used_network:
        return commit
    response = visit.response
    pause = None if response and is_private_host(response.url) else visit.retry_after
    gap = max(GAP, visit.crawl_delay, pause or GAP)
    return replace(
        commit,
        next_allowed_at=now + gap,
        block=block_by(response, now + visit.retry_after if visit.retry_after else None),
        http_status=response.status if response else None,
        wire_bytes=response.wire_bytes if response else 0,
    )


def _settled(job: ArticleJob, visit: Visit, feed_text: Extraction | None, now: datetime) -> ArticleCommit:
    if visit.outcome == "given_up":
        return replace(_kept(job, now, rule="recheck-given-up"), has_looked=False)
    absence = _absence(job, visit)
    if absence and absence[0] == _DETOUR:
        return replace(_kept(job, now, rule="page-turned-unreadable"), detail=absence[1])
    if absence:
        return _absent(job, absence, now)
    if visit.outcome == "unchanged":
        return replace(_kept(job, now, rule="not-modified"), missing=None)
    if visit.outcome == "page" and visit.extraction is not None and visit.response is not None:
        return _from_page(job, visit.extraction, visit.response, feed_text, now)
    if job.draft is not None and visit.outcome != "no_page":
        return _cut_short(job, job.draft, visit, now)
    if _is_retried(job, visit):
        return _retried(job, visit, feed_text, now)
    if job.status == "full" and visit.outcome != "no_page":
        return _kept(job, now, rule="page-lost")
    status: Status = "feed_only" if feed_text and feed_text.text else "failed"
    rule = "no-page" if visit.outcome == "no_page" else f"{visit.outcome}-failure"
    return _filed(job, status, visit.reason, feed_text, now, rule=rule)


def _from_page(
    job: ArticleJob, extraction: Extraction, response: Response, feed_text: Extraction | None, now: datetime
) -> ArticleCommit:
    if extraction.is_readable and not (extraction.is_doubtful and feed_text and feed_text.text):
        return _from_text(job, extraction, response, now)
    is_doubtful = extraction.is_readable
    reason = _doubt(extraction) if is_doubtful else extraction.reason or "the page holds no text that could be read"
    if job.draft is not None:
        return _cut_short(job, job.draft, Visit(outcome="final", reason=reason), now)
    if job.current is not None and job.status == "full":
        kept = _kept(job, now, rule="page-turned-unreadable")
        return replace(kept, validators=response.validators, detail=reason)
    merged = _with_body_of(feed_text or Extraction(), extraction)
    status: Status = "feed_only" if merged.text else "failed"
    rule = "page-doubtful" if is_doubtful else f"page-{extraction.kind}"
    commit = _filed(job, status, reason, merged, now, rule=rule)
    # The address of a wall is no key: many articles lead to one.
    return replace(commit, page=_raw_page(response), validators=response.validators)


def _doubt(extraction: Extraction) -> str | None:
    if not extraction.is_doubtful:
        return None
    return f"doubtful_text: what the page shows is hardly the article (confidence {extraction.confidence:.2f})"


def _raw_page(response: Response, number: int = 1, *, is_whole: bool = False) -> RawPage:
    return RawPage(
        url=response.url,
        content_type=response.content_type,
        body=response.body,
        fetched_at=response.fetched_at,
        number=number,
        is_whole=is_whole,
        exchange=response.exchange,
    )


def _from_text(job: ArticleJob, extraction: Extraction, response: Response, now: datetime) -> ArticleCommit:
    """File an article that was read to its end; let one that goes on keep its place in the queue."""
    draft = read_on(job.draft, extraction, response)
    is_whole = job.draft is not None and job.draft.is_whole
    is_new = job.draft is None or job.draft.urls != draft.urls
    page = _raw_page(response, len(draft.urls), is_whole=is_whole) if is_new else None
    if draft.next_url is not None:
        return replace(_gone_on(job, draft, now), page=page)
    # That a first page is unchanged says nothing about the others: they are asked for unconditionally.
    validators = response.validators if len(draft.urls) == 1 else Validators()
    is_on_file = job.current is not None and job.status == "full"
    if is_on_file and job.current and (reason := cut_off(job.current, extraction)):
        return replace(_kept(job, now, rule="page-cut-off"), validators=validators, detail=reason)
    commit = replace(_filed(job, "full", _doubt(extraction), extraction, now, rule="page-read"), missing=None)
    if job.is_recheck and is_on_file and not commit.is_revision:
        # Other teasers are no news: what is on file stays, and with it its change number.
        return replace(_kept(job, now, rule="no-edit"), validators=validators, missing=None)
    detail = "read from its single page" if is_whole and is_new else _pages_text(draft)
    commit = replace(commit, page=page, validators=validators, detail=detail)
    return replace(commit, keys=draft.keys, claims=draft.claims)


def _gone_on(job: ArticleJob, draft: Draft, now: datetime) -> ArticleCommit:
    return replace(_kept(job, now, rule="page-goes-on"), draft=draft, next_fetch_at=job.due_at or now)


def read_on(draft: Draft | None, extraction: Extraction, response: Response) -> Draft:
    """Return the reading with one more page in it; `extraction` is all pages so far, `response` the newest.

    It is at its end (`next_url` is None) when the page names no next one, names one that was read, added nothing, or
    was the last that is read of any article (MAX_PAGES).
    """
    url = without_credentials(response.url)
    if draft is None:
        keys, claims = _page_keys(response.url, extraction)
        is_whole = extraction.single_page is not None
        next_url = extraction.single_page or extraction.next_page
        return Draft(next_url=next_url, is_whole=is_whole, urls=(url,), extraction=extraction, keys=keys, claims=claims)
    if extraction.html == draft.extraction.html:
        return replace(draft, next_url=None)
    urls = (*draft.urls, url)
    is_over = draft.is_whole or len(urls) == MAX_PAGES or extraction.next_page in (*urls, draft.next_url)
    next_url = None if is_over else extraction.next_page
    return replace(draft, next_url=next_url, is_whole=False, urls=urls, extraction=extraction)


def _page_keys(url: str, extraction: Extraction) -> tuple[tuple[str, ...], tuple[Claim, ...]]:
    """Return a page's keys, strong and weak; none for a list, where addresses of articles that are gone lead to."""
    if extraction.kind in _KEYLESS:
        return (), ()
    return page_keys(url), page_claims(url, extraction.canonical_url, extraction.amp_url)


def _pages_text(draft: Draft) -> str | None:
    if len(draft.urls) == MAX_PAGES and draft.extraction.next_page:
        return f"{MAX_PAGES} pages joined; it goes on, but no more are read"
    return f"{len(draft.urls)} pages joined" if len(draft.urls) > 1 else None


def _cut_short(job: ArticleJob, draft: Draft, visit: Visit, now: datetime) -> ArticleCommit:
    """File the pages before one that cannot be read, unless a full text is on file; what may get better is retried."""
    is_retried = _is_retried(job, visit)
    if draft.is_whole and not is_retried and draft.extraction.next_page:
        return _gone_on(job, replace(draft, next_url=draft.extraction.next_page, is_whole=False), now)
    if job.status == "full":
        commit = _kept(job, now, rule="page-lost")
    else:
        filed = _filed(job, "full", None, draft.extraction, now, rule="pages-missing")
        commit = replace(filed, keys=draft.keys, claims=draft.claims)
    which = "its single page" if draft.is_whole else f"page {len(draft.urls) + 1}"
    commit = replace(commit, detail=f"{which} is missing: {visit.reason}")
    if not is_retried:
        return commit
    again = now + _wait(job, visit)
    return replace(commit, draft=draft, attempts=job.attempts + 1, next_fetch_at=again)


def _with_body_of(feed_text: Extraction, page: Extraction) -> Extraction:
    """Return what the page says about itself with the feed's text as body."""
    return replace(
        page,
        html=feed_text.html,
        markdown=feed_text.markdown,
        text=feed_text.text,
        title=feed_text.title or page.title,
        byline=feed_text.byline or page.byline,
        published_at=page.published_at or feed_text.published_at,
        summary=feed_text.summary or page.summary,
        related=(),
        confidence=None,
    )


def _filed(
    job: ArticleJob, status: Status, reason: str | None, extraction: Extraction | None, now: datetime, *, rule: str
) -> ArticleCommit:
    changed = changes(job.current, extraction) if job.current and extraction else ()
    is_first_reading = job.full_text and job.status != "full" and status == "full"
    return ArticleCommit(
        article_id=job.id,
        status=status,
        reason=reason,
        extraction=extraction,
        is_revision=extraction is not None and is_revision(job.current, changed, job.slight_edits),
        # Where the feed's words gave way to the page's, nobody edited anything.
        changed=() if is_first_reading else changed,
        checked_at=now,
        attempts=0,
        missing=job.missing,
        rule=rule,
    )


def _is_retried(job: ArticleJob, visit: Visit) -> bool:
    """Say whether a failure is tried again on the ladder; a re-check comes again by the article's age anyhow."""
    return visit.outcome == "later" and not job.is_recheck and job.attempts < len(RETRY_LADDER)


def _retried(job: ArticleJob, visit: Visit, feed_text: Extraction | None, now: datetime) -> ArticleCommit:
    """Come back later; until then a new article shows what the feed gave."""
    return ArticleCommit(
        article_id=job.id,
        status=job.status,
        reason=None if job.status == "full" else visit.reason,
        extraction=feed_text if job.status == "pending" else None,
        checked_at=now,
        attempts=job.attempts + 1,
        next_fetch_at=now + _wait(job, visit),
        validators=job.validators,
        missing=job.missing,
        rule="retry-later",
    )


def _wait(job: ArticleJob, visit: Visit) -> timedelta:
    return max(RETRY_LADDER[job.attempts], visit.retry_after or timedelta(0))


def _kept(job: ArticleJob, now: datetime, *, rule: str) -> ArticleCommit:
    return ArticleCommit(
        article_id=job.id,
        status=job.status,
        reason=None,
        checked_at=now,
        validators=job.validators,
        missing=job.missing,
        rule=rule,
    )


def _absence(job: ArticleJob, visit: Visit) -> tuple[str, str] | None:
    """Return cause and reason where the page of an article on file is gone, or its address leads to something else."""
    if job.current is None or job.status != "full" or job.draft is not None:
        return None
    if visit.absence is not None:
        return visit.absence, visit.reason or visit.absence
    if visit.outcome != "page" or visit.extraction is None or visit.response is None:
        return None
    return _other_page(job.url, job.current, visit.extraction, visit.response)


def _other_page(url: str, current: Extraction, found: Extraction, response: Response) -> tuple[str, str] | None:
    final_url = response.url
    known = [address for address in (url, current.canonical_url) if address]
    is_redirected = article_key(final_url) not in map(article_key, known)
    if found.is_gone:
        return "replaced", found.reason or "the page says that it is gone"
    if found.kind in WALLS:
        return None
    is_other = found.is_readable and is_other_text(current, found, is_redirected=is_redirected)
    shown = without_credentials(final_url)
    is_front = not found.is_readable or found.kind in ("list", "not_an_article") or is_other
    if is_redirected and is_front and is_above(final_url, url):
        return "section", f"the address leads to a front page instead: {shown}"
    if found.kind == "list" and not is_redirected:
        return "replaced", found.reason or "the page lists stories"
    if not is_other:
        return None
    if is_redirected:
        is_near = any(same_site(final_url, address) for address in known)
        is_moved = is_near or all(hop.status in PERMANENT for hop in response.hops)
        return "redirect" if is_moved else _DETOUR, f"the address leads to another page: {shown}"
    return "replaced", f"the page holds another, shorter text: {' '.join(found.text.split())[:80]}"


def _absent(job: ArticleJob, absence: tuple[str, str], now: datetime) -> ArticleCommit:
    """Keep what is on file and write down that the page is not there; once may be an accident, twice is a removal."""
    missing = find_missing(job.missing, *absence, now)
    kept = replace(_kept(job, now, rule="page-removed" if missing.is_confirmed else "page-missing"), missing=missing)
    return kept if missing == job.missing else replace(kept, detail=missing.reason)


def _watched(job: ArticleJob, visit: Visit, commit: ArticleCommit, now: datetime) -> ArticleCommit:
    """Plan the next look at an article, and say when a page is there again."""
    if job.missing is not None and commit.missing is None:
        word = "there again, removed since" if job.missing.is_confirmed else "there after all, not found at"
        detail = f"the page is {word} {job.missing.since:%Y-%m-%d %H:%M} UTC"
        rule = "page-back" if job.missing.is_confirmed else commit.rule
        commit = replace(commit, rule=rule, detail="; ".join(filter(None, [commit.detail, detail])))
    if commit.draft is not None:
        at = commit.next_fetch_at
        moved = replace(commit, next_fetch_at=None, recheck_at=at) if job.is_recheck else commit
        return replace(moved, rechecks=job.rechecks)
    # The look that confirms belongs to the one that found the page missing.
    done = job.rechecks + (job.is_recheck and not is_unsettled(job.missing))
    return replace(commit, rechecks=done, recheck_at=_next_look(job, visit, commit, done, now))


def _next_look(job: ArticleJob, visit: Visit, commit: ArticleCommit, done: int, now: datetime) -> datetime | None:
    has_page = job.full_text and job.keeps_watch and visit.outcome not in ("no_page", "given_up")
    if not has_page or commit.status != "full" or commit.next_fetch_at is not None:
        return None
    if commit.missing is not None and is_unsettled(commit.missing):
        at: datetime | None = next_confirmation(commit.missing, now)
    else:
        at = next_recheck(first_seen_at=job.first_seen_at, checked_at=now, done=done)
    return max(at, now + visit.retry_after) if at and visit.retry_after else at
