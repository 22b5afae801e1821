"""One page to one Extraction: decode, parse, hear the witnesses, choose the block, judge its lines, clean what is left.

bytes -> decode -> lxml tree -> witnesses -> metadata
                        |-> lines and blocks -> root -> line rules -> subtree -> clean (soup, nh3) -> body
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from lxml import etree

from scraper.clean import EMPTY, Body, clean_body, plain_text, safe_url
from scraper.extract.body.blocks import Block, Line, erase, lines_and_blocks
from scraper.extract.body.facts import Facts, folded_set, folded_witnesses
from scraper.extract.body.lines import drop_lines
from scraper.extract.body.related import related_links
from scraper.extract.body.root import choose_root, with_lead
from scraper.extract.dump import extract_dump
from scraper.extract.kind import MANY_SCRIPT_BYTES, PageView, Verdict, judge_kind
from scraper.extract.meta.images import choose_images, elements_around, leads_text, pictures, source_of
from scraper.extract.meta.masthead import read_masthead
from scraper.extract.meta.metadata import Metadata, completed, judge, with_masthead
from scraper.extract.meta.told import UNTOLD, Told
from scraper.extract.meta.witnesses import Witnesses, hear_witnesses
from scraper.extract.page.decode import decode_html
from scraper.extract.page.sniff import document_kind
from scraper.extract.page.text import fold, weight
from scraper.extract.page.tree import drop_tree, parse_page, prune_unread, script_chars, text_of
from scraper.extract.paging import look_ahead, with_ahead
from scraper.extract.rules import apply_rule, ruled_fields
from scraper.extract.words.agencies import agencies_of
from scraper.extract.words.language import language_of
from scraper.media import PLAYERS
from scraper.model import Extraction, Hints, Image, SiteRule

_Element = etree._Element

_NO_HINTS = Hints()
_NO_RULE = SiteRule()
#: Pictures of one article that are shown; the others are left out.
MAX_SHOWN_IMAGES = 2000


def extract_article(
    html: bytes | str,
    *,
    url: str,
    content_type: str | None = None,
    hints: Hints | None = None,
    rule: SiteRule | None = None,
    first_url: str | None = None,
) -> Extraction:
    """The article of a page: its text in three forms and what is known about it.

    `content_type` is the Content-Type header; `hints` is what the feed said, a witness and never the text; `rule` is
    the user's help for the site; `first_url` is the article's first page, if this is a later one.
    Plain text (`text/plain`) is read as a dump of a page's visible strings. At most six million characters, 12,000
    lines and 250,000 characters of the article's markup are read. A page without an article gives an Extraction
    without text whose `kind` and `reason` say why.

    Raises:
        NotHtml: the document is another kind of file (PDF, image, feed ...); the message says which.
    """
    body = html.encode("utf-8", "replace") if isinstance(html, str) else html
    kind = document_kind(body, content_type, url=url)
    text = html if isinstance(html, str) else decode_html(body, content_type)
    if kind == "text":
        return extract_dump(text, url=url, hints=hints or _NO_HINTS)
    return _extract_page(text, url, hints or _NO_HINTS, rule or _NO_RULE, first_url or url)


def extract_from_feed(hints: Hints, *, url: str) -> Extraction:
    """The article as its feed tells it: the content, else the summary, cleaned like a page; no text if it has none."""
    body = clean_body(hints.content_html or "", base_url=url)
    summary = plain_text(hints.summary_html or "") or None
    if not body.text:
        body = clean_body(hints.summary_html or "", base_url=url)
    address = safe_url(hints.image_url, url)
    image = Image(url=address) if address else None
    return Extraction(
        title=plain_text(hints.title or "") or None,
        byline=hints.authors,
        published_at=hints.published_at,
        updated_at=hints.updated_at,
        language=language_of(body.text, hints.language),
        site_name=hints.site_name,
        summary=summary,
        image=image,
        images=(image,) if image else (),
        html=body.html,
        markdown=body.markdown,
        text=body.text,
        agencies=agencies_of(hints.authors, body.text),
        kind="article" if body.text else "not_an_article",
        reason=None if body.text else "the feed gives no text for this entry",
    )


def _extract_page(text: str, url: str, hints: Hints, rule: SiteRule, first_url: str) -> Extraction:
    root = parse_page(text)
    if root is None:
        return Extraction(title=hints.title, kind="not_an_article", reason="the page is empty")
    heard = hear_witnesses(root)
    script_bytes = script_chars(root, enough=MANY_SCRIPT_BYTES)
    base = _base_url(heard, url)
    ahead = look_ahead(root, url=url, base=base, first_url=first_url, rule=rule)
    meta = ruled_fields(judge(heard, url=url, hints=hints), root, rule)
    body = root.find("body")
    body = root if body is None else body
    chosen = apply_rule(body, rule)
    prune_unread(body)
    lines, blocks = lines_and_blocks(body)
    if not lines:
        return _finish(heard, meta, EMPTY, UNTOLD, [], lines, url, base, hints, script_bytes)
    facts = _facts(heard, meta, hints, base)
    top = choose_root(lines, blocks, facts)
    top = _block_of(chosen, blocks) or with_lead(top, lines, facts)
    inside = lines[top.first : top.last]
    drop_lines(inside, facts)
    related = related_links(lines, top, base, url)
    meta = with_masthead(meta, read_masthead(lines, top, facts), heard, url=url, hints=hints)
    for index, element in enumerate(top.element.iter("img")):
        element.set("src", (safe_url(source_of(element), base) or "") if index < MAX_SHOWN_IMAGES else "")
    title = next((heading for heading in heard.headings if facts.is_title(fold(text_of(heading, 400)))), None)
    around = elements_around(top, blocks, title)
    prose = [line for line in inside if line.dropped is None and line.is_prose]
    captions = [line for line in inside if line.dropped == "caption"]
    leads = leads_text(around, prose)
    images = choose_images(heard, pictures(around, base), captions, base, hints.image_url, leads=leads)
    cleaned = _clean(top, inside, base)
    extraction = _finish(heard, meta, cleaned, images, inside, lines, url, base, hints, script_bytes)
    return with_ahead(replace(extraction, related=related), ahead)


def _base_url(heard: Witnesses, url: str) -> str:
    try:
        return urljoin(url, heard.base) if heard.base else url
    except ValueError:
        return url


def _block_of(element: _Element | None, blocks: list[Block]) -> Block | None:
    return next((block for block in blocks if block.element is element), None) if element is not None else None


def _facts(heard: Witnesses, meta: Metadata, hints: Hints, base: str) -> Facts:
    return Facts(
        titles=folded_set(*meta.titles),
        names=folded_set(*(meta.byline.value or ())),
        site=fold(meta.site_name.value or ""),
        section=fold(meta.section.value or ""),
        summary=fold(meta.summary.value or ""),
        body=fold(heard.linked.body or ""),
        told=folded_witnesses(
            heard.linked.body, *map(plain_text, filter(None, (hints.content_html, hints.summary_html)))
        ),
        language=heard.html_lang,
        host=urlsplit(base).hostname or "",
    )


def _clean(top: Block, inside: list[Line], base: str) -> Body:
    """Take the dropped lines out of the tree and clean what stays."""
    for line in inside:
        if line.dropped is not None:
            erase(line)
    _drop_silent_blocks(top, inside)
    _strip_attributes(top.element)
    fragment = etree.tostring(top.element, encoding="unicode", method="html", with_tail=False)
    return clean_body(fragment, base_url=base)


_KEPT_ATTRIBUTES = frozenset(("href", "src", "alt", "colspan", "rowspan", "start", "data-href"))
#: What these show cannot be told without the rest of their attributes.
_TELLING_TAGS = frozenset(("blockquote", *PLAYERS))


def _strip_attributes(element: _Element) -> None:
    """Leave out what cleaning would throw away: half of a page's characters."""
    for inner in element.iter():
        if inner.tag in _TELLING_TAGS:
            continue
        for name in [name for name in inner.attrib if name not in _KEPT_ATTRIBUTES]:
            # lxml reads names such as "{}x" but cannot delete them; cleaning leaves them out.
            with suppress(KeyError, ValueError):
                del inner.attrib[name]


