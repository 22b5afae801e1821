# ruff: noqa: E501 - tables of words read better unbroken
"""Where an article goes on: its next page, and the page that has all of it.

A next page is the same address with the next number in it. What a link says decides only where the address leaves
doubt: "next" alone, in a link or in its `rel`, is as often the next article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from lxml import etree

from scraper.clean.reader import safe_url
from scraper.extract.body.roles import Role, own_names
from scraper.extract.page.text import fold
from scraper.extract.page.tree import text_of
from scraper.extract.rules import select
from scraper.model import Extraction, SiteRule
from scraper.urls import article_key, same_site

_Element = etree._Element

#: Links of a page that are looked at closely: each costs some 30 us.
_MAX_LINKS = 300
#: How far around a link its surroundings are looked at, in elements.
_MAX_ANCESTORS = 6
_PAGED_KINDS = frozenset(("article", "gallery", "video"))

_WORD = (
    r"(?:page|pag|pg|p|seite|pagina|página|sida|side|sivu|strona|strana|stránka|str|oldal|sayfa|halaman|trang|"
    r"страница|стр|ページ|页|頁)"
)
#: "/2", "/page/2", "/page-2.html", "-2.html", "_2.html", ",seite-2", "/index-2.html" at the end of a path.
_MARK = re.compile(
    rf"(?P<index>/index)?(?P<sep>[/_.,-])(?P<word>{_WORD}[-_=/]?)?(?P<number>\d{{1,3}})(?P<ext>\.[a-z]{{2,5}})?$", re.I
)
_EXTENSION = re.compile(r"\.[a-z]{2,5}$", re.I)
_PARAMETERS = frozenset((
    "page", "p", "pg", "paged", "pageno", "page_no", "pagenum", "page_num", "page_number", "pagenumber", "currentpage", "pn",
    "pagina", "página", "pag", "seite", "sida", "side", "sivu", "strona", "strana", "str", "oldal", "sayfa", "halaman",
    "trang", "страница",
))  # fmt: skip
#: An address with a word for "page" in it; what has none must say by its label that it leads to one.
_MARKED = re.compile(rf"(?<![a-z]){_WORD}[-_=/]?\d|[?&][^=&]{{1,30}}=\d", re.I)
_COMMENT = re.compile(r"comment|reply|disqus|kommentar|comentario", re.I)

_NEXT_LABELS = """
next|next page|go to next page|continue|continued|continue to next page|continue to the next page|read next page|next part
weiter|nächste|nächste seite|naechste seite|zur nächsten seite|auf der nächsten seite|nächster teil|folgende seite|vor
suivant|suivante|page suivante|suite|la suite|lire la suite|suite de l article
siguiente|siguientes|página siguiente|pagina siguiente|siguiente página|próxima página|ir a la página siguiente
próxima|próximo|seguinte|página seguinte|continua|continuar
successiva|successivo|pagina successiva|pagina seguente|prossima|prossima pagina|avanti|segue
volgende|volgende pagina|verder|nästa|nästa sida|næste|næste side|neste|neste side|seuraava|seuraava sivu
następna|następna strona|następny|dalej|další|další strana|další stránka|ďalej|ďalšia|ďalšia strana|následující
következő|következő oldal|tovább|următoarea|pagina următoare|înainte|sljedeća|sljedeća stranica|следећа|naprej|edasi|toliau
далее|дальше|вперёд|вперед|следующая|следующая страница|на следующую страницу|читать дальше|далі|наступна|наступна сторінка|напред|следваща|следваща страница
επόμενη|επόμενη σελίδα|επόμενο|sonraki|sonraki sayfa|ileri
التالي|التالية|الصفحة التالية|הבא|העמוד הבא|לעמוד הבא|بعدی|صفحه بعد|صفحه بعدی|अगला|अगला पृष्ठ|अगला पेज|পরবর্তী|পরবর্তী পৃষ্ঠা
次へ|次|次のページ|次ページ|次のページへ|次ページへ|続きを読む|つづきを読む|下一页|下一頁|下页|下頁|后一页|다음|다음 페이지|다음페이지
trang sau|trang tiếp|trang tiếp theo|tiếp theo|tiếp|selanjutnya|berikutnya|halaman berikutnya|halaman selanjutnya|seterusnya|ถัดไป|หน้าถัดไป
"""
_NEXT = frozenset(fold(label) for line in _NEXT_LABELS.split("\n") for label in line.split("|") if label)
_DIGIT = re.compile("[0-9]")
_FIRST_NUMBER = re.compile(r"\D{0,20}(\d{1,3})(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What a page says of the article's other pages."""

    next_page: str | None = None
    #: The user's rule named it.
    is_ruled: bool = False
    single_page: str | None = None


