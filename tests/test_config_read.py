"""feeds.yaml is read into Settings, or every fault of it is named at its place."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from scraper.config import Settings, load_settings, read_database_path, starter_text
from scraper.errors import ConfigError
from scraper.model import FeedSpec, SiteRule

ROOT = Path(__file__).parent.parent


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that writes feeds.yaml into the current directory."""
    monkeypatch.chdir(tmp_path)

    def write(content: str | bytes) -> Path:
        path = Path("feeds.yaml")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def problems_of(path: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert caught.value.path == path
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


# --------------------------------------------------------------------------- what is read


def test_everything_that_can_be_said(write, tmp_path):
    path = write("""\
settings:
  database: data/news.db
  contact: https://example.org/about
  network: {allow_private: ["127.0.0.1:8080", "192.168.1.0/24", "[::1]:80", "fd00::/8"]}
  concurrency: 12
  listen: "[::1]:9000"
defaults: {interval: 2h, full_text: false, tags: [all]}
feeds:
  - https://example.org/feed.xml
  - url: http://example.com/rss?a=b#c
    name: Example
    tags: [world, all, japan]
    interval: 1h30m
    full_text: true
    paused: true
    keep: [election]
    drop: [horoscope, " crossword "]
  - url: https://example.net/
    schedule: "*/10 6-22 * * 1-5"
    time_zone: Europe/Berlin
  - {url: https://example.net/auto, interval: auto}
sites:
  Example.COM: {body: div.story, remove: [".promo"], title: h1, byline: .by, date: time}
  example.net: {body: [.lead, .part], next_page: a.next, single_page: "{url}?print=1"}
""")
    assert load_settings(path) == Settings(
        path=tmp_path / "feeds.yaml",
        database=tmp_path / "data/news.db",
        contact="https://example.org/about",
        allow_private=("127.0.0.1:8080", "192.168.1.0/24", "[::1]:80", "fd00::/8"),
        concurrency=12,
        listen_host="::1",
        listen_port=9000,
        feeds=(
            FeedSpec(url="https://example.org/feed.xml", interval=timedelta(hours=2), full_text=False, tags=("all",)),
            FeedSpec(
                url="http://example.com/rss?a=b#c",
                name="Example",
                tags=("all", "world", "japan"),
                interval=timedelta(hours=1, minutes=30),
                paused=True,
                keep=("election",),
                drop=("horoscope", "crossword"),
            ),
            FeedSpec(
                url="https://example.net/",
                tags=("all",),
                schedule="*/10 6-22 * * mon-fri",
                time_zone="Europe/Berlin",
                full_text=False,
            ),
            FeedSpec(url="https://example.net/auto", tags=("all",), full_text=False),
        ),
        sites={
            "example.com": SiteRule(body="div.story", remove=(".promo",), title="h1", byline=".by", date="time"),
            "example.net": SiteRule(body=(".lead", ".part"), next_page="a.next", single_page="{url}?print=1"),
        },
    )


@pytest.mark.parametrize("text", ["feeds: []", "feeds:", "settings:\ndefaults:\nfeeds:\nsites:\n", starter_text()])
def test_a_file_without_feeds_has_the_defaults(write, tmp_path, text):
    assert load_settings(write(text)) == Settings(path=tmp_path / "feeds.yaml", database=tmp_path / "wireroom.db")


def test_the_file_of_this_repository_shows_every_key_and_a_dozen_languages_worth_of_feeds():
    settings = load_settings(ROOT / "feeds.yaml")
    assert len(settings.feeds) >= 12
    assert len({tag for feed in settings.feeds for tag in feed.tags}) >= 8
    text = (ROOT / "feeds.yaml").read_text("utf-8")
    from scraper.config.models import KEYS

    assert [key for keys in KEYS.values() for key in keys if f"{key}:" not in text] == []
    assert [key for keys in KEYS.values() for key in keys if f"{key}:" not in starter_text()] == []


def test_paths(write, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/home/reader")
    assert load_settings(write("settings: {database: /var/news.db}\nfeeds: []")).database == Path("/var/news.db")
    assert load_settings(write("settings: {database: ~/news.db}\nfeeds: []")).database == Path("/home/reader/news.db")


def test_relative_paths_start_at_the_file_and_not_at_a_link_to_it(write, tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    write("feeds: []\n").rename(kept / "list.yaml")
    link = tmp_path / "feeds.yaml"
    link.symlink_to("kept/list.yaml")
    assert load_settings(link).database == read_database_path(link) == kept / "wireroom.db"


@pytest.mark.parametrize("name", ["Nowhere/Bad", "CET-1CEST", ":/etc/passwd", "../../etc/passwd"])
def test_a_schedule_by_a_zone_of_this_machine_that_is_none_is_refused(write, name):
    code = "import sys; from pathlib import Path; from scraper.config import load_settings as f; f(Path(sys.argv[1]))"

    def load(feed):
        path = write(f"feeds:\n  - {{url: 'https://a.org/', schedule: '0 6 * * *'{feed}}}\n")
        command = [sys.executable, "-c", code, str(path.absolute())]
        return subprocess.run(command, cwd=ROOT, env={"TZ": name}, capture_output=True, text=True, check=False).stderr

    assert "2:29: feeds[0].schedule: the time zone of this machine is not known: TZ=" in load("")
    assert load(", time_zone: Asia/Tokyo") == ""


def test_merge_keys_and_aliases_are_followed(write):
    path = write(
        "feeds:\n"
        "  - &daily {url: https://a.org/, interval: 1d, tags: &t [x]}\n"
        "  - {<<: *daily, url: https://b.org/}\n"
        "  - {url: https://c.org/, tags: *t}\n"
    )
    feeds = load_settings(path).feeds
    assert [(f.url, f.interval, f.tags) for f in feeds] == [
        ("https://a.org/", timedelta(days=1), ("x",)),
        ("https://b.org/", timedelta(days=1), ("x",)),
        ("https://c.org/", None, ("x",)),
    ]


@pytest.mark.parametrize("head", [b"\xef\xbb\xbf", b"# c\r\n", b"%YAML 1.2\n---\n"])
def test_byte_order_mark_line_ends_and_yaml_header(write, head):
    path = write(head + "feeds:\r\n  - url: https://a.org/\r\n    name: Новости 日本\r\n".encode())
    assert load_settings(path).feeds == (FeedSpec(url="https://a.org/", name="Новости 日本"),)


def test_importing_the_package_loads_neither_parser(tmp_path):
    code = (
        "import sys; from scraper.config import Settings, add_feed; "
        "sys.exit(any(name.split('.')[0] in ('pydantic', 'ruamel') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


# --------------------------------------------------------------------------- faults of the values

ONE_FAULT = [
    ("feeds:\n  - url: https://a.org/\n    intervall: 30m", '3:5: feeds[0].intervall: unknown key; did you mean "interval"?'),
    ("fedes: []\nfeeds: []", '1:1: fedes: unknown key; did you mean "feeds"?'),
    ("settings: {}", '1:1: feeds: is missing; write "feeds: []" for none'),
    ("feeds: 7", "1:8: feeds: wants a list"),
    ("feeds: https://a.org/", "1:8: feeds: wants a list: put it in brackets, [like this]"),
    ("7", "1:1: wants a mapping: lines of key: value"),
    ("- https://a.org/", "1:1: wants a mapping: lines of key: value"),
    ("feeds: []\ninterval: 30m", "2:1: interval: unknown key; it belongs under defaults"),
    ("feeds: []\nsettings: {sites: {}}", "2:12: settings.sites: unknown key; it belongs at the top of the file, not indented"),
    ("feeds: []\nsettings: {xyz: 1}", "2:12: settings.xyz: unknown key; the keys here are database, contact, network, concurrency, keep_pages, listen"),
    ("feeds: []\nsettings: {contact: me}", "2:21: settings.contact: write a web address (https://example.org/about) or an e-mail address, in ASCII"),
    ("feeds: []\nsettings: {contact: 'https://u:p@a.org/'}", "2:21: settings.contact: the contact is sent to every site: no user name or password in it"),
    ("feeds: []\nsettings: {concurrency: 257}", "2:25: settings.concurrency: wants auto or a number from 1 to 256"),
    ("feeds: []\nsettings: {concurrency: true}", "2:25: settings.concurrency: wants auto or a number from 1 to 256"),
    ("feeds: []\nsettings: {database: ':memory:'}", '2:22: settings.database: ":memory:" is not the name of a file'),
    ("feeds: []\nsettings: {database: [a]}", "2:22: settings.database: wants text, like wireroom.db"),
    ("feeds: []\nsettings: {listen: 8460}", '2:20: settings.listen: "8460" has no port; write it like 127.0.0.1:8460 or [::1]:8460'),
    ("feeds: []\nsettings: {listen: 'a:99999'}", '2:20: settings.listen: "a:99999": a port is a number from 0 to 65535'),
    ("feeds: []\ndefaults: {interval: 30}", '2:22: defaults.interval: "30" is not a time span; write "30m" for minutes'),
    ("feeds: []\ndefaults: {interval: 59s}", '2:22: defaults.interval: "59s" is too short: one minute (1m) is the least'),
    ("feeds: []\ndefaults: {interval: 999d}", '2:22: defaults.interval: "999d" is too long: 366 days (366d) is the most'),
    ("feeds: []\ndefaults: {interval: hourly}", '2:22: defaults.interval: "hourly" is not a time span: write 30m, 2h, 1d or auto'),
    ("feeds: []\ndefaults: {full_text: yes}", "2:23: defaults.full_text: wants true or false"),
    ("feeds: [7]", "1:9: feeds[0]: wants an address, or lines of key: value with a url among them"),
    ("feeds: [{name: x}]", "1:9: feeds[0].url: is missing"),
    ("feeds: [{url: 'https://a.org/', name: 2024}]", '1:39: feeds[0].name: wants text: put it in quotes, "2024"'),
    ("feeds: [{url: 'https://a.org/', tags: x}]", "1:39: feeds[0].tags: wants a list: put it in brackets, [like this]"),
    ("feeds: [{url: 'https://a.org/', drop: ['']}]", "1:40: feeds[0].drop[0]: is empty"),
    ("feeds: [{url: 'https://a.org/', schedule: '* * * *'}]", '1:43: feeds[0].schedule: a schedule has five fields, minute hour day month weekday, like "*/10 6-22 * * mon-fri"; this has 4'),
    ("feeds: [{url: 'https://a.org/', schedule: '0 0 30 feb *'}]", "1:43: feeds[0].schedule: that date never comes: none of the months has such a day"),
    ("feeds: [{url: 'https://a.org/', schedule: '0 6 * * *', interval: 1h}]", "1:56: feeds[0].interval: there is a schedule too; remove one of them"),
    ("feeds: [{url: 'https://a.org/', time_zone: UTC}]", "1:33: feeds[0].time_zone: has a meaning only beside a schedule"),
    ("feeds: [{url: 'https://a.org/', schedule: '0 6 * * *', time_zone: Asia/Tokio}]", '1:67: feeds[0].time_zone: there is no time zone "Asia/Tokio"; did you mean "Asia/Tokyo"?'),
    ("feeds: [a.org/feed]", "1:9: feeds[0].url: an address begins with https:// or http://"),
    ("feeds: ['feed://a.org/feed']", '1:9: feeds[0].url: write "https://" in place of "feed:"'),
    ("feeds: ['file:///etc/passwd']", '1:9: feeds[0].url: "file:" addresses are not read: it takes http:// or https://'),
    ("feeds: ['https://a b.org/']", "1:9: feeds[0].url: the address has a space or a control character in it"),
    ("feeds: ['https://a.org:x/']", "1:9: feeds[0].url: the address is not well formed: look at its host and port"),
    ("feeds: ['https:///path']", "1:9: feeds[0].url: the address is not well formed: look at its host and port"),
    ("feeds:\n- https://a.org\n- url: HTTPS://A.org:443/#x", "3:8: feeds[1].url: the same feed as on line 2; remove one of them"),
    ("feeds:\n- https://a.org/\n- https://a.org/", "3:3: feeds[1]: the same feed as on line 2; remove one of them"),
    ("feeds:\n- url: https://a.org/\n  name: A\n  name: B", '4:3: the key "name" is here twice; the first is on line 3'),
    ("feeds: []\nfeeds: []", '2:1: the key "feeds" is here twice; the first is on line 1'),
    ("feeds: []\nsites: {a.org/x: {}}", '2:9: sites[a.org/x]: a site is named by its host alone, like "example.com"'),
    ("feeds: []\nsites: {a.org: {}, A.ORG: {}}", "2:20: sites[A.ORG]: the same site as on line 2; remove one of them"),
    ("feeds: []\nsites: {a.org: {boddy: p}}", '2:17: sites[a.org].boddy: unknown key; did you mean "body"?'),
    ("feeds: []\nsites: {a.org: {body: ''}}", "2:23: sites[a.org].body: is empty"),
    ("feeds: []\nsites: {a.org: {body: []}}", "2:23: sites[a.org].body: is empty"),
    ("feeds: []\nsites: {a.org: {body: 5}}", '2:23: sites[a.org].body: wants text: put it in quotes, "5"'),
    ("feeds: []\nsites: {a.org: {body: [p, '']}}", "2:27: sites[a.org].body[1]: is empty"),
    ("feeds: []\nsites: {a.org: {next_pagee: a}}", '2:17: sites[a.org].next_pagee: unknown key; did you mean "next_page"?'),
    ("feeds: []\nsites: {a.org: {single_page: '{urls}?p'}}", '2:30: sites[a.org].single_page: "{urls}?p": write {url} where the article\'s address goes, like {url}?print=1'),
    ("feeds: []\nsites: {a.org: {single_page: 'https://a.org/print'}}", '2:30: sites[a.org].single_page: "https://a.org/print": write {url} where the article\'s address goes, like {url}?print=1'),
    ("feeds: !!python/object/apply:os.system ['x']", '1:8: tags like "!!python/object/apply:os.system" have no meaning here'),
    ("feeds: []\n? [a]\n: b", "2:3: a key is one word of text"),
    ("feeds: &a [*a]", "1:8: nested too deeply, or an alias (*) that holds itself"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "problem"), ONE_FAULT)
def test_a_fault_is_named_at_its_place(write, text, problem):
    assert f"feeds.yaml:{problem}" in problems_of(write(text))


def test_all_faults_at_once_in_file_order_and_both_kinds(write):
    found = problems_of(
        write("""\
settings: {databse: x}
feeds:
  - https://a.org/
  - url: https://a.org/
    name: 5
    intervall: 30m
    interval: 5x
    interval: 6x
  - nonsense
sites: {x y: {}}
""")
    )
    assert [tuple(map(int, line.split(":")[1:3])) for line in found] == [
        (1, 12),
        (4, 10),
        (5, 11),
        (6, 5),
        (7, 15),
        (8, 5),
        (9, 5),
        (10, 9),
    ]


def test_a_file_that_is_wrong_everywhere_is_not_printed_whole(write):
    found = problems_of(write("feeds:\n" + "  - nonsense\n" * 999))
    assert len(found) == 201
    assert found[-1].startswith("feeds.yaml: and ")


@pytest.mark.parametrize(
    "text",
    [
        "feeds: [https://me:hunter2@a.org/, https://me:hunter2@a.org/]",
        "feeds: ['https://me:hunter2@a.org:x/']",
        "feeds: [{url: 'https://a.org/', interval: 'https://me:hunter2@a.org'}]",
        "feeds: [{'https://me:hunter2@a.org': 1}]",
        "feeds: []\nsites: {'https://me:hunter2@a.org/': {}}",
        "feeds: []\nhttps://me:hunter2@a.org: 1",
        "feeds: [{url: 'https://me:hunter2@a.org', schedule: 'https://me:hunter2@a.org 1 2 3 4'}]",
        "feeds: [ 'https://me:hunter2@a.org'",
        "feeds: []\nsettings: {listen: 'http://me:hunter2@a.org:80', database: 'http://me:hunter2@a.org/'}",
        "feeds:\n - a: https://me:hunter2@a.org: b",
    ],
)
def test_passwords_are_not_repeated(write, text):
    assert "hunter2" not in str(problems_of(write(text)))


def test_a_selector_is_checked_by_whoever_knows_selectors(write):
    path = write("feeds: []\nsites:\n  a.org: {body: 'div[', remove: [p, 'q[']}\n")
    assert load_settings(path).sites["a.org"].body == "div["
    with pytest.raises(ConfigError) as caught:
        load_settings(path, selector_fault=lambda text: "not closed" if text.endswith("[") else None)
    assert caught.value.problems == (
        'feeds.yaml:3:17: sites[a.org].body: "div[" is not a CSS selector: not closed',
        'feeds.yaml:3:37: sites[a.org].remove[1]: "q[" is not a CSS selector: not closed',
    )


def test_a_single_page_is_a_selector_or_an_address(write):
    path = write(
        "feeds: []\nsites:\n  a.org: {single_page: '?print['}\n  b.org: {single_page: 'https://p.b.org{path}['}\n"
    )
    with pytest.raises(ConfigError) as caught:
        load_settings(path, selector_fault=lambda text: "not closed" if text.endswith("[") else None)
    assert caught.value.problems == (
        'feeds.yaml:3:24: sites[a.org].single_page: "?print[" is not a CSS selector: not closed; '
        "an address has {url} in it, like {url}?print=1",
    )


# --------------------------------------------------------------------------- faults of the file

UNREADABLE = [
    ("", '1:1: the file is empty; it needs at least "feeds: []"'),
    ("# only a comment\n", '1:1: the file is empty; it needs at least "feeds: []"'),
    ("feeds:\n\t- https://a.org/\n", "2:1: a tab is used to indent; YAML wants spaces: two for each level"),
    ("feeds:\n  - url: x\n\t  name: y\n\t  tags: z\n", "4:1: a tab is used to indent; YAML wants spaces: two for each level"),
    ("feeds:\n  - url: x\n   name: y\n", "3:4: this line is not indented like the ones it belongs to"),
    ("feeds:\n  - url: x: y\n", '2:11: a ":" stands where no key can be: look at the indentation, and put text with ": " in it in quotes'),
    ("feeds: [a, b\n", "2:1: a [ or { is not closed, or a comma is missing"),
    ("feeds: 'a\n", "2:1: a quote is not closed"),
    ("feeds: []\n---\nfeeds: []\n", "2:1: there is a second document here; remove the line ---"),
    ("feeds: [*x]\n", "1:9: a * begins a reference to something that is not in the file; put the text in quotes"),
    ("feeds:\n  - a\n - b\n", "3:2: this line is not indented like the ones it belongs to"),
    ("feeds: [@x]\n", "1:9: text that begins with this character must be in quotes"),
    ('feeds: ["\\d"]\n', "1:11: unknown escape in double quotes; use single quotes, or double the backslash"),
    ("feeds: []\nx: a\x00b\n", '2:5: the character "\\x00" cannot be in a YAML file'),
    (b"feeds: []\nname: caf\xe9\n", "2:10: the file is not in UTF-8; save it as UTF-8"),
    ("feeds: []\n".encode("utf-16"), "1:1: the file is in UTF-16; save it as UTF-8"),
    (b"feeds: []\n" + b"#" * 17_000_000, "1:1: the file is larger than 16 MiB"),
    ("[" * 100_000, "1:1: the file is nested too deeply"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "problem"), UNREADABLE)
def test_a_file_that_is_no_yaml_says_what_to_do(write, content, problem):
    assert f"feeds.yaml:{problem}" in problems_of(write(content))


def test_missing_directory_and_forbidden(tmp_path):
    missing = tmp_path / "feeds.yaml"
    assert problems_of(missing) == (f'{missing}: there is no such file; "wireroom init" writes one',)
    assert problems_of(tmp_path) == (f"{tmp_path}: this is a directory; give the path of a file",)
    missing.write_text("feeds: []")
    missing.chmod(0)
    if os.geteuid():  # root reads everything
        assert problems_of(missing) == (f"{missing}: it may not be read by this user; look at its permissions (ls -l)",)


@pytest.mark.parametrize("link", ["*{0}", "{{<<: [*{0},*{0},*{0},*{0},*{0},*{0},*{0},*{0}]}}"])
def test_alias_bombs_go_off_in_bounds(write, link):
    lines = ["a: &a {x: 1}"]
    for old, new in zip("abcdefgh", "bcdefghi", strict=True):
        value = link.format(old) if "<<" in link else "[" + ",".join([link.format(old)] * 10) + "]"
        lines.append(f"{new}: &{new} {value}")
    (problem,) = problems_of(write("\n".join([*lines, "feeds: *i"])))
    assert "more than 1,000,000 values" in problem


# --------------------------------------------------------------------------- the archive's place alone


@pytest.mark.parametrize(
    ("text", "database"),
    [
        ("feeds: [broken", "wireroom.db"),
        ("settings:\n  # c\n  database: x.db\n  nonsense: 1\nfeeds: [broken", "x.db"),
        ("feeds: []\nsettings: {database: sub/x.db}\n", "sub/x.db"),
        ("feeds: []\nsettings:\n", "wireroom.db"),
        ("feeds: []\n'settings': {database: x.db}\n", "x.db"),
        ("{feeds: [], settings: {database: x.db}}\n", "x.db"),
        ("settings: {\n  database: x.db\n}\nfeeds: []", "x.db"),
    ],
)
def test_the_archive_is_found_although_the_feeds_are_broken(write, tmp_path, text, database):
    assert read_database_path(write(text)) == tmp_path / database


@pytest.mark.parametrize(
    "text", ["settings: {database: [x]}\nfeeds: []", "settings: [\nfeeds: [", "settings: 7\nfeeds:"]
)
def test_the_archive_is_not_guessed(write, text):
    with pytest.raises(ConfigError):
        read_database_path(write(text))
