"""Which of an entry's addresses is its page: not the feed's own, not an attached file. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from scraper.identity import is_attached
from scraper.model import Enclosure
from scraper.urls import absolute_address, article_key

#: An RSS link with attributes and a text; feedparser takes an address in an attribute for the link.
_LINK_WITH_TEXT = re.compile(rb"<link\s([^<>]{1,2000})>(?=\s{0,200}(?:[^\s<]|<!\[CDATA\[))")
_ADDRESS_BUT_HREF = re.compile(rb"""\bur[il]\s{0,9}=\s{0,9}(?:"[^"<>]*"|'[^'<>]*')""")


def page_address(
    candidates: Iterable[object], url: str, feed_urls: Iterable[str], attached: Sequence[Enclosure]
) -> str | None:
    """Return the first of the candidates that is an address and may be a page's, absolute; None if there is none.

    The address of the feed is none; that of an attached file is one where there is no other, to show something: no
    page is asked for there (`is_attached`).
    """
    own = {article_key(address) for address in (url, *feed_urls)}
    addresses = [address for candidate in candidates if (address := absolute_address(candidate, url))]
    possible = [address for address in addresses if article_key(address) not in own]
    pages = (address for address in possible if not is_attached(address, attached))
    return next(pages, possible[0] if possible else None)


def link_candidates(item: Mapping[str, Any]) -> Iterator[object]:
    """Yield what may be the page of an entry that feedparser read, the likeliest first.

    Its own address behind a feed service, its link, others that it calls alternates, a guid that is an address.
    """
    guid = str(item.get("id") or "")
    is_address = guid.startswith(("http://", "https://"))
    rels = {link.get("href"): link.get("rel") for link in item.get("links", ()) if link.get("rel") != "alternate"}
    alternates = [link for link in item.get("links", ()) if link.get("rel") == "alternate" and link.get("href")]
    rels |= {link["href"]: "alternate" for link in alternates}
    yield item.get("feedburner_origlink")
    link = item.get("link")
    # feedparser gives the text of any link element as link ("enclosure", "self"), and a guid that is no address
    # ("tag:...", "4711") when it is not marked isPermaLink="false" and there is no link.
    if rels.get(link, "alternate" if link != guid or is_address else None) == "alternate":
        yield link
    yield from (link["href"] for link in alternates if "html" in (link.get("type") or ""))
    yield from (link["href"] for link in alternates)
    if is_address:
        yield guid


def without_link_uris(body: bytes) -> bytes:
    """Return a document in which `<link uri="at:...">text</link>` is a link with a text alone."""
    return _LINK_WITH_TEXT.sub(_bare, body) if b"<link " in body else body


def _bare(link: re.Match[bytes]) -> bytes:
    attributes = link[1]
    if attributes.endswith(b"/") or b"href" in attributes:
        return link[0]
    return b"<link " + _ADDRESS_BUT_HREF.sub(b"", attributes) + b">"
