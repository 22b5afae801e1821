"""Entries that share an address: each is an article of its own, in every format, over several polls."""

from __future__ import annotations

import json
import random
import re
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from contracts.desk import FEED, HOUR, Desk
from fakes import NOON, FixedClock
from hypothesis import given, settings
from hypothesis import strategies as st
from origin import Answer
from patience import times
from test_pipeline import Newsroom, newsroom, page  # noqa: F401  # the fixture

from scraper.model import ArticleFilter, ArticleOutcome, FeedSpec, FeedState, ParsedEntry, ParsedFeed, PollOutcome
from scraper.pipeline import decide_document
from store import open_store


@dataclass(frozen=True, kw_only=True)
class Note:
    """An entry as a publisher thinks of it; `link` is a path."""

    guid: str | None
    link: str
    title: str | None
    text: str
    at: datetime | None = NOON


def notes(*numbers: int, link: str = "/buoys/log", guid: str = "buoy-{}") -> list[Note]:
    return [
        Note(
            guid=guid.format(n),
            link=link.format(n),
            title=f"Buoy list 4.{n}",
            text=f"List 4.{n} moves the lights of bay {n}.",
            at=NOON + timedelta(days=n),
        )
        for n in numbers
    ]


def rss(room: Newsroom, listed: list[Note]) -> Answer:
    body = "".join(
        f"<item>{f'<title>{escape(each.title)}</title>' if each.title else ''}<link>{room.origin.url(each.link)}</link>"
        + (f"<guid isPermaLink='false'>{escape(each.guid)}</guid>" if each.guid else "")
        + (f"<pubDate>{format_datetime(each.at)}</pubDate>" if each.at else "")
        + f"<description>{escape(each.text)}</description></item>"
        for each in listed
    )
    home = room.origin.url("/")
    text = f"<rss version='2.0'><channel><title>Harbour</title><link>{home}</link>{body}</channel></rss>"
    return Answer(text.encode(), headers={"Content-Type": "application/rss+xml"})


def rdf(room: Newsroom, listed: list[Note]) -> Answer:
    body = "".join(
        f"<item rdf:about='{escape(each.guid or '')}'><title>{escape(each.title or '')}</title>"
        f"<link>{room.origin.url(each.link)}</link><description>{escape(each.text)}</description>"
        + (f"<dc:date>{each.at.isoformat()}</dc:date>" if each.at else "")
        + "</item>"
        for each in listed
    )
    text = (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='x'><title>Harbour</title>"
        f"<link>{room.origin.url('/')}</link></channel>{body}</rdf:RDF>"
    )
    return Answer(text.encode(), headers={"Content-Type": "application/rdf+xml"})


def atom(room: Newsroom, listed: list[Note]) -> Answer:
    body = "".join(
        f"<entry><id>{escape(each.guid or '')}</id><title>{escape(each.title or '')}</title>"
        f"<link href='{room.origin.url(each.link)}'/><summary>{escape(each.text)}</summary>"
        + (f"<published>{each.at.isoformat()}</published><updated>{each.at.isoformat()}</updated>" if each.at else "")
        + "</entry>"
        for each in listed
    )
    home = room.origin.url("/")
    text = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Harbour</title><link href='{home}'/>{body}</feed>"
    return Answer(text.encode(), headers={"Content-Type": "application/atom+xml"})


def json_feed(room: Newsroom, listed: list[Note]) -> Answer:
    items = [
        {
            "id": each.guid,
            "url": room.origin.url(each.link),
            "title": each.title,
            "content_text": each.text,
            "date_published": each.at.isoformat() if each.at else None,
        }
        for each in listed
    ]
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbour",
        "home_page_url": room.origin.url("/"),
        "items": items,
    }
    return Answer(json.dumps(document).encode(), headers={"Content-Type": "application/feed+json"})


FORMATS = [rss, rdf, atom, json_feed]


def poll(room: Newsroom, answer: Answer, path: str = "/feed") -> PollOutcome:
    """Let the feed hold this document, and do all that follows."""
    room.clock.move(timedelta(hours=1))
    room.origin.routes[path] = answer
    room.store.request_polls([room.store.find_feed_id(room.origin.url(path))], now=room.clock.now())
    return next(outcome for outcome in room.work() if isinstance(outcome, PollOutcome))


def told(room: Newsroom) -> list[tuple[str | None, str]]:
    return sorted(((each.title, each.text) for each in room.articles()), key=str)


def wanted(*listed: Note) -> list[tuple[str | None, str]]:
    return sorted(((each.title, each.text) for each in listed), key=str)


