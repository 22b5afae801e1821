"""OPML: what other readers write is read, what we write they can read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import WireroomError
from scraper.model import FeedSpec
from wireroom.opml import NotOpml, read_opml, write_opml

NESTED = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Old reader</title></head><body>
  <outline text="World"><outline text="Asia">
    <outline type="rss" text="みなと新報" xmlUrl="https://example.jp/feed.xml" htmlUrl="https://example.jp/"/>
  </outline>
  <outline title="Courier &amp; Co" xmlURL="https://example.org/feed"/></outline>
  <outline text="Science">
    <outline text="Courier" xmlUrl="https://example.org/feed" category="/tide/moon,deep sea"/>
  </outline>
  <outline text="bare" xmlUrl="https://example.net/rss"/>
  <outline text="A note without a feed"/>
  <outline text="Odd" xmlUrl="javascript:alert(1)"/><outline text="Local" xmlUrl="file:///etc/passwd"/>
</body></opml>"""


def test_folders_become_tags_and_a_feed_in_two_folders_is_one_feed() -> None:
    assert read_opml(NESTED.encode()) == (
        FeedSpec(url="https://example.jp/feed.xml", name="みなと新報", tags=("World", "Asia")),
        FeedSpec(
            url="https://example.org/feed", name="Courier & Co", tags=("World", "Science", "tide", "moon", "deep sea")
        ),
        FeedSpec(url="https://example.net/rss", name="bare"),
    )


def test_feeds_that_cannot_be_polled_are_named() -> None:
    left_out: list[str] = []
    read_opml(NESTED.encode(), left_out)
    assert left_out == [
        'javascript:alert(1) (Odd): "javascript:" addresses are not read: it takes http:// or https://',
        'file:///etc/passwd (Local): "file:" addresses are not read: it takes http:// or https://',
    ]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("feed://mill.example/rss", "http://mill.example/rss"),
        ("feed:https://mill.example/rss", "https://mill.example/rss"),
        ("FEED:HTTP://Mill.example/RSS", "http://Mill.example/RSS"),
        ("feed:mill.example/rss", "http://mill.example/rss"),
        ("HTTPS://mill.example/rss", "https://mill.example/rss"),
        (" https://mill.example/rss ", "https://mill.example/rss"),
        ("feed://https://mill.example/rss", "https://mill.example/rss"),
    ],
)
def test_addresses_as_other_programs_write_them_are_read(given: str, read: str) -> None:
    for attribute in (f'xmlUrl="{given}"', f'type="rss" url="{given}"'):
        document = f'<opml><body><outline text="Mill" {attribute}/></body></opml>'
        assert [feed.url for feed in read_opml(document.encode())] == [read]


def test_a_feed_in_very_deep_folders_is_read() -> None:
    folders = "".join(f'<outline text="f{n}">' for n in range(150))
    document = f'<opml><body>{folders}<outline xmlUrl="https://mill.example/rss"/>{"</outline>" * 150}</body></opml>'
    (feed,) = read_opml(document.encode())
    assert feed.tags == tuple(f"f{n}" for n in range(50))


def test_encodings_other_than_utf_8_are_read() -> None:
    document = '<?xml version="1.0" encoding="windows-1251"?><opml><body><outline text="Вести" xmlUrl="http://a.example/"/></body></opml>'
    assert read_opml(document.encode("windows-1251"))[0].name == "Вести"


def test_lists_without_feeds_are_empty() -> None:
    assert read_opml(b"<opml><body/></opml>") == ()
    assert read_opml(write_opml(()).encode()) == ()


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (b"", "not an OPML feed list"),
        (b"feeds:\n  - https://example.org/\n", "not an OPML feed list"),
        (b"<html><body><p>Hello</p></body></html>", "root element is <html>"),
        (b"<opml><head/></opml>", "not an OPML feed list"),
        (b"<opml><body><outline></body></opml>", "not an OPML feed list"),
        (b"\x00\x01\xff", "not an OPML feed list"),
    ],
)
def test_what_is_not_opml_is_refused_with_a_reason(document: bytes, message: str) -> None:
    with pytest.raises(NotOpml, match=message) as caught:
        read_opml(document)
    assert isinstance(caught.value, WireroomError)