def look_ahead(root: _Element, *, url: str, base: str, first_url: str, rule: SiteRule) -> Ahead:
    """Find the address of the next page and of the single page; `root` is the page as it was parsed.

    `url` is the page's own address, `first_url` that of the article's first page.
    """
    single = _single_page(root, rule.single_page, url, base)
    if rule.next_page:
        linked = _linked(root, rule.next_page, base)
        is_other = linked is not None and same_site(linked, url) and article_key(linked) != article_key(url)
        return Ahead(next_page=linked if is_other else None, is_ruled=True, single_page=single)
    return Ahead(next_page=_next_page(root, url, base, first_url), single_page=single)


def with_ahead(extraction: Extraction, ahead: Ahead) -> Extraction:
    """Return the extraction with the addresses of the other pages, where its kind has any."""
    goes_on = ahead.is_ruled or extraction.kind in _PAGED_KINDS
    return replace(extraction, next_page=ahead.next_page if goes_on else None, single_page=ahead.single_page)


def is_page_of(first_url: str, url: str) -> bool:
    """Say whether an address is that of a page of the article that begins at `first_url`."""
    return _place(article_key(first_url), article_key(url)) is not None


# --------------------------------------------------------------------------- the user's rule


def _single_page(root: _Element, wanted: str | None, url: str, base: str) -> str | None:
    if wanted is None:
        return None
    if "{" in wanted:
        if "?" in url:
            wanted = wanted.replace("{url}?", "{url}&")
        found = safe_url(wanted.replace("{url}", url).replace("{path}", urlsplit(url).path), url)
    else:
        found = _linked(root, wanted, base)
        found = found if found and same_site(found, url) else None
    return None if found is None or article_key(found) == article_key(url) else found


def _linked(root: _Element, selector: str, base: str) -> str | None:
    """Return the address of the first link that a selector matches: the element itself, or one in it."""
    for element in select(root, selector)[:20]:
        for link in element.iter("a", "link"):
            if address := safe_url((link.get("href") or "").partition("#")[0], base):
                return address
    return None


# --------------------------------------------------------------------------- links


def _next_page(root: _Element, url: str, base: str, first_url: str) -> str | None:
    first = article_key(first_url)
    here = _place(first, article_key(url))
    if here is None:
        return None
    found = None
    for link in _links(root, first):
        if not (_MARKED.search(link.get("href") or "") or _may_say_next(link)):
            continue
        address = safe_url(link.get("href"), base)
        place = _place(first, article_key(address)) if address else None
        if address is None or place is None or place.number - here.number not in (0, 1) or _is_elsewhere(link):
            continue
        if here.is_first and place.is_one_in_query and _says_next(link, 2):
            return _beside(url, address)  # they are counted from zero
        is_next = place.number > here.number and (place.is_marked or _says_next(link, place.number, place.number + 1))
        if is_next and found is None:
            found = _beside(url, address)
    return found


def _links(root: _Element, first: str) -> Iterator[_Element]:
    """Yield the links that may lead to a page of the article: a number, and the end of its path unless it is short."""
    tail = urlsplit(first).path.rstrip("/").rpartition("/")[2]
    tail = re.split(r"[-_.,]?\d{0,3}\.[a-z]{2,5}$", tail)[0]
    # "/story/1" goes on at "/story/2"; "/2026/05/12" is nobody's first page, and goes on behind its own number.
    if tail == "index" or "%" in tail or tail.lstrip("0") in ("", "1"):
        tail = ""
    seen = 0
    for link in root.iter("link", "a"):
        href = link.get("href") or ""
        if not _DIGIT.search(href) or not (tail in href or (len(href) < 20 and href[0] not in "/h")):
            continue
        if link.tag == "link" and "next" not in (link.get("rel") or "").lower():
            continue
        seen += 1
        if seen > _MAX_LINKS:
            return
        yield link


def _says_next(link: _Element, *numbers: int) -> bool:
    """Say whether a link calls itself the next page, or by one of these numbers."""
    said = _said_by(link)
    return said == _NEXT_PAGE or said in numbers


