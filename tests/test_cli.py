"""From `poll` to `export` through the commands, on the demo newspaper and a real archive."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.cells import cell_len
from test_cli_kit import ROOT, command, configure, environment, run, run_json, wireroom

from scraper.query.language import LANGUAGE
from store import ProcessLock
from wireroom.demo import DemoNewspaper
from wireroom.export import RECORD_FIELDS

COUNTS = (
    "feeds_polled not_modified feeds_failed entries_new articles_new full feed_only failed pages_fetched bytes seconds"
)
#: Three hosts side by side keep the run short; each asks for a gap between its pages.
PAPERS = ("Ahrensbrucker Anzeiger", "汐見新報", "Заречные вести")


@dataclass(frozen=True)
class Desk:
    """A feeds.yaml whose feeds are in print, and what the first poll of them printed."""

    config: Path
    first: dict[str, float]
    newspaper: DemoNewspaper

    def base(self, paper: str) -> str:
        return self.newspaper.base_url(paper)


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with DemoNewspaper() as newspaper:
        directory = tmp_path_factory.mktemp("desk")
        config = configure(directory, _some_feeds(newspaper.feeds_yaml()))
        yield Desk(config, run_json("--config", config, "poll", "--json"), newspaper)


@pytest.fixture
def desk(polled: Desk, tmp_path: Path) -> Desk:
    """A desk of the test's own."""
    config = Path(shutil.copy(polled.config, tmp_path))
    assert run("--config", polled.config, "backup", tmp_path / "wireroom.db").exit_code == 0
    return Desk(config, polled.first, polled.newspaper)


def _some_feeds(text: str) -> str:
    head, *feeds = text.split("  - url: ")
    return head + "".join(f"  - url: {feed}" for feed in feeds if any(name in feed for name in PAPERS))


# --------------------------------------------------------------------------- poll


def test_poll_prints_exactly_the_counts(polled: Desk) -> None:
    assert " ".join(polled.first) == COUNTS
    seconds, size = polled.first["seconds"], polled.first["bytes"]
    assert {**polled.first, "seconds": 0, "bytes": 0} == {
        **dict.fromkeys(COUNTS.split(), 0),
        "feeds_polled": 3,
        "entries_new": 15,
        "articles_new": 15,
        "full": 14,
        "feed_only": 1,
        "pages_fetched": 15,
    }
    assert seconds > 0
    assert size > 15_000


def test_a_second_poll_finds_nothing_due_and_with_all_nothing_new(desk: Desk) -> None:
    idle = run("--config", desk.config, "poll")
    assert idle.exit_code == 0
    assert idle.stdout.startswith("nothing was due; the next feed is due at ")
    counts = run_json("--config", desk.config, "poll", "--all", "--json")
    assert (counts["feeds_polled"], counts["not_modified"], counts["pages_fetched"]) == (3, 3, 0)
    assert counts["articles_new"] == counts["entries_new"] == 0


def test_poll_of_one_feed_leaves_the_others(desk: Desk) -> None:
    result = run("--config", desk.config, "poll", "Anzeiger", "--all")
    assert result.stdout.startswith("1 feed polled, 1 of them not modified; 0 new entries, 0 new articles; ")
    unknown = run("--config", desk.config, "poll", "nobody")
    assert unknown.exit_code == 1
    assert "nobody" in unknown.stderr


def test_a_feed_that_fails_makes_the_status_1(desk: Desk) -> None:
    url = desk.base("vesti") + "/no-such-feed"
    run("--config", desk.config, "feeds", "add", "--no-check", url)
    result = run("--config", desk.config, "poll", "--json")
    assert result.exit_code == 1
    counts = json.loads(result.stdout)
    assert (counts["feeds_polled"], counts["feeds_failed"]) == (1, 1)
    assert result.stderr == f"wireroom: {url}: there is nothing at this address (HTTP 404)\n"
    status = run("--config", desk.config, "status")
    assert "1 feed failed at the last poll:" in status.stdout


def test_poll_without_feeds_says_how_to_add_one(tmp_path: Path) -> None:
    config = configure(tmp_path, "feeds: []\n")
    result = run("--config", config, "poll")
    assert result.exit_code == 0
    assert "wireroom feeds add" in result.stdout


def test_poll_is_refused_beside_a_process_that_holds_the_archive(desk: Desk) -> None:
    with ProcessLock(desk.config.with_name("wireroom.db")):
        result = wireroom("--config", desk.config, "poll")
    assert result.returncode == 1
    assert f"process {os.getpid()}" in result.stderr
    assert "`wireroom refresh`" in result.stderr
    assert "Traceback" not in result.stderr


