"""The two operations, from a web server on loopback into a real archive."""

import gzip
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from fakes import NOON, CountingWorkers, FixedClock, InlineWorkers
from origin import Answer, Origin
from patience import LONG_S

from scraper.articles.commit import refused_on
from scraper.articles.robots_gate import RuleBook
from scraper.engine.embedded import EmbeddedRunner
from scraper.errors import NotFound, WorkerTimeout
from scraper.extract.rules import site_rule
from scraper.fetch.client import ClientPolicy, HttpFetcher
from scraper.fetch.connection import tls_context
from scraper.fetch.networks import AddressPolicy
from scraper.fetch.site_options import NO_WISHES
from scraper.model import ArticleFilter, ArticleOutcome, FeedSpec, Refusal, RobotsRecord, SiteRule
from scraper.pipeline import Services
from scraper.polling.cron import next_cron_time
from store import Store, open_store

PARAGRAPH = (
    "The ferry between the harbour and the islands sails again after nine weeks of repairs, the company said. " * 3
)
POLICY = ClientPolicy(user_agent="Wireroom/test", addresses=AddressPolicy.allowing(("127.0.0.0/8",)))
TLS = tls_context()


def page(title: str, *paragraphs: str, head: str = "") -> Answer:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    html = f"<html lang=en><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{body}</article></body></html>"
    return Answer(html.encode(), headers={"Content-Type": "text/html; charset=utf-8", "ETag": f'"{hash(html)}"'})


def item(n: int, link: str, extra: str = "") -> str:
    return (
        f"<item><title>Story {n}</title><link>{link}</link><guid isPermaLink='false'>id-{n}</guid>"
        f"<pubDate>Thu, 15 Jan 2026 0{n}:00:00 GMT</pubDate><description>Summary of story {n}.</description>{extra}</item>"
    )


def rss(*items: str) -> Answer:
    body = f"<rss version='2.0'><channel><title>Harbour</title><link>https://h.example/</link>{''.join(items)}</channel></rss>"
    return Answer(body.encode(), headers={"Content-Type": "text/xml", "ETag": f'"{hash(body)}"'})


class Newsroom:
    """An origin, an archive and the work between them, at a time that the test moves."""

    def __init__(self, folder: Path, origin: Origin) -> None:
        self.origin, self.clock = origin, FixedClock()
        self.workers = InlineWorkers()
        self.store: Store = open_store(folder / "wireroom.db", clock=self.clock)
        self.outcomes: list[Any] = []
        self.sites: dict[str, SiteRule] = {}
        self.access = NO_WISHES
        self.policy = POLICY

    def subscribe(self, path: str = "/feed", **kwargs) -> None:
        self.store.sync_feeds(
            [FeedSpec(url=self.origin.url(path), **{"recheck": False, **kwargs})], now=self.clock.now()
        )

    def open_fetcher(self) -> HttpFetcher:
        return HttpFetcher(self.policy, TLS, self.clock)

    def services(self) -> Services:
        return Services(
            repository=self.store,
            workers=self.workers,
            rules=RuleBook(self.workers),
            clock=self.clock,
            rng=random.Random(1),
            cron=next_cron_time,
            open_fetcher=self.open_fetcher,
            sites=self.sites,
            access=self.access,
        )

    def work(self) -> list[Any]:
        """Do all that is due, letting hosts' gaps pass; return what came of it."""
        services = self.services()
        self.outcomes = []
        while (opens_at := self.store.gate_opens_at(self.clock.now())) and opens_at - self.clock.now() < timedelta(
            minutes=2
        ):
            self.clock.move(max(opens_at - self.clock.now(), timedelta(0)))
            runner = EmbeddedRunner(services, slots=1, on_outcome=self.outcomes.append)
            runner.tick()
            assert runner.wait(timedelta(seconds=LONG_S))
            assert runner.stop(timedelta(seconds=LONG_S))
        return self.outcomes

    def articles(self) -> list:
        return sorted(self.store.records(ArticleFilter()), key=lambda record: record.url)


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with Origin() as origin:
        room = Newsroom(tmp_path, origin)
        yield room
        room.store.close()


