"""Contract: the language of searches; inflections, facets, states, earlier versions."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from contracts.desk import Desk, changed, keyed, new

from scraper.errors import NotFound
from scraper.model import ArticleFilter, Extraction, FeedSpec, Image

#: Other people's naughty strings, in the folder that bench/README.md tells of.
NAUGHTY = Path(os.environ.get("WIREROOM_CORPORA", "nowhere")) / "strings" / "blns.json"
PAPER = FeedSpec(url="https://paper.example/feed", name="The Paper", tags=("World News",))


def saved(desk: Desk, number: int, **facts: object) -> int:
    """File an article that was saved by hand."""
    url = f"https://news.paper{number}.example/a"
    article_id = desk.store.save_address(url, url, now=desk.now)
    desk.fetch(Extraction(**{"text": "text", **facts}))  # type: ignore[arg-type]  # names of its fields
    return article_id


@pytest.mark.parametrize(
    ("language", "text", "found", "not_found"),
    [
        ("en", "The elections were running late", ["election", "run", "ELECTIONS", "elections runs"], ["late election run x"]),
        ("de", "Die Häuser der Behörden", ["haus", "häuser", "Hauses", "behörde", "hausern"], ["hausboot"]),
        ("ru", "Итоги выборов в городах", ["выборы", "ВЫБОРАМИ", "город", "итог"], ["выбоина"]),
        ("fr", "L’élection des députés", ["élections", "elections", "député", "deputes"], ["elf"]),
        ("el", "Οι εκλογές στην Αθήνα", ["εκλογές", "ΕΚΛΟΓΕΣ", "εκλογων", "αθηνα"], ["εκδρομή"]),
        (None, "Elections late", ["elections", "LATE"], ["late"[:-1]]),
        ("xx-bogus", "Łódź København", ["lodz", "ŁÓDŹ", "kobenhavn"], ["lod"]),
        ("ar", "الْكِتَاب", ["الكتاب"], ["قلم"]),
        ("hi", "हिन्दी समाचार", ["समाचार", "हिन्दी"], ["हिन"]),
    ],
)  # fmt: skip
def test_words_are_found_in_any_inflection(
    desk: Desk, language: str | None, text: str, found: list[str], not_found: list[str]
) -> None:
    article_id = saved(desk, 1, text=text, language=language)
    for query in found:
        assert desk.search(query) == [article_id], query
    for query in not_found:
        assert desk.search(query) == [], query


@pytest.mark.parametrize(
    ("language", "text", "found", "not_found"),
    [
        ("de", "Schlüter in Österreich", ["schlueter", "Oesterreich", "schluter", "Österreichs", "SCHLUETERS"], ["schloter"]),
        ("de-CH", "Frau Mueller, Strasse, Türkisch", ["Müller", "müllers", "straße", "turkisch", "tuerkisch"], ["molle"]),
        ("da", "Smørrebrød i Århus", ["smoerrebroed", "aarhus", "smorrebrod", "arhus"], ["auerhus"]),
        ("nb", "Aase bor i Tromsø", ["Åse", "tromsoe"], ["ose"]),
        ("sv", "Västerås", ["vaesteraas", "vasteras"], ["vuesteras"]),
        ("et", "Müür", ["muur", "müür"], ["mueuer"]),
        ("es", "Pingüino", ["pinguino"], ["pingueino"]),
        ("en", "A blue queue", ["blue"], ["blü"]),
    ],
)  # fmt: skip
def test_letters_are_found_spelled_out_where_the_language_does_so(
    desk: Desk, language: str, text: str, found: list[str], not_found: list[str]
) -> None:
    article_id = saved(desk, 1, text="-", title=text, byline=(text,), language=language)
    for query in found:
        assert desk.search(query) == desk.search(f"title:{query}") == [article_id], query
        (snippet,) = [found.snippet for found in desk.store.find_articles(ArticleFilter(query=query))]
        assert "\x02" in (snippet or ""), query
    for query in not_found:
        assert desk.search(query) == [], query


def test_names_are_found_spelled_out(desk: Desk) -> None:
    one = saved(desk, 1, byline=("Jörg Schäfer",), language="de")
    two = saved(desk, 2, byline=("Joerg Schaefer",), language="de")
    three = saved(desk, 3, byline=("Jorge Schafer",), language="es")
    assert desk.search("by:schaefer") == desk.search('by:"jörg schäfer"') == [two, one]
    assert desk.search("by:joerg") == [two, one]
    assert desk.search("by:Schäfer -by:joerg") == [three], "an accent makes no difference in any language"


def test_what_a_query_names_that_there_is_not(desk: Desk) -> None:
    desk.subscribe(PAPER)
    saved(desk, 1, language="de")
    faults = desk.store.query_faults
    for query in ("feed:paper", "tag:world_news", "lang:de", "-lang:DE", "text", '"tag:no"', "feed:1 OR feed:paper"):
        assert faults(query) == (), query
    assert faults("tag:word")[0].startswith('nothing has the tag "word"; did you mean "World News"?')
    assert faults("text OR -feed:papper")[0].startswith('there is no feed "papper"; did you mean "The Paper" (1)?')
    assert faults("lang:german") == ('no article is in the language "german"; did you mean "lang:de"?',)
    assert faults("lang:xx lang:xx") == ('no article is in the language "xx"; there are de',)
    assert len(faults("foo:bar tag:no after:2026-13-40")) == 3
    assert faults(None, "World News") == ()
    assert faults(None, "world")[0] == 'nothing has the tag "world"; did you mean "World News"?'


def test_quotes_stay_exact(desk: Desk) -> None:
    one = saved(desk, 1, text="the election of a mayor", language="en")
    two = saved(desk, 2, text="the elections of mayors", language="en")
    assert desk.search("election mayor") == [two, one]
    assert desk.search('"election"') == [one]
    assert desk.search('"elections of mayors"') == [two]
    assert desk.search('"elections" mayor') == [two]
    assert desk.search('mayor -"election"') == [two]


def test_or_prefixes_and_minus(desk: Desk) -> None:
    ids = desk.file("apple tree", "pear tree", "plum", "applause 東京都")
    apple, pear, plum, applause = ids
    assert desk.search("apple OR plum") == sorted([apple, plum], reverse=True)
    assert desk.search("tree apple OR pear -apple") == [pear]
    assert desk.search("appl*") == sorted([apple, applause], reverse=True)
    assert desk.search("appl* tree") == [apple]
    assert desk.search("plum OR appl* -tree") == sorted([plum, applause], reverse=True)
    assert desk.search('plum OR "apple tree"') == sorted([plum, apple], reverse=True)
    assert desk.search('plum OR -"apple tree"') == sorted([plum, pear, applause], reverse=True)
    assert desk.search("東京都 OR plum") == sorted([plum, applause], reverse=True)
    assert desk.search("-tree is:unread") == sorted([plum, applause], reverse=True)
    for query in ("apple OR plum", "appl*", "-tree is:unread", "東京都 OR plum"):
        assert desk.store.count_articles(ArticleFilter(query=query)) == len(desk.search(query))


def test_a_site_is_found_by_any_spelling_of_its_host(desk: Desk) -> None:
    url = "https://www.bücher.example./a"
    article_id = desk.store.save_address(url, url, now=desk.now)
    desk.fetch(Extraction(text="text"))
    for host in ("bücher.example", "Bücher.example.", "xn--bcher-kva.example", "https://www.bücher.example/b"):
        assert desk.search(f"site:{host}") == [article_id], host
    assert desk.search("site:bcher.example") == []


def test_fields(desk: Desk) -> None:
    image = Image(url="https://paper.example/x.jpg")
    one = saved(
        desk, 1, title="General strike", text="alpha", byline=("Ann Smith",), section="Sport", agencies=("Reuters",),
        site_name="The Morning Post", language="pt-BR", image=image, published_at=datetime(2025, 12, 31, 23, tzinfo=UTC),
    )  # fmt: skip
    two = saved(
        desk,
        2,
        title="Ann",
        text="strike in general",
        byline=("田中太郎",),
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    expected = {
        "title:strike": [one], "title:strikes": [one], 'title:"general strike"': [one], "title:strik*": [one],
        "by:smith": [one], 'by:"ann smith"': [one], "by:ann": [one], "by:ANN": [one], "by:smi*": [one], "by:an": [],
        "by:田中": [two], "by:太郎": [two], "by:東京": [],
        "site:post": [one], "site:paper1.example": [one], "site:www.paper1.example": [one], "site:example": [],
        "site:https://news.paper2.example/x": [two], "section:sport": [one], "agency:reuters": [one], "has:image": [one],
        "lang:pt": [one], "lang:pt-br": [one], "lang:PT-BR": [one], "lang:pt-pt": [], "lang:": [],
        "-has:image strike": [two], "after:2026": [two], "before:2026": [one], "before:2026-01-02": [two, one],
        "before:2025-12-31": [], "after:2025-12-31 before:2026-01-01": [one], "after:2025-12": [two, one],
        "before:2030": [two, one], "after:1999-05-06": [two, one], "strike by:smith": [one], "strike -by:smith": [two],
    }  # fmt: skip
    for query, ids in expected.items():
        assert desk.search(query) == ids, query


def test_feeds_and_tags(desk: Desk) -> None:
    desk.subscribe(PAPER, FeedSpec(url="https://other.example/rss", name="Other", tags=("sport",)))
    first = desk.claim()
    feed, *_ = desk.store.due_feeds(first, desk.now)
    desk.store.commit_poll(first, desk.poll_commit(feed, new("x")))
    desk.store.release(first)
    job = desk.fetch(Extraction(text="alpha"))
    name, other = ("paper", "other") if feed.spec.url == PAPER.url else ("other", "paper")
    assert desk.search(f"feed:{name}") == [job.id]
    assert desk.search(f"alpha feed:{feed.id}") == [job.id]
    assert desk.search(f"alpha feed:{other}") == []
    assert desk.search("feed:nope") == []
    # The other feed has it, too.
    desk.poll(new("x"))
    assert desk.search("feed:paper") == desk.search("feed:other") == [job.id]
    assert desk.search('tag:"world news"') == desk.search("tag:SPORT alpha") == [job.id]
    assert desk.search("tag:none") == []
    assert desk.search("alpha -feed:paper") == []


def test_states(desk: Desk) -> None:
    one, two, three = desk.file("alpha", "alpha", "alpha")
    desk.store.set_read([one, two], True, now=desk.now)
    desk.store.set_starred([two], True, now=desk.now)
    assert desk.search("alpha is:starred") == desk.search("is:starred") == [two]
    assert desk.search("alpha is:unread") == desk.search("is:unread") == [three]
    assert desk.search("is:read") == sorted([one, two], reverse=True)
    assert desk.search("alpha -is:starred") == sorted([one, three], reverse=True)
    assert desk.search("is:starred OR is:unread") == sorted([two, three], reverse=True)
    assert desk.search("is:removed") == []


def test_earlier_versions(desk: Desk) -> None:
    (article_id,) = desk.file("the minister denied it")
    for text in ("the minister admits it", "the minister resigned"):
        desk.store.request_fetches([article_id], now=desk.now)
        desk.fetch(Extraction(title="Title 0", text=text, language="en"), rule="page-edited")
    assert desk.search("was:denied") == desk.search("was:admit") == [article_id]
    assert desk.search("was:resigned") == desk.search("denied") == []
    assert desk.search('was:"admits it" resigns') == [article_id]
    desk.store.delete_articles([article_id], now=desk.now)
    assert desk.search("was:denied") == []


def test_index_follows_an_entry_that_changes(desk: Desk) -> None:
    desk.subscribe(PAPER)
    desk.poll(new("x", language="en"))
    desk.clock.move(timedelta(hours=1))
    assert desk.store.index_more() == 1
    (entry,) = desk.store.known_entries(1, [keyed("x").keys])
    assert entry.article_id is not None
    desk.poll(changed("x", entry.entry_id, title="Elections", language="de"))
    assert desk.search("title:elections lang:de") == [entry.article_id]
    assert desk.search("title:x") == desk.search("lang:en") == []


def test_the_most_relevant_first(desk: Desk) -> None:
    often, once, title = desk.file("strike " * 20 + "common", "one strike " + "common " * 60, "common " * 60)
    desk.store.request_fetches([title], now=desk.now)
    desk.fetch(Extraction(title="Strike at the harbour", text="the strike began"))
    assert desk.search("strike") == sorted([often, once, title], reverse=True)
    ranked = [found.id for found in desk.store.find_articles(ArticleFilter(query="strike", rank=True))]
    assert ranked == [title, often, once]
    best = desk.store.find_articles(ArticleFilter(query="strike", rank=True, limit=1))
    assert [found.id for found in best] == [title]
    assert best[0].snippet is not None
    assert "\x02" in best[0].snippet


def test_a_page_goes_on_where_the_last_one_ended(desk: Desk) -> None:
    ids = sorted(desk.file(*["alpha beta"] * 5), reverse=True)
    for query in ("alpha", '"alpha beta"', "alph*"):
        page = desk.store.find_articles(ArticleFilter(query=query, before_id=ids[1], limit=2))
        assert [found.id for found in page] == ids[2:4]


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("runs", "x " * 900 + "he was running home", "\x02running\x03 home"),
        ('"was running"', "he was running and was here", "he \x02was running\x03 and was here"),
        ("runn*", "he was running", "\x02running\x03"),
        ("cafe", "un café noir", "\x02café\x03"),
        ("running -home", "he was running", "\x02running\x03"),
    ],
)
def test_passages_mark_what_was_found(desk: Desk, query: str, text: str, marked: str) -> None:
    saved(desk, 1, text=text, language="en")
    (line,) = desk.store.find_articles(ArticleFilter(query=query))
    assert line.snippet is not None
    assert marked in line.snippet
    assert len(line.snippet) < 300


def test_saved_searches(desk: Desk) -> None:
    assert desk.store.saved_searches() == ()
    desk.store.save_search("strikes", "strike is:unread", now=desk.now)
    desk.store.save_search("a", "x", now=desk.now)
    desk.store.save_search("strikes", "strike", now=desk.now)
    assert [(found.name, found.query) for found in desk.store.saved_searches()] == [("a", "x"), ("strikes", "strike")]
    desk.store.save_search("a", None, now=desk.now)
    with pytest.raises(NotFound, match="'a'"):
        desk.store.save_search("a", None, now=desk.now)


@pytest.mark.skipif(not NAUGHTY.exists(), reason="WIREROOM_CORPORA names no folder with strings/blns.json")
def test_naughty_strings_are_queries_and_texts(desk: Desk) -> None:
    strings = json.loads(NAUGHTY.read_text("utf-8"))
    assert len(strings) > 400
    article_id = saved(desk, 1, text="\n".join(strings), title=strings[100], byline=tuple(strings[:50]))
    for text in strings:
        for query in (
            text,
            f'"{text}"',
            f"title:{text}",
            f"-{text}",
            f"feed:{text} OR tag:{text}",
            f"{text}* was:{text}",
        ):
            found = desk.store.find_articles(ArticleFilter(query=query, rank=len(text) % 2 == 0))
            assert {line.id for line in found} <= {article_id}
    desk.store.delete_articles([article_id], now=desk.now)