# --------------------------------------------------------------------------- lists and search


def test_articles_are_listed_newest_filed_first(desk: Desk) -> None:
    lines = run("--config", desk.config, "articles").stdout.splitlines()
    assert len(lines) == 15
    numbers = [int(line.split("\t")[0]) for line in lines]
    assert numbers == sorted(numbers, reverse=True)
    assert all(line.split("\t")[1] == "•" for line in lines)
    assert sum(line.split("\t")[3] == "汐見新報" for line in lines) == 5


def test_articles_are_chosen_by_feed_tag_time_and_mark(desk: Desk) -> None:
    def count(*args: object) -> int:
        return len(run_json("--config", desk.config, "articles", "--json", *args))

    assert count("--feed", "Заречные") == count("--tag", "русский") == 5
    assert count("--since", "1h") == 15
    assert count("--since", "2099-01-01") == 0
    assert count("--limit", "4") == 4
    run("--config", desk.config, "read", 1, 2)
    run("--config", desk.config, "star", 2)
    assert (count("--unread"), count("--starred")) == (13, 1)
    more = run("--config", desk.config, "articles", "--limit", "4")
    assert more.stderr == "the newest 4 of 15; --limit shows more\n"


@pytest.mark.parametrize(
    ("words", "source"),
    [("豆腐屋", "汐見新報"), ("озеро", "Заречные вести"), ("Glocken", "Ahrensbrucker Anzeiger")],
)
def test_search_finds_words_in_every_script(desk: Desk, words: str, source: str) -> None:
    found = run_json("--config", desk.config, "search", words, "--json")
    assert {article["site_name"] for article in found} == {source}
    plain = run("--config", desk.config, "search", words).stdout
    assert source in plain
    assert "\x02" not in plain


@pytest.mark.parametrize("query", ['"', "AND", "-", "a OR", "12:30", "😀", "(", "x*y"])
def test_signs_are_words_of_a_query(desk: Desk, query: str) -> None:
    result = run("--config", desk.config, "search", "--", query)
    assert result.exit_code == 0


def test_search_help_has_the_language_in_one_table() -> None:
    told = " ".join(run("search", "--help").stdout.split())
    for written, meaning in LANGUAGE:
        assert written in told
        assert meaning in told


def test_searches_are_saved_listed_run_and_forgotten(desk: Desk) -> None:
    first = ("--config", desk.config)
    found = run_json(*first, "search", "--save", "@bells", "Glocke", "--json")
    assert found
    assert run_json(*first, "search", "@bells", "--json") == found
    assert run_json(*first, "search", "--rank", "@bells", "--json") != []
    assert [(row["name"], row["query"]) for row in run_json(*first, "searches", "--json")] == [("bells", "Glocke")]
    run(*first, "search", "@bells", "--save", "again")
    assert run(*first, "searches").stdout.splitlines()[0].split("\t")[:2] == ["again", "Glocke"]
    exported = run(*first, "export", "-f", "jsonl", "--query", "@bells").stdout
    assert len(exported.splitlines()) == len(found)
    assert run(*first, "searches", "--remove", "@bells").stdout == "forgotten: bells\n"
    assert run(*first, "searches", "--remove", "bells").exit_code == 1
    assert run(*first, "search", "@bells", "--json").exit_code == 2, "it is not known any more"


@pytest.mark.parametrize("name", ["", "@", "two words"])
def test_a_name_of_a_search_is_one_word(desk: Desk, name: str) -> None:
    assert run("--config", desk.config, "search", "--save", name, "x").exit_code == 2


def test_search_without_a_match_says_so(desk: Desk) -> None:
    result = run("--config", desk.config, "search", "Quastenflosser")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "no article matches\n")


# --------------------------------------------------------------------------- one article


def test_show_is_readable(desk: Desk) -> None:
    for article in run_json("--config", desk.config, "articles", "--json"):
        record = run_json("--config", desk.config, "show", article["id"], "--json")
        assert tuple(record) == RECORD_FIELDS
        shown = run("--config", desk.config, "show", article["url"]).stdout
        lines = shown.splitlines()
        assert all(cell_len(line) <= 80 for line in lines if "http" not in line)
        assert record["site_name"] in shown
        assert all(name in shown for name in record["byline"])
        assert all(link["title"].split()[0] in shown for link in record["related"])
        # Paragraphs stay apart, and none is lost: without blanks and breaks the text is all there.
        paragraphs = record["text"].split("\n\n")
        assert shown.count("\n\n") >= len(paragraphs)
        squeezed = "".join(shown.split())
        assert all("".join(paragraph.split()) in squeezed for paragraph in paragraphs)


