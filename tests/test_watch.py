"""Articles that are looked at again, from a web server on loopback into a real archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from origin import Answer, Request
from test_pipeline import Newsroom, item, newsroom, rss  # noqa: F401  # the fixture
from test_several_pages import Story, parts

from scraper.articles.recheck import LONGEST_AGE
from scraper.model import ArticleFilter, ArticleOutcome

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

BODY = "".join(
    f"<p>On day {n} the dredger worked at pier {n + 3} until dusk, and the harbour master wrote in his log that the "
    f"water there stood at {n * 3} metres.</p>"
    for n in range(1, 12)
)
TEASERS = ("Council votes on the new lighthouse", "How one village sold its bell", "Storm closes the coast road")
HEADLINE = "Dredger works through the winter"


def sample(
    *,
    headline: str = HEADLINE,
    body: str = BODY,
    teasers: tuple[str, ...] = TEASERS,
    between: str = "Ferry fares to rise in spring",
    counter: str = "12 comments",
    clock: str = "Monday, 12:04",
    prompt: str = "Subscribe to our evening newsletter",
    head: str = "",
    byline: str = "Ann Lee",
) -> Answer:
    """Return a news page with everything around the article that changes from one visit to the next."""
    first, second = body[: len(body) // 2].rpartition("</p>")[0] + "</p>", ""
    second = body[len(first) :]
    related = "".join(
        f'<div class="module"><h3><a href="/r{n}/">{title}</a></h3><span class="who"><a href="/author/{n}">'
        f"Staff {n}</a></span></div>"
        for n, title in enumerate(teasers)
    )
    return Answer(
        f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{headline} - Harbour Post</title>
<meta property="og:site_name" content="Harbour Post"><meta property="article:section" content="Coast">
<meta property="article:published_time" content="2026-01-15T09:30:00+00:00">{head}
<script>window.build = "{clock}{counter}"</script></head>
<body><header><a href="/">Harbour Post</a> <span class="now">{clock}</span>
<nav><ul><li><a href="/coast/">Coast</a></li><li><a href="/sport/">Sport</a></li></ul></nav></header>
<article><h1>{headline}</h1><p class="byline">By {byline}</p>
<div class="share"><a href="https://social.example/?u=x">Share</a> <span>{counter}</span></div>
<div class="story">{first}<h4><a href="/between/">{between}</a></h4>{second}</div>
<footer><h4>Related articles</h4>{related}</footer></article>
<aside><h3>Most read</h3><ol>{"".join(f'<li><a href="/m{n}">{title}</a></li>' for n, title in enumerate(teasers))}</ol>
<p>{counter}</p></aside>
<section class="newsletter"><form><label>{prompt}</label><input name="email"><button>Subscribe</button></form></section>
<footer><p>Page made {clock}. Copyright 2026 Harbour Post.</p></footer></body></html>""".encode()
    )


OTHER_TEASERS = ("Mayor opens the fish market", "Why the tide tables were wrong", "Two boats, one berth", "Rain again")


class Desk:
    """One story on an origin, followed through time."""

    def __init__(self, room: Newsroom, **feed: Any) -> None:
        self.room = room
        self.path = "/coast/2026/dredger"
        self.visits: list[Request] = []
        self.answer: Answer | Callable[[Request], Answer] = sample()
        room.origin.routes[self.path] = self._visit
        room.origin.routes["/feed"] = rss(item(1, room.origin.url(self.path)))
        room.subscribe(**{"interval": timedelta(days=300), "recheck": True, **feed})
        room.work()

    def _visit(self, request: Request) -> Answer:
        self.visits.append(request)
        return self.answer(request) if callable(self.answer) else self.answer

    def look(self, answer: Answer | Callable[[Request], Answer] | None = None, *, after: timedelta = HOUR) -> list:
        """Let time pass, serve `answer` from now on, and do what is due."""
        if answer is not None:
            self.answer = answer
        self.room.clock.move(after)
        return [outcome for outcome in self.room.work() if isinstance(outcome, ArticleOutcome)]

    @property
    def article(self):
        (found,) = self.room.store.records(ArticleFilter())
        return found

    @property
    def id(self) -> int:
        return self.article.id

    def versions(self) -> list[tuple[str, ...] | None]:
        return [revision.changed for revision in self.room.store.revisions(self.id)]

    def trail(self) -> list[tuple[str, str]]:
        return [(step.rule, step.detail) for step in self.room.store.trail(str(self.id))]

    def rows(self, sql: str) -> list[tuple]:
        with sqlite3.connect(self.room.store.path) as db:
            return db.execute(sql).fetchall()


@pytest.fixture
def desk(newsroom: Newsroom) -> Desk:  # noqa: F811
    return Desk(newsroom)


# --------------------------------------------------------------------------- no edit


