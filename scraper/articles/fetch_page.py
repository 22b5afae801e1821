"""Fetching an article's page: ask the site, read what came in a worker, say what came of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from scraper.articles.commit import Visit
from scraper.articles.robots_gate import Permissions
from scraper.errors import AddressRefused, BodyTooLarge, FetchError, NotHtml, WorkerFailed
from scraper.extract import extract_from_feed, extract_page
from scraper.extract.paging import is_page_of
from scraper.extract.rules import site_rule
from scraper.fetch.bot_challenge import is_challenge
from scraper.fetch.status import is_complete, is_conditional, status_text
from scraper.model import ArticleJob, Extraction, FetchRequest, Refusal, Response, SiteRule
from scraper.model.http import MAX_PAGE_BYTES
from scraper.ports import Fetcher, Workers
from scraper.urls import is_front_page, without_credentials

ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
_FINAL_STATUS = frozenset({404, 410})
#: What a path has in it where a login is asked for.
_LOGIN = re.compile(r"/(?:log[-_]?in|sign[-_]?in|sso|anmelden|einloggen|connexion|identifier)(?:[/.]|$)", re.IGNORECASE)
_REFUSALS: tuple[tuple[type[FetchError], Refusal], ...] = ((AddressRefused, "address"), (BodyTooLarge, "size"))
#: The site says that it has the page no more, or must not show it.
_ABSENT = frozenset({404, 410, 451})


def read_page(
    job: ArticleJob, fetcher: Fetcher, workers: Workers, sites: Mapping[str, SiteRule], permissions: Permissions
) -> Visit:
    """Fetch the page of an article that is next and extract it; what goes wrong on the way is in the visit."""
    validators = job.validators if job.status == "full" and job.draft is None else None
    request = FetchRequest(
        url=job.page_url,
        validators=validators,
        max_bytes=MAX_PAGE_BYTES,
        accept=ACCEPT_PAGE,
        deadline_s=permissions.access.of_page(job.page_url).deadline_s,
        unrecorded=permissions.access.header_names,
    )
    try:
        response = fetch_permitted(request, fetcher, permissions)
    except FetchError as exc:
        refusal = next((name for kind, name in _REFUSALS if isinstance(exc, kind)), None)
        return Visit(outcome="final" if refusal else "later", reason=str(exc), refusal=refusal)
    if isinstance(response, Visit):
        return response
    if response.status == 304 and is_conditional(validators):
        return Visit(outcome="unchanged", response=response)
    if not is_complete(response):
        return _refused(response)
    if is_front_page(response.url) and not is_front_page(job.page_url):
        reason = "the address leads to the site's front page instead"
        return Visit(outcome="final", response=response, reason=reason, absence="home")
    if _LOGIN.search(urlsplit(response.url).path) and not _LOGIN.search(urlsplit(job.page_url).path):
        return Visit(outcome="final", response=response, reason="the address leads to a login")
    if _leads_elsewhere(job, response, sites):
        return Visit(outcome="final", response=response, reason="the address leads to another page")
    try:
        extraction = _extraction(job, response, workers, sites)
    except NotHtml as exc:
        return Visit(outcome="final", response=response, reason=str(exc), refusal="type")
    except WorkerFailed as exc:
        return Visit(outcome="later", response=response, reason=str(exc))
    return Visit(outcome="page", response=response, extraction=extraction)


def fetch_permitted(request: FetchRequest, fetcher: Fetcher, permissions: Permissions) -> Response | Visit:
    """Fetch a page, asking robots.txt of each origin on the way first; the visit ends where one refuses.

    Raises:
        FetchError
    """
    request = replace(request, stays_at_origin=True)
    while True:
        if refusal := permissions.refusal(request.url):
            return refusal
        access = permissions.access.of_page(request.url)
        if request.url.startswith("http:") and any(hop.url.startswith("https:") for hop in request.hops):
            access = access.without_secrets()  # the site leads out of the encrypted: nobody may read along
        response = fetcher.fetch(replace(request, access=access))
        if response.moves_to is None:
            return response
        left_s = request.deadline_s - response.took_s
        request = replace(request, url=response.moves_to, hops=response.hops, deadline_s=left_s)


def _refused(response: Response) -> Visit:
    return Visit(
        outcome="final" if response.status in _FINAL_STATUS else "later",
        response=response,
        reason=status_text(response),
        absence=str(response.status) if response.status in _ABSENT and not is_challenge(response) else None,
    )


def _extraction(job: ArticleJob, response: Response, workers: Workers, sites: Mapping[str, SiteRule]) -> Extraction:
    return workers.run(
        extract_page,
        response.body,
        url=without_credentials(response.url),
        content_type=response.content_type,
        hints=job.hints,
        rule=site_rule(sites, response.url),
        draft=job.draft,
    )


def _leads_elsewhere(job: ArticleJob, response: Response, sites: Mapping[str, SiteRule]) -> bool:
    """Say whether a later page was redirected to what is no page of the article."""
    if job.draft is None or job.draft.is_whole or response.url == job.page_url:
        return False
    rule = site_rule(sites, response.url)
    return not (rule and rule.next_page) and not is_page_of(job.draft.urls[0], response.url)


def read_feed_text(job: ArticleJob, workers: Workers) -> Extraction | None:
    """Return the article as its feed gives it; None if reading it failed."""
    try:
        return workers.run(extract_from_feed, job.hints, url=job.url)
    except WorkerFailed:
        return None