@pytest.fixture(params=[False, True], ids=["feed text", "full text"])
def room(request, newsroom: Newsroom) -> Newsroom:  # noqa: F811
    newsroom.origin.routes["/buoys/log"] = page("All buoys", "The page of all lists of buoys. " * 20)
    newsroom.subscribe(full_text=request.param)
    return newsroom


@pytest.mark.parametrize("write", FORMATS)
@pytest.mark.parametrize(
    ("link", "guid"),
    [
        ("/buoys/log", "buoy-{}"),
        ("/buoys/log#list-{}", "buoy-{}"),
        ("/buoys/log#{}", "urn:log#{}"),
        ("/buoys/#/list/{}", "buoy-{}"),
        ("/buoys/log?utm_content={}", "buoy-{}"),
        ("/", "buoy-{}"),
    ],
    ids=["one link", "fragments", "numbers", "routes", "tracking", "home"],
)
@pytest.mark.parametrize("is_reversed", [False, True])
def test_entries_of_one_address_are_articles_with_their_own_words(
    room: Newsroom,
    write,
    link: str,
    guid: str,
    is_reversed: bool,
) -> None:
    listed = notes(1, 2, 3, link=link, guid=guid)[:: -1 if is_reversed else 1]
    outcome = poll(room, write(room, listed))
    assert (outcome.entries_new, outcome.articles_new) == (3, 3)
    assert told(room) == wanted(*listed)
    assert {each.url for each in room.articles()} == {room.origin.url(each.link) for each in listed}
    assert "/buoys/log" not in room.origin.paths(), "what is on that page is nobody's own"
    again = poll(room, write(room, listed[::-1]))
    assert (again.entries_new, again.articles_new) == (0, 0)


@pytest.mark.parametrize("write", FORMATS)
def test_a_second_entry_of_an_address_at_a_later_poll_is_an_article(newsroom: Newsroom, write) -> None:  # noqa: F811
    newsroom.subscribe(full_text=False)
    one, two, three = notes(1, 2, 3)
    poll(newsroom, write(newsroom, [one]))
    assert poll(newsroom, write(newsroom, [two, one])).articles_new == 1
    assert poll(newsroom, write(newsroom, [three, two])).articles_new == 1
    assert told(newsroom) == wanted(one, two, three)
    assert [found.title for found in newsroom.store.find_articles(ArticleFilter(query="bay 3"))] == ["Buoy list 4.3"]


def test_an_entry_that_takes_the_place_of_another_at_its_address_is_an_article(newsroom: Newsroom) -> None:  # noqa: F811
    newsroom.subscribe(full_text=False)
    listed = notes(1, 2, 3, 4)
    for each in listed:
        poll(newsroom, rss(newsroom, [each]))
    assert told(newsroom) == wanted(*listed)
    (filed,) = [step for step in newsroom.store.trail(f"e{4}") if step.rule == "new-entry"]
    assert "others share its address" in filed.detail


def test_entries_that_leave_and_return_are_known(room: Newsroom) -> None:
    one, two, three = notes(1, 2, 3)
    for listed in ([one, two, three], [two], [three], [one, three], [one, two, three]):
        poll(room, rss(room, listed))
    assert told(room) == wanted(one, two, three)
    assert {each.revision for each in room.articles()} == {1}


def test_an_edit_of_an_entry_that_shares_its_address_is_a_revision(room: Newsroom) -> None:
    one, two = notes(1, 2)
    poll(room, rss(room, [one, two]))
    edited = replace(two, title="Buoy list 4.2, corrected", text="List 4.2 moves no lights at all.")
    assert poll(room, rss(room, [one, edited])).articles_new == 0
    assert told(room) == wanted(one, edited)
    assert [each.revision for each in room.articles() if each.title == edited.title] == [2]


def test_an_article_whose_address_comes_to_be_shared_is_not_fetched_any_more(newsroom: Newsroom) -> None:  # noqa: F811
    newsroom.origin.routes["/buoys/log"] = page("Buoy list 4.1", "The lights of bay 1 were moved to the north. " * 20)
    newsroom.subscribe(full_text=True, recheck=True)
    one, two = notes(1, 2)
    poll(newsroom, rss(newsroom, [one]))
    (first,) = newsroom.articles()
    assert first.status == "full"
    poll(newsroom, rss(newsroom, [one, two]))
    newsroom.origin.routes["/buoys/log"] = page("Buoy list 4.2", "Quite another list is on this page today. " * 20)
    newsroom.clock.move(timedelta(days=2))
    newsroom.work()
    texts = {each.title: each.text for each in newsroom.articles()}
    assert texts == {"Buoy list 4.1": first.text, "Buoy list 4.2": two.text}
    assert newsroom.origin.paths().count("/buoys/log") == 1
    rules = {step.rule: step.detail for step in newsroom.store.trail(str(first.id))}
    assert rules["shared-address"].endswith("its page is not asked for any more")
    newsroom.store.request_fetches([first.id], now=newsroom.clock.now())
    newsroom.work()
    assert told(newsroom) == wanted(one, two), "asked for anew, it has its feed's words"