@pytest.mark.parametrize(
    "page",
    [
        sample(teasers=OTHER_TEASERS),
        sample(teasers=()),
        sample(between="Harbour pilots strike on Friday"),
        sample(counter="1,204 comments"),
        sample(clock="Tuesday, 18:59"),
        sample(prompt="Become a member today and support our work"),
        sample(head='<meta property="article:modified_time" content="2026-01-15T13:00:00+00:00">'),
        sample(body=BODY.replace("<p>", '<p class="v2">').replace(", and", ",  and")),
        sample(body=BODY.replace("the harbour master", "<b>the harbour master</b>")),
        sample(teasers=OTHER_TEASERS, between="Other", counter="9 comments", clock="Sunday, 01:00", prompt="Join us"),
    ],
    ids=["teasers", "no-teasers", "link-inside", "counter", "clock", "prompt", "updated", "markup", "bold", "all"],
)
def test_what_stands_around_an_article_makes_no_revision(desk: Desk, page: Answer) -> None:
    before = desk.article
    (outcome,) = desk.look(page)
    assert (outcome.is_recheck, outcome.status, outcome.changed) == (True, "full", ())
    assert desk.article == before, "nor does it get a new change number"
    assert desk.versions() == [()]
    assert desk.rows("SELECT * FROM edits") == []
    desk.room.store.request_fetches([desk.id], now=desk.room.clock.now())
    desk.look(after=timedelta(0))
    assert desk.article.revision == 1, "not when it is asked for either"


# --------------------------------------------------------------------------- edits


def test_an_edit_is_a_revision_with_its_reason_and_both_versions_whole(desk: Desk) -> None:
    first, seq = desk.article, desk.room.store.change_seq()
    (outcome,) = desk.look(
        sample(headline="Dredger stops for the winter", body=BODY.replace("until dusk", "till noon"))
    )
    assert outcome.changed == ("title", "text")
    second = desk.article
    assert (second.revision, second.title, second.change_seq > seq) == (2, "Dredger stops for the winter", True)
    store = desk.room.store
    old, new = store.version(desk.id, 1), store.version(desk.id, 2)
    for name in ("title", "text", "html", "markdown", "byline", "published_at", "section", "related", "image"):
        assert getattr(old, name) == getattr(first, name)
        assert getattr(new, name) == getattr(second, name)
    assert desk.versions() == [(), ("title", "text")]
    assert ("page-read", "full: edited: title, text") in desk.trail()
    ((revision, changed),) = desk.rows("SELECT revision, changed FROM edits")
    assert (revision, changed) == (2, '["title","text"]')


def test_facts_are_edits_too_and_flap_no_more_than_the_cap(newsroom: Newsroom) -> None:  # noqa: F811
    desk = Desk(newsroom, recheck=False)
    for n in range(30):
        newsroom.store.request_fetches([desk.id], now=newsroom.clock.now())
        desk.look(sample(byline=("Ann Lee", "Bob Ray")[n % 2 == 0]))
    assert desk.article.revision == 25, "the first, and 24 in a row"
    newsroom.store.request_fetches([desk.id], now=newsroom.clock.now())
    desk.look(sample(headline="Dredger stops", byline="Ann Lee"))
    assert desk.article.revision == 26, "other words count all the same"


def test_an_entry_that_changes_asks_for_a_look_at_once(newsroom: Newsroom) -> None:  # noqa: F811
    desk = Desk(newsroom, recheck=False, interval=HOUR)
    link = newsroom.origin.url(desk.path)
    newsroom.origin.routes["/feed"] = rss(
        item(1, link).replace("</item>", "<description>Now else.</description></item>")
    )
    more = BODY + "<p>In the end the last pier was done, to everybody's relief.</p>"
    (outcome,) = desk.look(sample(body=more), after=2 * HOUR)
    assert (outcome.is_recheck, outcome.changed) == (False, ("text",))


def test_an_entry_with_a_counter_in_it_asks_no_more_than_the_cap(newsroom: Newsroom) -> None:  # noqa: F811
    desk = Desk(newsroom, recheck=False, interval=HOUR)
    link = newsroom.origin.url(desk.path)
    for n in range(30):
        entry = item(1, link).replace("</item>", f"<description>Read {n} times.</description></item>")
        newsroom.origin.routes["/feed"] = rss(entry)
        desk.look(after=3 * HOUR)
    assert len(desk.visits) == 1 + 24
    entry = item(1, link).replace("<title>", "<title>New: ")
    newsroom.origin.routes["/feed"] = rss(entry)
    desk.look(after=3 * HOUR)
    assert len(desk.visits) == 1 + 25, "a new headline is heeded"


# --------------------------------------------------------------------------- when, and in what order


