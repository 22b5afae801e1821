"""One page to one Extraction: decode, parse, read and judge, clean what is left.

bytes -> decode -> lxml tree -> read_page (`analysis.py`: who says what, which lines are the article)
      -> subtree of the lines kept -> clean (soup, nh3) -> HTML, Markdown, text
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from contextlib import suppress
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from scraper.clean.media import PLAYERS
from scraper.clean.reader import EMPTY, Body, clean_body, plain_text, safe_url
from scraper.extract.analysis import PageReading, Source, read_page
from scraper.extract.body.blocks import Line, erase
from scraper.extract.body.teasers import invitation
from scraper.extract.confidence import confidence_of, signs_of
from scraper.extract.kind import PageView, judge_kind
from scraper.extract.meta.metadata import Metadata, completed
from scraper.extract.page.sniff import read_document
from scraper.extract.page.text import weight
from scraper.extract.page.tree import drop_tree, parse_page
from scraper.extract.paging import with_ahead
from scraper.extract.plain_text import extract_dump
from scraper.extract.words.agencies import agencies_of
from scraper.model import Extraction, Hints, Image, SiteRule
from scraper.text.language import language_of
from scraper.urls import host_of

_Element = etree._Element


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
    text, is_plain = read_document(html, content_type, url=url)
    if is_plain:
        return extract_dump(text, url=url, hints=hints or Hints())
    root = parse_page(text)
    if root is None:
        return Extraction(title=hints.title if hints else None, kind="not_an_article", reason="the page is empty")
    source = Source(url=url, first_url=first_url or url, hints=hints or Hints(), rule=rule or SiteRule())
    return finish(read_page(root, source))[0]


def extract_from_feed(hints: Hints, *, url: str) -> Extraction:
    """The article as its feed tells it: the content, else the summary, cleaned like a page; no text if it has none."""
    body = clean_body(hints.content_html or "", base_url=url)
    summary = plain_text(hints.summary_html or "") or None
    if not body.text:
        body = clean_body(hints.summary_html or "", base_url=url)
    address = safe_url(hints.image_url, url)
    image = Image(url=address) if address else None
    return Extraction(
        title=hints.title,
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


def finish(reading: PageReading) -> tuple[Extraction, Metadata]:
    """Clean what a reading kept, and say what sort of page it is and who told its fields; the tree is used up."""
    body = _clean(reading)
    verdict = judge_kind(_view(reading, body))
    if not verdict.has_text:
        body = EMPTY
    meta = completed(
        reading.meta, reading.heard, body.text, reading.images, base=reading.base, hints=reading.source.hints
    )
    byline = meta.byline.value or ()
    extraction = Extraction(
        title=meta.title.value,
        byline=byline,
        published_at=meta.published_at.value,
        updated_at=meta.updated_at.value,
        section=meta.section.value,
        site_name=meta.site_name.value,
        language=meta.language.value,
        summary=meta.summary.value,
        image=meta.image.value,
        images=reading.images.value or (),
        related=reading.related,
        canonical_url=meta.canonical_url.value,
        amp_url=safe_url(reading.heard.amp, reading.base) if reading.heard.amp else None,
        html=body.html,
        markdown=body.markdown,
        text=body.text,
        agencies=agencies_of(byline, body.text),
        kind=verdict.kind,
        reason=verdict.reason,
        confidence=confidence_of(signs_of(reading, body.text)) if body.text else None,
        is_gone=verdict.is_gone,
    )
    return with_ahead(extraction, reading.ahead), meta


def _view(reading: PageReading, body: Body) -> PageView:
    images = reading.images.value or ()
    return PageView(
        title=reading.meta.title.value or "",
        own_title=reading.heard.title_tag or "",
        path=urlsplit(reading.source.url).path,
        og_type=reading.heard.first("og:type") or "",
        linked=reading.heard.linked,
        weight=weight(body.text),
        lines=reading.lines,
        kept=[line for line in reading.inside if line.dropped is None],
        images=len(images),
        captions=sum(image.caption is not None for image in images),
        script_chars=reading.script_chars,
    )


def _clean(reading: PageReading) -> Body:
    """Take the dropped lines out of the tree and clean what stays."""
    if reading.top is None:
        return EMPTY
    for line in reading.inside:
        if line.dropped is not None:
            erase(line)
        elif (link := invitation(line, host_of(reading.base))) is not None:
            erase(line, within=link)
    element = reading.top.element
    _drop_silent_blocks(element, reading.inside)
    _hand_down_voice(element, reading.heard.html_lang or "")
    _strip_attributes(element)
    kept = {line.text for line in reading.inside if line.dropped is None}
    _write_captions(element, reading.images.value or (), kept)
    fragment = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return clean_body(fragment, base_url=reading.base)


_VOICE = ("lang", "dir")
_KEPT_ATTRIBUTES = frozenset(("href", "src", "alt", "colspan", "rowspan", "start", "data-href", *_VOICE))
_ADDRESSES, _LINE_ENDS = ("href", "src"), "\n\r\t"
#: What these show cannot be told without the rest of their attributes.
_TELLING_TAGS = frozenset(("blockquote", *PLAYERS))


def _strip_attributes(element: _Element) -> None:
    """Leave out what cleaning would throw away: half of a page's characters.

    Line ends in addresses, which count for nothing, would be written as %0A.
    """
    for inner in element.iter():
        for place in _ADDRESSES:
            address = str(inner.get(place) or "")
            if any(end in address for end in _LINE_ENDS):
                inner.set(place, address.translate(dict.fromkeys(map(ord, _LINE_ENDS))).strip())
        if inner.tag in _TELLING_TAGS:
            continue
        for attribute in [name for name in inner.attrib if name not in _KEPT_ATTRIBUTES]:
            # lxml reads names such as "{}x" but cannot delete them; cleaning leaves them out.
            with suppress(KeyError, ValueError):
                del inner.attrib[attribute]


def _hand_down_voice(top: _Element, page_language: str) -> None:
    """Give language and direction of frames, which cleaning takes away, to what is in them; not the page's language."""
    direction = next((outer.get("dir") for outer in (top, *top.iterancestors()) if outer.get("dir")), None)
    if direction and direction.lower() == "rtl":
        top.set("dir", "rtl")
    for element in top.iter():
        if (element.get("lang") or "").lower() == page_language.lower() and "lang" in element.attrib:
            del element.attrib["lang"]
        for name in _VOICE if element.tag in _FRAMES else ():
            if (said := element.get(name)) is not None:
                for inner in element:
                    inner.set(name, inner.get(name, said))


