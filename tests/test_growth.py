"""What text from outside costs: sixteen times as much of it takes at most 64 times the CPU time, whatever it is made of.

Growth, not a limit: linear work makes 16, square work 256. CPU time of the best of five tries does not depend on what
else the machine does; what takes less than `_TOO_SHORT_S` even sixteenfold is linear, or there is too little of it.
"""

from __future__ import annotations

import gc
import json
import time
import zlib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from scraper import identity, urls
from scraper import urls as addresses
from scraper.articles import revisions as versions
from scraper.articles.stories import account, kinship_of, site_number
from scraper.clean import reader as clean
from scraper.clean import tokens
from scraper.clean.media import embed_of, is_social_post, picture_address
from scraper.errors import NotAFeed, NotHtml
from scraper.extract import extract_from_feed, extract_page
from scraper.extract.meta import credits, images, titles
from scraper.extract.page.decode import decode_html, encoding_of_header
from scraper.extract.page.sniff import document_kind
from scraper.extract.rules import site_rule
from scraper.extract.words import agencies, bylines, datelines, phrases, walls
from scraper.fetch import retry_after as overload
from scraper.fetch import robots
from scraper.fetch.bot_challenge import is_challenge
from scraper.fetch.decoding import CodingError, OutputLimit, decode
from scraper.fetch.exchange import struck_out
from scraper.fetch.site_options import AccessBook
from scraper.model import (
    Access,
    ExchangeRecord,
    Extraction,
    Hints,
    Image,
    ParsedEntry,
    Response,
    RobotsRecord,
    SiteRule,
)
from scraper.polling import cadence
from scraper.polling import decide_entries as decide
from scraper.query import language as query
from scraper.sources import bases
from scraper.sources.discovery import feeds_in_page
from scraper.sources.entry_dates import entry_date, shows_month_first
from scraper.sources.items import items_of
from scraper.sources.syndication import parse_feed
from scraper.text import dates, language, overlap, words
from scraper.text import folding as text_folding
from scraper.text import words as text_words
from store.sqlite.search import folding, terms
from store.sqlite.search import snippets as passages
from store.sqlite.work import lifecycle as filing
from wireroom import logs, opml
from wireroom import opml_repair as mending
from wireroom.cli import output
from wireroom.importing.markdown import safe_markdown
from wireroom.importing.unpack import Unreadable, read_documents, read_json
from wireroom.operations import diff as differences
from wireroom.web import guard, show
from wireroom.web.body import shown_body

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
URL = "https://paper.example/a"
#: Characters; the longer text has sixteen times as many.
SHORT = 600
FACTOR = 16
MOST = 64
_TOO_SHORT_S = 0.0001

#: What the texts are made of, over and over.
SHAPES: dict[str, str] = {
    "blanks": " ", "lines": "\n", "letters": "a", "digits": "7", "words": "word ",
    "dotted": "a.", "dashes": "-", "dots": ".", "commas": ", ", "quotes": '"', "apostrophes": "'a", "angles": "<",
    "ampersands": "&", "entities": "&amp;", "at": "a@", "slashes": "/", "backslashes": "\\", "brackets": "[", "parentheses": "(",
    "hashes": "#", "colons": "a:", "percents": "%2", "pipes": " | ",
    "tags": "<a>", "closed": "<b>x</b>", "quoted": '<a href="', "scripts": "<script>", "comments": "<!--", "cdata": "<![CDATA[",
    "words and stops": "One two. ", "ellipses": "…", "by": "by Ann Lee and ", "dates": "5 March ", "clocks": "10:30 ", "photo": "Photo: ", "amp": "/amp",
    "ticks": "`", "images": ".jpg", "schemes": "http://", "marks": "a\u0301", "kanji": "字", "kana breaks": "字\n", "wide blanks": "\u3000\n",
    "hangul": "가나 기자 ", "cyrillic": "её", "surrogates": "\ud800", "nulls": "\0", "returns": "\r", "paragraphs": "x\n\n",
    "items": "<item>", "entries": "<item><title>x</title></item>", "agents": "user-agent: a\n", "rules": "disallow: /a*b\n", "keys": '{"@type":"Article",', "list": "<li><a href=/a>b</a>", "rows": "<tr><td>x",
}  # fmt: skip