def test_ten_conditional_looks_at_doubling_age(newsroom: Newsroom) -> None:  # noqa: F811
    def answer(request: Request) -> Answer:
        if request.headers.get("if-none-match") == '"v1"':
            return Answer(status=304)
        return Answer(sample().body, headers={"ETag": '"v1"'})

    desk = Desk(newsroom)
    desk.look(answer)
    start, ages = newsroom.clock.now() - HOUR, [1]
    for _ in range(40 * 24):
        if desk.look():
            ages.append(round((newsroom.clock.now() - start) / HOUR))
    assert len(ages) == 10
    assert all(0.9 <= age / 2**n <= 1.2 for n, age in enumerate(ages)), ages
    assert [request.headers.get("if-none-match") for request in desk.visits[2:]] == ['"v1"'] * 9
    assert desk.article.revision == 1


def test_new_articles_come_before_looks_at_old_ones(newsroom: Newsroom) -> None:  # noqa: F811
    desk = Desk(newsroom, interval=timedelta(hours=2))
    asked: list[str] = []

    def answer(request: Request) -> Answer:
        asked.append(request.path)
        return sample(headline=request.path)

    items = [item(1, newsroom.origin.url(desk.path))]
    for n in (2, 3, 4):
        newsroom.origin.routes[f"/{n}"] = answer
        items.append(item(n, newsroom.origin.url(f"/{n}")))
    newsroom.origin.routes["/feed"] = rss(*items)
    desk.look(answer, after=3 * HOUR)
    assert (sorted(asked[:3]), asked[3:]) == (["/2", "/3", "/4"], [desk.path])


def test_looks_stand_back_where_slots_are_scarce(desk: Desk) -> None:
    desk.room.clock.move(2 * HOUR)
    store, now = desk.room.store, desk.room.clock.now()
    assert store.claim_hosts(now, 8, HOUR, rechecks=0) == ()
    (claim,) = store.claim_hosts(now, 8, HOUR, rechecks=1)
    job = store.next_article(claim, now)
    assert job is not None
    assert (job.is_recheck, job.rechecks) == (True, 0)


def test_a_long_sleep_brings_one_look_and_too_long_a_one_none(desk: Desk) -> None:
    assert len(desk.look(after=10 * DAY)) == 1
    assert desk.look(after=timedelta(minutes=1)) == [], "missed looks are not made up for"
    visits = len(desk.visits)
    desk.look(after=2 * LONGEST_AGE)
    assert len(desk.visits) == visits
    assert desk.rows("SELECT recheck_at FROM articles") == desk.rows(
        "SELECT recheck_at FROM slots WHERE slot='articles'"
    )
    assert desk.rows("SELECT recheck_at FROM articles") == [(None,)]


def test_a_feed_can_do_without(newsroom: Newsroom) -> None:  # noqa: F811
    desk = Desk(newsroom)
    newsroom.subscribe(interval=timedelta(days=300), recheck=False)
    desk.look(after=DAY)
    assert len(desk.visits) == 1


def test_an_article_of_several_pages_is_read_again_page_by_page(newsroom: Newsroom) -> None:  # noqa: F811
    story = Story(newsroom, parts(3))
    newsroom.subscribe(interval=timedelta(days=2), recheck=True)
    story.work()
    story.newsroom.store.request_fetches([story.article().id], now=newsroom.clock.now())
    story.work()
    newsroom.clock.move(HOUR)
    story.asked.clear()
    outcomes = story.work()
    assert story.paths == ["/story", "/story/2", "/story/3"]
    assert [(o.is_recheck, o.goes_on) for o in outcomes] == [(True, True), (True, True), (True, False)]
    assert (story.article().revision, story.passengers()) == (1, [1, 2, 3])
    newsroom.clock.move(2 * HOUR)
    pages = parts(3)
    story.serve("/story/3", Answer(pages[2].body.replace(b"Sailor 3", b"Captain 3")))
    story.work()
    (found,) = [revision for revision in newsroom.store.revisions(story.article().id) if revision.number == 2]
    assert found.changed == ("text",)
    assert len(newsroom.store.pages(story.article().id)) == 3


# --------------------------------------------------------------------------- walls and removals


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html><body><p>Please enable JavaScript to continue.</p></body></html>"),
        sample(body=BODY[:300] + "</p><p>To read on, subscribe now. Already a subscriber? Log in.</p>"),
        Answer(b"broken", 500),
        Answer(b"<html><body><h1>Error 500</h1><p>Something went wrong.</p></body></html>"),
        Answer(b"", 200),
    ],
)
def test_a_look_that_meets_a_wall_or_an_error_leaves_the_text(desk: Desk, answer: Answer) -> None:
    before = desk.article
    desk.look(answer)
    assert (desk.article.text, desk.article.status, desk.article.revision) == (before.text, "full", 1)
    assert desk.rows("SELECT * FROM removed_articles") == []


def redirect(to: str) -> Answer:
    return Answer(status=301, headers={"Location": to})