def test_show_of_nothing(desk: Desk) -> None:
    result = run("--config", desk.config, "show", "999")
    assert result.exit_code == 1
    assert "999" in result.stderr


def test_why_tells_what_was_decided(desk: Desk) -> None:
    walled = next(a for a in run_json("--config", desk.config, "articles", "--json") if a["status"] == "feed_only")
    by_id = run("--config", desk.config, "why", walled["id"])
    assert by_id.stdout == run("--config", desk.config, "why", walled["url"]).stdout
    about = [line.split("\t")[1:4] for line in by_id.stdout.splitlines()]
    assert about == [["entry", "new-entry", "Ahrensbrucker Anzeiger"], ["article", "page-paywalled", ""]]
    assert "paywall" in by_id.stdout
    assert run("--config", desk.config, "why", "https://nobody.example/").exit_code == 1


def test_marks_say_what_changed(desk: Desk) -> None:
    assert run("--config", desk.config, "read", 1, 2).stdout == "2 articles now read\n"
    assert run("--config", desk.config, "read", 2, 3).stdout == "1 article now read, 1 already so\n"
    assert run("--config", desk.config, "unread", 1).stdout == "1 article now not read\n"
    assert run("--config", desk.config, "star", 1).stdout == "1 article now starred\n"
    assert run("--config", desk.config, "unstar", 1).stdout == "1 article now not starred\n"
    missing = run("--config", desk.config, "star", 1, 999)
    assert missing.exit_code == 1
    assert not run_json("--config", desk.config, "articles", "--starred", "--json")


# --------------------------------------------------------------------------- export, status


def test_export_writes_every_record(desk: Desk, tmp_path: Path) -> None:
    lines = run("--config", desk.config, "export", "--format", "jsonl").stdout.splitlines()
    records = [json.loads(line) for line in lines]
    assert len(records) == 15
    assert all(tuple(record) == RECORD_FIELDS for record in records)
    out = tmp_path / "out.jsonl"
    written = run("--config", desk.config, "export", "--format", "jsonl", "--out", out)
    assert (written.stdout, written.stderr) == ("", f"15 articles written to {out}\n")
    assert out.read_text().splitlines() == lines
    chosen = run("--config", desk.config, "export", "-f", "json", "--tag", "русский", "--query", "озеро")
    assert [record["site_name"] for record in json.loads(chosen.stdout)] == ["Заречные вести"]


def test_export_writes_directories_and_opml(desk: Desk, tmp_path: Path) -> None:
    assert run("--config", desk.config, "export", "-f", "markdown", "--out", tmp_path / "md").exit_code == 0
    assert len(list((tmp_path / "md").glob("*.md"))) == 15
    opml = run("--config", desk.config, "export", "-f", "opml", "--out", tmp_path / "x.opml")
    assert opml.stderr == f"3 feeds written to {tmp_path / 'x.opml'}\n"


def test_export_since_last_goes_on_where_it_ended(desk: Desk, tmp_path: Path) -> None:
    def ids(*args: object) -> list[int]:
        result = run("--config", desk.config, "export", "-f", "jsonl", "--since-last", "mirror", *args)
        return [json.loads(line)["id"] for line in result.stdout.splitlines()]

    assert len(ids()) == 15
    assert ids() == []
    run("--config", desk.config, "star", 7, 3)
    # What could not be written comes again.
    refused = run(
        "--config", desk.config, "export", "-f", "jsonl", "--since-last", "mirror", "--out", tmp_path / "no/x"
    )
    assert refused.exit_code == 1
    assert "cannot export to" in refused.stderr
    assert sorted(ids()) == [3, 7]
    assert ids() == []


def test_a_reader_that_hangs_up_moves_no_cursor(desk: Desk) -> None:
    export = ["--config", desk.config, "export", "-f", "jsonl", "--since-last", "mirror"]
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        command(export), cwd=ROOT, env=environment(), stdout=write_end, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write_end)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(run(*export).stdout.splitlines()) == 15


