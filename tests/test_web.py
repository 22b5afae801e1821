"""The reading room's pages over a real archive."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import httpx
import lxml.html
import pytest
from fakes import NOON, FixedClock
from shelf import FEED, Filed, fill
from starlette.applications import Starlette

from scraper.errors import StoreBusy
from scraper.model import Enclosure, Extraction, FeedSpec, Image, Link, Outage, ParsedEntry
from scraper.ports import Archive
from store import Store, open_store
from wireroom.web import create_app
from wireroom.web.pages import MAX_QUERY_CHARS, PAGE_SIZE

XSS = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'{{7*7}}"

STORY = Extraction(
    title="Lamp on Gull Rock",
    byline=("Maud Ellery", "Тимур Ледов"),
    published_at=datetime(2026, 1, 14, 9, 5, tzinfo=UTC),
    updated_at=datetime(2026, 1, 15, 9, 5, tzinfo=UTC),
    section="Coast",
    site_name="The Paper",
    language="en",
    image=Image(url="https://img.example/lead.jpg", alt="A lamp", caption="The lamp", credit="Вальдемар"),
    html=(
        '<p>First paragraph about the lamp.</p><figure><img src="https://img.example/lead.jpg" alt="A lamp"></figure>'
        '<h2>A heading</h2><p>Second <a href="https://away.example/x">paragraph</a>.</p>'
        '<p><img src="https://img.example/2.png" alt="Harbour"></p>'
    ),
    text="First paragraph about the lamp.\n\nA heading\n\nSecond paragraph.",
    related=(Link(url="https://paper.example/other", title="Another story"),),
)
HOSTILE = Extraction(
    title=XSS,
    byline=(XSS,),
    site_name=XSS,
    section=XSS,
    language='en" onmouseover="alert(1)',
    summary=XSS,
    image=Image(url="javascript:alert(1)", alt=XSS, caption=XSS, credit=XSS),
    html=(
        "<p onclick=alert(1)>Hostile <b>text</b></p><script>alert(1)</script><svg><a xlink:href='javascript:alert(1)'>x</a>"
        '</svg><a href="javascript:alert(1)">run</a><a href=" JaVaScRiPt:alert(1)">run</a><iframe src="https://e.example">'
        '</iframe><img src="data:image/svg+xml,<svg onload=alert(1)>" alt="' + "&quot;&gt;&lt;script&gt;" + '">'
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript><style>*{}</style><form action=x><input>"
        "</form><base href='https://e.example/'><meta http-equiv=refresh content='0;url=https://e.example'>"
    ),
    text=f"hostile {XSS} text",
    related=(Link(url="javascript:alert(1)", title=XSS), Link(url="https://e.example/" + XSS, title=XSS)),
    agencies=(XSS,),
)
HOSTILE_ENTRY = ParsedEntry(
    categories=(XSS,),
    comments_url="javascript:alert(1)",
    enclosures=(
        Enclosure(url="data:text/html,<script>alert(1)</script>", type=XSS),
        Enclosure(url="https://e.example/" + XSS),
    ),
)
ARABIC = Extraction(title="ساعة الماء", language="ar", html="<p>عادت الساعة</p>", text="عادت الساعة")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "wireroom.db", clock=FixedClock()) as archive:
        yield archive


@pytest.fixture
def shelf(store: Store) -> Store:
    fill(
        store,
        [
            Filed(url="https://paper.example/lamp", extraction=STORY),
            Filed(url="https://paper.example/hostile", extraction=HOSTILE, entry=HOSTILE_ENTRY),
            Filed(url="https://paper.example/arabic", extraction=ARABIC),
            Filed(
                url="https://paper.example/wall",
                extraction=Extraction(title="Behind a wall", text="Short."),
                status="feed_only",
                reason="the page asks for a subscription",
            ),
        ],
        feeds=(FEED, FeedSpec(url="https://other.example/rss", name=XSS, tags=(XSS,))),
    )
    return store


class Client:
    """Asks the application directly. (Starlette's own test client wants another HTTP library from 1.1 on.)"""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8460") as client:
                return await client.request(method, path, **options)

        return asyncio.run(ask())


def client(archive: Archive, **options: Any) -> Client:
    return Client(create_app(archive, now=lambda: NOON, **options))


def tree_of(response: httpx.Response) -> Any:
    return lxml.html.document_fromstring(response.content)


def page(archive: Archive, path: str, *, status: int = 200) -> Any:
    response = client(archive).get(path)
    assert response.status_code == status, response.text
    return tree_of(response)


def texts(tree: Any, css_class: str) -> list[str]:
    found = tree.xpath(f"//*[contains(concat(' ', @class, ' '), ' {css_class} ')]")
    return [" ".join(element.text_content().split()) for element in found]


# ---- lists


def test_the_list_is_newest_filed_first_and_links_each_article(shelf: Store) -> None:
    tree = page(shelf, "/")
    assert tree.xpath("//h3/a/@href") == ["/articles/4", "/articles/3", "/articles/2", "/articles/1"]
    assert texts(tree, "item-title")[3] == "Lamp on Gull Rock"
    assert texts(tree, "item-meta")[3] == "The Paper yesterday 09:05"
    assert texts(tree, "item-meta")[0].endswith("summary only")
    assert texts(tree, "day-name") == ["Filed Today"]


def test_lists_page_by_keyset(store: Store) -> None:
    count = PAGE_SIZE * 2 + 5
    fill(
        store,
        [
            Filed(url=f"https://paper.example/{n}", extraction=Extraction(title=f"Story {n}", text="tide"))
            for n in range(count)
        ],
    )
    for path in ("/", "/search?q=tide"):
        seen: list[str] = []
        following: list[str] = [path]
        while following:
            tree = page(store, following[0])
            seen += tree.xpath("//li//*[self::h2 or self::h3]/a/@href")
            following = tree.xpath("//a[@rel='next']/@href")
        assert seen == [f"/articles/{number}" for number in range(count, 0, -1)]
        assert tree.xpath("//a[@rel='first']/@href") == [path]
    assert "There is nothing older" in page(store, "/?before=1").text_content()


def test_filters_by_feed_tag_unread_and_starred(shelf: Store) -> None:
    shelf.set_read([1, 2, 3], True, now=NOON)
    shelf.set_starred([2], True, now=NOON)

    def ids(path: str) -> list[str]:
        return [str(href).rpartition("/")[2] for href in page(shelf, path).xpath("//h3/a/@href")]

    assert ids("/?show=unread") == ["4"]
    assert ids("/?show=starred") == ["2"]
    assert ids("/?tag=news&show=unread") == ["4"]
    assert ids("/?feed=https%3A%2F%2Fpaper.example%2Ffeed") == ["4", "3", "2", "1"]
    assert ids("/?feed=The+Paper&show=starred") == ["2"]
    assert ids("/?tag=nothing") == []
    heading = page(shelf, "/?feed=The+Paper").findtext(".//h1")
    assert heading is not None
    assert page(shelf, "/?feed=nowhere", status=404).findtext(".//h1") == "Not here"
    assert texts(page(shelf, "/"), "is-read")


def test_an_empty_archive_says_what_is_going_on(store: Store) -> None:
    assert "No feed is being polled" in page(store, "/").text_content()
    store.sync_feeds((FEED,), now=NOON)
    tree = page(store, "/")
    assert "first articles arrive within a minute" in tree.text_content()
    facts = texts(tree, "facts")[0]
    assert "1 active" in facts
    assert "Last pollnone yet" in facts
    assert tree.xpath("//meta[@http-equiv='refresh']")
    assert "Everything is read" in page(store, "/?show=unread").text_content()


# ---- one article


def test_an_article_shows_all_that_is_on_file(shelf: Store) -> None:
    tree = page(shelf, "/articles/1")
    assert tree.findtext(".//h1") == "Lamp on Gull Rock"
    assert tree.findtext(".//title") == "Lamp on Gull Rock · Wireroom"
    assert texts(tree, "byline") == ["By Maud Ellery, Тимур Ледов"]
    assert texts(tree, "kicker") == ["The Paper Coast"]
    dates = texts(tree, "dates")[0]
    assert "Wednesday, 14 January 2026, 09:05" in dates
    assert "updated 09:05" in dates
    assert texts(tree, "lead") == ["Picture: A lamp The lamp Credit: Вальдемар"]
    body = tree.xpath("//div[@class='story-body']")[0]
    assert (body.get("lang"), body.get("dir")) == ("en", "ltr")
    assert [p.text_content() for p in body.iterdescendants("p", "h2")] == [
        "First paragraph about the lamp.", "A heading", "Second paragraph.", "Picture: Harbour",
    ]  # fmt: skip
    foot = tree.xpath("//footer[@class='story-foot']")[0].text_content()
    assert "Another story" in foot
    assert "Pictures are not loaded" in foot
    assert "https://paper.example/lamp" in tree.xpath("//a[@class='button']/@href")


def test_nothing_is_loaded_from_elsewhere_and_links_out_give_nothing_away(shelf: Store) -> None:
    tree = page(shelf, "/articles/1")
    assert tree.xpath("//img | //script | //iframe | //object | //embed | //video | //audio") == []
    out = [link for link in tree.xpath("//a[@href]") if link.get("href").startswith("http")]
    assert {link.get("href") for link in out} >= {"https://away.example/x", "https://img.example/2.png"}
    assert all(link.get("rel") == "noopener noreferrer" and link.get("target") is None for link in out)
    assert all(link.get("href", "").startswith("/static/") for link in tree.xpath("//link"))


def test_articles_that_are_not_full_say_why(shelf: Store) -> None:
    notice = texts(page(shelf, "/articles/4"), "notice")[0]
    assert notice.startswith("This is what the feed says")
    assert "the page asks for a subscription" in notice


def test_right_to_left_text_runs_right_to_left(shelf: Store) -> None:
    tree = page(shelf, "/articles/3")
    assert tree.xpath("//article/@dir") == ["rtl"]
    assert tree.xpath("//h1/@lang") == ["ar"]
    assert page(shelf, "/").xpath("//li[.//a[@href='/articles/3']]/@dir") == ["rtl"]


# ---- search and feeds


def test_an_outage_is_told_on_the_lists_of_articles_and_feeds(shelf: Store) -> None:
    for path in ("/", "/feeds"):
        assert page(shelf, path).xpath("//p[@role='status']") == []
    shelf.set_outage(Outage(since=datetime(2026, 1, 2, 14, 2, tzinfo=UTC), is_retried=True))
    for path in ("/", "/feeds"):
        (said,) = page(shelf, path).xpath("//p[@role='status']/text()")
        assert re.fullmatch(r"No network since 2026-01-02 \d\d:\d\d; trying again every few minutes\.", said)
    shelf.set_outage(None)
    assert page(shelf, "/").xpath("//p[@role='status']") == []


def test_search_marks_what_was_found(shelf: Store) -> None:
    tree = page(shelf, "/search?q=lamp")
    assert tree.xpath("//h2/a/@href") == ["/articles/1"]
    assert tree.xpath("//mark/text()") == ["lamp"]
    assert tree.xpath("//input[@name='q']/@value") == ["lamp"]
    assert "No article matches this search" in page(shelf, "/search?q=nowhere").text_content()
    assert "must stand side by side" in page(shelf, "/search").text_content()


def test_search_by_relevance(shelf: Store) -> None:
    assert page(shelf, "/search?q=lamp").xpath("//a[text()='most relevant first']/@href") == [
        "/search?q=lamp&by=relevance"
    ]
    tree = page(shelf, "/search?q=lamp&by=relevance")
    assert tree.xpath("//h2/a/@href") == ["/articles/1"]
    assert tree.xpath("//a[text()='Newest first']/@href") == ["/search?q=lamp"]


def test_saved_searches_are_listed_and_run_by_name(shelf: Store) -> None:
    assert "Saved:" not in page(shelf, "/search").text_content()
    shelf.save_search("<lights>", "lamp -hostile", now=NOON)
    links = page(shelf, "/search").xpath("//a[bdi='<lights>']/@href")
    assert links == ["/search?q=lamp+-hostile"]
    for path in (*links, "/search?q=%40%3Clights%3E"):
        assert page(shelf, path).xpath("//h2/a/@href") == ["/articles/1"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("@unknown", 'No search is saved as "unknown"'),
        ("lamp <b>:x tag:<i>", 'Nothing has the tag "<i>"'),
        ("after:2026-13-40", '"2026-13-40" is not a date'),
        ("foo:bar", 'There is no field "foo"'),
    ],
)
def test_what_a_search_names_that_there_is_not_is_said(shelf: Store, query: str, said: str) -> None:
    response = client(shelf).get("/search", params={"q": query})
    (alert,) = tree_of(response).xpath("//p[@role='alert']")
    assert (response.status_code, alert.text_content().startswith(said)) == (400, True)
    assert tree_of(response).xpath("//input[@name='q']/@value") == [query]