LISTING = Answer(
    b"<html><head><title>Coast</title></head><body><h1>Coast</h1><ul>"
    + "".join(f'<li><h2><a href="/coast/2026/s{n}">Story {n} of the coast</a></h2></li>' for n in range(25)).encode()
    + b"</ul></body></html>"
)


@pytest.mark.parametrize(
    ("answer", "cause", "looks"),
    [
        (Answer(b"not found", 404), "404", 2),
        (Answer(b"gone", 410), "410", 1),
        (Answer(b"law", 451), "451", 2),
        (redirect("/"), "home", 2),
        (redirect("/coast/"), "section", 2),
        (redirect("/other"), "redirect", 2),
    ],
)
def test_a_removal_is_recorded_with_time_and_cause(desk: Desk, answer: Answer, cause: str, looks: int) -> None:
    routes = desk.room.origin.routes
    routes["/"] = routes["/coast/"] = LISTING
    routes["/other"] = sample(headline="Another story", body="<p>Quite another story is told here, of a bell.</p>" * 9)
    text, first = desk.article.text, desk.room.clock.now() + HOUR
    for number in range(1, looks + 1):
        assert desk.room.store.removals([desk.id]) == ()
        (outcome,) = desk.look(answer)
        assert (outcome.removal is not None) is (number == looks)
    (removal,) = desk.room.store.removals([desk.id])
    assert (removal.cause, removal.back_at) == (cause, None)
    assert removal.missing_at - first < timedelta(minutes=1)
    assert (desk.article.text, desk.article.status, desk.article.revision) == (text, "full", 1)
    assert [rule for rule, _ in desk.trail()].count("page-removed") == 1
    assert [found.id for found in desk.room.store.find_articles(ArticleFilter(removed=True))] == [desk.id]
    assert desk.room.store.status().extra["removed"] == 1

    desk.look(sample(), after=3 * HOUR)
    (removal,) = desk.room.store.removals([desk.id])
    assert removal.back_at is not None
    assert "page-back" in [rule for rule, _ in desk.trail()]
    assert desk.room.store.find_articles(ArticleFilter(removed=True)) == ()


def notice(headline: str, text: str) -> Answer:
    return Answer(f"<html><head><title>{headline}</title></head><body><h1>{headline}</h1><p>{text}</p></body>".encode())


@pytest.mark.parametrize(
    "answer",
    [
        notice("Page not found", "There is nothing at this address. Try the search."),
        notice("Seite nicht gefunden", "Unter dieser Adresse gibt es nichts."),
        notice("A correction", "This report on the harbour was withdrawn by its editors on Monday."),
        LISTING,
    ],
)
def test_what_a_page_with_status_200_says_counts_after_a_day(desk: Desk, answer: Answer) -> None:
    text = desk.article.text
    for after in (HOUR, HOUR, 3 * HOUR):
        desk.look(answer, after=after)
        assert desk.room.store.removals([desk.id]) == ()
    assert "page-missing" in [rule for rule, _ in desk.trail()]
    (outcome,) = desk.look(answer, after=DAY)
    assert outcome.removal is not None
    (removal,) = desk.room.store.removals([desk.id])
    assert (removal.cause, removal.back_at) == ("replaced", None)
    assert (desk.article.text, desk.article.status, desk.article.revision) == (text, "full", 1)


@pytest.mark.parametrize(
    "answer",
    [
        notice("Maintenance", "We will be back soon. Our site is being serviced."),
        notice("We'll be back shortly", "The site is having its yearly check."),
        notice("Wartungsarbeiten", "Wir sind gleich zurück."),
        notice("Tidying up", "Our presses rest tonight; come again tomorrow morning."),
    ],
)
def test_a_site_that_is_down_for_hours_removes_nothing(desk: Desk, answer: Answer) -> None:
    for _ in range(3):
        desk.look(answer)
    desk.look(sample(), after=3 * HOUR)
    assert desk.rows("SELECT * FROM removals") == []
    assert (desk.article.status, desk.article.revision) == ("full", 1)


def test_missing_once_is_no_removal(desk: Desk) -> None:
    desk.look(Answer(b"not found", 404))
    desk.look(sample())
    assert desk.room.store.removals([desk.id]) == ()
    assert desk.rows("SELECT * FROM removals") == []
    rules = [rule for rule, _ in desk.trail()]
    assert "page-missing" in rules
    assert "page-removed" not in rules


def test_what_is_known_of_a_missing_page_survives_a_restart(desk: Desk) -> None:
    desk.look(Answer(b"not found", 404))
    due = desk.rows("SELECT recheck_at, rechecks FROM articles")
    desk.room.store.clear_leases()
    assert desk.rows("SELECT recheck_at, rechecks FROM articles") == due
    desk.look()
    assert len(desk.room.store.removals([desk.id])) == 1
