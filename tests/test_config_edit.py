"""Feeds are put into feeds.yaml and taken out of it without touching anything else."""

from __future__ import annotations

import os
import stat
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import times

from scraper.config import add_feed, add_feeds, create_starter, load_settings, remove_feed, starter_text
from scraper.errors import ConfigError, NotFound
from scraper.model import FeedSpec

ROOT = Path(__file__).parent.parent

NEW = FeedSpec(url="https://new.org/feed")

#: Before and after `add_feed(NEW)`; taking it out again gives the first text back, unless a third one stands here.
ADDED = {
    "behind the last": (
        "feeds:\n  - https://a.org/\n",
        "feeds:\n  - https://a.org/\n  - https://new.org/feed\n",
    ),
    "comments, quotes, spacing and order stay": (
        "# top\n\nsites: {b.org: {body:   'p'}}   # odd\nfeeds:  # list\n"
        "# one\n-   url:   \"https://a.org/\"  # mine\n    tags: [ x,y ]\n\n# two\n- 'https://b.org/'   # b\n",
        "# top\n\nsites: {b.org: {body:   'p'}}   # odd\nfeeds:  # list\n"
        "# one\n-   url:   \"https://a.org/\"  # mine\n    tags: [ x,y ]\n\n# two\n- 'https://b.org/'   # b\n"
        "- https://new.org/feed\n",
    ),
    "before what follows": (
        "feeds:\n  - url: https://a.org/\n    name: A\n    # paused: true\n\n# --- sites\nsites: {}\n",
        "feeds:\n  - url: https://a.org/\n    name: A\n    # paused: true\n  - https://new.org/feed\n\n# --- sites\nsites: {}\n",
    ),
    "no line end at the end": (
        "feeds:\n  - https://a.org/",
        "feeds:\n  - https://a.org/\n  - https://new.org/feed\n",
        "feeds:\n  - https://a.org/\n",
    ),
    "an empty list": (
        "feeds: []   # none yet\n  # - https://example.org/\n\nsites:\n",
        "feeds:   # none yet\n  # - https://example.org/\n  - https://new.org/feed\n\nsites:\n",
        "feeds:   # none yet\n  # - https://example.org/\n\nsites:\n",
    ),
    "nothing at all": ("feeds:\n", "feeds:\n  - https://new.org/feed\n"),
    "nothing, then more": (
        "feeds:\n\nsites: {}\n",
        "feeds:\n  - https://new.org/feed\n\nsites: {}\n",
    ),
    "a written null": ("feeds: null\n", "feeds:\n  - https://new.org/feed\n", "feeds:\n"),
    "in brackets": (
        "feeds: [https://a.org/,  'https://b.org/' ]\n",
        "feeds: [https://a.org/,  'https://b.org/', \"https://new.org/feed\" ]\n",
    ),
    "in brackets over lines": (
        "feeds: [\n  https://a.org/,   # a\n]\n",
        "feeds: [\n  https://a.org/, \"https://new.org/feed\",   # a\n]\n",
        "feeds: [\n  https://a.org/, # a\n]\n",
    ),
    "windows line ends and byte order mark": (
        "\ufefffeeds:\r\n  - https://a.org/\r\nsites: {}\r\n",
        "\ufefffeeds:\r\n  - https://a.org/\r\n  - https://new.org/feed\r\nsites: {}\r\n",
    ),
    "a text block": (
        "feeds:\n  - url: https://a.org/\n    name: >-\n      Long\n      name\n\n# end\n",
        "feeds:\n  - url: https://a.org/\n    name: >-\n      Long\n      name\n\n  - https://new.org/feed\n# end\n",
    ),
    "an empty value": (
        "feeds:\n  - url: https://a.org/\n    tags:\n\n# end\n",
        "feeds:\n  - url: https://a.org/\n    tags:\n  - https://new.org/feed\n\n# end\n",
    ),
}  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "feeds.yaml"


def write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def read(path: Path) -> str:
    return path.read_bytes().decode()


@pytest.mark.parametrize("case", ADDED.values(), ids=ADDED)
def test_a_feed_is_added_and_taken_out_again(path, case):
    before, after, *rest = case
    write(path, before)
    assert add_feed(path, NEW) is True
    assert read(path) == after
    remove_feed(path, NEW.url)
    assert read(path) == (rest[0] if rest else before)