def made_of(shape: str, size: int) -> str:
    return (shape * (size // len(shape) + 1))[:size]


def _bytes(read: Callable[[bytes], object]) -> Callable[[str], object]:
    return lambda text: read(text.encode("utf-8", "replace"))


def _entry(text: str) -> ParsedEntry:
    return ParsedEntry(
        guid=text, link=f"{URL}?{text}", title=text, authors=(text,), summary_html=text, content_html=text
    )


def _version(text: str) -> Extraction:
    picture = Image(url=f"{URL}/{text}")
    return Extraction(title=text[:99], byline=(text[:99],), image=picture, text=text, html=f"<p>{text}</p>")


def _answer(text: str, status: int = 200) -> Response:
    names = ("etag", "last-modified", "retry-after", "cache-control", "expires", "date", "content-type", "age")
    headers = dict.fromkeys(names, text)
    return Response(url=URL, status=status, headers=headers, body=text.encode("utf-8", "replace"), fetched_at=NOON)


def _feed(text: str) -> object:
    item = f"<title>{text}</title><link>{URL}?{text}</link><author>{text}</author><pubDate>{text}</pubDate><description>{text}</description>"
    return _parsed(f"<rss version='2.0'><channel><title>{text}</title><item>{item}</item></channel></rss>")


def _parsed(document: str) -> object:
    try:
        return parse_feed(document.encode("utf-8", "replace"), url=URL)
    except NotAFeed:
        return None


def _page(html: str) -> object:
    try:
        return extract_page(html.encode("utf-8", "replace"), url=URL, content_type="text/html; charset=utf-8")
    except NotHtml:
        return None


def _article(text: str) -> object:
    head = (
        f'<title>{text}</title><meta name="author" content="{text}"><script type="application/ld+json">{text}</script>'
    )
    return _page(f"<html><head>{head}</head><body><article><h1>{text}</h1><p>{text}</p></article></body></html>")


_TITLED = "<title>The harbour stays open</title><p>x</p>"


def _state(text: str) -> str:
    story = {"title": "The harbour stays open", "body": f"{text} It stays. {text}", "parts": [text, [text] * 9]}
    return json.dumps(story).replace("</", "<\\/")


def _decoded(coding: str) -> Callable[[str], object]:
    def read(text: str) -> object:
        try:
            return decode(text.encode("utf-8", "replace"), coding, 10**7)
        except (CodingError, OutputLimit):
            return None

    return read


def _members(text: str) -> object:
    """Many small gzip members, one behind the other."""
    packer = zlib.compressobj(wbits=31)
    member = packer.compress(text[:1].encode("utf-8", "replace")) + packer.flush()
    return decode(member * (len(text) // 4), "gzip", 10**7)


def _quietly(read: Callable[[str], object], refusal: type[Exception]) -> Callable[[str], object]:
    def tried(text: str) -> object:
        try:
            return read(text)
        except refusal:
            return None

    return tried


RULE, BOOK = SiteRule(), AccessBook(sites={"a.example": Access()})
RULES = robots.read_rules(b"User-agent: *\nDisallow: /*a*b\nDisallow: /*//*x$\n", "Wireroom")
MARKER = passages.Marker(stems=frozenset({"word"}), prefixes=("wo",), phrases=(("a", "a", "b"),), runs=("字字",))
#: Functions that read text from outside: those that run in the daemon's threads, in its workers and in commands.
READERS: dict[str, Callable[[str], object]] = {
    # addresses and identity
    "canonical_url": lambda text: urls.canonical_url(f"{URL}/{text}"),
    "canonical_url of a query": lambda text: urls.canonical_url(f"{URL}?{text}"),
    "canonical_url of a host": lambda text: urls.canonical_url(f"http://{text}/"),
    "twin_keys": lambda text: identity.twin_keys(f"https://m.paper.example/c/{text}"),
    "twin_keys of a cache": lambda text: identity.twin_keys(f"https://x.cdn.ampproject.org/c/s/paper.example{text}"),
    "key_entries": lambda text: identity.key_entries(SimpleNamespace(entries=(_entry(text),), site_url=URL)),  # type: ignore[arg-type]
    "is_front_page, is_above": lambda text: (urls.is_front_page(URL + text), urls.is_above(URL, URL + text)),
    "absolute_address": lambda text: addresses.absolute_address(text, URL),
    "absolute_address of a base": lambda text: addresses.absolute_address("b", f"{URL}/{text}/"),
    "without_credentials": lambda text: addresses.without_credentials(f"http://{text}"),
    "origin_of, host_of": lambda text: (addresses.origin_of(f"http://{text}"), addresses.host_of(text)),
    "registrable_domain": lambda text: addresses.registrable_domain(text),
    "is_social_post, embed_of": lambda text: (is_social_post(f"https://{text}"), embed_of(f"https://{text}")),
    "picture_address": lambda text: picture_address({"src": text, "srcset": text, "data-src": text}),
    "site_number": lambda text: site_number(f"https://{text}/"),
    # answers
    "robots": lambda text: robots.judge(_record(text), URL, "Wireroom"),
    "robots of one agent": lambda text: robots.judge(_record(f"user-agent:{text}"), URL, "Wireroom"),
    "robots of one rule": lambda text: robots.judge(_record(f"user-agent: *\ndisallow: /{text}*b"), URL, "Wireroom"),
    "robots of an address": lambda text: robots.verdict(
        RULES, f"https://n.example/{text.encode('utf-8', 'replace').decode()}"
    ),
    "headers": lambda text: (overload.http_date(text), overload.retry_after({"retry-after": text}, NOON)),
    "cache-control": lambda text: cadence._freshness({"cache-control": text, "expires": text}, NOON),
    "content-type": encoding_of_header,
    "what is kept of headers": lambda text: struck_out(_exchange(text), (), ("secret",)),
    "rules of sites": lambda text: (site_rule({"a.example": RULE}, f"http://{text}/"), BOOK.of_page(f"http://{text}/")),
    "is_challenge": lambda text: is_challenge(_answer(text, 403)),
    "decode as gzip": _decoded("gzip"),
    "decode as br": _decoded("br"),
    "decode as zstd": _decoded("zstd"),
    "decode as deflate": _decoded("deflate"),
    "gzip members": _members,
    "decode_html": _bytes(decode_html),
    "document_kind": _bytes(lambda body: document_kind(body, None, url=URL)),
    # feeds
    "items_of": _bytes(lambda body: items_of(b"<rss><channel><item>" + body, url=URL, content_type=None)),
    "shows_month_first": _bytes(shows_month_first),
    "entry_date": entry_date,
    "with_base": lambda text: bases.with_base(f'<a href="{text}"><img srcset="{text}">{text}', URL),
    "safe_markdown": safe_markdown,
    "read_json": _quietly(_bytes(read_json), Unreadable),
    "read_documents": _quietly(_bytes(lambda data: read_documents(b'{"a": [1, ' + data, [])), Unreadable),
    "mended": _bytes(mending.mended),
    "declared_falsely": _bytes(lambda data: mending.declared_falsely(b'<?xml encoding="latin1"?>' + data)),
    "find words": lambda text: decide._find_word(("word", "字"), _entry(text)),
    "read_opml": _quietly(
        _bytes(lambda body: opml.read_opml(b"<opml><body>" + body + b"</body></opml>")), opml.NotOpml
    ),
    # words
    "plain_text": filing.plain_text,
    "collapse": tokens.collapse,
    "preformatted": tokens.preformatted,
    "folded": text_folding.folded,
    "changes": lambda text: versions.changes(_version(text), _version(text + "x")),
    "cut_off": lambda text: versions.cut_off(_version(text), _version(text[: len(text) // 3])),
    "shared": lambda text: overlap.shared(text_folding.folded(text), text_folding.folded(text[1:])),
    "account": lambda text: account(text, text, 1).title_key,
    "kinship": lambda text: kinship_of(account(text, text, 1), account(text[3:], f"{text[5:]} 7 {text[:-4]}", 2), 7),
    "sketch": lambda text: words.words_of(text).sketch,
    "share_in": lambda text: words.share_in(text, text[1:]),
    "plain_title": titles.plain_title,
    "separator": titles._SEPARATOR.split,
    "split_caption": credits.split_caption,
    "split_caption of a photo": lambda text: credits.split_caption(f"The bridge. Photo: {text}"),
    "same picture": lambda text: images._same_picture(f"{URL}/{text}", f"{URL}/{text}b"),
    "split_names": bylines.split_names,
    "split_names of 500": lambda text: bylines.split_names(text[:500]),
    "is_byline_line": lambda text: bylines.is_byline_line(text, frozenset({"ann lee"})),
    "is_visible_byline": bylines.is_visible_byline,
    "read_date": dates.read_date,
    "read_written": dates.read_written,
    "is_date_line": datelines.is_date_line,
    "read_dates": datelines.read_dates,
    "date_in_address": dates.date_in_address,
    "agencies_of": lambda text: agencies.agencies_of((text,), text),
    "language_of": lambda text: language.language_of(text, text),
    "is_prompt": phrases.is_prompt,
    "is_notice": phrases.is_notice,
    "is_appeal": phrases.is_appeal,
    "is_credit": phrases.is_credit,
    "credit_of": phrases.credit_of,
    "is_comment_heading": phrases.is_comment_heading,
    "asks_for_money": walls.asks_for_money,
    "asks_for_consent": walls.asks_for_consent,
    "asks_for_javascript": walls.asks_for_javascript,
    "is_live": walls.is_live,
    # searches
    "parse_query": lambda text: query.parse_query(text, date(2026, 1, 15)),
    "flat": lambda text: folding.flat(folding.tokens(text)),
    "parts": lambda text: [folding.parts(run) for run in folding.tokens(text) if folding.is_run(run)],
    "words_of": lambda text: terms.words_of(_row(text)),
    "earlier_terms": lambda text: terms.earlier_terms(_row(text)),
    "is_plain": folding.is_plain,
    "facets": lambda text: terms.facets(_row(text), (1,), (text,)),
    "matches": lambda text: passages.matches(text, MARKER, "en"),
    "word_count": text_words.word_count,
    # what is shown
    "split_words": differences.split_words,
    "redact": logs.redact,
    "printable": output.printable,
    "name_in_header": guard.name_in_header,
    "highlighted": show.highlighted,
    "web_address": show.web_address,
}
#: Those that read whole documents, with less text: they do much with each character.
DOCUMENTS: dict[str, Callable[[str], object]] = {
    "feed": _feed,
    "feed of it": lambda text: _parsed(f"<rss version='2.0'><channel><title>T</title>{text}"),
    "json feed": lambda text: _parsed(json.dumps(_json_feed(text))),
    "page": _article,
    "page of it": _page,
    "page whose scripts hold it": lambda text: _page(f"{_TITLED}<script>window.a={text};b('{text}')</script>"),
    "page whose data hold it": lambda text: _page(f"{_TITLED}<script type='application/json'>{_state(text)}</script>"),
    "text of a feed": lambda text: extract_from_feed(Hints(title=text, authors=(text,), content_html=text), url=URL),
    "feeds_in_page": _bytes(lambda body: feeds_in_page(body, url=URL)),
    "clean_body": lambda text: clean.clean_body(text, base_url=URL),
    "compare": lambda text: differences.compare(
        _version(text), _version(f"{text[: len(text) // 2]}y{text[len(text) // 2 :]}")
    ),
    "shown_body": shown_body,
}


def _record(text: str) -> RobotsRecord:
    return RobotsRecord(fetched_at=NOON, status=200, body=text.encode("utf-8", "replace"))


def _exchange(text: str) -> ExchangeRecord:
    headers = ((text, text), ("etag", text))
    return ExchangeRecord(
        request_line=text, request_headers=headers, status_line=text, headers=headers, sha256="", wire_bytes=0
    )


def _row(text: str) -> Mapping[str, object]:
    names = ("title", "text", "summary", "site_name", "section", "credit", "language", "published_at")
    lists = dict.fromkeys(("byline", "agencies", "images"), json.dumps([text]))
    return {**dict.fromkeys(names, text), **lists, "url": f"http://{text}/", "image_url": None, "first_seen_at": text}


def _json_feed(text: str) -> dict[str, object]:
    item = {
        "id": text,
        "url": f"{URL}?{text}",
        "title": text,
        "content_html": text,
        "date_published": text,
        "authors": [{"name": text}],
    }
    return {"version": "https://jsonfeed.org/version/1.1", "title": text, "items": [item]}


def cost(read: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    read(text)
    return time.process_time() - started


def growth(read: Callable[[str], object], shape: str, size: int) -> float:
    """Return how many times more sixteenfold a text costs, by the best of five tries of each."""
    short, long = made_of(shape, size), made_of(shape, size * FACTOR)
    read(short)
    longest = cost(read, long)
    if longest <= _TOO_SHORT_S * MOST:
        return 0.0
    shortest = max(min(cost(read, short) for _ in range(5)), _TOO_SHORT_S)
    for _ in range(4):
        if longest <= shortest * MOST:
            break
        longest = min(longest, cost(read, long))
    return longest / shortest


def steep(read: Callable[[str], object], size: int) -> dict[str, float]:
    """Return the shapes of text whose cost grows faster than it may."""
    gc.disable()
    try:
        found = {name: growth(read, shape, size) for name, shape in SHAPES.items()}
    finally:
        gc.enable()
    return {name: round(times) for name, times in found.items() if times > MOST}


@pytest.mark.parametrize("name", READERS)
def test_text_costs_in_proportion(name: str) -> None:
    assert steep(READERS[name], SHORT) == {}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_cost_in_proportion(name: str) -> None:
    assert steep(DOCUMENTS[name], SHORT // 2) == {}