def publish(newsroom: Newsroom, *numbers: int) -> None:
    for n in numbers:
        newsroom.origin.routes[f"/{n}"] = page(f"Story {n}", f"Number {n}. {PARAGRAPH}", PARAGRAPH)
    newsroom.origin.routes["/feed"] = rss(*(item(n, newsroom.origin.url(f"/{n}")) for n in numbers))


def test_from_a_feed_to_articles_on_file(newsroom: Newsroom) -> None:
    publish(newsroom, 2, 1)
    newsroom.subscribe(tags=("sea",))
    outcomes = newsroom.work()
    assert [type(o).__name__ for o in outcomes] == ["PollOutcome", "ArticleOutcome", "ArticleOutcome"]
    one, two = newsroom.articles()
    assert (one.title, one.status, one.kind, one.revision) == ("Story 1", "full", "article", 1)
    assert one.text.startswith("Number 1. The ferry")
    assert (one.tags, one.feeds[0].name) == (("sea",), "Harbour")
    assert one.published_at.isoformat() == "2026-01-15T01:00:00+00:00"
    assert one.id < two.id, "the newest of a first poll is filed last"
    assert newsroom.origin.paths().count("/robots.txt") == 1


def test_a_second_poll_is_conditional_and_changes_nothing(newsroom: Newsroom) -> None:
    publish(newsroom, 1)
    newsroom.origin.routes["/feed"] = feed = newsroom.origin.routes["/feed"]
    newsroom.subscribe()
    newsroom.work()
    before = newsroom.store.change_seq()

    def conditional(request):
        return Answer(status=304) if request.headers.get("if-none-match") == feed.headers["ETag"] else feed

    newsroom.origin.routes["/feed"] = conditional
    newsroom.origin.requests.clear()
    newsroom.store.request_polls(None, now=newsroom.clock.now())
    (outcome,) = newsroom.work()
    assert (outcome.status, newsroom.origin.paths()) == ("not_modified", ["/feed"])
    assert newsroom.store.change_seq() == before


def test_an_unchanged_body_without_validators_is_not_parsed_again(newsroom: Newsroom) -> None:
    publish(newsroom, 1)
    newsroom.subscribe()
    newsroom.work()
    newsroom.workers.failure = AssertionError("parsed again")
    newsroom.store.request_polls(None, now=newsroom.clock.now())
    (outcome,) = newsroom.work()
    assert (outcome.status, outcome.error) == ("unchanged", None)


@pytest.mark.parametrize(("status", "said"), [(304, "without having been asked"), (206, "a part of it only")])
def test_an_answer_without_the_document_is_a_failure(newsroom: Newsroom, status: int, said: str) -> None:
    newsroom.origin.routes["/feed"] = replace(rss(item(1, newsroom.origin.url("/1"))), status=status)
    newsroom.subscribe()
    (outcome,) = newsroom.work()
    assert (outcome.status, outcome.entries_new) == ("failed", 0)
    assert said in outcome.error


def test_validators_of_a_document_that_was_cut_are_not_kept(newsroom: Newsroom) -> None:
    publish(newsroom, 2, 1)
    whole = newsroom.origin.routes["/feed"]
    assert isinstance(whole, Answer)
    cut = replace(whole, body=whole.body[: whole.body.index(b"<title>Story 1") + 12])
    newsroom.origin.routes["/feed"] = lambda request: Answer(status=304) if "if-none-match" in request.headers else cut
    newsroom.subscribe(full_text=False)
    newsroom.work()
    newsroom.origin.routes["/feed"] = lambda request: (
        Answer(status=304) if "if-none-match" in request.headers else whole
    )
    newsroom.store.request_polls(None, now=newsroom.clock.now())
    poll = newsroom.work()[0]
    assert poll.status == "new", "the server was not asked whether the cut document has changed"
    assert {article.title for article in newsroom.articles()} >= {"Story 1", "Story 2"}


def test_a_server_that_says_304_for_ever_is_asked_outright_every_twelve_hours(newsroom: Newsroom) -> None:
    publish(newsroom, 1)
    feed = newsroom.origin.routes["/feed"]
    assert isinstance(feed, Answer)
    newsroom.subscribe(interval=timedelta(hours=1), full_text=False)
    newsroom.work()
    newsroom.origin.routes["/feed"] = lambda request: Answer(status=304) if "if-none-match" in request.headers else feed
    statuses = []
    for _ in range(13):
        newsroom.clock.move(timedelta(hours=1, minutes=16))
        statuses += [outcome.status for outcome in newsroom.work()]
    assert statuses.count("not_modified") >= 9
    assert "unchanged" in statuses[8:], "one came without validators and brought the body"


