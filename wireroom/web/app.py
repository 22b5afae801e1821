"""The reading room as an ASGI application: routes, and what happens when one fails."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.resources import files

import anyio.to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from scraper.errors import NotFound, StoreError
from scraper.ports import Archive
from wireroom.web.guard import LOCAL_HOSTS, Guard, secured
from wireroom.web.pages import Pages

_ASSETS = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml", "favicon.ico": "image/x-icon"}

#: Pages made at the same time.
MAX_THREADS = 8

Handler = Callable[[Request, Exception], Awaitable[Response]]


def create_app(
    archive: Archive,
    *,
    allowed_hosts: tuple[str, ...] = LOCAL_HOSTS,
    title: str = "Wireroom",
    now: Callable[[], datetime] | None = None,
    problems: Callable[[], Sequence[str]] = tuple,
) -> Starlette:
    """Return the reading room over `archive`.

    `allowed_hosts` are the names it answers to, each with any port; `title` stands in its masthead; `now` tells the
    time (None = the machine's, in UTC); `problems` says what is wrong with the daemon behind it. The archive is asked
    from several threads at once.
    """
    assets = {name: (files(__package__) / "static" / name).read_bytes() for name in _ASSETS}
    version = hashlib.sha256(assets["style.css"]).hexdigest()[:12]
    pages = Pages(archive, title=title, asset_version=version, now=now or _utc_now)

    def healthz(request: Request) -> Response:
        found = list(problems())
        try:
            archive.change_seq()
        except StoreError as exc:
            found.append(str(exc))
        if found:
            return JSONResponse({"status": "failing", "problems": found}, status_code=503)
        return JSONResponse({"status": "ok"})

    return Starlette(
        lifespan=_few_threads,
        routes=[
            Route("/", pages.articles),
            Route("/articles/{number}", pages.article),
            Route("/search", pages.search),
            Route("/feeds", pages.feeds),
            Route("/healthz", healthz),
            Route("/favicon.ico", _asset(assets, "favicon.ico")),
            Route("/static/style.css", _asset(assets, "style.css")),
            Route("/static/icon.svg", _asset(assets, "icon.svg")),
        ],
        middleware=[Middleware(Guard, allowed_hosts=allowed_hosts)],
        exception_handlers={
            HTTPException: _http_error(pages),
            NotFound: _error(pages, 404),
            StoreError: _error(pages, 503),
            Exception: _error(pages, 500),
        },
    )


@asynccontextmanager
async def _few_threads(app: Starlette) -> AsyncIterator[None]:
    """Each thread that serves pages keeps a database connection with a cache: eight are plenty for one reader."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = MAX_THREADS
    yield


def _asset(assets: dict[str, bytes], name: str) -> Callable[[Request], Response]:
    def serve(request: Request) -> Response:
        # Pages name the style sheet with a version, so it may be kept.
        headers = {"Cache-Control": "public, max-age=86400"}
        return Response(assets[name], media_type=_ASSETS[name], headers=headers)

    return serve


def _http_error(pages: Pages) -> Handler:
    async def handle(request: Request, error: Exception) -> Response:
        status, detail, headers = 500, None, None
        if isinstance(error, HTTPException):
            status, detail, headers = error.status_code, error.detail, error.headers
        response = pages.message(request, status, detail)
        response.headers.update(headers or {})
        return response

    return handle


def _error(pages: Pages, status: int) -> Handler:
    async def handle(request: Request, error: Exception) -> Response:
        detail = str(error) if status != 500 else None
        # The page for a fault of ours is sent from outside the guard.
        return secured(pages.message(request, status, detail))

    return handle


def _utc_now() -> datetime:
    return datetime.now(UTC)