@pytest.mark.parametrize(
    ("index", "after"),
    [
        (0, "feeds:\n  # one\n  # two\n  - https://b.org/\n  # three\n  -\n    url: https://c.org/\n# end\n"),
        (1, "feeds:\n  # one\n  - url: https://a.org/  # mine\n    tags:\n      - x\n    # paused: true\n  # two\n  # three\n  -\n    url: https://c.org/\n# end\n"),
        (2, "feeds:\n  # one\n  - url: https://a.org/  # mine\n    tags:\n      - x\n    # paused: true\n  # two\n  - https://b.org/\n  # three\n# end\n"),
    ],
)  # fmt: skip
def test_a_feed_goes_with_its_lines_and_leaves_the_comments_around_it(path, index, after):
    write(
        path,
        "feeds:\n  # one\n  - url: https://a.org/  # mine\n    tags:\n      - x\n    # paused: true\n"
        "  # two\n  - https://b.org/\n  # three\n  -\n    url: https://c.org/\n# end\n",
    )
    remove_feed(path, f"https://{'abc'[index]}.org/")
    assert read(path) == after


@pytest.mark.parametrize(
    ("url", "after"),
    [
        ("https://a.org/", "feeds: [{url: https://b.org/}, https://c.org/]\n"),
        ("https://b.org/", "feeds: [https://a.org/, https://c.org/]\n"),
        ("https://c.org/", "feeds: [https://a.org/, {url: https://b.org/}]\n"),
    ],
)
def test_a_feed_goes_out_of_brackets(path, url, after):
    write(path, "feeds: [https://a.org/, {url: https://b.org/}, https://c.org/]\n")
    remove_feed(path, url)
    assert read(path) == after


def test_everything_a_spec_says_is_written_and_read_back(path):
    spec = FeedSpec(
        url="https://u:p@new.org/?a=b#c",
        name='Он сказал: "да" # not a comment',
        tags=("a, b", "yes", "2024", "*x"),
        schedule="*/10 6-22 * * mon-fri",
        time_zone="Europe/Berlin",
        full_text=False,
        paused=True,
        keep=("{x}",),
        drop=("- y", "z: "),
    )
    every_hour = FeedSpec(url="https://hour.org/", interval=timedelta(hours=1, minutes=30))
    for text in ("feeds: []", "feeds: [https://a.org/]\n"):
        write(path, text)
        assert add_feeds(path, [spec, every_hour]) == (spec.url, every_hour.url)
        found = load_settings(path).feeds[-2:]
        assert found == (FeedSpec(**{**as_dict(spec), "drop": ("- y", "z:")}), every_hour)
    write(path, "feeds:")
    add_feeds(path, [spec, every_hour])
    assert read(path) == (
        "feeds:\n"
        "  - url: https://u:p@new.org/?a=b#c\n"
        '    name: "Он сказал: \\"да\\" # not a comment"\n'
        '    tags: ["a, b", "yes", "2024", "*x"]\n'
        '    schedule: "*/10 6-22 * * mon-fri"\n'
        "    time_zone: Europe/Berlin\n"
        "    full_text: false\n"
        "    paused: true\n"
        '    keep: ["{x}"]\n'
        '    drop: ["- y", "z:"]\n'
        "  - url: https://hour.org/\n"
        "    interval: 1h30m\n"
    )


def as_dict(spec: FeedSpec) -> dict[str, object]:
    return {name: getattr(spec, name) for name in FeedSpec.__slots__}


@settings(deadline=None, max_examples=times(60, 600))
@given(name=st.text(max_size=250), tag=st.text(max_size=20))
def test_any_title_can_become_a_name(tmp_path_factory, name, tag):
    path = tmp_path_factory.mktemp("any") / "feeds.yaml"
    for text in ("feeds:\n", "feeds: [https://a.org/]\n"):
        write(path, text)
        add_feed(path, FeedSpec(url="https://new.org/", name=name, tags=(tag,)))
        found = load_settings(path).feeds[-1]
        wanted = "".join(c for c in " ".join(name.split()) if c.isprintable())[:200].strip()
        assert (found.name or "") == wanted


# --------------------------------------------------------------------------- what is there already


def test_what_is_listed_is_not_added_again(path):
    write(path, "feeds: [https://a.org]\n")
    assert add_feed(path, FeedSpec(url="HTTPS://A.ORG:443/")) is False
    assert add_feeds(path, [NEW, FeedSpec(url="https://a.org/"), NEW]) == (NEW.url,)
    assert [feed.url for feed in load_settings(path).feeds] == ["https://a.org", NEW.url]