def test_new_entries_are_filed_and_known_ones_are_not_doubled(newsroom: Newsroom) -> None:
    publish(newsroom, 1)
    newsroom.subscribe()
    newsroom.work()
    publish(newsroom, 2, 1)
    newsroom.store.request_polls(None, now=newsroom.clock.now())
    poll = newsroom.work()[0]
    assert (poll.entries_new, poll.articles_new) == (1, 1)
    assert [a.title for a in newsroom.articles()] == ["Story 1", "Story 2"]


def test_one_article_over_two_addresses(newsroom: Newsroom) -> None:
    origin = newsroom.origin
    canonical = f'<link rel=canonical href="{origin.url("/story")}">'
    for path in ("/story", "/mobile/story"):
        origin.routes[path] = page("One story", PARAGRAPH, PARAGRAPH, head=canonical)
    origin.routes["/feed"] = rss(item(1, origin.url("/story")), item(2, origin.url("/mobile/story?utm_source=feed")))
    newsroom.subscribe()
    newsroom.work()
    assert [a.title for a in newsroom.articles()] == ["One story"]
    ids = {newsroom.store.find_article_id(origin.url(path)) for path in ("/story", "/mobile/story?utm_source=feed")}
    assert len(ids) == 1, "both addresses lead to it"


def test_dropped_entries_are_recorded_with_the_reason(newsroom: Newsroom) -> None:
    publish(newsroom, 1, 2)
    newsroom.subscribe(drop=("story 2",))
    poll = newsroom.work()[0]
    assert (poll.entries_new, poll.entries_dropped, len(newsroom.articles())) == (1, 1, 1)
    steps = newsroom.store.trail(newsroom.origin.url("/2"))
    assert ("drop-word", "drop: 'story 2' in title") in [(step.rule, step.detail) for step in steps]


def test_a_wall_leaves_the_feed_s_text(newsroom: Newsroom) -> None:
    newsroom.origin.routes["/1"] = Answer(
        b"<html><head><title>Story 1</title></head><body><noscript>Please enable JavaScript to read on</noscript></body></html>",
        headers={"Content-Type": "text/html"},
    )
    newsroom.origin.routes["/feed"] = rss(item(1, newsroom.origin.url("/1")))
    newsroom.subscribe()
    newsroom.work()
    (article,) = newsroom.articles()
    assert (article.status, article.text) == ("feed_only", "Summary of story 1.")
    assert article.reason


def test_a_page_that_holds_another_text_than_the_feed_tells_is_doubted(newsroom: Newsroom) -> None:
    told = "Seven players were injured when lightning struck the stadium during training, hospital doctors reported."
    content = f"<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>{told}</content:encoded>"
    newsroom.origin.routes["/1"] = page("Story 1", PARAGRAPH, PARAGRAPH)
    newsroom.origin.routes["/feed"] = rss(item(1, newsroom.origin.url("/1"), content))
    newsroom.subscribe()
    newsroom.work()
    (article,) = newsroom.articles()
    assert (article.status, article.text, article.confidence) == ("feed_only", told, None)
    assert (article.reason or "").startswith("doubtful_text: ")
    assert "page-doubtful" in [step.rule for step in newsroom.store.trail(article.url)]


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        (Answer(b"%PDF-1.7 ...", headers={"Content-Type": "application/pdf"}), "feed_only", "PDF"),
        (Answer(b"gone", 404), "feed_only", "nothing at this address"),
        (Answer(status=302, headers={"Location": "http://10.0.0.1/"}), "feed_only", "not public"),
        (Answer(status=302, headers={"Location": "/login?next=/1"}), "feed_only", "leads to a login"),
        (Answer(b"<html><p>" + PARAGRAPH.encode(), headers={"Content-Type": "image/jpeg"}), "feed_only", "an image"),
        (
            Answer(b"<html><title>Just a moment...</title><body>Checking your browser before accessing"),
            "feed_only",
            "Just a moment",
        ),
    ],
)
def test_pages_that_will_never_do_are_settled_at_once(
    newsroom: Newsroom, answer: Answer, status: str, reason: str
) -> None:
    newsroom.origin.routes["/1"] = answer
    newsroom.origin.routes["/login"] = page("Welcome back", PARAGRAPH)
    newsroom.origin.routes["/feed"] = rss(item(1, newsroom.origin.url("/1")))
    newsroom.subscribe()
    newsroom.work()
    (article,) = newsroom.articles()
    assert article.status == status
    assert reason in (article.reason or "")