#: Elements without a meaning of their own.
_FRAMES = frozenset((
    "address", "article", "aside", "body", "center", "details", "div", "footer", "header", "main", "section",
))  # fmt: skip


def _drop_silent_blocks(top: _Element, inside: list[Line]) -> None:
    """Pictures and players of dropped blocks go with them."""
    for line in inside:
        element = line.block.element
        if line.dropped in _PICTURELESS and element is not top:
            for image in list(element.iter("img", *PLAYERS)):
                drop_tree(image)


_PICTURELESS = frozenset((
    "related", "aside", "footer", "comments", "author", "advertisement", "newsletter", "share", "navigation", "consent",
))  # fmt: skip


# --------------------------------------------------------------------------- captions

#: How far up from a picture its figure is looked for.
_FIGURE_MAX = 6


def _write_captions(top: _Element, images: Sequence[Image], kept: Container[str]) -> None:
    """Put what is said of a picture into its figure, once a figure; a picture without one gets it.

    What is `kept`, the lines of the text, is not said again: where captions are the text, they stay it.
    """
    for old in list(top.iter("figcaption")):
        old.tag = "div"
    said = {image.url: words for image in images if image.caption not in kept and (words := _words_below(image))}
    for picture in list(top.iter("img")) if said else ():
        words = said.pop(picture.get("src") or "", "")
        if not words:
            continue
        figure = next((outer for outer in islice(picture.iterancestors(), _FIGURE_MAX) if outer.tag == "figure"), None)
        figure = _framed(picture) if figure is None else figure
        if figure.find("figcaption") is None and not "".join(map(str, figure.itertext())).strip():
            etree.SubElement(figure, "figcaption").text = words


def _words_below(image: Image) -> str:
    credit = f"({image.credit})" if image.credit else ""
    return f"{image.caption or ''} {credit}".strip()


def _framed(picture: _Element) -> _Element:
    """A figure in the picture's place, around it."""
    figure = etree.Element("figure")
    picture.addprevious(figure)
    figure.tail, picture.tail = picture.tail, None
    figure.append(picture)
    return figure
