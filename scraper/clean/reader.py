"""Makes the chosen part of a page safe and plain: one body as HTML, Markdown and text.

BeautifulSoup reads the fragment, and it is written anew from a short list of elements without any attribute but
addresses and the numbers of lists and tables; nh3 has the last word on the HTML. Nothing of the page's own markup
passes through.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, partial

import nh3

from scraper.clean.leaves import HEADINGS, INLINE_NAMES, Reader
from scraper.clean.notation import written_out
from scraper.clean.soup import soup_of
from scraper.clean.to_html import to_html, to_text
from scraper.clean.to_markdown import to_markdown
from scraper.clean.tokens import collapse
from scraper.urls import standard_address

#: Characters of a fragment that are cleaned; the rest is cut off.
MAX_FRAGMENT_CHARS = 250_000
_SCHEMES = frozenset(("http", "https"))
_PROTOCOLS = frozenset(("http:", "https:"))
_TAGS = HEADINGS | set(INLINE_NAMES.values()) | {
    "p", "pre", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "table", "tbody", "tr", "td", "th", "br", "figure",
    "figcaption", "img",
}  # fmt: skip
_SPANS = {"colspan", "rowspan"}
_CLEANER = nh3.Cleaner(
    tags=set(_TAGS),
    attributes={
        "*": {"lang", "dir"},
        "a": {"href"},
        "img": {"src", "alt"},
        "ol": {"start"},
        "td": _SPANS,
        "th": _SPANS,
    },
    url_schemes=set(_SCHEMES),
    link_rel="noopener noreferrer nofollow",
)

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_PLAIN_ADDRESS = re.compile(r"https?://[a-z0-9.-]+(?::\d+)?/[\w%/:=&?~+!$,;@.#-]*", re.ASCII)
#: A path from the root, without segments such as "..", "//" or an empty query or fragment.
_PLAIN_PATH = re.compile(r"/(?![/.])(?!.*(?:/[./;]|[?#]$|[?;]#))[\w%/:=&?~+!$,@#.-]*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One text in three forms.

    Something shown from elsewhere (a video, a post) is a link with its provider's name in HTML and Markdown; neither it
    nor what stands below a picture is part of the plain text. All other words are the same in all three, but that
    footnote marks and powers are written as such where nothing can be raised.
    """

    #: Safe to show; a figure holds a picture, or the link to something shown from elsewhere.
    html: str
    #: CommonMark, tables as in GitHub's dialect.
    markdown: str
    #: Blocks with one blank line between them; list items and table rows on lines of their own.
    text: str


EMPTY = Body(html="", markdown="", text="")


def clean_body(fragment: str, *, base_url: str) -> Body:
    """A fragment of a page, cleaned; relative addresses are resolved against `base_url`."""
    fragment = written_out(_CONTROL.sub(" ", fragment[:MAX_FRAGMENT_CHARS]))
    if not fragment.strip():
        return EMPTY
    leaves = Reader(partial(safe_url, base_url=base_url)).read(soup_of(fragment))
    return Body(html=_CLEANER.clean(to_html(leaves)), markdown=to_markdown(leaves), text=to_text(leaves))


def sanitised(html: str) -> str:
    """HTML that was cleaned once, through the allow-list again: what came out of it goes in unchanged."""
    return _CLEANER.clean(html)


def plain_text(fragment: str) -> str:
    """The words of a small piece of HTML on one line: titles, summaries, names."""
    if "<" not in fragment and "&" not in fragment:
        return " ".join(collapse(_CONTROL.sub(" ", fragment)).split())
    return " ".join(clean_body(fragment, base_url="").text.split())


def safe_url(address: str | None, base_url: str) -> str | None:
    """The absolute http(s) address, None if it is none."""
    if not address:
        return None
    if _PLAIN_ADDRESS.fullmatch(address):
        return address
    if _PLAIN_PATH.fullmatch(address) and (origin := _origin(base_url)):
        return origin + address
    found = standard_address(address, base_url or None) or standard_address(address)
    if found is None or found.protocol not in _PROTOCOLS or not found.hostname:
        return None
    return found.href.replace("|", "%7C")


@lru_cache(maxsize=64)
def _origin(base_url: str) -> str | None:
    """What stands before the path of a plain address; None where joining needs the standard's rules."""
    plain = _PLAIN_ADDRESS.fullmatch(base_url)
    return "/".join(base_url.split("/", 3)[:3]) if plain else None