def test_a_page_that_fails_is_tried_again_and_comes_good(newsroom: Newsroom) -> None:
    publish(newsroom, 1)
    good = newsroom.origin.routes["/1"]
    newsroom.origin.routes["/1"] = Answer(b"broken", 500)
    newsroom.subscribe(interval=timedelta(days=2))
    newsroom.work()
    assert newsroom.articles() == [], "hidden while it is pending and young"
    newsroom.clock.move(timedelta(minutes=11))
    newsroom.work()
    newsroom.clock.move(timedelta(minutes=16))
    (waiting,) = newsroom.articles()
    assert (waiting.status, waiting.text) == ("pending", "Summary of story 1.")
    newsroom.origin.routes["/1"] = good
    newsroom.clock.move(timedelta(hours=1))
    newsroom.work()
    (article,) = newsroom.articles()
    assert (article.status, article.revision) == ("full", 1)


def test_articles_that_lead_to_the_front_page_are_not_one(newsroom: Newsroom) -> None:
    origin = newsroom.origin
    origin.routes |= {f"/{n}": Answer(status=302, headers={"Location": "/"}) for n in (1, 2)}
    origin.routes["/"] = page("Home", PARAGRAPH, PARAGRAPH)
    origin.routes["/feed"] = rss(*(item(n, origin.url(f"/{n}")) for n in (1, 2)))
    newsroom.subscribe()
    newsroom.work()
    assert [(a.status, a.text) for a in newsroom.articles()] == [
        ("feed_only", f"Summary of story {n}.") for n in (1, 2)
    ]


def test_robots_txt_binds_articles(newsroom: Newsroom) -> None:
    publish(newsroom, 1)
    newsroom.origin.routes["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /1\n")
    newsroom.subscribe()
    newsroom.work()
    (article,) = newsroom.articles()
    assert (article.status, "/1" in newsroom.origin.paths()) == ("feed_only", False)
    assert "robots.txt" in (article.reason or "")


def test_a_host_that_cannot_say_is_asked_once_not_for_every_article(newsroom: Newsroom) -> None:
    publish(newsroom, 1, 2, 3)
    newsroom.origin.routes["/robots.txt"] = Answer(b"", 503)
    newsroom.subscribe()
    outcomes = [o for o in newsroom.work() if isinstance(o, ArticleOutcome)]
    assert newsroom.origin.paths() == ["/feed", "/robots.txt"]
    assert [(o.status, o.used_network) for o in outcomes] == [("pending", True), ("pending", False), ("pending", False)]


@pytest.mark.parametrize(
    ("rules", "status"),
    [
        (Answer(b"User-agent: *\nAllow: /\n" + b"# padding\n" * 60_000 + b"User-agent: *\nDisallow: /\n"), "full"),
        (Answer(b"User-agent: *\nDisallow: /\n" + b"# padding\n" * 60_000), "feed_only"),
        (
            Answer(
                gzip.compress(b"User-agent: *\nDisallow: /\n" + b"# padding\n" * 900_000),
                headers={"Content-Encoding": "gzip"},
            ),
            "feed_only",
        ),
        (Answer(b"", 302, {"Location": "/robots.txt"}), "full"),
        (Answer(b"", 302, {"Location": "http://10.0.0.1/robots.txt"}), "full"),
        (Answer(b"<html><p>User-agent: everyone", headers={"Content-Type": "text/html"}), "full"),
        (Answer(b"User-agent: *\nDisallow: /", 403), "full"),
        (Answer(b"", 500), "pending"),
        (Answer(raw=b"garbage"), "pending"),
    ],
    ids=["long", "long-no", "bomb-no", "loop", "private", "html", "403", "500", "garbage"],
)
def test_odd_robots_txt(newsroom: Newsroom, rules: Answer, status: str) -> None:
    publish(newsroom, 1)
    newsroom.origin.routes["/robots.txt"] = rules
    newsroom.subscribe()
    outcome = newsroom.work()[-1]
    assert (outcome.status, "/1" in newsroom.origin.paths()) == (status, status == "full")


