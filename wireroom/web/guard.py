"""What stands before every page: the Host allow-list, and the headers that keep pages inert."""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Hosts of this machine; each with any port.
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")

#: No script runs, nothing is loaded from anywhere else, nobody may frame the pages.
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::[0-9]*)?")


class Guard:
    """ASGI middleware: refuses foreign Host headers and adds `SECURITY_HEADERS` to every response.

    A page of another site can make a browser send requests here under its own name (DNS rebinding); the Host header
    then names that site.
    """

    def __init__(self, app: ASGIApp, allowed_hosts: tuple[str, ...]) -> None:
        self._app = app
        self._allowed = frozenset(host.lower() for host in allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif name_in_header(Headers(scope=scope).get("host", "")) in self._allowed:
            await self._app(scope, receive, _securing(send))
        else:
            refusal = PlainTextResponse("This address is not served under that host name.\n", status_code=400)
            await secured(refusal)(scope, receive, send)


def name_in_header(header: str) -> str | None:
    """Return the name in a Host header, in lower case and without the port; None if it is malformed."""
    match = _HOST.fullmatch(header.strip())
    return match[1].lower().rstrip(".") if match else None


def secured(response: Response) -> Response:
    """Return the response with the security headers set."""
    response.headers.update(SECURITY_HEADERS)
    return response


def _securing(send: Send) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(SECURITY_HEADERS)
            headers.setdefault("Cache-Control", "private, no-cache")
        await send(message)

    return wrapped