def test_status_counts(desk: Desk) -> None:
    status = run_json("--config", desk.config, "status", "--json")
    assert status["articles"] == {"full": 14, "feed_only": 1}
    assert (status["entries"], status["unread"], status["daemon_pid"], status["is_running"]) == (15, 15, None, False)
    shown = run("--config", desk.config, "status").stdout
    assert "articles   15 (14 in full, 1 as the feed gave them)" in shown
    assert not re.search("[a-z]_[a-z]", shown.replace(str(desk.config.parent), "")), "no internal names"
    assert "daemon     not running" in shown
    with ProcessLock(desk.config.with_name("wireroom.db")):
        assert f"process {os.getpid()}" in wireroom("--config", desk.config, "status").stdout


def test_feeds_list_tells_when_and_why(desk: Desk) -> None:
    rows = run_json("--config", desk.config, "feeds", "list", "--json")
    assert [(row["state"], row["articles"], row["last_status"]) for row in rows] == [("active", 5, "new")] * 3
    assert all(row["next_poll_at"] and row["next_poll_reason"] for row in rows)
    run("--config", desk.config, "feeds", "remove", "汐見新報")
    states = {row["name"]: row["state"] for row in run_json("--config", desk.config, "feeds", "list", "--json")}
    assert states["汐見新報"] == "removed"
    assert len(run_json("--config", desk.config, "articles", "--json")) == 15


# --------------------------------------------------------------------------- refresh, save


def test_save_files_one_page_and_prints_its_id(desk: Desk) -> None:
    url = desk.base("courier") + "/2026/01/14/tide-clock/"
    host = desk.base("courier").removeprefix("http://")
    desk.config.write_text(desk.config.read_text().replace("allow_private: [", f'allow_private: ["{host}", '))
    saved = run("--config", desk.config, "save", url)
    assert (saved.exit_code, saved.stdout) == (0, "16\n"), saved.stderr
    record = run_json("--config", desk.config, "show", 16, "--json")
    assert (record["status"], record["site_name"], record["feeds"]) == ("full", "The Harbour Courier", [])
    assert run("--config", desk.config, "save", url + "?utm_source=x#top").stdout == "16\n"
    pdf = run("--config", desk.config, "save", desk.base("courier") + "/files/harbour-accounts.pdf")
    assert pdf.exit_code == 1
    assert "this is a PDF file, not a web page" in pdf.stderr


@pytest.mark.parametrize(("url", "status"), [("no address", 2), ("ftp://a.example/", 2), ("http://127.0.0.1:1/x", 1)])
def test_save_of_what_cannot_be_fetched(desk: Desk, url: str, status: int) -> None:
    result = run("--config", desk.config, "save", url)
    assert result.exit_code == status
    assert result.stderr.startswith("wireroom: ")


def test_refresh_fetches_and_polls_again(desk: Desk) -> None:
    result = run("--config", desk.config, "refresh", "3", "Anzeiger")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == "3\tfull\n1 feed polled, 0 new articles\n"
    assert len(run("--config", desk.config, "why", "3").stdout.splitlines()) > 1
    assert run("--config", desk.config, "refresh", "999").exit_code == 1
    assert run("--config", desk.config, "refresh", "nobody").exit_code == 1


def test_refresh_and_save_ask_the_process_that_holds_the_archive(desk: Desk) -> None:
    with ProcessLock(desk.config.with_name("wireroom.db")):
        asked = wireroom("--config", desk.config, "refresh", "3", "Anzeiger")
        saved = wireroom("--config", desk.config, "save", desk.base("vesti") + "/news/1.html")
    assert asked.stdout == "asked the daemon for 1 feed and 1 article\n"
    assert saved.stdout == "16\n"
    counts = run_json("--config", desk.config, "poll", "--json")
    assert (counts["feeds_polled"], counts["not_modified"]) == (1, 1)
    assert counts["pages_fetched"] == 2


# --------------------------------------------------------------------------- extract


def test_extract_prints_each_form(desk: Desk) -> None:
    page = desk.config.with_name("page.html")
    page.write_text(
        "<html lang=en><title>Ferry late</title><article><h1>Ferry late</h1>" + "<p>Some words, and more.</p>" * 9
    )
    extraction = run_json("--config", desk.config, "extract", page)
    assert (extraction["title"], extraction["kind"], extraction["language"]) == ("Ferry late", "article", "en")
    for form in ("text", "markdown", "html"):
        assert run("extract", page, "--format", form).stdout.rstrip("\n") == extraction[form]
    piped = run("extract", "-", "-f", "text", "--url", "https://a.example/1", input=page.read_bytes())
    assert piped.stdout.rstrip("\n") == extraction["text"]