def test_a_robots_txt_is_read_once_in_a_worker(newsroom: Newsroom) -> None:
    newsroom.workers = CountingWorkers()
    publish(newsroom, 1, 2, 3)
    newsroom.origin.routes["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /2\n")
    newsroom.subscribe()
    newsroom.work()
    assert [article.status for article in newsroom.articles()] == ["full", "feed_only", "full"]
    assert newsroom.workers.tasks["read_rules"] == 1


@pytest.mark.parametrize("is_on_file", [False, True], ids=["new", "on file from an earlier version"])
def test_a_robots_txt_that_cannot_be_read_in_time_is_as_one_that_did_not_come(
    newsroom: Newsroom, is_on_file: bool
) -> None:
    newsroom.workers = CountingWorkers(too_much=("read_rules",))
    publish(newsroom, 1, 2)
    rules = b"User-agent: *\nAllow: /\n"
    newsroom.origin.routes["/robots.txt"] = Answer(rules)
    if is_on_file:
        record = RobotsRecord(fetched_at=NOON, status=200, body=rules)
        newsroom.store.save_robots(newsroom.origin.url(""), record)
    newsroom.subscribe()
    first, second = newsroom.work()[1:]
    assert newsroom.workers.tasks["read_rules"] == 1
    assert newsroom.origin.paths() == (["/feed"] if is_on_file else ["/feed", "/robots.txt"])
    assert (first.status, second.status) == ("pending", "pending")
    assert first.reason == "the site's robots.txt cannot be read: reading the document took longer than 20 s"
    assert second.reason == "the site's robots.txt cannot be read at present"
    kept = newsroom.store.robots(newsroom.origin.url(""))
    assert kept is not None
    assert (kept.status, kept.body) == (None, b"")
    newsroom.workers = CountingWorkers()
    newsroom.clock.move(timedelta(hours=1))
    newsroom.work()
    assert [article.status for article in newsroom.articles()] == ["full", "full"]


def test_an_address_that_costs_much_under_its_rules_is_judged_in_a_worker(newsroom: Newsroom) -> None:
    newsroom.workers = CountingWorkers(too_much=("verdict",))
    path = "/" + "a" * 20_000
    newsroom.origin.routes["/robots.txt"] = Answer(b"User-agent: *\n" + b"Disallow: /*a*b\n" * 1000)
    newsroom.origin.routes["/feed"] = rss(item(1, newsroom.origin.url(path)))
    newsroom.subscribe()
    outcome = newsroom.work()[-1]
    assert (outcome.status, newsroom.workers.tasks["verdict"], path in newsroom.origin.paths()) == ("pending", 1, False)
    assert outcome.reason == "the site's robots.txt cannot be read: reading the document took longer than 20 s"


def test_rules_that_were_read_are_forgotten_before_they_fill_the_memory() -> None:
    workers = CountingWorkers()
    book = RuleBook(workers)
    record = RobotsRecord(fetched_at=NOON, status=200, body=b"User-agent: *\nDisallow: /" + b"a" * 500_000)
    for origin in [*"abcdefghij", "j", "a"]:
        assert book.rules(origin, record)
    assert workers.tasks["read_rules"] == 11