def _may_say_next(link: _Element) -> bool:
    """Say whether a link calls itself the next page, or by any number."""
    return _said_by(link) is not None


#: The "number" of a page that is called the next one.
_NEXT_PAGE = -1


def _said_by(link: _Element) -> int | None:
    """Return the number of the page that a link calls itself by; `_NEXT_PAGE` for "next", None for neither."""
    if "next" in (link.get("rel") or "").lower().split():
        return _NEXT_PAGE
    labels = (text_of(link, 80), link.get("aria-label"), link.get("title"))
    label = next((folded for text in labels if text and (folded := fold(text))), "")
    if not label:
        return _NEXT_PAGE if "next" in f"{link.get('class')} {link.get('id')}".lower() else None
    if label in _NEXT:
        return _NEXT_PAGE
    named = _FIRST_NUMBER.match(label)
    return int(named[1]) if named else None


def _is_elsewhere(link: _Element) -> bool:
    """Say whether a link pages through something else: readers' comments, a list beside the article, a calendar."""
    if _COMMENT.search(urlsplit(link.get("href") or "").fragment):
        return True
    for element in islice(chain((link,), link.iterancestors()), _MAX_ANCESTORS + 1):
        if element.tag in ("body", "main", "article"):
            return False
        if own_names(element)[0] in (Role.COMMENTS, Role.RELATED, Role.ASIDE):
            return True
        names = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
        if "comment" in names or "calendar" in names:
            return True
    return False


def _beside(url: str, address: str) -> str:
    """Return an address in the scheme and on the host of the page that links to it, without a fragment."""
    here, there = urlsplit(url), urlsplit(address)
    return urlunsplit((here.scheme, here.netloc, there.path, there.query, ""))


# --------------------------------------------------------------------------- addresses


@dataclass(frozen=True, slots=True)
class _Place:
    """Which page of an article an address is."""

    number: int
    #: The address has the word for it: "page=2", "/page/2", "seite-2".
    is_marked: bool = True
    is_first: bool = False
    #: Its query has a page number that the first page's has not, and that is 1.
    is_one_in_query: bool = False


def _place(first: str, other: str) -> _Place | None:
    """Compare two canonical addresses (`article_key`); None if the other is no page of the same article."""
    if first == other:
        return _Place(1, is_first=True)
    a, b = urlsplit(first), urlsplit(other)
    if a.netloc != b.netloc:
        return None
    path, other_path = (unquote(part.path).rstrip("/") for part in (a, b))
    if path == other_path:
        return _place_in_query(a.query, b.query)
    return _place_in_path(path, other_path) if a.query == b.query and path else None


def _place_in_query(first: str, other: str) -> _Place | None:
    before, after = (parse_qsl(query, keep_blank_values=True)[:30] for query in (first, other))
    new = [pair for pair in after if pair not in before]
    gone = [pair for pair in before if pair not in after]
    if not new and not gone:
        return _Place(1, is_first=True)
    if len(new) != 1 or len(gone) > 1 or not re.fullmatch(r"[0-9]{1,3}", new[0][1]):
        return None
    name, number = new[0]
    if gone and (gone[0][0] != name or gone[0][1] not in ("", "0", "1")):
        return None
    if name.lower() not in _PARAMETERS:
        return None
    return _Place(int(number), is_one_in_query=int(number) == 1)


def _place_in_path(first: str, other: str) -> _Place | None:
    mark = _MARK.search(other)
    if mark is None:
        return None
    stem, ext = other[: mark.start()], mark["ext"] or ""
    place = _Place(int(mark["number"]), is_marked=bool(mark["word"]))
    own_ext = _EXTENSION.search(first)
    own_stem = first[: own_ext.start()] if own_ext else first
    index = mark["index"] or ""
    is_below = stem == first and bool(mark["sep"] == "/" or index or (place.is_marked and not ext))
    is_beside = own_ext is not None and stem + index == own_stem and ext == own_ext[0]
    if is_below or is_beside:
        return place
    own_mark = _MARK.search(first)
    if own_mark is None or not stem or int(own_mark["number"]) > 1:
        return None
    is_numbered = first[: own_mark.start("number")] == other[: mark.start("number")] and own_mark["ext"] == mark["ext"]
    return place if is_numbered else None