def test_extract_from_an_address(desk: Desk) -> None:
    listed = run_json("--config", desk.config, "show", 3, "--json")
    fetched = run_json("--config", desk.config, "extract", listed["url"])
    assert (fetched["title"], fetched["text"]) == (listed["title"], listed["text"])
    missing = run("--config", desk.config, "extract", desk.base("vesti") + "/none")
    assert missing.exit_code == 1
    assert "HTTP 404" in missing.stderr


def test_extract_explains_itself(desk: Desk) -> None:
    listed = run_json("--config", desk.config, "show", 3, "--json")
    told = run("--config", desk.config, "extract", listed["url"], "--explain").stdout
    assert "\ntitle: " in told
    assert "    from " in told
    as_json = run_json("--config", desk.config, "extract", listed["url"], "--explain", "--format", "json")
    assert as_json["extraction"]["title"] == next(f["value"] for f in as_json["fields"] if f["name"] == "title")


def test_extract_proposes_a_rule_that_feeds_yaml_takes(desk: Desk, tmp_path: Path) -> None:
    listed = run_json("--config", desk.config, "show", 3, "--json")
    rule = run("--config", desk.config, "extract", listed["url"], "--suggest").stdout
    config = tmp_path / "ruled.yaml"
    config.write_text(f"{desk.config.read_text()}\n{rule}")
    ruled = run_json("--config", config, "extract", listed["url"], "--explain", "--format", "json")
    assert "sites:" in ruled["chosen"]


@pytest.mark.parametrize("options", [("--suggest", "--explain"), ("--explain", "--format", "text")])
def test_extract_refuses_two_reports_at_once(tmp_path: Path, options: tuple[str, ...]) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>x</p>")
    refused = run("extract", page, *options)
    assert refused.exit_code == 2
    assert "--" in refused.stderr


def test_extract_of_what_is_no_page(tmp_path: Path) -> None:
    pdf = ROOT / "wireroom" / "demo" / "document.pdf"
    for result in (run("extract", pdf), run("extract", "-", input=pdf.read_bytes())):
        assert result.exit_code == 1
        assert "this is a PDF file, not a web page" in result.stderr
        assert result.stdout == ""
    missing = run("extract", tmp_path / "none.html")
    assert missing.exit_code == 1
    assert "none.html: No such file or directory" in missing.stderr
    empty = run("extract", "-", input="")
    assert empty.exit_code == 1
    assert "empty" in empty.stderr


# --------------------------------------------------------------------------- on a terminal


def on_terminal(*args: object, **env: str) -> str:
    """Return what one command shows on a terminal of 80 columns."""
    leader, follower = pty.openpty()
    settings = environment() | {"COLUMNS": "80", "LINES": "400", "TERM": "xterm-256color", "PAGER": "cat"} | env
    with subprocess.Popen(
        command(args), cwd=ROOT, env=settings, stdin=follower, stdout=follower, stderr=follower
    ) as process:
        os.close(follower)
        shown = b""
        while True:
            try:
                part = os.read(leader, 65536)
            except OSError:  # the last writer has closed the terminal (EIO)
                break
            if not part:
                break
            shown += part
    os.close(leader)
    assert process.returncode == 0, shown.decode()
    return shown.decode().replace("\r\n", "\n")


def test_a_terminal_gets_a_table_in_colour(desk: Desk) -> None:
    shown = on_terminal("--config", desk.config, "articles")
    assert "\x1b[1mtitle" in shown
    plain = on_terminal("--config", desk.config, "articles", NO_COLOR="1", TERM="dumb")
    assert "\x1b" not in plain
    lines = plain.splitlines()
    assert lines[0].split() == ["id", "date", "from", "title"]
    assert len(lines) == 16
    assert all(cell_len(line.rstrip()) <= 80 for line in lines)


def test_a_terminal_gets_matches_in_bold_and_articles_through_the_pager(desk: Desk) -> None:
    found = on_terminal("--config", desk.config, "search", "Glocken")
    assert "\x1b[1;33mGlocken" in found
    shown = on_terminal("--config", desk.config, "show", "3", PAGER="sed s/^/paged:/")
    assert all(line.startswith("paged:") for line in shown.splitlines())


def test_poll_on_a_terminal_shows_how_far_it_is(desk: Desk) -> None:
    shown = on_terminal("--config", desk.config, "poll", "--all")
    assert "feeds" in shown
    assert "3/3" in shown
    assert "3 feeds polled, 3 of them not modified" in shown