def test_robots_txt_of_another_origin_binds_before_a_redirect_is_followed(newsroom: Newsroom) -> None:
    story = page("Story 1", f"Number 1. {PARAGRAPH}", PARAGRAPH)
    deny = Answer(b"User-agent: *\nDisallow: /no\nCrawl-delay: 9\n")
    with Origin({"/yes": story, "/no": story, "/robots.txt": deny}) as other:
        for n, path in ((1, "/yes"), (2, "/no")):
            newsroom.origin.routes[f"/{n}"] = Answer(status=302, headers={"Location": other.url(path)})
        newsroom.origin.routes["/feed"] = rss(*(item(n, newsroom.origin.url(f"/{n}")) for n in (1, 2)))
        newsroom.subscribe()
        newsroom.work()
        assert sorted(other.paths()) == ["/robots.txt", "/yes"]
        assert newsroom.origin.paths().count("/robots.txt") == 1
        assert sorted(article.status for article in newsroom.articles()) == ["feed_only", "full"]
        assert newsroom.store.robots(f"http://127.0.0.1:{other.port}") is not None


def test_a_way_over_two_origins_ends_all_the_same(newsroom: Newsroom) -> None:
    with Origin() as other:
        newsroom.origin.routes["/1"] = Answer(status=302, headers={"Location": other.url("/back")})
        other.routes["/back"] = Answer(status=302, headers={"Location": newsroom.origin.url("/1")})
        newsroom.origin.routes["/feed"] = rss(item(1, newsroom.origin.url("/1")))
        newsroom.subscribe()
        outcome = newsroom.work()[-1]
        assert (outcome.status, newsroom.origin.paths().count("/1")) == ("pending", 1)
        assert "redirects in a loop" in outcome.reason


def test_full_text_false_files_what_the_feed_says(newsroom: Newsroom) -> None:
    publish(newsroom, 1)
    newsroom.subscribe(full_text=False)
    newsroom.work()
    (article,) = newsroom.articles()
    assert (article.status, article.text, newsroom.origin.paths()) == ("feed_only", "Summary of story 1.", ["/feed"])


def test_feeds_that_fail_are_recorded_and_back_off(newsroom: Newsroom) -> None:
    newsroom.origin.routes["/feed"] = Answer(
        b"<html><body>Not a feed</body></html>", headers={"Content-Type": "text/html"}
    )
    newsroom.subscribe()
    (outcome,) = newsroom.work()
    assert (outcome.status, "web page" in (outcome.error or "")) == ("failed", True)
    (row,) = newsroom.store.feeds()
    assert (row.failures, row.last_error) == (1, outcome.error)


def test_429_of_a_private_host_holds_back_the_one_feed(newsroom: Newsroom) -> None:
    newsroom.origin.routes["/busy"] = Answer(b"", 429, headers={"Retry-After": "1800"})
    newsroom.origin.routes["/feed"] = rss()
    newsroom.store.sync_feeds([FeedSpec(url=newsroom.origin.url(path)) for path in ("/busy", "/feed")], now=NOON)
    assert sorted(outcome.status for outcome in newsroom.work()) == ["failed", "new"]
    busy = next(feed for feed in newsroom.store.feeds() if feed.last_status == "failed")
    assert busy.next_poll_at
    assert busy.next_poll_at >= NOON + timedelta(minutes=30)


def test_410_mutes_the_feed(newsroom: Newsroom) -> None:
    newsroom.origin.routes["/feed"] = Answer(b"", 410)
    newsroom.subscribe()
    (outcome,) = newsroom.work()
    (row,) = newsroom.store.feeds()
    assert (outcome.status, row.state, row.next_poll_at) == ("gone", "gone", None)


def test_a_document_that_kills_its_worker_is_recorded(newsroom: Newsroom) -> None:
    publish(newsroom, 1)
    newsroom.workers.failure = WorkerTimeout("reading the document took longer than 20 s")
    newsroom.subscribe()
    (outcome,) = newsroom.work()
    assert (outcome.status, outcome.error) == ("failed", "reading the document took longer than 20 s")