def test_an_address_that_two_feeds_have_once_each_is_one_article(newsroom: Newsroom) -> None:  # noqa: F811
    newsroom.origin.routes["/storm"] = page("The storm", "The storm came in from the west at night. " * 20)
    paths = ("/feed", "/other")
    specs = [FeedSpec(url=newsroom.origin.url(path), recheck=False) for path in paths]
    newsroom.store.sync_feeds(specs, now=newsroom.clock.now())
    ours, theirs = (Note(guid=guid, link="/storm", title=title, text=title) for guid, title in ((("1"), "The storm"), ("a", "Storm!")))  # fmt: skip
    poll(newsroom, rss(newsroom, [ours]))
    poll(newsroom, rss(newsroom, [theirs]), "/other")
    (article,) = newsroom.articles()
    assert len(article.feeds) == 2
    assert article.status == "full"


def test_a_feed_subscribed_twice_gives_each_article_once(newsroom: Newsroom) -> None:  # noqa: F811
    paths = ("/feed", "/feed2")
    specs = [FeedSpec(url=newsroom.origin.url(path), recheck=False) for path in paths]
    newsroom.store.sync_feeds(specs, now=newsroom.clock.now())
    listed = notes(1, 2, 3)
    for path in paths:
        poll(newsroom, rss(newsroom, listed), path)
    assert told(newsroom) == wanted(*listed)
    assert {len(each.feeds) for each in newsroom.articles()} == {2}


def test_a_link_blog_with_two_posts_on_a_page_takes_nothing_from_its_paper(newsroom: Newsroom) -> None:  # noqa: F811
    newsroom.origin.routes["/storm"] = page("The storm", "The storm came in from the west at night. " * 20)
    paths = ("/feed", "/blog")
    specs = [FeedSpec(url=newsroom.origin.url(path), recheck=False) for path in paths]
    newsroom.store.sync_feeds(specs, now=newsroom.clock.now())
    posts = [replace(each, link="/storm") for each in notes(1, 2)]
    poll(newsroom, rss(newsroom, posts), "/blog")
    poll(newsroom, rss(newsroom, [Note(guid="s", link="/storm", title="The storm", text="It came.")]))
    assert {each.title: each.status for each in newsroom.articles()} == {
        "Buoy list 4.1": "feed_only", "Buoy list 4.2": "feed_only", "The storm": "full",
    }  # fmt: skip


def test_one_entry_under_guids_that_count_its_versions_is_one_article(room: Newsroom) -> None:
    one = Note(guid="https://h.example/b1#0", link="/buoys/log", title="Buoys are back", text="They are.")
    listed = [one, replace(one, guid="https://h.example/b1#3"), replace(one, guid="https://h.example/b1#12", text="!")]
    assert poll(room, rss(room, listed)).articles_new == 1
    later = replace(one, guid="https://h.example/b1#14", title="Other words altogether", text="Quite other ones.")
    assert poll(room, rss(room, [later])).articles_new == 0


def test_a_story_that_is_listed_under_two_guids_in_the_same_words_is_one_article(room: Newsroom) -> None:
    (one,) = notes(1)
    listed = [one, replace(one, guid="sport/1")]
    assert poll(room, rss(room, listed)).articles_new == 1
    assert len(room.articles()) == 1


@pytest.mark.parametrize("at", [None, NOON])
@pytest.mark.parametrize("link", ["/", "/buoys/log", "/index.html"])
@pytest.mark.parametrize("title", ["Chart {} of the day", "Chart of the day"])
def test_entries_without_guids_are_told_apart(room: Newsroom, at, link: str, title: str) -> None:
    listed = [Note(guid=None, link=link, title=title.format(n), text=f"It shows bay {n}.", at=at) for n in range(5)]
    assert poll(room, rss(room, listed)).articles_new == 5
    assert told(room) == wanted(*listed)
    assert poll(room, rss(room, listed[::-1])).entries_new == 0
    more = [Note(guid=None, link=link, title="Chart 77", text="It shows no bay.", at=at), *listed[:4]]
    assert poll(room, rss(room, more)).entries_new == 1


def test_two_guids_that_are_one_and_lead_to_one_page_are_told_apart_by_their_headlines(room: Newsroom) -> None:
    rest = [Note(guid=f"r{n}", link=f"/r/{n}", title=f"Rest {n}", text=f"Rest {n}.") for n in range(50)]
    one, two = (replace(each, guid="log") for each in notes(1, 2))
    assert poll(room, rss(room, [one, *rest, two])).articles_new == 52