def test_what_is_not_listed_cannot_be_removed(path):
    write(path, "feeds: [https://a.org/]\n")
    with pytest.raises(NotFound, match="lists no feed") as caught:
        remove_feed(path, "https://me:hunter2@b.org/")
    assert "hunter2" not in f"{caught.value}{caught.value.what}"


# --------------------------------------------------------------------------- files


def test_a_missing_file_is_made_from_the_starter_for_its_owner_alone(path):
    assert add_feed(path, NEW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [feed.url for feed in load_settings(path).feeds] == [NEW.url]
    text = read(path)
    assert set(starter_text().split("\n")) - set(text.split("\n")) == {"feeds: []"}


def test_the_checkouts_file_is_the_starter_with_feeds():
    first, _, text = read(ROOT / "feeds.yaml").partition("\n")
    assert first == "# yaml-language-server: $schema=scraper/config/feeds.schema.json"
    listed = text.partition("\nfeeds:\n")[2].partition("\n  # - https://example.org/feed.xml\n")[0]
    assert all(
        line.lstrip("- ").startswith(("http", "url: ", "name: ", "tags: ")) for line in listed.split("\n") if line
    )
    assert len(load_settings(ROOT / "feeds.yaml").feeds) > 10
    assert text.replace(f"\nfeeds:\n{listed}\n", "\nfeeds: []\n") == starter_text()


def test_the_starter_is_written_once(tmp_path):
    path = tmp_path / "new" / "feeds.yaml"
    create_starter(path)
    assert read(path) == starter_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    write(path, "feeds: [https://a.org/]\n")
    with pytest.raises(ConfigError, match="there is a file already"):
        create_starter(path)
    assert read(path) == "feeds: [https://a.org/]\n"


def test_mode_and_link_stay_and_nothing_is_left_behind(tmp_path):
    target = tmp_path / "kept" / "list.yaml"
    target.parent.mkdir()
    write(target, "feeds: []\n")
    target.chmod(0o640)
    link = tmp_path / "feeds.yaml"
    link.symlink_to("kept/list.yaml")
    add_feed(link, NEW)
    assert link.is_symlink()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert [file.name for file in target.parent.iterdir()] == ["list.yaml"]
    assert load_settings(link).feeds == (NEW,)


@pytest.mark.parametrize(
    "text",
    [
        "{feeds: [], sites: {}}\n",
        "feeds: &a\n  - https://a.org/\nx: 1\n",
        "feeds: [broken\n",
        "feeds: 7\n",
    ],
)
def test_what_cannot_be_edited_is_left_alone(path, text):
    write(path, text)
    with pytest.raises(ConfigError):
        add_feed(path, NEW)
    assert read(path) == text


def test_an_alias_is_not_cut_at_its_anchor(path):
    text = "feeds:\n  - &a {url: https://a.org/}\n  - {<<: *a, url: https://b.org/}\n"
    write(path, text)
    with pytest.raises(ConfigError, match="by hand"):
        remove_feed(path, "https://a.org/")
    assert read(path) == text


def test_a_bad_address_is_named_and_nothing_is_written(path):
    with pytest.raises(ConfigError) as caught:
        add_feeds(path, [NEW, FeedSpec(url="file:///x"), FeedSpec(url="https://me:hunter2@a b.org/")])
    assert len(caught.value.problems) == 2
    assert "hunter2" not in str(caught.value)
    assert not path.exists()


def test_places_that_cannot_be_written_are_named(tmp_path, monkeypatch):
    with pytest.raises(ConfigError, match="its directory cannot be opened"):
        add_feed(tmp_path / "none" / "feeds.yaml", NEW)
    path = tmp_path / "feeds.yaml"
    write(path, "feeds:\n")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(ConfigError, match="may not be written"):
        add_feed(path, NEW)
    assert [file.name for file in tmp_path.iterdir()] == ["feeds.yaml"]


def test_two_at_once_lose_nothing(path):
    write(path, "feeds:\n")
    threads = [
        threading.Thread(target=add_feed, args=(path, FeedSpec(url=f"https://a.org/{number}"))) for number in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {feed.url for feed in load_settings(path).feeds} == {f"https://a.org/{number}" for number in range(12)}
