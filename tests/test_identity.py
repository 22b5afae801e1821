"""Keys of entries and articles."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.identity import content_hash, key_entries, known_by, page_claims, page_keys, twin_keys
from scraper.model import Enclosure, ParsedEntry, ParsedFeed
from scraper.urls import article_key, canonical_url, same_site


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("HTTP://News.Example:80/a/../b/./c?x=1#top", "http://news.example/b/c?x=1"),
        ("https://news.example", "https://news.example/"),
        ("https://news.example:443/%7euser/%e4%bd%a0", "https://news.example/~user/%E4%BD%A0"),
        ("https://news.example/你", "https://news.example/%E4%BD%A0"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://news.example/a?utm_source=rss&id=7&fbclid=x&UTM_Medium=feed", "https://news.example/a?id=7"),
        ("https://news.example/a?b=2&a=1", "https://news.example/a?b=2&a=1"),
        ("https://n.example/a?ref=n.example&ref=other.example&id=7", "https://n.example/a?ref=other.example&id=7"),
        ("https://news.example/a?utm_source=x", "https://news.example/a"),
        ("https://news.example/100%", "https://news.example/100%25"),
        ("https://[2001:DB8::1]:8080/", "https://[2001:db8::1]:8080/"),
        ("https://user:pw@n.example./a", "https://n.example/a"),
        ("https:\\\\n.example\\a", "https://n.example/a"),
        ("https://n.example/a/%2E%2e/b", "https://n.example/b"),
        ("https://n.example//a//b", "https://n.example/a//b"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("https://n.ex\tample/a|b^c", "https://n.example/a%7Cb%5Ec"),
        ("https://a b.example/", "https://a b.example/"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("not an address", "not an address"),
    ],
)
def test_canonical_url(spelling: str, canonical: str) -> None:
    assert canonical_url(spelling) == canonical


#: What addresses are made of, in odd places.
PIECES = st.lists(st.sampled_from(["http", "s", ":", "/", "\\", ".", "%2e", "%", "?", "&", "=", "#", "@", "a", "é", "[", "]", "80", " ", "utm_x=1", "\ud800"]), max_size=25)  # fmt: skip


@given(st.text(max_size=60), st.text(max_size=30))
def test_canonical_url_is_idempotent(path: str, query: str) -> None:
    once = canonical_url(f"https://News.example/{path}?{query}")
    assert canonical_url(once) == once


@given(PIECES, st.sampled_from(["", "https://", "HTTP://n.example", "//"]))
def test_canonical_url_of_anything_is_idempotent(pieces: list[str], start: str) -> None:
    once = canonical_url(start + "".join(pieces))
    assert canonical_url(once) == once
    assert article_key(once) == article_key(start + "".join(pieces))


@given(st.text(max_size=100))
def test_canonical_url_takes_any_text(text: str) -> None:
    assert isinstance(canonical_url(text), str)


def test_article_key_joins_http_and_www_twins() -> None:
    keys = {
        article_key(u) for u in ("http://www.n.example/a", "https://n.example/a", "https://www.n.example/a?utm_id=1")
    }
    assert keys == {"//n.example/a"}
    assert article_key("https://n.example/A") != article_key("https://n.example/a")


@pytest.mark.parametrize(
    ("found_at", "declared", "amp", "claims"),
    [
        ("https://n.example/a", "https://n.example/story", None, [("//n.example/story", "canonical")]),
        ("https://n.example/a", "http://www.n.example/a?utm_id=1#top", None, []),
        ("https://n.example/a", "https://n.example/", None, []),
        ("https://n.example/a", "https://other.example/story", None, []),
        ("https://n.example/a", None, None, []),
        ("https://a.n.example/a", "https://b.n.example/a", None, [("//b.n.example/a", "canonical")]),
        ("https://one.github.io/a", "https://two.github.io/a", None, []),
        ("https://n.example/a", None, "https://amp.n.example/a", [("//amp.n.example/a", "amphtml")]),
        ("https://n.example/a", None, "https://n-example.cdn.ampproject.org/c/s/n.example/a", []),
        (
            "https://n.example/story/amp",
            "https://n.example/story",
            None,
            [("//n.example/story", "canonical"), ("//n.example/story/", "twin")],
        ),
    ],
)
def test_declared_addresses_are_weak_keys_within_the_site(
    found_at: str, declared: str | None, amp: str | None, claims: list[tuple[str, str]]
) -> None:
    assert [(claim.key, claim.source) for claim in page_claims(found_at, declared, amp)] == claims


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://m.n.example/a", "//n.example/a"),
        ("https://mobile.n.example/a?id=7", "//n.example/a?id=7"),
        ("https://amp.n.example/a", "//n.example/a"),
        ("https://www.m.n.example/a", "//n.example/a"),
        ("https://n.example/amp/a/b", "//n.example/a/b"),
        ("https://n.example/a/amp/", "//n.example/a/"),
        ("https://n.example/a/amp", "//n.example/a"),
        ("https://n.example/a.amp.html", "//n.example/a.html"),
        ("https://n.example/a.amp", "//n.example/a"),
        ("https://n.example/a?amp", "//n.example/a"),
        ("https://n.example/a?id=7&amp=1", "//n.example/a?id=7"),
        ("https://n.example/a?outputType=amp", "//n.example/a"),
        ("https://www-n-example.cdn.ampproject.org/c/s/www.n.example/a?id=7", "//n.example/a?id=7"),
        ("https://n-example.cdn.ampproject.org/v/n.example/a.amp.html", "//n.example/a.html"),
    ],
)
def test_twin_keys(address: str, key: str) -> None:
    assert twin_keys(address)[0] == key


@pytest.mark.parametrize(
    "address",
    [
        "https://n.example/a", "https://m.example/a", "https://n.example/amplifier", "https://n.example/camp/a",
        "https://n.example/lamp", "https://n.example/a?amp=5", "https://n.example/a?id=amp", "https://m.n.example/",
        "https://n.example/amp", "https://n.example/a/example.cam", "mailto:m@n.example", "https://[::1]/a",
    ],
)  # fmt: skip
def test_addresses_that_are_nobody_s_twin(address: str) -> None:
    assert twin_keys(address) == ()


@given(PIECES)
def test_twin_keys_of_anything_are_keys(pieces: list[str]) -> None:
    for key in twin_keys("https://m.n.example/" + "".join(pieces)):
        assert article_key(f"https:{key}") == key


def test_a_front_page_is_nobody_s_key() -> None:
    assert page_keys("https://n.example/") == ()
    assert page_keys("https://n.example/story") == ("//n.example/story",)


def test_lone_surrogates_do_not_break_an_address() -> None:
    assert canonical_url("https://n.example/\ud83d").startswith("https://n.example/")


def test_same_site() -> None:
    assert same_site("https://m.n.example/a", "https://www.n.example/b")
    assert not same_site("https://n.example", "https://evil-n.example")


def entry(n: int, **kwargs) -> ParsedEntry:
    fields = {"guid": f"g{n}", "link": f"https://n.example/{n}", "title": f"Title {n}"} | kwargs
    return ParsedEntry(**fields)


def keys_of(*entries: ParsedEntry, site_url: str | None = None) -> list:
    return [keyed.keys for keyed in key_entries(ParsedFeed(entries=entries, site_url=site_url))]


def test_sound_guids_and_links_are_keys() -> None:
    first = keys_of(*(entry(n) for n in range(3)))[0]
    assert (first.guid, first.link) == ("g0", "//n.example/0")


def test_a_guid_shared_by_a_few_entries_is_joined_with_the_link() -> None:
    entries = [entry(n) for n in range(60)] + [entry(60, guid="g0")]
    keys = keys_of(*entries)
    assert keys[0].guid == "g0|//n.example/0"
    assert keys[60].guid == "g0|//n.example/60"
    assert keys[1].guid == "g1"


def test_unsound_guids_give_way_to_link_and_date() -> None:
    day = datetime(2026, 1, 2, tzinfo=UTC)
    keys = keys_of(entry(0, guid="same", published_at=day), entry(1, guid="same"), entry(2, guid=None, link=None))
    assert [key.guid for key in keys] == [f"//n.example/0|{day.isoformat()}", "//n.example/1|Title 1", "Title 2"]


def test_links_shared_by_entries_or_to_the_front_page_are_no_keys() -> None:
    shared = entry(1, link="https://n.example/live")
    keyed = key_entries(
        ParsedFeed(entries=(shared, entry(2, link=shared.link), entry(3, link="https://n.example/")), site_url=None)
    )
    assert [k.keys.link for k in keyed] == [None, None, "//n.example/"]
    assert [k.article_key for k in keyed] == [None, None, None]
    own = [k.own_key for k in keyed]
    assert len(set(own)) == 3
    assert [(key or "").partition("|")[0] for key in own] == ["//n.example/live", "//n.example/live", "//n.example/"]


def test_an_attached_file_is_no_page() -> None:
    files = (Enclosure(url="http://n.example/7.mp3?utm_source=x"), Enclosure(url="https://n.example/7.pdf"))
    entries = tuple(
        entry(n, link=f"https://n.example/7{end}", enclosures=files) for n, end in enumerate((".mp3", ".html"))
    )
    keyed = key_entries(ParsedFeed(entries=entries))
    assert [one.article_key for one in keyed] == [None, "//n.example/7.html"]


def test_entries_without_links_that_say_the_same_are_told_apart_by_their_guids() -> None:
    forecasts = [entry(n, link=None, title="Rain", summary_html="It rains.") for n in range(3)]
    keys = keys_of(*forecasts)
    assert [key.guid for key in keys] == ["g0", "g1", "g2"]
    assert len({key.content_hash for key in keys}) == 1


def test_an_entry_repeated_in_the_document_is_taken_once() -> None:
    same = entry(1)
    entries = [entry(n) for n in range(40)] + [same]
    assert len(keys_of(*entries)) == 40


@pytest.mark.parametrize(("missing", "repeated", "total", "is_sound"), [
    (1, 0, 20, True), (1, 0, 19, False), (0, 2, 40, True), (0, 2, 39, False), (1, 2, 60, True), (1, 2, 59, False),
])  # fmt: skip
def test_guids_are_sound_up_to_5_percent_missing_or_repeated(
    missing: int, repeated: int, total: int, is_sound: bool
) -> None:
    odd = [entry(n, guid=None) for n in range(missing)] + [entry(100 + n, guid="same") for n in range(repeated)]
    keys = keys_of(*odd, *(entry(200 + n) for n in range(total - len(odd))))
    assert (keys[-1].guid == f"g{199 + total - len(odd)}") is is_sound


def test_a_collision_is_told_by_links_without_their_tracking() -> None:
    many = [entry(n) for n in range(60)]
    keys = keys_of(*many, entry(60, guid="g0", link="https://n.example/60?utm_id=7"))
    assert keys[60].guid == "g0|//n.example/60"


def test_content_hash_moves_with_the_text_only() -> None:
    base = entry(1, summary_html="text")
    assert content_hash(base) == content_hash(entry(1, summary_html="text", guid="other", comments_url="x"))
    assert content_hash(base) != content_hash(entry(1, summary_html="text!"))


PICTURE = '<p>Words.</p><img src="https://n.example/a.jpg?{}" alt="{}">'


@pytest.mark.parametrize(
    ("one", "other", "is_equal"),
    [
        (PICTURE.format("t=1", ""), PICTURE.format("t=2", ""), True),
        (PICTURE.format("", "x"), PICTURE.format("", "y"), True),
        ("<p class=a>Two  words</p>", "<div>Two\nwords</div>", True),
        ('<a href="/a?utm_id=1">x</a>', "<a class=y href='/a#top'>x</a>", True),
        ('<img src="/monday.png">', '<img src="/tuesday.png">', False),
        ('<a href="/a">x</a>', '<a href="/b">x</a>', False),
        ("12 dead", "15 dead", False),
    ],
)
def test_content_hash_is_of_words_and_of_where_they_lead(one: str, other: str, is_equal: bool) -> None:
    hashes = {content_hash(entry(1, content_html=markup)) for markup in (one, other)}
    assert (len(hashes) == 1) is is_equal


def test_words_that_may_name_what_is_read_are_no_tracking() -> None:
    assert (
        canonical_url("https://n.example/a?si=7&campid=3&gad_source=1&ScCid=2") == "https://n.example/a?si=7&campid=3"
    )


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([entry(n) for n in range(3)], "guid"),
        ([entry(n, guid="same" if n < 2 else f"g{n}") for n in range(40)], "guid and link"),
        ([entry(n, guid="same" if n < 2 else f"g{n}", link=None) for n in range(40)], "guid and title"),
        ([entry(n, guid=None, published_at=datetime(2026, 1, 1, tzinfo=UTC)) for n in range(3)], "link and date"),
        ([entry(n, guid=None) for n in range(3)], "link and title"),
        ([entry(n, guid=None, title=None) for n in range(3)], "link"),
        ([entry(n, guid=None, link=None) for n in range(3)], "title"),
        ([entry(1, guid=None, link=None, title=None, summary_html="words")], "content"),
    ],
)
def test_what_an_entry_is_known_by_is_told_in_words(entries: list[ParsedEntry], told: str) -> None:
    assert known_by(key_entries(ParsedFeed(entries=tuple(entries)))[0]) == told
