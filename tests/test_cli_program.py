"""The program as a whole: help, options, exit statuses, wrong input."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from test_cli_kit import ROOT, configure, environment, run, wireroom

from scraper.model import FeedSpec
from store import ProcessLock, open_store
from wireroom import __version__
from wireroom.cli.app import app
from wireroom.cli.interrupt import heed_interrupt, interruptible
from wireroom.cli.output import duration, printable, printable_lines, size
from wireroom.operations.select import parse_since

NOW = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
COMMANDS = {
    "Set up and run": "init run start stop poll serve demo",
    "Read": "articles show search searches read unread star unstar",
    "See what changed, and why": "edits revisions diff page lineage why restore-entry",
    "Feeds and pages": "feeds refresh save extract reprocess",
    "Move data in and out": "export import datasette-metadata",
    "Look after the archive": "status backup restore",
}


def test_an_interrupt_that_a_callback_swallowed_is_heeded_later() -> None:
    with interruptible():
        heed_interrupt()
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            heed_interrupt()


def test_help_lists_every_command_in_its_group_with_a_whole_sentence() -> None:
    shown = run("--help").stdout
    for title, names in COMMANDS.items():
        section = shown.partition(f"\n{title}:\n")[2].partition("\n\n")[0]
        listed = [line.split(None, 1) for line in section.splitlines()]
        assert [name for name, _ in listed] == names.split(), title
        assert all(summary.endswith(".") and not summary.endswith("...") for _, summary in listed)
    listed_names = set(" ".join(COMMANDS.values()).split())
    assert listed_names == set(typer.main.get_command(app).commands), "every command is in a group"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "args", [[name] for names in COMMANDS.values() for name in names.split()] + [["feeds", "add"], ["feeds", "check"]]
)
def test_every_command_has_help(args: list[str]) -> None:
    result = run(*args, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: wireroom {' '.join(args)}")


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv[1:] = ['--help']\ntry:\n from wireroom.cli import main; main()\nexcept SystemExit: pass\n"
    )
    code += "print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(), capture_output=True, text=True, check=True
    )
    loaded = set(done.stderr.split())
    heavy = {"rich", "pydantic", "lxml", "requests", "sqlite3", "apscheduler", "starlette", "uvicorn", "feedparser"}
    assert not loaded & heavy
    assert not {name for name in loaded if name.startswith(("scraper.", "store"))} - {"scraper.errors"}


def test_version() -> None:
    assert run("--version").stdout == f"wireroom {__version__}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion_offers_commands(shell: str) -> None:
    # What the completion script of a shell asks the program.
    words = {"bash": ("wireroom f", "1"), "zsh": ("wireroom f", ""), "fish": ("wireroom f", "")}[shell]
    asked = {
        "_WIREROOM_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": words[0],
        "COMP_CWORD": words[1],
        "_TYPER_COMPLETE_ARGS": words[0],
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    done = subprocess.run(
        [sys.executable, "-m", "wireroom"], cwd=ROOT, env=environment() | asked, capture_output=True, text=True
    )
    assert "feeds" in done.stdout


def test_global_options_may_stand_behind_the_command(tmp_path: Path) -> None:
    config = configure(tmp_path, "feeds: []\n")
    before = run("--config", config, "feeds", "list", "--json")
    behind = run("feeds", "list", "--json", f"--config={config}", "-v", "--log-format", "json")
    assert before.exit_code == behind.exit_code == 0
    assert before.stdout == behind.stdout == "[]\n"


def test_words_behind_two_dashes_are_no_options(tmp_path: Path) -> None:
    with open_store(tmp_path / "x.db"):
        pass
    assert run("--db", tmp_path / "x.db", "search", "--", "--config").exit_code == 0


@pytest.mark.parametrize(
    "args", [["nonsense"], ["show"], ["poll", "--nonsense"], ["--config"], ["articles", "-n", "0"]]
)
def test_wrong_usage_is_status_2(args: list[str]) -> None:
    assert run(*args).exit_code == 2


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ("articles --limit 0", "'0' is not a number from 1 on"),
        ("show 1 --revision first", "'first' is not a number from 1 on"),
        ("articles --since soon", "'soon' is not a time; write a span"),
        ("reprocess --since soon", "'soon' is not a time; write a span"),
        ("edits --since soon", "'soon' is not a time; write a span"),
        ("search x --save @", "'@' is not a name: it must be one word"),
        ("export --format pdf", "'pdf' is not a format; the formats are jsonl"),
        ("restore-entry e1 f2", "'f2' is not the id of an entry"),
        ("feeds add a.example --interval soon", "is not a time span"),
    ],
)
def test_a_value_that_cannot_be_read_is_told_before_anything_is_done(tmp_path: Path, args: str, said: str) -> None:
    result = run("--config", tmp_path / "feeds.yaml", *args.split())
    assert (result.exit_code, result.stdout, list(tmp_path.iterdir())) == (2, "", [])
    assert f"Invalid value for '{args.split()[-2]}'" in result.stderr or "ID..." in result.stderr
    assert said in " ".join(result.stderr.split())


# --------------------------------------------------------------------------- wrong input


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("feedz: []\n", "feeds.yaml:1:1: "),
        ("feeds:\n  - url: https://a.example/\n    intervall: 30m\n", "feeds.yaml:3:5: "),
        ("feeds:\n  - url: https://a.example/\n    interval: soon\n", "feeds.yaml:3:15: "),
        ("feeds:\n  - https://a.example/\n  - https://a.example/\n", "feeds.yaml:3:5: "),
        ("feeds:\n\t- https://a.example/\n", "feeds.yaml:2:1: "),
        ("", "feeds.yaml:1:1: the file is empty"),
    ],
    ids=["unknown-key", "misspelt-key", "bad-interval", "duplicate-feed", "tabs", "empty"],
)
def test_a_wrong_feeds_yaml_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    config = configure(tmp_path, text)
    for command in (["poll"], ["run"], ["start"], ["feeds", "check"]):
        result = run("--config", config, *command)
        assert result.exit_code == 2
        assert said in result.stderr
        assert "Traceback" not in result.output
    assert not (tmp_path / "wireroom.db").exists()
    assert config.read_text() == text


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    config = configure(
        tmp_path, "feedz: []\nfeeds:\n  - ftp://a.example/\n  - url: https://b.example\n    interval: 1s\n"
    )
    result = run("--config", config, "poll")
    assert [line.split(": ")[0].removeprefix(f"{tmp_path}/") for line in result.stderr.splitlines()] == [
        "feeds.yaml:1:1",
        "feeds.yaml:3:5",
        "feeds.yaml:5:15",
    ]


@pytest.mark.parametrize("command", [["poll"], ["run"], ["articles"], ["feeds", "list"], ["status"]])
def test_a_missing_feeds_yaml_names_init(tmp_path: Path, command: list[str]) -> None:
    result = run("--config", tmp_path / "feeds.yaml", *command)
    assert result.exit_code == 2
    assert "wireroom init" in result.stderr


@pytest.mark.parametrize(
    "command", [["articles"], ["show", "1"], ["search", "x"], ["status"], ["export", "-f", "json"]]
)
def test_a_missing_archive_names_poll(tmp_path: Path, command: list[str]) -> None:
    config = configure(tmp_path, "feeds: []\n")
    result = run("--config", config, *command)
    assert result.exit_code == 2
    assert "There is no archive" in result.stderr
    assert not (tmp_path / "wireroom.db").exists()


@pytest.mark.parametrize("command", [["poll"], ["articles"], ["status"], ["export", "-f", "json"]])
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, command: list[str]) -> None:
    config = configure(tmp_path, "feeds: []\n")
    (tmp_path / "wireroom.db").write_bytes(
        b"my diary, not a database, and quite long enough to have a page header\n" * 9
    )
    before = (tmp_path / "wireroom.db").read_bytes()
    result = run("--config", config, *command)
    assert result.exit_code == 2
    assert "file is not a database" in result.stderr
    assert (tmp_path / "wireroom.db").read_bytes() == before


@pytest.mark.parametrize("command", [["poll"], ["articles"], ["status"], ["export", "-f", "json"]])
def test_a_database_of_a_later_version_is_refused(tmp_path: Path, command: list[str]) -> None:
    config = configure(tmp_path, "feeds: []\n")
    write_later_version(tmp_path / "wireroom.db")
    result = run("--config", config, *command)
    assert result.exit_code == 2
    assert "later version of Wireroom" in result.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_cannot_be_written(tmp_path: Path) -> None:
    config = configure(tmp_path, "feeds: []\n")
    tmp_path.chmod(0o500)
    result = run("--config", config, "poll")
    tmp_path.chmod(0o700)
    assert result.exit_code == 2
    assert "Check the directory's permissions" in result.stderr


def write_later_version(path: Path) -> None:
    """Write an archive that a migration from the future has touched."""
    with open_store(path):
        pass
    db = sqlite3.connect(path)
    with db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "SELECT migration_set, 'from_the_future', applied_at FROM _sqlite_migrations LIMIT 1"
        )
    db.close()


# --------------------------------------------------------------------------- init, backup, restore


def test_init_writes_the_starter_file_once(tmp_path: Path) -> None:
    config = tmp_path / "feeds.yaml"
    assert run("--config", config, "init").exit_code == 0
    assert "feeds: []" in config.read_text()
    config.write_text("feeds: [https://a.example/]\n")
    again = run("--config", config, "init")
    assert again.exit_code == 2
    assert "nothing was written" in again.stderr
    assert config.read_text() == "feeds: [https://a.example/]\n"
    assert run("--config", config, "feeds", "list").exit_code == 0


def test_a_backup_is_restored_and_the_present_archive_kept(tmp_path: Path) -> None:
    db, copy = tmp_path / "x.db", tmp_path / "copy.db"
    with open_store(db) as store:
        store.set_export_cursor("mark", 1)
    assert run("--db", db, "backup", copy).exit_code == 0
    assert run("--db", db, "backup", copy).exit_code == 2
    with open_store(db) as store:
        store.set_export_cursor("mark", 2)
    for kept in ("x.db.before-restore", "x.db.before-restore-2"):
        result = run("--db", db, "restore", copy)
        assert result.exit_code == 0, result.stderr
        assert kept in result.stderr
    with open_store(db) as store, open_store(tmp_path / "x.db.before-restore") as before:
        assert (store.export_cursor("mark"), before.export_cursor("mark")) == (1, 2)
    assert copy.exists()
    assert not list(tmp_path.glob("*restoring*"))


def test_a_bad_backup_changes_nothing(tmp_path: Path) -> None:
    db = tmp_path / "x.db"
    with open_store(db) as store:
        store.set_export_cursor("mark", 1)
    (tmp_path / "torn.db").write_bytes(db.read_bytes()[:20_000])
    (tmp_path / "text.db").write_text("not a database at all\n" * 100)
    write_later_version(tmp_path / "later.db")
    another = "Nothing was changed; restore another backup."
    said = {"torn.db": another, "text.db": another, "later.db": "later version"}
    for name, words in said.items():
        result = run("--db", db, "restore", tmp_path / name)
        assert result.exit_code == 2
        assert words in result.stderr
        assert name in result.stderr
    assert run("--db", db, "restore", tmp_path / "none.db").exit_code == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["later.db", "text.db", "torn.db", "x.db", "x.db.lock"]
    with open_store(db) as store:
        assert store.export_cursor("mark") == 1


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none/copy.db", "there is no directory"),
        ("copy.db/copy.db", "there is no directory"),
        ("n" * 300, "File name too long"),
        ("small/copy.db", "disk I/O error"),
    ],
)
def test_a_backup_that_fails_leaves_nothing_and_names_its_place(tmp_path: Path, name: str, reason: str) -> None:
    db = tmp_path / "x.db"
    with open_store(db) as store:
        store.set_export_cursor("mark", 1)
    (tmp_path / "small").mkdir()
    before = sorted(tmp_path.rglob("*"))
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({db.stat().st_size // 2},) * 2)"
    code = f"{limited if 'small' in name else ''}\nfrom wireroom.cli import main; main()"
    copy = tmp_path / name
    result = subprocess.run(
        [sys.executable, "-c", code, "--db", db, "backup", copy], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert f"Cannot write {copy}: " in result.stderr
    assert reason in result.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_restore_is_refused_while_a_process_holds_the_archive(tmp_path: Path) -> None:
    db, copy = tmp_path / "x.db", tmp_path / "copy.db"
    with open_store(db) as store:
        store.backup(copy)
    with ProcessLock(db):
        result = wireroom("--db", db, "restore", copy)
    assert result.returncode == 1
    assert f"process {os.getpid()}" in result.stderr
    assert not (tmp_path / "x.db.before-restore").exists()


@pytest.mark.parametrize("number", ["0", "-1", "x", "9223372036854775808", "99999999999999999999", "9" * 5000])
@pytest.mark.parametrize(
    "words",
    ["articles -n", "search ferry -n", "edits -n", "show 1 --revision", "page 1 --revision", "page 1 --number", "diff 1 --from", "reprocess --undo"],
)  # fmt: skip
def test_a_number_that_is_none_or_too_large_is_wrong_usage(tmp_path: Path, words: str, number: str) -> None:
    with open_store(tmp_path / "x.db"):
        pass
    result = run("--db", tmp_path / "x.db", *words.split(), number)
    assert result.exit_code == 2
    assert "number" in result.stderr or "No such option" in result.stderr


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["export", "--format", "m"], ["markdown"]),
        (["extract", "--format", "t"], ["text"]),
        (["articles", "--feed", "Har"], ["Harbour"]),
        (["--db", "other.db", "articles", "--feed", "Har"], []),
        (["articles", "--feed", "https"], ["https://harbour.example/feed"]),
        (["feeds", "remove", "Har"], ["Harbour"]),
        (["articles", "--tag", ""], ["sea", "ships"]),
        (["searches", "--remove", ""], ["boats"]),
    ],
)
def test_shells_complete_values(tmp_path: Path, words: list[str], offered: list[str]) -> None:
    feed = FeedSpec(url="https://me:secret@harbour.example/feed", name="Harbour", tags=("ships", "sea"))
    with open_store(tmp_path / "x.db") as store:
        store.sync_feeds([feed], now=NOW)
        store.save_search("boats", "ferry", now=NOW)
    given = {
        "_WIREROOM_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(["wireroom", *words]),
        "COMP_CWORD": str(len(words)),
    }
    result = subprocess.run(
        [sys.executable, "-m", "wireroom"],
        cwd=tmp_path, env=environment() | {"WIREROOM_DB": str(tmp_path / "x.db")} | given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (result.stdout.split(), result.stderr) == (offered, "")


# --------------------------------------------------------------------------- small parts


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("30m", NOW - timedelta(minutes=30)),
        ("2h", NOW - timedelta(hours=2)),
        ("3 d", NOW - timedelta(days=3)),
        ("1W", NOW - timedelta(weeks=1)),
        ("2026-11-01T18:30+01:00", datetime(2026, 11, 1, 17, 30, tzinfo=UTC)),
    ],
)
def test_since_is_a_span_or_a_date(text: str, instant: datetime) -> None:
    assert parse_since(text, NOW) == instant


def test_since_as_a_date_is_local_midnight() -> None:
    found = parse_since("2026-11-01", NOW).astimezone()
    assert (found.day, found.hour, found.minute) == (1, 0, 0)


@given(st.text(max_size=20))
def test_any_since_is_an_instant_or_no_time(text: str) -> None:
    with suppress(ValueError):
        assert parse_since(text, NOW).tzinfo is not None


@given(st.text())
def test_nothing_printable_acts_on_a_terminal(text: str) -> None:
    line = printable(text)
    assert len(line.splitlines()) <= 1
    for shown in (line, printable_lines(text)):
        assert not any(ord(c) < 32 and c not in "\n\t" for c in shown)
        assert "\x9b" not in shown
        shown.encode()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("search", "@unknown"), 'no search is saved as "unknown"'),
        (("search", "@weakly"), 'did you mean "@weekly"?'),
        (("search", "after:2026-13-40"), '"2026-13-40" is not a date; write after:2026-11-01'),
        (("search", "foo:bar"), 'to search for the words, write "foo:bar"'),
        (("search", "tag:wordl"), 'nothing has the tag "wordl"; did you mean "world"?'),
        (("articles", "--tag", "wordl"), '--tag: nothing has the tag "wordl"; did you mean "world"?'),
        (("articles", "--feed", "Curier"), '--feed: There is no feed "Curier"; did you mean "The Courier" (1)?'),
        (("edits", "--feed", "zzz"), 'There is no feed "zzz"'),
        (("reprocess", "--feed", "zzz"), 'There is no feed "zzz"'),
        (("search", "--save", "bad", "is:nice"), '"is:nice" is not known'),
        (("export", "--format", "jsonl", "--query", "@unknown"), 'no search is saved as "unknown"'),
        (("export", "--format", "csv", "--tag", "x"), 'nothing has the tag "x"; there are world'),
    ],
)
def test_what_there_is_not_is_said_with_status_2(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    feed = "feeds:\n  - {url: https://a.example/feed, name: The Courier, tags: [world]}\n"
    config, out = configure(tmp_path, feed), tmp_path / "out"
    out.write_text("as it was")
    with open_store(tmp_path / "wireroom.db") as store:
        store.sync_feeds([FeedSpec(url="https://a.example/feed", name="The Courier", tags=("world",))], now=NOW)
        store.save_search("weekly", "tag:world", now=NOW)
    export = ("--out", out, "--since-last", "mine") if arguments[0] == "export" else ()
    result = run("--config", config, *arguments, *export)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    with open_store(tmp_path / "wireroom.db") as store:
        assert (store.export_cursor("mine"), [search.name for search in store.saved_searches()]) == (None, ["weekly"])
    assert out.read_text() == "as it was"


def test_sizes_and_spans_are_for_people() -> None:
    assert [size(n) for n in (0, 999, 1500, 634_880, 5_400_000_000)] == ["0 B", "999 B", "1.5 kB", "634.9 kB", "5.4 GB"]
    spans = [timedelta(0), timedelta(seconds=75), timedelta(hours=26), timedelta(days=1)]
    assert [duration(span) for span in spans] == ["0 s", "1 min 15 s", "1 d 2 h", "1 d"]


def test_every_command_is_registered_once() -> None:
    names = [command.callback.__name__ for command in app.registered_commands if command.callback]
    assert len(names) == len(set(names)) == len(" ".join(COMMANDS.values()).split()) - 1


def test_a_selector_that_is_none_is_reported_at_its_line(tmp_path: Path) -> None:
    config = tmp_path / "feeds.yaml"
    config.write_text('feeds: []\nsites:\n  a.example:\n    body: "div..x"\n')
    done = subprocess.run(
        [sys.executable, "-m", "wireroom", "--config", str(config), "poll"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "feeds.yaml:4:11: sites[a.example].body" in done.stderr


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("feeds:\n  - url: https://a.example/\n    intervall: 1h\n", 'unknown key; did you mean "interval"?'),
        ("feeds:\n  - https://a.example/\n\tx\n", "feeds.yaml:3:"),
        ("feeds: [https://a.example/, https://a.example/]\n", "the same feed as on line 1"),
    ],
)
def test_status_tells_what_is_wrong_with_feeds_yaml(tmp_path: Path, text: str, problem: str) -> None:
    config = configure(tmp_path, "feeds: []\n")
    open_store(tmp_path / "wireroom.db").close()
    assert run("--config", config, "status").exit_code == 0
    config.write_text(text)
    shown = run("--config", config, "status")
    assert (shown.exit_code, shown.stdout.split("articles")[1].split()[0]) == (2, "0")
    assert problem in shown.stderr
    told = run("--config", config, "status", "--json")
    assert (told.exit_code, len(json.loads(told.stdout)["config_problems"])) == (2, 1)