def test_entities_read_no_file_and_do_not_multiply(tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    document = (
        f'<!DOCTYPE opml [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        '<opml><body><outline text="&amp;x; ok" xmlUrl="https://example.org/"/>'
        '<outline text="b">&x;</outline></body></opml>'
    )
    assert "secret" not in repr(read_opml(document.encode()))
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE opml [<!ENTITY a0 "lol">{levels}]><opml><body><outline text="&a11;" xmlUrl="https://e.example/"/></body></opml>'
    with pytest.raises(NotOpml):
        read_opml(bomb.encode())


def test_a_tag_with_a_slash_comes_back_as_one_tag() -> None:
    feed = FeedSpec(url="https://example.org/", name="E", tags=("news/world", "b"))
    assert read_opml(write_opml([feed]).encode()) == (feed,)


NAMES = st.text(min_size=1, max_size=30).map(lambda text: " ".join("".join(filter(str.isprintable, text)).split()))


@given(
    st.lists(
        st.builds(
            FeedSpec,
            url=st.integers(0, 10**9).map(lambda number: f"https://example.org/{number}?a=1&b=<2>"),
            name=NAMES.filter(bool),
            tags=st.lists(
                NAMES.map(lambda t: t.replace("/", "").replace(",", "").strip()).filter(bool), unique=True, max_size=3
            ).map(tuple),
        ),
        unique_by=lambda feed: feed.url,
        max_size=8,
    )
)
def test_what_is_written_reads_back(feeds: list[FeedSpec]) -> None:
    assert set(read_opml(write_opml(feeds).encode())) == set(feeds)


# --------------------------------------------------------------------------- not well-formed

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="1.0"><head/><body>'
MILL = '<outline text="Mühle" xmlUrl="https://mill.example/rss"/>'
TAIL = "</body></opml>"


def read(document: bytes) -> tuple[list[tuple[str, str | None]], list[str], list[str]]:
    """Return address and name of each feed, what was left out, and what was mended."""
    left_out: list[str] = []
    mended: list[str] = []
    feeds = read_opml(document, left_out, mended)
    return [(feed.url, feed.name) for feed in feeds], left_out, mended


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("Rock & roll", "Rock & roll", "& without a meaning is read as a character"),
        ("AT&T;", "AT&T;", "& without a meaning is read as a character"),
        ("A&amp;B & C", "A&B & C", "& without a meaning is read as a character"),
        ("Caf&eacute;&nbsp;&ndash; &amp;c", "Café – &c", "entities of HTML are read as in HTML"),
        ("a\x0bb\x00", "ab", "control characters are left out"),
        ("a&#11;b&#x1F;&#233;", "abé", "references to characters that XML has not are left out"),
        ("1 < 2", "1 < 2", "< in values is read as a character"),
    ],
)
def test_what_is_plainly_meant_is_mended_and_said(text: str, name: str, said: str) -> None:
    document = f'{HEAD}<outline text="{text}" xmlUrl="https://mill.example/rss?a=1&b=2"/>{MILL}{TAIL}'
    feeds, left_out, mended = read(document.encode())
    assert feeds == [("https://mill.example/rss?a=1&b=2", name), ("https://mill.example/rss", "Mühle")]
    assert said in mended
    assert left_out == []