def _drop_silent_blocks(top: Block, inside: list[Line]) -> None:
    """Pictures and players of dropped blocks go with them."""
    for line in inside:
        element = line.block.element
        if line.dropped in _PICTURELESS and element is not top.element:
            for image in list(element.iter("img", *PLAYERS)):
                drop_tree(image)


_PICTURELESS = frozenset(
    (
        "related",
        "aside",
        "footer",
        "comments",
        "author",
        "advertisement",
        "newsletter",
        "share",
        "navigation",
        "consent",
    )
)


def _finish(
    heard: Witnesses,
    meta: Metadata,
    body: Body,
    images: Told[tuple[Image, ...]],
    inside: list[Line],
    lines: list[Line],
    url: str,
    base: str,
    hints: Hints,
    script_bytes: int,
) -> Extraction:
    view = PageView(
        title=meta.title.value or "",
        path=urlsplit(url).path,
        og_type=heard.first("og:type") or "",
        linked=heard.linked,
        weight=weight(body.text),
        lines=lines,
        kept=[line for line in inside if line.dropped is None],
        images=len(images.value or ()),
        captions=sum(image.caption is not None for image in images.value or ()),
        script_bytes=script_bytes,
    )
    verdict: Verdict = judge_kind(view)
    if not verdict.has_text:
        body = EMPTY
    meta = completed(meta, heard, body.text, images, base=base, hints=hints)
    return Extraction(
        title=meta.title.value,
        byline=meta.byline.value or (),
        published_at=meta.published_at.value,
        updated_at=meta.updated_at.value,
        section=meta.section.value,
        site_name=meta.site_name.value,
        language=meta.language.value,
        summary=meta.summary.value,
        image=meta.image.value,
        images=images.value or (),
        canonical_url=meta.canonical_url.value,
        html=body.html,
        markdown=body.markdown,
        text=body.text,
        agencies=agencies_of(meta.byline.value or (), body.text),
        kind=verdict.kind,
        reason=verdict.reason,
    )
