"""What is kept of the exchange that brought a page: with all its names, without what is nobody's business. Pure.

Struck out: the values of cookies, logins and what proxies are told; of every header that feeds.yaml sets; logins in any
address; and the user's own secrets wherever else they turn up, since servers repeat what they are sent.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from urllib.parse import quote

from scraper.model import Access, ExchangeRecord, Headers

STRUCK = "[struck out]"
#: So much of the headers of either side is kept.
MAX_HEADER_CHARS = 16 * 1024
_SECRET = frozenset(("authorization", "cookie", "set-cookie", "set-cookie2"))
#: Shorter ones are words of their own: striking them out everywhere would leave nothing to read.
_TELLING_CHARS = 6
#: `//user:password@`.
_LOGIN = re.compile(r"([/\\]{2})[^/\\?#\s]*@")
#: The same in an address that is a parameter of another, which may be one itself: percent-encoded, up to four times.
_CODED_SLASH = re.compile("(%(?:25){0,3}2[Ff])")
_CODED_AT = re.compile("@|%(?:25){0,3}40")
_HOST_PART = re.compile(r"[^/?#&\s]*")


def struck_out(record: ExchangeRecord, names: Collection[str], secrets: Iterable[str]) -> ExchangeRecord:
    """Return the record without secrets, and its headers no longer than is kept.

    `names` are those of headers that feeds.yaml sets, in any case; `secrets` are values that may stand nowhere.
    """
    hidden = _SECRET.union(name.lower() for name in names)
    values = sorted({secret for secret in secrets if len(secret) >= _TELLING_CHARS}, key=len, reverse=True)

    def clean(text: str) -> str:
        for value in values:
            text = text.replace(value, STRUCK)
        return _without_coded_logins(_LOGIN.sub(rf"\1{STRUCK}@", text))

    def cleaned(headers: Headers) -> Headers:
        return tuple((clean(name), STRUCK if _is_hidden(name, hidden) else clean(value)) for name, value in headers)

    request, is_request_cut = _cut(cleaned(record.request_headers))
    answer, is_answer_cut = _cut(cleaned(record.headers))
    return replace(
        record,
        request_line=clean(record.request_line)[:MAX_HEADER_CHARS],
        request_headers=request,
        status_line=clean(record.status_line)[:MAX_HEADER_CHARS],
        headers=answer,
        redirects=tuple(replace(hop, url=clean(hop.url)) for hop in record.redirects),
        is_cut=is_request_cut or is_answer_cut,
    )


def _without_coded_logins(text: str) -> str:
    """Strike out what stands between two encoded slashes in a row and an encoded at-sign of the same part."""
    parts = _CODED_SLASH.split(text)  # every second one is a slash
    for at in range(4, len(parts), 2):
        if not parts[at - 2]:
            part = parts[at]
            host = _HOST_PART.match(part)
            signs = list(_CODED_AT.finditer(part, 0, host.end() if host else 0))
            parts[at] = STRUCK + part[signs[-1].start() :] if signs else part
    return "".join(parts)


def _is_hidden(name: str, hidden: Collection[str]) -> bool:
    plain = name.strip().lower()
    return plain in hidden or plain.startswith("proxy-")


def _cut(headers: Headers) -> tuple[Headers, bool]:
    """Return as many headers as are kept, the last one in part, and whether any was cut."""
    kept: list[tuple[str, str]] = []
    left = MAX_HEADER_CHARS
    for name, value in headers:
        if len(name) + len(value) > left:
            return (*kept, (name[:left], value[: max(left - len(name), 0)])), True
        kept.append((name, value))
        left -= len(name) + len(value)
    return tuple(kept), False


def secrets_of(access: Access, login: tuple[str, str] | None = None) -> tuple[str, ...]:
    """Return what the user trusts us with for an exchange, in every form in which a server may repeat it."""
    found = [*(login or ()), *(part for _, value in access.headers for part in _parts(value))]
    if access.proxy is not None:
        found += filter(None, (access.proxy.username, access.proxy.password))
    return tuple({form for value in found for form in (value, quote(value, safe=""), quote(value))})


def _parts(value: str) -> Iterator[str]:
    """Yield a header's value, its cookies or words one by one, and user and password of a basic login."""
    yield value
    for word in re.split(r"[;,\s]+", value):
        yield word
        yield word.partition("=")[2]
    if value[:6].lower() == "basic ":
        try:
            yield from base64.b64decode(value[6:].strip(), validate=True).decode("utf-8", "replace").split(":", 1)
        except (binascii.Error, ValueError):
            return
