"""Contract: stories - who joins which, what it costs nobody else, and what is left when one goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from contracts.desk import Desk, new
from test_story import FERRY, FERRY_TITLE, OTHER, ramble

from scraper.articles.stories import telling_of
from scraper.errors import NotFound
from scraper.model import STORY_WINDOW, Extraction, FeedSpec

COPY = Extraction(title=FERRY_TITLE, text=FERRY)


def file(desk: Desk, host: str, extraction: Extraction, *, tells_stories: bool = True, **changes: object) -> int:
    """Poll a feed of that host for one more entry and file its article; return its id."""
    url = f"https://{host}/feed"
    known = [row.url for row in desk.store.feeds()]
    desk.store.sync_feeds([*(FeedSpec(url=other) for other in known if other != url), FeedSpec(url=url)], now=desk.now)
    desk.store.request_polls([desk.store.find_feed_id(url)], now=desk.now)
    scope = frozenset({desk.store.find_feed_id(url)})
    claim = desk.claim(scope=scope)
    (feed,) = desk.store.due_feeds(claim, desk.now, scope=scope)
    name = f"{len(desk.listed()) + 1}-{desk.now.timestamp():.0f}"
    desk.store.commit_poll(claim, desk.poll_commit(feed, new(name, host=host)))
    desk.store.release(claim)
    desk.clock.move(timedelta(minutes=1))
    return fetch(desk, extraction, tells_stories=tells_stories, **changes)


def fetch(desk: Desk, extraction: Extraction, *, tells_stories: bool, **changes: object) -> int:
    claim = desk.claim("articles")
    job = desk.store.next_article(claim, desk.now)
    assert job is not None
    job = replace(job, tells_stories=tells_stories)
    commit = desk.article_commit(job.id, extraction, **changes)
    desk.store.commit_article(claim, commit, telling_of(job, commit))
    desk.store.release(claim)
    return job.id


def ids(desk: Desk, article_id: int) -> list[int]:
    return [member.article_id for member in desk.store.story(article_id).members]


def test_an_article_that_is_like_another_joins_its_story(desk: Desk) -> None:
    first = file(desk, "one.example", COPY)
    alone = desk.store.story(first)
    assert (alone.id, [member.like for member in alone.members]) == (None, [None])
    before = desk.store.change_seq()
    second = file(desk, "two.example", replace(COPY, title="Islanders get their ship back"))
    third = file(desk, "three.example", Extraction(title="Library opens", text=OTHER))
    story = desk.store.story(second)
    assert story.id is not None
    assert [member.article_id for member in story.members] == [first, second]
    assert [member.like and (member.like.article_id, member.like.how) for member in story.members] == [
        None,
        (first, "copy"),
    ]
    assert desk.store.story(third).id is None
    assert desk.store.article(first).story_id == desk.store.article(second).story_id == story.id
    assert desk.store.article(first).change_seq > before, "what began with it is a change of it"
    rules = [step.rule for step in desk.store.trail(str(second))]
    assert "same-story" in rules
    with pytest.raises(NotFound):
        desk.store.story(99)


def test_a_third_one_joins_too(desk: Desk) -> None:
    found = [file(desk, f"{name}.example", COPY) for name in ("one", "two", "three")]
    assert ids(desk, found[2]) == found


HALVES = FERRY[: FERRY.index("The council")], f"{FERRY[FERRY.index('The council') :]} {OTHER}"
WHOLE = Extraction(title=FERRY_TITLE, text=f"{FERRY} {OTHER}")


def test_two_halves_are_united_when_the_whole_arrives(desk: Desk) -> None:
    ones = [file(desk, f"{name}.example", Extraction(title="Ferry back", text=HALVES[0])) for name in ("a", "b", "c")]
    others = [file(desk, f"{name}.example", Extraction(title="Books", text=HALVES[1])) for name in ("d", "e")]
    kept = desk.store.story(ones[0]).id
    gone = desk.store.story(others[0]).id
    assert None not in (kept, gone)
    assert kept != gone
    before = desk.store.change_seq()
    whole = file(desk, "f.example", WHOLE)
    story = desk.store.story(whole)
    assert story.id == kept, "the story of more articles stays"
    assert [member.article_id for member in story.members] == [*ones, *others, whole]
    assert all(desk.store.article(number).change_seq > before for number in others), "who follows changes sees it"
    assert all(desk.store.article(number).story_id == kept for number in others)
    details = [step.detail for step in desk.store.trail(str(whole)) if step.rule == "same-story"]
    assert len([detail for detail in details if "copy of" in detail]) == 2, "why it joins each is kept"
    moved = [step.detail for step in desk.store.trail(str(others[1]))]
    assert f"story {gone} is story {kept} from now on" in moved


@pytest.mark.parametrize("order", list(permutations(range(4)))[::3])
def test_the_order_of_filing_makes_no_difference(desk: Desk, order: tuple[int, ...]) -> None:
    articles = [
        Extraction(title="Ferry back", text=HALVES[0]),
        Extraction(title="Books", text=HALVES[1]),
        WHOLE,
        Extraction(title="Herring", text=" ".join(ramble(7).split())),
    ]
    filed = {number: file(desk, f"n{number}.example", articles[number]) for number in order}
    assert set(ids(desk, filed[2])) == {filed[0], filed[1], filed[2]}
    assert ids(desk, filed[3]) == [filed[3]]


def test_what_both_share_with_a_stranger_unites_nothing(desk: Desk) -> None:
    box = ramble(50, 60)
    for name, text in (("a", FERRY), ("b", FERRY), ("c", OTHER), ("d", OTHER)):
        file(desk, f"{name}.example", Extraction(title="News", text=f"{text} {box}"))
    bridge = file(desk, "e.example", Extraction(title="Herring", text=f"{ramble(9, 90)} {box}"))
    assert ids(desk, bridge) == [bridge]
    assert ids(desk, 1) == [1, 2]
    assert ids(desk, 3) == [3, 4]


def test_a_third_article_shows_that_two_were_no_story_in_any_order(desk: Desk) -> None:
    form = (
        "It will be {0} along the coast today, with {1} air from the sea. Those who go out in boats should look at the tables "
        "first, as the water falls quickly and the banks lie bare for hours, and help may be far away. The harbour office hangs "
        "out its lamps at dusk, and whoever sees a flare is asked to call it at once, by day or by night."
    )
    fillings = [("bright", "mild"), ("foggy", "cold"), ("grey, and in Ostbury wet,", "Norwegian")]
    titles = ["The coast", "Foggy days", "Bad luck for Ostbury"]
    one, other, third = (
        Extraction(title=title, text=form.format(*words)) for title, words in zip(titles, fillings, strict=True)
    )
    numbers = [file(desk, "a.example", one), file(desk, "b.example", other)]
    assert ids(desk, numbers[0]) == numbers, "for all that is known an editor chose other words"
    before = desk.store.change_seq()
    numbers.append(file(desk, "a.example", third))
    assert [ids(desk, number) for number in numbers] == [[number] for number in numbers]
    assert desk.store.article(numbers[0]).story_id is None
    assert desk.store.article(numbers[0]).change_seq > before
    assert "no-story" in [step.rule for step in desk.store.trail(str(numbers[0]))]
    late = file(desk, "a.example", one)
    assert ids(desk, late) == [numbers[0], late], "the same text is a copy whatever else is known"


def test_articles_further_apart_than_the_window_are_not_compared(desk: Desk) -> None:
    first = file(desk, "one.example", COPY)
    desk.clock.move(STORY_WINDOW - timedelta(hours=1))
    second = file(desk, "two.example", COPY)
    desk.clock.move(timedelta(days=60))
    third = file(desk, "three.example", COPY)
    assert ids(desk, first) == [first, second]
    assert ids(desk, third) == [third]


def test_a_feed_may_keep_out_of_it(desk: Desk) -> None:
    first = file(desk, "one.example", COPY, tells_stories=False)
    second = file(desk, "two.example", COPY)
    assert ids(desk, second) == [second]
    assert desk.store.story(first).id is None


def test_the_list_says_which_feeds_do(desk: Desk) -> None:
    desk.store.sync_feeds([FeedSpec(url="https://one.example/feed", stories=False)], now=desk.now)
    claim = desk.claim()
    (feed,) = desk.store.due_feeds(claim, desk.now)
    assert not feed.spec.stories
    desk.store.commit_poll(claim, desk.poll_commit(feed, new("a", host="one.example")))
    desk.store.release(claim)
    claim = desk.claim("articles")
    job = desk.store.next_article(claim, desk.now)
    assert job is not None
    assert not job.tells_stories


def test_a_story_of_which_one_is_left_ends(desk: Desk) -> None:
    first, second = (file(desk, f"{name}.example", COPY) for name in ("one", "two"))
    desk.store.delete_articles([first], now=desk.now)
    alone = desk.store.story(second)
    assert (alone.id, [member.like for member in alone.members]) == (None, [None])
    assert desk.store.article(second).story_id is None


def test_a_story_goes_on_without_its_first(desk: Desk) -> None:
    found = [file(desk, f"{name}.example", COPY) for name in ("one", "two", "three")]
    desk.store.delete_articles([found[0]], now=desk.now)
    assert ids(desk, found[1]) == found[1:]


def test_two_articles_that_are_one_have_one_story(desk: Desk) -> None:
    first = file(desk, "one.example", COPY, keys=("//one.example/a",))
    second = file(desk, "two.example", COPY)
    third = file(desk, "three.example", COPY, keys=("//one.example/a",))
    assert third not in ids(desk, first)
    assert ids(desk, first) == [first, second]