def test_a_restored_entry_that_shares_its_address_has_its_own_article(newsroom: Newsroom) -> None:  # noqa: F811
    newsroom.subscribe(full_text=False, drop=("4.2",))
    one, two = notes(1, 2)
    poll(newsroom, rss(newsroom, [one, two]))
    (dropped,) = newsroom.store.dropped_entries()
    newsroom.store.restore_entries([dropped.id], now=newsroom.clock.now())
    outcomes = [outcome for outcome in newsroom.work() if isinstance(outcome, ArticleOutcome)]
    assert [outcome.status for outcome in outcomes] == ["feed_only"]
    assert told(newsroom) == wanted(one, two)


def test_a_deleted_article_of_a_shared_address_does_not_come_back_alone(newsroom: Newsroom) -> None:  # noqa: F811
    newsroom.subscribe(full_text=False)
    one, two, three = notes(1, 2, 3)
    poll(newsroom, rss(newsroom, [one, two]))
    (first,) = (each.id for each in newsroom.articles() if each.title == one.title)
    newsroom.store.delete_articles([first], now=newsroom.clock.now())
    poll(newsroom, rss(newsroom, [one, two, three]))
    assert told(newsroom) == wanted(two, three)


# --------------------------------------------------------------------------- against an oracle

SITE = "https://paper.example"
PLACES = (
    f"{SITE}/notes", f"{SITE}/notes#a", f"{SITE}/notes#b", f"{SITE}/app/#/1", f"{SITE}/app/#/2", f"{SITE}/",
    f"{SITE}/log?utm_source=x", f"{SITE}/log",
)  # fmt: skip


class Paper:
    """Stories at random addresses, some edited from poll to poll; each document lists some, in any order."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.guid = chance.choice(["g{}", SITE + "/x#v{}", None])
        self.has_one_date = chance.random() < 0.3
        self.stories: list[ParsedEntry] = []

    def document(self) -> list[ParsedEntry]:
        chance = self.chance
        self.stories += [self._story(len(self.stories) + n) for n in range(chance.randint(0 if self.stories else 1, 3))]
        if self.guid is None:  # nothing else tells an entry that is edited, or alone at an address, from a new one
            return chance.sample(self.stories, len(self.stories))
        self.stories = [self._edited(story) for story in self.stories]
        return chance.sample(self.stories, chance.randint(0, len(self.stories)))

    def _story(self, n: int) -> ParsedEntry:
        chance = self.chance
        return ParsedEntry(
            guid=self.guid and self.guid.format(n),
            link=chance.choice(PLACES) if chance.random() < 0.7 else f"{SITE}/p/{n}",
            title=f"Release {n} of the table" if self.guid is None or chance.random() < 0.9 else None,
            published_at=NOON if self.has_one_date else NOON + timedelta(hours=n),
            summary_html=f"<p>Words number {n} of it.</p>",
        )

    def _edited(self, story: ParsedEntry) -> ParsedEntry:
        word = f"edit{self.chance.randrange(10**6)}"
        if self.chance.random() < 0.1:
            return replace(story, summary_html=f"<p>Other words: {word}.</p>")
        return replace(story, title=f"Corrected {word}") if story.title and self.chance.random() < 0.05 else story


@settings(max_examples=times(20, 400), deadline=None)
@given(st.randoms(use_true_random=False))
def test_whatever_is_listed_is_one_article_with_its_last_words(chance: random.Random) -> None:
    paper, listed = Paper(chance), dict[object, tuple[str, str]]()
    clock = FixedClock()
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "wireroom.db", clock=clock) as store:
        desk = Desk(store, clock)
        desk.subscribe(FEED)
        state = FeedState(id=store.find_feed_id(FEED), spec=FeedSpec(url=FEED), current_url=FEED, last_polled_at=NOON)
        for _ in range(chance.randint(1, 5)):
            entries = paper.document()
            for again in (False, True):
                clock.move(HOUR)
                parsed = ParsedFeed(entries=tuple(entries), site_url=f"{SITE}/")
                outcome = desk.poll(*decide_document(state, parsed, store))
                assert not again or (outcome.entries_new, outcome.articles_new) == (0, 0)
            listed |= {e.guid or e.summary_html: (e.title or "", _words(e)) for e in entries}
            clock.move(HOUR)
            found = [(record.title or "", record.summary or "") for record in store.records(ArticleFilter())]
            assert sorted(found) == sorted(listed.values())


def _words(entry: ParsedEntry) -> str:
    return re.sub("<[^<>]*>", "", entry.summary_html or "")
