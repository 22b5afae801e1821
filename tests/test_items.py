"""Items told apart by their bytes: what is known is not parsed, and nothing comes out otherwise than if it were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import InlineWorkers
from hypothesis import given
from hypothesis import strategies as st
from test_pipeline import Newsroom, item, newsroom, publish, rss  # noqa: F401 - a fixture

from scraper.sources.items import MAX_BYTES, Item, items_of, without
from scraper.sources.syndication import parse_feed, put_back

URL = "https://paper.example/feed"
FEEDS = sorted(path for path in (Path(__file__).parent / "feeds").iterdir() if path.suffix == ".xml")
RSS = (
    "<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{}<link>https://p.example</link></channel></rss>"
)


def told_apart(*items: str, head: str = RSS, **kwargs: Any) -> tuple[Item, ...]:
    document = head.format("".join(items)).encode()
    return items_of(document, **{"url": URL, "content_type": None, **kwargs})


def prints(found: Sequence[Item]) -> list[int]:
    return [each.fingerprint for each in found]


def test_items_are_told_apart_by_what_they_say() -> None:
    a, b, a_again = told_apart("<item>a</item>", "<item>b</item>\n", "<item>a</item>")
    assert a.fingerprint == a_again.fingerprint != b.fingerprint
    document = RSS.format("<item>a</item><item>b</item>").encode()
    first, second = items_of(document, url=URL, content_type=None)
    assert document[first.start : first.end] == b"<item>a</item>"
    assert (document[second.start : second.end], second.is_alone) == (b"<item>b</item>", True)


def test_comment_counters_tell_nothing() -> None:
    one = "<item>a<slash:comments> 17 </slash:comments>b</item>"
    assert prints(told_apart(one)) == prints(told_apart(one.replace("17", "18")))
    assert prints(told_apart(one)) != prints(told_apart(one.replace("17", "many")))
    hidden = one.replace("<slash", "<![CDATA[<slash").replace("b</item>", "]]></item>")
    assert prints(told_apart(hidden)) != prints(told_apart(hidden.replace("17", "18")))


@pytest.mark.parametrize(
    "change",
    [
        {"url": "https://paper.example/other"},
        {"content_type": "text/html"},
        {"head": RSS.replace("2.0", "0.91")},
        {"head": RSS.replace("<channel>", "<channel xml:base='https://x.example/'>")},
        {"head": RSS.replace("'1.0'", "'1.0' encoding='iso-8859-1'")},
    ],
)
def test_what_bears_on_an_item_is_part_of_its_fingerprint(change: dict[str, Any]) -> None:
    assert prints(told_apart("<item>a</item>")) != prints(told_apart("<item>a</item>", **change))


@pytest.mark.parametrize("head", [RSS.replace("<title>T", "<title>New"), RSS.replace("<title>", "<ttl>5</ttl><title>")])
def test_what_else_a_feed_says_of_itself_is_not(head: str) -> None:
    assert prints(told_apart("<item>a</item>")) == prints(told_apart("<item>a</item>", head=head))


@pytest.mark.parametrize(
    "items",
    [
        "<item><item>a</item></item>",
        "<item>a",
        "a</item>",
        "<item/><item>a</item>",
        "<item>a<![CDATA[</item>",
        "<item>a</item><!-- <item>",
        "",
    ],
)
def test_items_that_do_not_stand_side_by_side_are_not_told_apart(items: str) -> None:
    assert told_apart(items) == ()


@pytest.mark.parametrize(
    ("head", "content_type"),
    [
        (RSS.replace("'1.0'", "'1.0' encoding='iso-2022-jp'"), None),
        (RSS.replace("'1.0'", "'1.0' encoding='utf-16'"), None),
        (RSS, "text/xml; charset=gb18030"),
        ("<!DOCTYPE rss [<!ENTITY a 'b'>]>" + RSS, None),
    ],
)
def test_documents_in_which_bytes_may_mean_something_else_are_not_taken_apart(
    head: str, content_type: str | None
) -> None:
    assert told_apart("<item>a</item>", head=head, content_type=content_type) == ()


def test_documents_beyond_the_limit_are_not_taken_apart() -> None:
    assert len(told_apart("<item>a</item>", " " * (MAX_BYTES - 1000))) == 1
    assert told_apart("<item>a</item>", " " * MAX_BYTES) == ()


def test_tags_in_text_and_comments_bound_nothing() -> None:
    one = "<item><title>a</title><![CDATA[</item><item>]]><!-- </item> --><items/><itemx></itemx></item>"
    assert len(told_apart(one, "<item>b</item>")) == 2


def test_an_item_that_declares_a_prefix_is_never_left_out() -> None:
    document = RSS.format("<item xmlns:x='urn:x'>a</item><item>b</item>").encode()
    items = items_of(document, url=URL, content_type=None)
    rest, is_out = without(document, items, set(prints(items)))
    assert is_out == (False, True)
    assert rest == RSS.format("<item xmlns:x='urn:x'>a</item>").encode()


# --------------------------------------------------------------------------- parsing with and without


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.stem)
def test_our_feeds_read_the_same_whatever_is_known(path: Path) -> None:
    check(path.read_bytes(), lambda index: True)
    check(path.read_bytes(), lambda index: index % 2 == 0)
    check(path.read_bytes(), lambda index: index % 2 == 1)


def check(document: bytes, is_known: Any, content_type: str | None = None) -> int:
    """Read a document whole and with entries known; return how many were known."""
    whole = parse_feed(document, url=URL, content_type=content_type)
    known = {
        entry.item: entry for index, entry in enumerate(whole.entries) if entry.item is not None and is_known(index)
    }
    assert put_back(parse_feed(document, url=URL, content_type=content_type, known=frozenset(known)), known) == whole
    return len(known)


_WORDS = st.sampled_from(
    ["Ferry sails again", "Été à Zürich", "速報", "a &amp; b", "<![CDATA[<b>bold</b> </item>]]>", "", " "]
)
_PARTS = st.sampled_from(
    [
        "<title>{}</title>", "<description>{}</description>", "<guid>{}</guid>", "<link>https://p.example/{}</link>",
        "<author>{}</author>", "<dc:creator>{}</dc:creator>", "<category>{}</category>", "<dc:language>de</dc:language>",
        "<pubDate>Thu, 15 Jan 2026 09:00:00 GMT</pubDate>", "<enclosure url='a.mp3' type='audio/mpeg' length='5'/>",
        "<content:encoded>{}</content:encoded>", "<media:group><media:content url='b.jpg' medium='image'/></media:group>",
        "<media:credit>{}</media:credit>", "<itunes:image href='c.jpg'/>", "<slash:comments>5</slash:comments>",
        "<source url='https://s.example'>{}</source>", "<image><url>d.jpg</url><title>{}</title></image>",
        "<textinput><title>{}</title></textinput>", "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>{}</div></content>",
        "<updated>2026-01-15T09:00:00Z</updated>", "<unknown>{}</unknown>", "<broken>", "<!-- {} -->",
    ]
)  # fmt: skip
_ITEMS = st.lists(st.lists(st.tuples(_PARTS, _WORDS), max_size=6), max_size=6)
_NAMESPACES = (
    "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    " xmlns:media='http://search.yahoo.com/mrss/' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'"
    " xmlns:slash='http://purl.org/rss/1.0/modules/slash/'"
)


@given(items=_ITEMS, known=st.sets(st.integers(0, 5)), is_atom=st.booleans(), language=st.sampled_from(["", "fr"]))
def test_any_feed_reads_the_same_whatever_is_known(
    items: list[list[tuple[str, str]]], known: set[int], is_atom: bool, language: str
) -> None:
    tag = "entry" if is_atom else "item"
    inside = "".join(f"<{tag}>{''.join(part.format(word) for part, word in parts)}</{tag}>" for parts in items)
    head = f"<title>T</title><language>{language}</language>" if language else "<title>T</title>"
    if is_atom:
        document = f"<feed xmlns='http://www.w3.org/2005/Atom' {_NAMESPACES}>{head}{inside}</feed>"
    else:
        document = f"<rss version='2.0' {_NAMESPACES}><channel>{head}{inside}<ttl>9</ttl></channel></rss>"
    check(document.encode(), known.__contains__)


def test_ill_formed_documents_are_always_read_whole() -> None:
    document = RSS.format("<item><title>a</title></item><item><title>b & c</title></item>").encode()
    assert check(document, lambda index: True) == 0


def test_a_document_that_is_ill_formed_outside_of_its_known_items_is_read_whole() -> None:
    good = RSS.format("<item><title>a</title></item><item><title>b</title></item>").encode()
    known = {entry.item: replace(entry, title="on file") for entry in parse_feed(good, url=URL).entries if entry.item}
    assert len(known) == 2
    read = put_back(parse_feed(good, url=URL, known=frozenset(known)), known)
    assert [entry.title for entry in read.entries] == ["on file", "on file"]
    bad = good.replace(b"<title>T</title>", b"<title>T & Co</title>")
    read = put_back(parse_feed(bad, url=URL, known=frozenset(known)), known)
    assert [entry.title for entry in read.entries] == ["a", "b"]


# --------------------------------------------------------------------------- polling


class CountingWorkers(InlineWorkers):
    """Notes how many items feedparser is given."""

    def __init__(self) -> None:
        super().__init__()
        self.known: list[int] = []

    def run(self, task: Any, /, *args: Any, **kwargs: Any) -> Any:
        if task is parse_feed:
            self.known.append(len(kwargs["known"]))
        return super().run(task, *args, **kwargs)


def test_a_feed_that_goes_on_is_parsed_as_far_as_it_is_new(newsroom: Newsroom) -> None:  # noqa: F811
    newsroom.workers = workers = CountingWorkers()
    publish(newsroom, 2, 1)
    newsroom.subscribe()
    newsroom.work()
    publish(newsroom, 4, 3, 2, 1)
    newsroom.store.request_polls(None, now=newsroom.clock.now())
    newsroom.work()
    assert workers.known == [0, 2]
    assert [record.title for record in newsroom.articles()] == ["Story 1", "Story 2", "Story 3", "Story 4"]


def test_an_entry_that_says_the_same_in_other_bytes_is_known_by_them_from_then_on(newsroom: Newsroom) -> None:  # noqa: F811
    newsroom.workers = workers = CountingWorkers()
    publish(newsroom, 1)
    newsroom.subscribe()
    newsroom.work()
    for extra in ("<a/>", "<a/>", "<category>sea</category>", "<category>sea</category>"):
        tail = "" if len(workers.known) % 2 else "<ttl>9</ttl>"
        newsroom.origin.routes["/feed"] = rss(item(1, newsroom.origin.url("/1"), extra), tail)
        newsroom.store.request_polls(None, now=newsroom.clock.now())
        newsroom.work()
    # The category is not on file with the entry, whose words are the same: it is read until they change.
    assert workers.known == [0, 0, 1, 0, 0]


def test_what_is_to_be_written_is_read_whole_first(
    newsroom: Newsroom,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    newsroom.workers = workers = CountingWorkers()
    publish(newsroom, 1)
    newsroom.subscribe(full_text=False)
    newsroom.work()
    newsroom.origin.routes["/feed"] = rss(item(1, newsroom.origin.url("/1")), "<ttl>9</ttl>")
    newsroom.store.request_polls(None, now=newsroom.clock.now())
    monkeypatch.setattr(newsroom.store, "known_entries", lambda feed_id, keys: ())
    newsroom.work()
    assert workers.known == [0, 1, 0]
    with newsroom.store._read() as db:
        texts = [row["summary_html"] for row in db.execute("SELECT summary_html FROM entries")]
    assert texts == ["Summary of story 1."] * 2