def test_search_shows_markup_as_text(shelf: Store) -> None:
    tree = page(shelf, "/search?q=hostile")
    assert tree.xpath("//li//script | //li//img") == []
    assert "<script>alert(1)</script>" in texts(tree, "item-text")[0]


@pytest.mark.parametrize(
    "query",
    ['"', "' OR 1=1 --", "NEAR(", "*", "a AND", "title:x", "(", "\x00", "ẞ" * 5000, "%s%n", "-", '"-"', "\u202e"],
)
def test_any_query_is_answered(shelf: Store, query: str) -> None:
    response = client(shelf).get("/search", params={"q": query})
    assert response.status_code == 200
    tree = tree_of(response)
    assert len(tree.xpath("string(//input[@name='q']/@value)")) <= MAX_QUERY_CHARS


def test_feeds_show_their_health(shelf: Store) -> None:
    tree = page(shelf, "/feeds")
    assert texts(tree, "feed-name")[1] == "The Paper"
    assert texts(tree, "feed-counts")[1] == "4 articles, 4 unread · paper.example"
    assert texts(tree, "feed-health")[1] == "polled now, next in 1 hour (auto)"
    assert texts(tree, "feed-health")[0] == "not polled yet, next now (new feed)"
    target = tree.xpath("//h2/a[contains(., 'The Paper')]/@href")[0]
    assert len(page(shelf, target).xpath("//h3")) == 4
    shelf.sync_feeds((), now=NOON + timedelta(hours=1))
    assert texts(page(shelf, "/feeds"), "feed-health") == ["no longer in feeds.yaml; its articles stay"] * 2


