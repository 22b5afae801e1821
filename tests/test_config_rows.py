"""Rows of plain feeds, which the YAML parser is spared, mean what the parser would have found in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from patience import times

from scraper.config import add_feed, load_settings, remove_feed
from scraper.config.document import Unreadable, compose_short, read_document, read_shortly
from scraper.errors import ConfigError
from scraper.model import FeedSpec

PLAIN = [
    "- https://a.org/{}\n",
    "- https://a.org/{}?x=1&y=[2]#z   # why\n",
    "- 'https://a.org/{}'\n",
    '- "https://a.org/{}" # c\n',
    "- {{url: https://a.org/{}?feed=rss2, name: One two, tags: [x, 'y, z'], paused: true}}\n",
    "- url: https://a.org/{}\n  name: Tom's & \"Co\", [x] a:b c#d\n  tags: [one, two words, \"th: ree\"]\n",
    "- url: https://a.org/{}\n  name: Süddeutsche – «Новости» 日本\n  interval: 1h30m\n  full_text: FALSE\n",
    "-   name: \"say \\\"x\\\" \\\\ \"  # odd\n    url: https://a.org/{}\n    tags:\n      - x\n      - 'y'' z'\n\n    # c\n",
    "- url: https://a.org/{}\n  tags:\n  - null\n  - yes\n  keep: []\n  drop:\n",
    "- url: https://a.org/{}\r\n  name: on\r\n",
]  # fmt: skip


def listed(*lines: str, column: int = 2) -> str:
    rows = "".join(line.replace("{}", str(number)) for number, line in enumerate(lines))
    rows = rows.replace("{{", "{").replace("}}", "}")
    return "feeds:\n" + "".join(" " * column + line for line in rows.splitlines(keepends=True))


def as_read(text: str, read) -> object:
    """Return the values, or the faults, of `text`; `repr` tells true from 1."""
    try:
        document = read(text)
    except Unreadable as exc:
        return exc.problems
    return repr(document.data), document.problems


def assert_same(text: str) -> None:
    assert as_read(text, read_shortly) == as_read(text, read_document)


@pytest.mark.parametrize("line", PLAIN)
@pytest.mark.parametrize("column", [0, 2, 5])
def test_a_long_list_of_plain_feeds_is_not_parsed(line, column):
    text = listed(*[line] * 500, column=column) + "sites: {}\n"
    assert len(compose_short(text).short.text) < len(text) / 50
    assert compose_short(text).short.restored(0, 0, "") == text
    assert not read_shortly(text).has_places
    assert_same(text)


#: Where text does not mean what it looks like.
STRANGE = [
    "- https://a.org/{}\n    more\n",
    "- https://a.org/{}\n\n    more\n",
    "- url: https://a.org/{}\n  name: x\n    more\n",
    "- url: https://a.org/{}\n  name: |\n    - https://b.org/\n    - https://c.org/\n    - https://d.org/\n    - https://e.org/\n",
    "- url: https://a.org/{}\n  name: 'x\n    - https://b.org/\n    - https://c.org/\n    - https://d.org/\n    y'\n",
    "- https://a.org/{}\n  - https://b.org/\n  - https://c.org/\n  - https://d.org/\n",
    "- url: https://a.org/{}\n  name: 012\n",
    "- url: https://a.org/{}\n  name: 1:30\n",
    "- url: https://a.org/{}\n  name: 2024-01-01\n",
    "- url: https://a.org/{}\n  name: ~\n",
    "- url: https://a.org/{}\n  url: https://b.org/\n",
    "- {{url: https://a.org/{}, url: https://b.org/}}\n",
    "- {{url: https://a.org/{}, name: a:b}}\n",
    "- url: https://a.org/{}\n  tags: [a, b c:d, e?]\n",
    "- url: https://a.org/{}\n   name: x\n",
    "- url: https://a.org/{}\n  name: x: y\n",
    "- url: https://a.org/{}:\n",
    "- https://a.org/{}: x\n",
    "- &a https://a.org/{}\n",
    "- *a\n",
    "- !!str https://a.org/{}\n",
    "- url: https://a.org/{}\n  tags:\n    - x\n  - y\n",
    "- url: https://a.org/{}\n  tags:\n    - x\n     - y\n",
    "- url: https://a.org/{}\n  tags: [a,\n    b]\n",
    '- url: https://a.org/{}\n  name: "a\\tb"\n',
    "- url: https://a.org/{}\n  name: a\tb\n",
    "- url: https://a.org/{}\t\n",
    "- url: https://a.org/{}\n  name: a\x85b\u2028c\xa0d\n",
    "- url: https://a.org/{}\r  name: x\n",
    "- url: https://a.org/{}#c\n  name: x #y\n  <<: {{name: z}}\n",
    "- ? url\n  : https://a.org/{}\n",
    "---\n",
    "...\n",
    "# c\x00\n",
    "\n",
]  # fmt: skip
HEADS = [
    "",
    "# c\n",
    "%YAML 1.1\n---\n",
    "sites:\n",
    "x: |\n",
    "x: '\n",
    "feeds: []\n",
    "x: &f\n- a\n",
    "{",
    "[",
    "- x\n",
]
TAILS = ["", "sites: {}\n", "x: *f\n", "'\n", "  - https://z.org/", "\tx\n", "}\n", "- https://z.org/\n"]


@pytest.mark.parametrize("strange", STRANGE)
def test_a_strange_feed_among_plain_ones_means_the_same(strange):
    for column in (0, 2):
        for line in PLAIN:
            assert_same(listed(*[line] * 4, strange, *[line] * 4, column=column) + "sites: {}\n")


@settings(deadline=None, max_examples=times(300, 6000))
@given(
    head=st.sampled_from(HEADS),
    anchor=st.sampled_from(["", "", "", " &f", " # c", " !!seq", " |", " 'x"]),
    lines=st.lists(st.sampled_from(PLAIN * 3 + STRANGE), min_size=3, max_size=12),
    column=st.integers(0, 3),
    tail=st.sampled_from(TAILS),
)
@example(head="", anchor=" &f", lines=PLAIN[:1] * 4, column=2, tail="x: *f\n")
@example(head="%YAML 1.1\n---\n", anchor="", lines=PLAIN[-2:-1] * 4, column=2, tail="")
@example(head="", anchor=" |", lines=PLAIN[:1] * 4, column=2, tail="")
def test_any_list_means_what_the_parser_makes_of_it(head, anchor, lines, column, tail):
    assert_same(head + listed(*lines, column=column).replace("feeds:", f"feeds:{anchor}", 1) + tail)


@settings(deadline=None, max_examples=times(300, 6000))
@given(
    lines=st.lists(st.sampled_from(PLAIN), min_size=4, max_size=6),
    data=st.data(),
    put=st.text("-: #'\"[]{},&*!|>%@`\\\t\n\r\x85\u2028\ufeff?=<~0.xtnÿ", max_size=3),
)
def test_a_slip_of_the_hand_means_what_the_parser_makes_of_it(lines, data, put):
    text = listed(*lines)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 3, len(text))))
    assert_same(text[:start] + put + text[end:])


@settings(deadline=None, max_examples=times(200, 3000))
@given(value=st.text(max_size=30), frame=st.sampled_from(["{}", "'{}'", '"{}"', "[{}]", "['{}', b]", '["{}"]']))
def test_any_value_means_what_the_parser_makes_of_it(value, frame):
    written = frame.replace("{}", value)
    assert_same(listed(*[f"- url: https://a.org/\n  name: {written}\n"] * 4))
    assert_same(listed(*["- {{url: https://a.org/, name: " + written + "}}\n"] * 4))


@pytest.mark.parametrize("value", ["w" * 2000, "'" + "w" * 2000 + "'", "w " * 1000 + "w"])
def test_long_values(value):
    assert_same(listed(*[f"- url: https://a.org/\n  name: {value}\n"] * 4))
    assert_same(listed(*[f"- https://a.org/{value}\n"] * 4))


# --------------------------------------------------------------------------- faults, edits


def test_a_fault_is_named_at_its_place_in_a_long_list(tmp_path: Path):
    path = tmp_path / "feeds.yaml"
    path.write_text(listed(*[PLAIN[0]] * 40, "- url: https://a.org/7\n  intervall: 3m\n", *[PLAIN[0]] * 40))
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert caught.value.problems == (
        f"{path}:42:10: feeds[40].url: the same feed as on line 9; remove one of them",
        f'{path}:43:5: feeds[40].intervall: unknown key; did you mean "interval"?',
    )


@settings(deadline=None, max_examples=times(40, 400))
@given(lines=st.lists(st.sampled_from([*PLAIN[:8], STRANGE[2], STRANGE[4]]), min_size=3, max_size=12), data=st.data())
def test_a_feed_goes_and_comes_as_in_a_short_list(tmp_path_factory, lines, data):
    path = tmp_path_factory.mktemp("rows") / "feeds.yaml"
    text = listed(*lines)
    path.write_text(text)
    before = load_settings(path).feeds
    gone = data.draw(st.sampled_from(before))
    remove_feed(path, gone.url)
    assert load_settings(path).feeds == tuple(feed for feed in before if feed != gone)
    kept = set(path.read_text().splitlines())
    assert kept <= set(text.splitlines())
    assert add_feed(path, FeedSpec(url="https://new.org/"))
    assert load_settings(path).feeds[-1] == FeedSpec(url="https://new.org/")
