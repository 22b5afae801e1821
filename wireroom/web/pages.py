"""The pages of the reading room: what each asks the archive for, and the template it fills."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from scraper.errors import BadQuery, NotFound
from scraper.model import ArticleFilter, ArticleSummary, FeedRow
from scraper.ports import Archive
from wireroom.operations.select import resolve_query
from wireroom.web import show
from wireroom.web.body import shown_body

PAGE_SIZE = 30
MAX_QUERY_CHARS = 500
#: SQLite's integers end here.
_MAX_ID = 2**63 - 1

_MESSAGES = {
    400: ("This address is not understood", "It should contain a number where it contains something else."),
    404: (
        "Not here",
        "There is no such page. It may have been deleted, or there may be a typing error in the address.",
    ),
    405: ("Read only", "The reading room only shows articles; it cannot change anything."),
    500: ("Something broke", "The fault is Wireroom's and has been logged. Try again, or look at the log."),
    503: ("The archive cannot be read", "Try again in a moment."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Which articles a list is about, as its address says."""

    feed: str = ""
    tag: str = ""
    #: "", "unread" or "starred".
    only: str = ""
    query: str = ""
    #: The most relevant first.
    rank: bool = False

    @property
    def is_everything(self) -> bool:
        """Say whether nothing is left out."""
        return self == View()

    def href(self, *, before: int | None = None) -> str:
        """Return the address of this list, from its newest article or from before the given one."""
        names = {"q": self.query, "feed": self.feed, "tag": self.tag, "show": self.only, "before": before}
        names |= {"by": "relevance" if self.rank else ""}
        query = urlencode({name: value for name, value in names.items() if value})
        path = "/search" if self.query else "/"
        return f"{path}?{query}" if query else path

    def with_(self, **changes: Any) -> View:
        """Return the view with some parts changed; called by templates for the links to other lists."""
        return replace(self, **changes)


class Pages:
    """Request handlers; each is called from several threads at once."""

    def __init__(self, archive: Archive, *, title: str, asset_version: str, now: Callable[[], datetime]) -> None:
        self._archive = archive
        self._now = now
        self._environment = _environment(title, asset_version)

    def articles(self, request: Request) -> HTMLResponse:
        """The list of articles, newest filed first, a page at a time."""
        view, before = _view(request), _number(request.query_params.get("before"))
        feed = self._feed(view.feed)
        summaries, more = self._list(view, before, feed)
        if not summaries and view.is_everything and before is None:
            return self._page("empty.html", status=self._archive.status())
        now = self._local_now()
        days = groupby(summaries, key=lambda summary: show.day_name(summary.first_seen_at, now))
        return self._page(
            "articles.html",
            view=view,
            feed_name=feed.name if feed else None,
            before=before,
            days=[(day, list(group)) for day, group in days],
            older=view.href(before=summaries[-1].id) if more else None,
            outage=self._archive.outage(),
        )

    def article(self, request: Request) -> HTMLResponse:
        """One article."""
        number = _number(request.path_params["number"])
        if number is None:
            raise HTTPException(404)
        record = self._archive.article(number)
        body = shown_body(record.html, without_picture=record.image.url if record.image else None)
        pictures = body.picture_count + (1 if record.image else 0)
        return self._page("article.html", record=record, body=body.html, pictures=pictures)

    def search(self, request: Request) -> HTMLResponse:
        """The search form, with the results for `q`, newest filed first or, with `by=relevance`, the best first."""
        view, before = _view(request), _number(request.query_params.get("before"))
        fault = None
        try:
            summaries, more = self._list(view, before) if view.query else ((), False)
        except BadQuery as exc:
            summaries, more, fault = (), False, str(exc)
        older = view.href(before=summaries[-1].id) if more and not view.rank else None
        saved = self._archive.saved_searches()
        facts = {"view": view, "before": before, "summaries": summaries, "older": older, "saved": saved, "fault": fault}
        return self._page("search.html", status_code=400 if fault else 200, **facts)

    def feeds(self, request: Request) -> HTMLResponse:
        """All feeds and how they fare."""
        rows = self._archive.feeds()
        tags = sorted({tag for row in rows if row.state != "removed" for tag in row.tags}, key=str.casefold)
        return self._page("feeds.html", rows=rows, tags=tags, status=self._archive.status())

    def message(self, request: Request, status: int, detail: str | None) -> HTMLResponse:
        """Return the page for a request that came to nothing; `detail` replaces the usual sentence."""
        heading, usual = _MESSAGES.get(status, (f"HTTP {status}", "The request failed."))
        # Starlette's own phrases ("Not Found") say less than ours.
        text = detail if detail and " " in detail and not detail.istitle() else usual
        return self._page("message.html", status_code=status, heading=heading, text=text)

    def _feed(self, what: str) -> FeedRow | None:
        if not what:
            return None
        feed_id = self._archive.find_feed_id(what)
        return next((row for row in self._archive.feeds() if row.id == feed_id), None)

    def _list(
        self, view: View, before: int | None, feed: FeedRow | None = None
    ) -> tuple[tuple[ArticleSummary, ...], bool]:
        wanted = ArticleFilter(
            feed_id=feed.id if feed else None,
            tag=view.tag or None,
            unread=view.only == "unread",
            starred=view.only == "starred",
            query=resolve_query(self._archive, view.query) if view.query else None,
            rank=view.rank,
            before_id=before,
            limit=PAGE_SIZE + 1,
        )
        found = self._archive.find_articles(wanted)
        return found[:PAGE_SIZE], len(found) > PAGE_SIZE

    def _page(self, template: str, *, status_code: int = 200, **facts: Any) -> HTMLResponse:
        now = self._local_now()
        times = {
            name: partial(function, now=now)
            for name, function in (
                ("long_time", show.long_time),
                ("short_time", show.short_time),
                ("time_distance", show.time_distance),
            )
        }
        html = self._environment.get_template(template).render(**times, **facts)
        # A lone surrogate cannot be sent; nothing that is stored should have one.
        return HTMLResponse(html.encode("utf-8", "replace"), status_code=status_code)

    def _local_now(self) -> datetime:
        return self._now().astimezone()


def _environment(title: str, asset_version: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("wireroom.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"room": title, "asset_version": asset_version, "everything": View()}
    environment.filters |= {
        "address": show.web_address,
        "host": show.linked_host,
        "highlighted": show.highlighted,
        "language_tag": show.language_tag,
        "direction": show.direction,
        "saved_view": lambda saved: View(query=saved.query),
        "minutes": show.reading_minutes,
        "file_size": show.file_size,
        "count": "{:,}".format,
    }
    return environment


def _view(request: Request) -> View:
    asked = request.query_params
    only = asked.get("show", "")
    return View(
        feed=asked.get("feed", ""),
        tag=asked.get("tag", ""),
        only=only if only in ("unread", "starred") else "",
        rank=asked.get("by") == "relevance" and request.url.path == "/search",
        query=asked.get("q", "").strip()[:MAX_QUERY_CHARS] if request.url.path == "/search" else "",
    )


def _number(text: str | None) -> int | None:
    """Return an id from an address; None if there is none.

    Raises:
        HTTPException: it is not a number that an id can be.
        NotFound: no id is that high.
    """
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()):
        raise HTTPException(400)
    # int() refuses strings of more than 4,300 digits.
    if len(text) > 19 or int(text) > _MAX_ID:
        raise NotFound(f"There is no article {text[:30]}.", what=text[:30])
    return int(text)