# ---- hostile content and requests


@pytest.mark.parametrize(
    "path", ["/", "/articles/2", "/feeds", "/search?q=hostile", "/?tag=%22%3E%3Cscript%3E", "/?feed=1"]
)
def test_markup_in_any_field_is_inert(shelf: Store, path: str) -> None:
    response = client(shelf).get(path)
    assert response.status_code == 200
    assert "&lt;script&gt;" in response.text
    tree = tree_of(response)
    assert tree.xpath("//script | //img | //svg | //iframe | //style | //noscript | //base | //meta[@http-equiv]") == []
    assert len(tree.xpath("//form")) == 1
    for element in tree.iter():
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on"), (element.tag, name)
            assert not value.strip().lower().startswith(("javascript:", "data:", "vbscript:")), (element.tag, value)


def test_every_answer_carries_the_security_headers(shelf: Store) -> None:
    room = client(shelf)
    for path in ("/", "/articles/1", "/articles/999", "/nowhere", "/static/style.css", "/healthz", "/favicon.ico"):
        headers = room.get(path).headers
        assert headers["content-security-policy"] == (
            "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        )
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"]
    assert room.get("/", headers={"Host": "evil.example"}).headers["content-security-policy"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8460", 200),
        ("127.0.0.1:1", 200),
        ("[::1]:8460", 200),
        ("localhost.", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("localhost@evil.example", 400),
        ("evil.example:localhost", 400),
        ("[::1", 400),
        ("", 400),
    ],
)
def test_only_known_hosts_are_answered(shelf: Store, host: str, status: int) -> None:
    response = client(shelf).get("/", headers={"Host": host})
    assert response.status_code == status
    assert ("Lamp on Gull Rock" in response.text) == (status == 200)


def test_other_hosts_may_be_allowed(shelf: Store) -> None:
    room = client(shelf, allowed_hosts=("news.home.arpa",))
    assert room.get("/", headers={"Host": "news.home.arpa:8460"}).status_code == 200
    assert room.get("/", headers={"Host": "localhost"}).status_code == 400


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/articles/999", 404, "Not here"),
        ("/articles/99999999999999999999999999", 404, "Not here"),
        ("/articles/" + "9" * 5000, 404, "Not here"),
        ("/articles/9223372036854775807", 404, "Not here"),
        ("/articles/one", 400, "This address is not understood"),
        ("/articles/-1", 400, "This address is not understood"),
        ("/articles/²", 400, "This address is not understood"),
        ("/?before=x", 400, "This address is not understood"),
        ("/search?q=a&before=99999999999999999999", 404, "Not here"),
        ("/nowhere", 404, "Not here"),
        ("/static/../app.py", 404, "Not here"),
    ],
)
def test_wrong_addresses_get_a_page_that_says_so(shelf: Store, path: str, status: int, heading: str) -> None:
    assert page(shelf, path, status=status).findtext(".//h1") == heading


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_the_room_is_read_only(shelf: Store, method: str) -> None:
    response = client(shelf).request(method, "/articles/1")
    assert response.status_code == 405
    assert "Read only" in response.text