def test_a_bug_in_one_poll_is_recorded_and_stops_nothing(newsroom: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    publish(newsroom, 1)
    newsroom.workers.failure = ZeroDivisionError("a bug")
    newsroom.subscribe()
    (outcome,) = newsroom.work()
    assert (outcome.status, "internal error" in (outcome.error or "")) == ("failed", True)
    assert "poll crashed" in caplog.text


def test_the_user_s_site_rule_is_used(newsroom: Newsroom) -> None:
    html = (
        f"<html><body><div class=story><p>{PARAGRAPH}</p></div><div><p>Wrong. {PARAGRAPH * 9}</p></div></body></html>"
    )
    newsroom.origin.routes["/1"] = Answer(html.encode(), headers={"Content-Type": "text/html"})
    newsroom.origin.routes["/feed"] = rss(item(1, newsroom.origin.url("/1")))
    newsroom.sites = {"127.0.0.1": SiteRule(body="div.story")}
    newsroom.subscribe()
    newsroom.work()
    (article,) = newsroom.articles()
    assert article.text == PARAGRAPH.strip()


def test_site_rules_hold_for_the_domain_and_what_is_below() -> None:
    rule = SiteRule(body="x")
    assert site_rule({"n.example": rule}, "https://www.n.example/a") is rule
    assert site_rule({"n.example": rule}, "https://other.example/a") is None


def test_a_full_page_is_kept_when_the_older_of_two_articles_has_none(newsroom: Newsroom) -> None:
    origin = newsroom.origin
    origin.routes["/old"] = Answer(b"gone", 404)
    origin.routes["/new"] = page(
        "Story", PARAGRAPH, PARAGRAPH, head=f'<link rel=canonical href="{origin.url("/old")}">'
    )
    origin.routes["/feed"] = rss(item(1, origin.url("/old")))
    newsroom.subscribe()
    newsroom.work()
    origin.routes["/feed"] = rss(item(2, origin.url("/new")), item(1, origin.url("/old")))
    newsroom.store.request_polls(None, now=newsroom.clock.now())
    newsroom.work()
    (article,) = newsroom.articles()
    assert (article.status, article.text.startswith("The ferry"), article.reason) == ("full", True, None)


def test_passwords_in_feed_addresses_are_not_shown(newsroom: Newsroom) -> None:
    publish(newsroom, 1)
    secret = newsroom.origin.url("/feed").replace("http://", "http://user:s3cret@")
    newsroom.store.sync_feeds([FeedSpec(url=secret)], now=newsroom.clock.now())
    (row,) = newsroom.store.feeds()
    assert "s3cret" not in f"{row}"
    assert newsroom.store.find_feed_id(row.url) == row.id
    newsroom.work()
    assert newsroom.origin.requests[0].headers["authorization"].startswith("Basic ")
    assert "s3cret" not in f"{newsroom.articles()}{newsroom.store.find_articles(ArticleFilter())}"


def poll_again(newsroom: Newsroom, after: timedelta) -> Any:
    newsroom.clock.move(after)
    newsroom.store.request_polls(None, now=newsroom.clock.now())
    return next(outcome for outcome in newsroom.work() if hasattr(outcome, "feed_id"))


def test_a_feed_that_became_a_page_is_searched_for_a_feed_once_a_week(newsroom: Newsroom) -> None:
    publish(newsroom, 1)
    newsroom.subscribe()
    newsroom.work()

    def offering(name: str) -> Answer:
        head = f"<link rel=alternate type=application/rss+xml href=/{name}>"
        return Answer(
            f"<html><head>{head}</head><body>Hello</body></html>".encode(), headers={"Content-Type": "text/html"}
        )

    newsroom.origin.routes["/feed"] = offering("first.xml")
    assert "offers " + newsroom.origin.url("/first.xml") in poll_again(newsroom, timedelta(hours=1)).error
    newsroom.origin.routes["/feed"] = offering("second.xml")
    assert "/first.xml" in poll_again(newsroom, timedelta(days=6)).error
    assert "/second.xml" in poll_again(newsroom, timedelta(days=1)).error
    assert newsroom.store.feeds()[0].current_url == newsroom.origin.url("/feed"), "nobody switches by himself"
    assert "/second.xml" not in newsroom.origin.paths()
    publish(newsroom, 1)
    assert poll_again(newsroom, timedelta(hours=1)).error is None


@pytest.mark.parametrize("status", [403, 200, 503])
def test_a_check_for_robots_is_called_what_it_is(newsroom: Newsroom, status: int) -> None:
    body = b"<html><title>Just a moment</title><script src=/cdn-cgi/challenge-platform/h/b.js></script></html>"
    newsroom.origin.routes["/feed"] = Answer(body, status=status, headers={"Content-Type": "text/html"})
    newsroom.subscribe()
    (outcome,) = newsroom.work()
    assert "blocked by the site" in outcome.error


def test_an_article_s_429_without_a_time_waits_one_to_two_hours(newsroom: Newsroom) -> None:
    publish(newsroom, 1)
    newsroom.origin.routes["/1"] = Answer(status=429)
    newsroom.subscribe()
    newsroom.work()
    newsroom.clock.move(timedelta(minutes=59))
    newsroom.origin.requests.clear()
    newsroom.work()
    assert "/1" not in newsroom.origin.paths()
    newsroom.clock.move(timedelta(hours=1, minutes=1))
    newsroom.work()
    assert "/1" in newsroom.origin.paths()


def test_the_ledger_counts_what_was_asked_of_a_host(newsroom: Newsroom) -> None:
    publish(newsroom, 1, 2, 3)
    rules = b"User-agent: *\nDisallow: /3"
    newsroom.origin.routes["/robots.txt"] = Answer(rules, headers={"Content-Type": "text/plain"})
    newsroom.subscribe()
    newsroom.work()
    newsroom.origin.routes["/feed"] = Answer(status=304)
    poll_again(newsroom, timedelta(hours=1))
    newsroom.origin.routes["/feed"] = Answer(status=429, headers={"Retry-After": "60"})
    poll_again(newsroom, timedelta(hours=1))
    (row,) = newsroom.store.ledger()
    assert row.requests == len(newsroom.origin.paths()) == 6
    assert (row.not_modified, row.pauses_asked, row.pauses_broken, row.robots_refusals) == (1, 1, 0, 1)
    assert row.least_gap_s is not None
    assert row.least_gap_s >= 1
    assert row.wire_bytes > 1000


def test_a_page_refused_by_the_configuration_comes_when_that_changes(newsroom: Newsroom) -> None:
    """As the daemon does it when its runner begins: with the terms of today's allow_private."""
    origin = newsroom.origin
    publish(newsroom, 1)
    origin.routes["/feed"] = rss(item(1, f"http://127.0.0.2:{origin.port}/1"))
    narrow = AddressPolicy.allowing(("127.0.0.1/32",))
    newsroom.policy = replace(POLICY, addresses=narrow)
    newsroom.subscribe(interval=timedelta(days=9))
    newsroom.work()
    (refused,) = newsroom.articles()
    assert (refused.status, "not public" in (refused.reason or "")) == ("feed_only", True)
    terms = [refused_on(kind, ()) for kind in get_args(Refusal)]
    assert newsroom.store.retry_refused(terms, now=newsroom.clock.now()) == 0
    terms = [refused_on(kind, ("127.0.0.2/32",)) for kind in get_args(Refusal)]
    assert newsroom.store.retry_refused(terms, now=newsroom.clock.now()) == 1
    newsroom.policy = POLICY
    newsroom.work()
    assert newsroom.outcomes, "it was tried"
    assert newsroom.outcomes[-1].reason != refused.reason


def test_a_poll_record_says_what_was_decided(newsroom: Newsroom) -> None:
    publish(newsroom, 1)
    feed = newsroom.origin.routes["/feed"]
    newsroom.origin.routes["/old"] = Answer(status=301, headers={"Location": newsroom.origin.url("/feed")})
    newsroom.subscribe("/old", interval=timedelta(days=4), full_text=False)
    newsroom.work()
    for _ in range(2):
        newsroom.clock.move(timedelta(days=6))
        newsroom.work()
    assert newsroom.origin.routes["/feed"] is feed
    with newsroom.store._read() as db:
        notes = [row[0] for row in db.execute("SELECT notes FROM polls ORDER BY id")]
        reasons = [row[0] for row in db.execute("SELECT next_poll_reason FROM polls")]
    assert "a permanent redirect is being watched" in notes[0]
    assert "asked without validators" in notes[1]
    assert "from now on" in notes[2]
    assert all(reasons)


def test_pages_that_are_not_to_be_kept_are_not(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    services = replace(newsroom.services(), keeps_pages=False)
    monkeypatch.setattr(newsroom, "services", lambda: services)
    publish(newsroom, 1)
    newsroom.subscribe()
    newsroom.work()
    (article,) = newsroom.articles()
    assert article.status == "full"
    with pytest.raises(NotFound):
        newsroom.store.pages(article.id)
