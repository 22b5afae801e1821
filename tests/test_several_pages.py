"""Articles of several pages, from a web server on loopback into a real archive: one polite fetch each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from fakes import NOON
from origin import Answer, Request
from test_pipeline import Newsroom, item, newsroom, page, rss  # noqa: F401  # the fixture

from scraper.model import ArticleFilter, ArticleOutcome, SiteRule

WORDS = "saw the ferry leave the harbour for the islands after nine weeks of repairs, the company said on Monday"
SECOND = timedelta(seconds=1)


def part(number: int, *, of: int, links: str | None = None) -> Answer:
    """Return page `number` of a story: two paragraphs of its own, a lead that all pages share, and a pager."""
    pager = "".join(f'<a href="/story/{n}">{n}</a> ' for n in range(1, of + 1)) if links is None else links
    answer = page(
        "The ferry",
        f"Lead: everybody {WORDS}.",
        f"Passenger {number} {WORDS}. It was cold that day.",
        f"Sailor {number} {WORDS}. It was warm by then.",
    )
    return Answer(answer.body.replace(b"</article>", f'<div class="pages">{pager}</div></article>'.encode()))


class Story:
    """One story on an origin, and when each of its addresses was asked for."""

    def __init__(self, room: Newsroom, pages: Sequence[Answer]) -> None:
        self.newsroom = room
        self.asked: list[tuple[str, timedelta]] = []
        for number, answer in enumerate(pages, 1):
            self.serve("/story" if number == 1 else f"/story/{number}", answer)
        room.origin.routes["/feed"] = rss(item(1, room.origin.url("/story")))
        room.subscribe(interval=timedelta(days=2))

    def serve(self, path: str, answer: Answer) -> None:
        def route(request: Request) -> Answer:
            self.asked.append((request.path, self.newsroom.clock.now() - NOON))
            return answer

        self.newsroom.origin.routes[path] = route

    def work(self) -> list[ArticleOutcome]:
        return [outcome for outcome in self.newsroom.work() if isinstance(outcome, ArticleOutcome)]

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    @property
    def gaps(self) -> list[timedelta]:
        times = [at for _, at in self.asked]
        return [later - earlier for earlier, later in pairwise(times)]

    def article(self):
        (found,) = self.newsroom.store.records(ArticleFilter())
        return found

    def passengers(self) -> list[int]:
        words = self.article().text.split()
        return [int(words[at + 1]) for at, word in enumerate(words) if word == "Passenger"]

    def trail(self) -> list[tuple[str, str]]:
        return [(step.rule, step.detail) for step in self.newsroom.store.trail(str(self.article().id))]


def parts(count: int) -> list[Answer]:
    return [part(n, of=count) for n in range(1, count + 1)]


def test_three_pages_are_three_polite_fetches_and_one_article(newsroom: Newsroom) -> None:  # noqa: F811
    story = Story(newsroom, parts(3))
    outcomes = story.work()
    assert story.paths == ["/story", "/story/2", "/story/3"]
    assert story.gaps == [SECOND, SECOND]
    assert [(o.status, o.goes_on, o.pages_fetched) for o in outcomes] == [
        ("pending", True, 1),
        ("pending", True, 1),
        ("full", False, 1),
    ]
    article = story.article()
    assert (article.status, article.revision, article.title) == ("full", 1, "The ferry")
    assert story.passengers() == [1, 2, 3]
    for form in (article.text, article.markdown, article.html):
        assert (form.count("Lead:"), form.count("Sailor")) == (1, 3)
    assert ("page-read", "full: 3 pages joined") in story.trail()
    assert story.work() == [], "nothing is left to do"


def test_every_page_is_kept_as_it_was_received(newsroom: Newsroom) -> None:  # noqa: F811
    pages = parts(3)
    story = Story(newsroom, pages)
    story.work()
    kept = newsroom.store.pages(story.article().id)
    assert [(raw.number, raw.url, raw.body) for raw in kept] == [
        (n, newsroom.origin.url(path), pages[n - 1].body) for n, path in enumerate(story.paths, 1)
    ]


def test_a_longer_gap_that_the_host_asks_for_holds_between_pages_too(newsroom: Newsroom) -> None:  # noqa: F811
    newsroom.origin.routes["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 30\n")
    story = Story(newsroom, parts(3))
    story.work()
    assert (story.passengers(), story.gaps) == ([1, 2, 3], [30 * SECOND, 30 * SECOND])


def test_the_pages_of_an_article_come_before_other_articles(newsroom: Newsroom) -> None:  # noqa: F811
    story = Story(newsroom, parts(3))
    for name in ("/other", "/another"):
        story.serve(name, page(name, *(f"{name} {n} {WORDS}." for n in range(3))))
    newsroom.origin.routes["/feed"] = rss(
        *(item(n, newsroom.origin.url(path)) for n, path in enumerate(("/other", "/story", "/another"), 1))
    )
    story.work()
    at = story.paths.index("/story")
    assert story.paths[at : at + 3] == ["/story", "/story/2", "/story/3"]
    assert len(story.paths) == 5


def test_ten_pages_are_read_of_twelve(newsroom: Newsroom) -> None:  # noqa: F811
    story = Story(newsroom, parts(12))
    story.work()
    assert (len(story.asked), set(story.gaps)) == (10, {SECOND})
    assert story.passengers() == list(range(1, 11))
    assert ("page-read", "full: 10 pages joined; it goes on, but no more are read") in story.trail()


@pytest.mark.parametrize("answer", [Answer(b"gone", 404), Answer(status=302, headers={"Location": "/elsewhere"})])
def test_a_page_that_is_not_there_leaves_what_was_read(newsroom: Newsroom, answer: Answer) -> None:  # noqa: F811
    story = Story(newsroom, [*parts(3)[:2], answer])
    story.serve("/elsewhere", page("Elsewhere", f"Passenger 9 {WORDS}.", f"Sailor 9 {WORDS}."))
    story.work()
    assert (story.article().status, story.passengers()) == ("full", [1, 2])
    (detail,) = [detail for rule, detail in story.trail() if rule == "pages-missing"]
    assert detail.startswith("full: page 3 is missing: ")
    newsroom.clock.move(timedelta(days=1))
    assert story.work() == []


def test_a_page_that_fails_for_now_is_tried_again_alone(newsroom: Newsroom) -> None:  # noqa: F811
    pages = parts(3)
    story = Story(newsroom, [*pages[:2], Answer(b"broken", 500)])
    outcomes = story.work()
    assert (outcomes[-1].status, outcomes[-1].goes_on) == ("full", False)
    assert story.passengers() == [1, 2], "the reader has what there is"
    story.serve("/story/3", pages[2])
    newsroom.clock.move(timedelta(minutes=10))
    story.work()
    assert story.paths == ["/story", "/story/2", "/story/3", "/story/3"]
    assert (story.passengers(), story.article().revision) == ([1, 2, 3], 2)
    assert [raw.number for raw in newsroom.store.pages(story.article().id)] == [1, 2, 3]


def test_a_page_that_keeps_failing_is_given_up(newsroom: Newsroom) -> None:  # noqa: F811
    story = Story(newsroom, [*parts(3)[:2], Answer(b"broken", 500)])
    for _ in range(9):
        story.work()
        newsroom.clock.move(timedelta(hours=25))
    assert story.paths.count("/story/3") == 5
    assert (story.article().status, story.article().revision, story.passengers()) == ("full", 1, [1, 2])


def test_a_walled_page_leaves_what_was_read(newsroom: Newsroom) -> None:  # noqa: F811
    wall = Answer(
        b"<html><title>The ferry</title><body><noscript>Please enable JavaScript to read on</noscript></body>"
    )
    story = Story(newsroom, [part(1, of=2), wall])
    story.work()
    assert story.passengers() == [1]
    assert [raw.number for raw in newsroom.store.pages(story.article().id)] == [1]
    assert any("page 2 is missing: the page is empty without JavaScript" in detail for _, detail in story.trail())


def test_robots_txt_binds_every_page(newsroom: Newsroom) -> None:  # noqa: F811
    newsroom.origin.routes["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /story/2\n")
    story = Story(newsroom, parts(3))
    story.work()
    assert (story.paths, story.passengers()) == (["/story"], [1])
    assert any("page 2 is missing: the site's robots.txt" in detail for _, detail in story.trail())


def test_pages_in_a_loop_end(newsroom: Newsroom) -> None:  # noqa: F811
    pages = [part(n, of=0, links=f'<a rel="next" href="/story/{n + 1}">Next</a>') for n in (1, 2)]
    story = Story(newsroom, [*pages, Answer(status=302, headers={"Location": "/story"})])
    story.work()
    assert (story.passengers(), story.paths) == ([1, 2], ["/story", "/story/2", "/story/3", "/story"])
    assert len(newsroom.store.pages(story.article().id)) == 2


def test_a_site_that_shows_the_same_page_for_every_number_is_asked_once_more(newsroom: Newsroom) -> None:  # noqa: F811
    story = Story(newsroom, [part(1, of=0, links='<a class="next" href="?page=2">Next</a>')])
    story.work()
    assert (story.paths, story.passengers()) == (["/story", "/story?page=2"], [1])
    assert "joined" not in str(story.trail())


def test_a_refresh_begins_with_the_first_page_and_compares_the_whole(newsroom: Newsroom) -> None:  # noqa: F811
    story = Story(newsroom, parts(3))
    story.work()
    before = story.article()
    for path, answer in (("/story", part(1, of=3)), ("/story/3", part(3, of=3))):
        story.serve(path, answer)
    newsroom.store.request_fetches([before.id], now=newsroom.clock.now())
    story.asked.clear()
    outcomes = story.work()
    assert story.paths == ["/story", "/story/2", "/story/3"], "an unchanged first page says nothing about the others"
    assert [(o.status, o.goes_on) for o in outcomes] == [("full", True), ("full", True), ("full", False)]
    assert (story.article().revision, story.article().text) == (1, before.text)


def test_a_lost_page_does_not_shorten_what_is_on_file(newsroom: Newsroom) -> None:  # noqa: F811
    story = Story(newsroom, parts(3))
    story.work()
    story.serve("/story/2", Answer(b"gone", 404))
    newsroom.store.request_fetches([story.article().id], now=newsroom.clock.now())
    story.work()
    assert (story.passengers(), story.article().revision) == ([1, 2, 3], 1)
    assert len(newsroom.store.pages(story.article().id)) == 3
    assert any(rule == "page-lost" for rule, _ in story.trail())


def test_a_refresh_in_the_middle_begins_anew(newsroom: Newsroom) -> None:  # noqa: F811
    story = Story(newsroom, [part(1, of=2), Answer(b"broken", 500)])
    story.work()
    story.serve("/story/2", part(2, of=2))
    newsroom.store.request_fetches([story.article().id], now=newsroom.clock.now())
    story.work()
    assert story.paths == ["/story", "/story/2", "/story", "/story/2"]
    assert story.passengers() == [1, 2]


def test_the_user_s_rule_names_the_next_page(newsroom: Newsroom) -> None:  # noqa: F811
    newsroom.sites = {"127.0.0.1": SiteRule(next_page="a.on")}
    story = Story(newsroom, [part(1, of=0, links='<a class="on" href="/part-two">On</a>')])
    story.serve("/part-two", part(2, of=0, links='<a class="on" href="/story">Back</a>'))
    story.work()
    assert (story.paths, story.passengers()) == (["/story", "/part-two"], [1, 2])


@pytest.mark.parametrize("single_page", ["{url}?print=1", "a.all"])
def test_the_single_page_is_fetched_in_place_of_the_others(newsroom: Newsroom, single_page: str) -> None:  # noqa: F811
    newsroom.sites = {"127.0.0.1": SiteRule(single_page=single_page)}
    links = '<a href="/story/2">2</a><a class="all" href="/story?print=1">All</a>'
    story = Story(newsroom, [])
    whole = page("Print", *(f"Passenger {n} {WORDS}." for n in range(1, 6)))
    first = part(1, of=0, links=links)

    def serve(request: Request) -> Answer:
        story.asked.append((request.path, newsroom.clock.now() - NOON))
        return whole if "print" in request.path else first

    newsroom.origin.routes["/story"] = serve
    story.work()
    assert (story.paths, story.gaps) == (["/story", "/story?print=1"], [SECOND])
    assert (story.passengers(), story.article().title) == ([1, 2, 3, 4, 5], "The ferry")
    assert [(raw.number, raw.is_whole) for raw in newsroom.store.pages(story.article().id)] == [(1, False), (2, True)]
    assert ("page-read", "full: read from its single page") in story.trail()


def test_without_its_single_page_an_article_is_read_page_by_page(newsroom: Newsroom) -> None:  # noqa: F811
    newsroom.sites = {"127.0.0.1": SiteRule(single_page="{url}/all")}
    story = Story(newsroom, parts(2))
    story.work()
    assert newsroom.origin.paths() == ["/feed", "/robots.txt", "/story", "/story/all", "/story/2"]
    assert story.passengers() == [1, 2]


def test_later_pages_on_another_host_wait_for_that_host_s_gap(newsroom: Newsroom) -> None:  # noqa: F811
    """A first page that redirects: the others are fetched under a claim on the host that has them."""
    origin = newsroom.origin
    story = Story(newsroom, parts(2))
    there = f"http://localhost:{origin.port}"
    newsroom.origin.routes["/go"] = Answer(status=302, headers={"Location": f"{there}/story"})
    origin.routes["/feed"] = rss(item(1, origin.url("/go")))
    story.work()
    assert story.passengers() == [1, 2]
    assert newsroom.store.robots(there) is not None
    newsroom.store.request_fetches([story.article().id], now=newsroom.clock.now())
    (claim,) = newsroom.store.claim_hosts(newsroom.clock.now() + SECOND, 5, SECOND)
    assert claim.host == "127.0.0.1", "the first page is that host's work again"