class _Failing:
    """An archive whose file is in trouble."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def find_articles(self, wanted: object) -> tuple[()]:
        raise self._error


def test_a_fault_of_ours_gets_a_page_without_its_details() -> None:
    response = client(cast(Archive, _Failing(KeyError("secret")))).get("/")
    assert response.status_code == 500
    assert "Something broke" in response.text
    assert "secret" not in response.text
    assert response.headers["content-security-policy"]


def test_an_archive_in_trouble_says_so(tmp_path: Path) -> None:
    error = StoreBusy("wireroom.db is held by another process.", path=tmp_path)
    response = client(cast(Archive, _Failing(error))).get("/")
    assert response.status_code == 503
    assert "wireroom.db is held by another process." in response.text


# ---- the rest


def test_pages_have_landmarks_labels_and_one_heading(shelf: Store) -> None:
    for path in ("/", "/articles/1", "/search?q=lamp", "/feeds", "/nowhere"):
        tree = tree_of(client(shelf).get(path))
        assert len(tree.xpath("//main[@id='main']")) == 1
        assert len(tree.xpath("//h1")) == 1
        assert tree.xpath("//body/*[1]/@href") == ["#main"]
        assert tree.xpath("//html/@lang") == ["en"]
        assert all(tree.xpath(f"//label[@for='{name}']") for name in tree.xpath("//input/@id"))
        assert all(nav.get("aria-label") for nav in tree.xpath("//nav"))
        levels = [int(heading.tag[1]) for heading in tree.iter("h1", "h2", "h3", "h4")]
        assert all(after - before <= 1 for before, after in pairwise(levels)), (path, levels)


def test_assets_and_health(shelf: Store) -> None:
    room = client(shelf)
    assert room.get("/healthz").json() == {"status": "ok"}
    assert room.get("/favicon.ico").content[:4] == b"\0\0\1\0"
    assert room.get("/static/icon.svg").headers["content-type"] == "image/svg+xml"
    style = room.get("/static/style.css")
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    for wanted in ("prefers-color-scheme: dark", "@media print", "38rem"):
        assert wanted in style.text
    assert "http" not in style.text
    assert "/static/style.css?v=" in room.get("/").text


def test_the_title_can_be_changed(shelf: Store) -> None:
    assert "<title>Articles · My &lt;papers&gt;</title>" in client(shelf, title="My <papers>").get("/").text