@pytest.mark.parametrize("before", ["\n\n  ", "\ufeff\n", "junk\n"])
def test_what_stands_before_the_declaration_is_passed_over(before: str) -> None:
    feeds, left_out, mended = read(f"{before}{HEAD}{MILL}{TAIL}".encode())
    assert (feeds, left_out) == ([("https://mill.example/rss", "Mühle")], [])
    assert len(mended) == 1


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("UTF-8", "iso-8859-1"), ("ISO-8859-1", "utf-8"), ("windows-1252", "utf-8-sig"), ("UTF-16", "utf-8"),
        ("no-such-code", "windows-1252"), ("us-ascii", "windows-1252"),
    ],
)  # fmt: skip
def test_a_wrong_declaration_of_the_encoding_is_seen(declared: str, written: str) -> None:
    feeds, left_out, mended = read(f"{HEAD}{MILL}{TAIL}".replace("UTF-8", declared).encode(written))
    assert (feeds, left_out) == ([("https://mill.example/rss", "Mühle")], [])
    assert mended


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_a_right_declaration_is_believed(encoding: str) -> None:
    document = f"{HEAD}{MILL}{TAIL}".replace("UTF-8", encoding.removesuffix("-sig"))
    assert read(document.encode(encoding)) == ([("https://mill.example/rss", "Mühle")], [], [])


@pytest.mark.parametrize("declared", ["punycode", "idna", "unicode_escape", "raw-unicode-escape", "utf-7"])
def test_an_encoding_that_is_none_of_documents_is_not_used(declared: str) -> None:
    text = r"Ä & b\u0041"
    document = f'{HEAD}<outline text="{text}" xmlUrl="https://a.example/"/>{TAIL}'.replace("UTF-8", declared)
    assert read(document.encode())[0] == [("https://a.example/", text)]


@pytest.mark.parametrize("tail", ["", "<out", '<outline text="half', "</outline></outline>", "</body>", "</opml>"])
def test_a_cut_list_is_read_as_far_as_it_goes(tail: str) -> None:
    feeds, left_out, _ = read(f'{HEAD}<outline text="Folder">{MILL}{tail}'.encode())
    assert feeds == [("https://mill.example/rss", "Mühle")]
    assert len(left_out) == 1
    assert left_out[0].startswith("cut off or damaged (")


@pytest.mark.parametrize("damage", ["<outli://x.example/>", "<bad:>", '<outline a:="1" />', "</head></body>", "<body>"])
def test_damage_inside_a_list_spoils_little(damage: str) -> None:
    feeds, left_out, _ = read(f"{HEAD}{MILL}{damage}{TAIL}".encode())
    assert feeds == [("https://mill.example/rss", "Mühle")]
    assert left_out


def test_a_head_without_an_end_hides_no_feed() -> None:
    feeds, left_out, _ = read(f"<opml><head><title>x</title><body>{MILL}{TAIL}".encode())
    assert feeds == [("https://mill.example/rss", "Mühle")]
    assert left_out


def test_a_list_without_a_body_is_read() -> None:
    feeds, left_out, mended = read(f"<opml><head/>{MILL}</opml>".encode())
    assert (feeds, left_out, len(mended)) == ([("https://mill.example/rss", "Mühle")], [], 1)


def test_what_is_no_feed_is_named() -> None:
    outlines = (
        '<outline text="Site" type="link" url="https://l.example/"/>'
        '<outline text="More" type="include" url="https://i.example/list.opml"/>'
        '<outline xmlns:frss="https://freshrss.org/opml" text="Dynamic" frss:opmlUrl="https://d.example/o"/>'
        '<outline text="Page" type="HTML+XPath" xmlUrl="https://p.example/"/>'
        '<outline text="Plain" url="https://mill.example/rss"/>'
        f'<outline text="{"N" * 5000}" xmlUrl="https://n.example/rss"/>'
        '<outline xmlns:frss="https://freshrss.org/opml" text="F" xmlUrl="https://f.example/" frss:filtersActionRead="ad"/>'
    )
    feeds, left_out, _ = read(f"{HEAD}{outlines}{TAIL}".encode())
    assert feeds == [
        ("https://mill.example/rss", "Plain"), ("https://n.example/rss", None), ("https://f.example/", "F")
    ]  # fmt: skip
    assert [told.partition(": ")[2] for told in left_out] == [
        "a link, not a feed",
        "a list of its own, which is not fetched; import that one, too",
        "a list of its own, which is not fetched; import that one, too",
        "a page that the other reader takes apart itself, not a feed",
        f"its name of 5,000 characters, '{'N' * 30}'...",
        "filtersactionread (settings of the other reader, not taken over)",
    ]
