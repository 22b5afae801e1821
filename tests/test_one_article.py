"""One article, once: whole polls and fetches of pages that say, rightly or wrongly, where they live."""

from __future__ import annotations

import pytest
from origin import Answer
from test_pipeline import Newsroom, item, newsroom, page, rss  # noqa: F401  # the fixture


def text(topic: str) -> tuple[str, ...]:
    return tuple(
        f"The {topic} of part {n} was the talk of the {topic} people, who said {topic} things about it for {n} hours."
        for n in range(6)
    )


def publish(newsroom: Newsroom, *paths: str) -> None:  # noqa: F811
    """List these pages in the feed, the first one as entry 1."""
    entries = [item(n, newsroom.origin.url(path)) for n, path in enumerate(paths, 1)]
    newsroom.origin.routes["/feed"] = rss(*reversed(entries))


def poll(newsroom: Newsroom) -> None:  # noqa: F811
    newsroom.store.request_polls(None, now=newsroom.clock.now())
    newsroom.work()


def says(newsroom: Newsroom, title: str, topic: str, lives_at: str | None, rel: str = "canonical") -> Answer:  # noqa: F811
    head = f'<link rel="{rel}" href="{newsroom.origin.url(lives_at)}">' if lives_at else ""
    return page(title, *text(topic), head=head)


def rules(newsroom: Newsroom, path: str) -> dict[str, str]:  # noqa: F811
    return {step.rule: step.detail for step in newsroom.store.trail(newsroom.origin.url(path))}


def test_articles_that_all_name_their_section_stay_apart(newsroom: Newsroom) -> None:  # noqa: F811
    for topic in ("ferry", "harbour", "island"):
        newsroom.origin.routes[f"/{topic}"] = says(newsroom, f"News of the {topic}", topic, "/news")
    publish(newsroom, "/ferry", "/harbour", "/island")
    newsroom.subscribe()
    newsroom.work()
    assert len(newsroom.articles()) == 3
    assert "of the text is the same" in rules(newsroom, "/ferry")["not-united"]


def test_a_second_page_that_names_the_first_stays_apart(newsroom: Newsroom) -> None:  # noqa: F811
    newsroom.origin.routes["/gallery"] = says(newsroom, "The great gallery", "painting", "/gallery")
    newsroom.origin.routes["/gallery/2"] = says(newsroom, "The great gallery", "sculpture", "/gallery")
    publish(newsroom, "/gallery", "/gallery/2")
    newsroom.subscribe()
    newsroom.work()
    assert len(newsroom.articles()) == 2


@pytest.mark.parametrize("order", [("/story", "/p/17"), ("/p/17", "/story")])
def test_an_article_under_two_addresses_of_which_one_names_the_other_is_one(newsroom: Newsroom, order) -> None:  # noqa: F811
    newsroom.origin.routes["/story"] = says(newsroom, "One story", "ferry", None)
    newsroom.origin.routes["/p/17"] = says(newsroom, "One story | Paper", "ferry", "/story")
    newsroom.subscribe()
    for upto in (1, 2):
        publish(newsroom, *order[:upto])
        poll(newsroom)
    (article,) = newsroom.articles()
    assert "100% of the text is the same" in rules(newsroom, "/story")["united"]
    for path in order:
        assert newsroom.store.find_article_id(newsroom.origin.url(path)) == article.id


@pytest.mark.parametrize(
    ("twin", "names"),
    [("/amp/story", None), ("/story/amp/", None), ("/story?amp", None), ("/x/accelerated", "amphtml")],
)
@pytest.mark.parametrize("is_twin_first", [True, False])
def test_amp_twins_are_one(newsroom: Newsroom, twin: str, names: str | None, is_twin_first: bool) -> None:  # noqa: F811
    newsroom.origin.routes["/story"] = says(newsroom, "One story", "ferry", twin if names else None, rel="amphtml")
    newsroom.origin.routes[twin] = says(newsroom, "One story, fast", "ferry", None)
    newsroom.subscribe()
    order = (twin, "/story") if is_twin_first else ("/story", twin)
    for upto in (1, 2):
        publish(newsroom, *order[:upto])
        poll(newsroom)
    assert len(newsroom.articles()) == 1


def test_an_address_that_looks_like_a_twin_and_is_none_stays_apart(newsroom: Newsroom) -> None:  # noqa: F811
    newsroom.origin.routes["/guitar"] = says(newsroom, "About guitars", "guitar", None)
    newsroom.origin.routes["/guitar/amp"] = says(newsroom, "About amplifiers", "amplifier", None)
    publish(newsroom, "/guitar", "/guitar/amp")
    newsroom.subscribe()
    newsroom.work()
    assert len(newsroom.articles()) == 2


def test_redirectors_are_followed(newsroom: Newsroom) -> None:  # noqa: F811
    newsroom.origin.routes["/story"] = says(newsroom, "One story", "ferry", None)
    for way in ("/t/a1", "/t/b2"):
        newsroom.origin.routes[way] = Answer(b"", 302, headers={"Location": "/story"})
    publish(newsroom, "/t/a1", "/t/b2", "/story")
    newsroom.subscribe()
    newsroom.work()
    (article,) = newsroom.articles()
    assert len(newsroom.store.article(article.id).feeds) == 1
    assert "both are found at" in rules(newsroom, "/story")["united"]


def test_a_deleted_article_does_not_come_back_under_another_address(newsroom: Newsroom) -> None:  # noqa: F811
    newsroom.origin.routes["/story"] = says(newsroom, "A story to delete", "ferry", None)
    newsroom.origin.routes["/p/17"] = says(newsroom, "A story to delete", "ferry", "/story")
    newsroom.origin.routes["/other"] = says(newsroom, "Another matter", "island", "/story")
    publish(newsroom, "/story")
    newsroom.subscribe()
    newsroom.work()
    newsroom.store.delete_articles([newsroom.articles()[0].id], now=newsroom.clock.now())
    publish(newsroom, "/story", "/p/17", "/other")
    poll(newsroom)
    assert [article.title for article in newsroom.articles()] == ["Another matter"]
    assert {"new-entry", "deleted"} <= rules(newsroom, "/p/17").keys()
