"""The parts of docs/reference/ that are made from the program: commands, keys, errors, tables, record fields.

A page is written by hand around them; what is made stands between `<!-- generated: NAME -->` and `<!-- end: NAME -->`.
`scripts/check_docs.py --write` puts it there, and without --write tells when it is out of date.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
import tempfile
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class DocsIncomplete(Exception):
    """Something in the program has no words in the documentation yet."""


# --------------------------------------------------------------------------- words that the program does not hold

#: Tables of SQLite, of sqlite-utils and of the search index.
_INTERNAL_TABLES = re.compile(r"sqlite_|_sqlite_|articles_fts|articles_stems|articles_words")

RECORD_WORDS: dict[str, str] = {
    "id": "Number of the article; never used twice.",
    "url": "The address the feed gave, or that you saved.",
    "canonical_url": "The address the page says it has.",
    "title": "Headline.",
    "byline": "Names of the authors.",
    "agencies": "News agencies named as source.",
    "published_at": "From the markup, else the feed, else the address.",
    "updated_at": "When the publisher says it was changed.",
    "first_seen_at": "When Wireroom first saw it.",
    "fetched_at": "When its page was last fetched; null = never.",
    "site_name": "Name of the site.",
    "section": "Section of the paper.",
    "language": 'BCP 47, like "en" or "pt-BR".',
    "summary": "Standfirst or description.",
    "image": "The lead picture.",
    "images": "All pictures, the lead first.",
    "text": "Plain text, one blank line between paragraphs.",
    "html": "The same, as cleaned HTML.",
    "markdown": "The same, as Markdown.",
    "related": "Other stories that the page promotes, in page order.",
    "enclosures": "Files that the feed attached (audio, video ...).",
    "comments_url": "Where readers comment, as the feed says.",
    "categories": "Categories that the feed gave.",
    "feeds": "Every feed that had it, the first one first.",
    "tags": "Tags of its feeds and its own.",
    "read_at": "When you marked it as read; null = unread.",
    "starred_at": "When you starred it; null = not starred.",
    "story_id": "The story it belongs to; null = nothing else tells it.",
    "revision": "Number of the version: 1 for the first; 0 = nothing but the feed's words yet.",
    "word_count": "Words in `text`.",
    "kind": "What kind of page it is; see below.",
    "status": "`full`, `feed_only`, `failed` or `pending`; see below.",
    "confidence": "How sure it is that the text is the article's, 0 to 1; null = not judged.",
    "reason": "Why it is not full, or that the text is doubtful; else null.",
    "change_seq": "Grows with every change of any article; an article's newest change.",
}


# --------------------------------------------------------------------------- commands


def program() -> Any:
    """Return the command line as a tree of commands."""
    import typer

    from wireroom.cli.app import app

    return typer.main.get_command(app)


def commands(group: Any = None, prefix: str = "wireroom") -> Iterator[tuple[str, Any]]:
    """Yield every command with its full name ("wireroom feeds add"), in the order of the help."""
    for name, command in (group or program()).commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


def global_options() -> str:
    """Return the table of the options that every command takes."""
    return _option_table(program().params)


def command_pages() -> str:
    """Return the section of every command."""
    return "\n\n".join(_command(name, command) for name, command in commands())


def _command(name: str, command: Any) -> str:
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    options = [param for param in command.params if param.param_type_name == "option"]
    usage = " ".join([name, *(["[OPTIONS]"] if options else []), *map(_argument, arguments)])
    parts = [f"## {name}", inspect.cleandoc(command.help or ""), f"```\n{usage}\n```"]
    if arguments:
        parts.append(_table(("argument", "meaning"), [(_code(_argument(p)), p.help or "") for p in arguments]))
    if options:
        parts.append(_option_table(options))
    return "\n\n".join(parts)


def _argument(param: Any) -> str:
    return param.metavar or param.name.upper()


def _option_table(options: Iterable[Any]) -> str:
    shown = [param for param in options if not param.hidden and not param.name.endswith("_completion")]
    return _table(("option", "meaning"), [(_code(_option(param)), _option_help(param)) for param in shown])


def _option(param: Any) -> str:
    names = ", ".join(sorted(param.opts, key=lambda name: name.startswith("--")))
    if param.is_flag or param.count:
        return names
    return f"{names} {param.metavar or _choices(param) or param.name.upper()}"


def _choices(param: Any) -> str:
    kind = param.type_descriptor.annotation
    return "|".join(choice.value for choice in kind) if isinstance(kind, type) and issubclass(kind, Enum) else ""


def _option_help(param: Any) -> str:
    notes = []
    default = param.default.value if isinstance(param.default, Enum) else param.default
    if param.required:
        notes.append("required")
    elif default not in (None, False, ()) and param.show_default:
        notes.append(f"default {_code(str(default))}")
    if param.envvar:
        notes.append(f"environment {_code(param.envvar)}")
    return (param.help or "") + (f" ({', '.join(notes)})" if notes else "")


# --------------------------------------------------------------------------- feeds.yaml


def feed_keys() -> str:
    """Return a table of keys for each section of feeds.yaml."""
    from scraper.config.schema import feeds_schema

    schema = feeds_schema()
    names = {"settings": "SettingsSection", "settings.network": "NetworkSection", "defaults": "DefaultsSection"}
    names |= {"feeds[]": "FeedSection", "sites.HOST": "SiteSection"}
    sections = [("Top level", schema), *((_code(path), schema["$defs"][name]) for path, name in names.items())]
    return "\n\n".join(f"## {title}\n\n{_key_table(section)}" for title, section in sections)


def _key_table(section: Mapping[str, Any]) -> str:
    required = section.get("required", [])
    rows = [
        (
            _code(name) + (" (required)" if name in required else ""),
            _value(key),
            _code(_yaml(key["default"])) if "default" in key else "",
            key.get("description", "") + _examples(key),
        )
        for name, key in section["properties"].items()
    ]
    return _table(("key", "value", "default", "meaning"), rows)


def _value(key: Mapping[str, Any]) -> str:
    """Return what kind of value a key takes, in words."""
    if "$ref" in key or "additionalProperties" in key:
        return "mapping"
    if options := key.get("anyOf", key.get("oneOf")):
        kinds = [_value(option) for option in options if option.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if "const" in key:
        return _code(str(key["const"]))
    names = {"string": "text", "boolean": "true or false", "integer": "number", "array": "list", "object": "mapping"}
    return names[key["type"]]


def _examples(key: Mapping[str, Any]) -> str:
    shown = ", ".join(_code(_yaml(example)) for example in key.get("examples", ()))
    return f" Example: {shown}" if shown else ""


def _yaml(value: object) -> str:
    """Return a value as it may be written in YAML on one line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# --------------------------------------------------------------------------- errors


def errors() -> tuple[type[Exception], ...]:
    """Return every error class of Wireroom, those outside scraper/errors.py included."""
    import scraper
    import store
    import wireroom
    from scraper.errors import WireroomError

    for package in (scraper, store, wireroom):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    return tuple(sorted(_subclasses(WireroomError), key=lambda error: error.__name__))


def _subclasses(error: type[Exception]) -> set[type[Exception]]:
    children = set(error.__subclasses__())
    return children.union(*map(_subclasses, children)) if children else children


def error_tree() -> str:
    """Return the tree as it is drawn in scraper/errors.py, and a line for each error that lives elsewhere."""
    from scraper import errors as module

    tree = (module.__doc__ or "").partition("\n\n")[2].strip()
    others = [error for error in errors() if error.__module__ != module.__name__]
    lines = [f"- `{error.__name__}` ({error.__bases__[0].__name__}): {_first_line(error)}" for error in others]
    return f"```\n{tree}\n```" + ("\n\nBeside them:\n\n" + "\n".join(lines) if lines else "")


def _first_line(thing: Any) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0]


# --------------------------------------------------------------------------- database


def tables() -> str:
    """Return the columns of every table, read from a database that was just made."""
    from store.descriptions import TABLE_WORDS

    with _database() as (db, names):
        missing = [name for name in names("table") if not _INTERNAL_TABLES.match(name) and name not in TABLE_WORDS]
        if missing:
            raise DocsIncomplete(f"store/descriptions.py: TABLE_WORDS lacks {', '.join(missing)}")
        present = [name for name in TABLE_WORDS if name in names("table")]
        return "\n\n".join(f"### {name}\n\n{TABLE_WORDS[name]}\n\n{_columns(db, name)}" for name in present)


def views() -> str:
    """Return the views with their columns."""
    from store.descriptions import VIEW_WORDS

    with _database() as (db, names):
        if missing := sorted(set(names("view")) - set(VIEW_WORDS)):
            raise DocsIncomplete(f"store/descriptions.py: VIEW_WORDS lacks {', '.join(missing)}")
        rows = []
        for name in sorted(names("view")):
            columns = ", ".join(_code(row[1]) for row in db.execute(f"PRAGMA table_info([{name}])"))
            rows.append((_code(name), VIEW_WORDS[name], columns))
        return _table(("view", "shows", "columns"), rows)


class _database:
    """A fresh archive: its connection, and what gives the names of its tables or views."""

    def __enter__(self) -> tuple[Any, Callable[[str], list[str]]]:
        from sqlite_utils import Database

        from store import open_store

        self._directory = tempfile.TemporaryDirectory()
        path = Path(self._directory.name) / "empty.db"
        with open_store(path):
            pass
        self._db = Database(path)

        def names(kind: str) -> list[str]:
            return [row[0] for row in self._db.execute("SELECT name FROM sqlite_master WHERE type = ?", (kind,))]

        return self._db, names

    def __exit__(self, *error: object) -> None:
        self._db.close()
        self._directory.cleanup()


def _columns(db: Any, table: str) -> str:
    from store.descriptions import COLUMN_WORDS

    sql = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    remarks = {match[1]: match[2] for match in re.finditer(r"^\s*(\w+) .*?--\s*(.+)$", sql, re.MULTILINE)}
    remarks |= COLUMN_WORDS.get(table, {})
    leads = {row[3]: f"{row[2]}.{row[4]}" for row in db.execute(f"PRAGMA foreign_key_list([{table}])")}
    rows = []
    for _, name, kind, is_required, _, key, _ in db.execute(f"PRAGMA table_xinfo([{table}])"):
        notes = ["primary key"] * bool(key) + ([f"leads to {_code(leads[name])}"] if name in leads else [])
        kind = kind.replace("GENERATED ALWAYS", "").strip() + ("" if is_required or key else ", may be NULL")
        rows.append((_code(name), kind, "; ".join([*notes, *filter(None, [remarks.get(name)])])))
    return _table(("column", "type", "meaning"), rows)


# --------------------------------------------------------------------------- exported record


def record_fields() -> str:
    """Return the table of an exported record's fields."""
    from scraper.model import ArticleRecord

    hints = typing.get_type_hints(ArticleRecord)
    names = [field.name for field in fields(ArticleRecord)]
    if missing := [name for name in names if name not in RECORD_WORDS]:
        raise DocsIncomplete(f"scripts/generate_docs.py: RECORD_WORDS lacks {', '.join(missing)}")
    rows = [(_code(name), _json_type(hints[name]), RECORD_WORDS[name]) for name in names]
    return _table(("field", "JSON", "meaning"), rows)


def record_kinds() -> str:
    """Return the kinds of page, as a list of words."""
    from scraper.model import Kind

    return ", ".join(_code(kind) for kind in typing.get_args(Kind))


def _json_type(hint: Any) -> str:
    """Return what a Python type is in JSON, in words."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        kinds = [_json_type(argument) for argument in arguments if argument is not type(None)]
        return " or ".join([*kinds, "null"])
    if origin is tuple:
        return f"array of {_json_type(arguments[0])}"
    if is_dataclass(hint):
        return "{" + ", ".join(field.name for field in fields(hint)) + "}"
    return {int: "number", datetime: "time"}.get(hint, "text")


# --------------------------------------------------------------------------- searches


def language() -> str:
    """Return the language of searches, in the table that `wireroom search --help` prints, too."""
    from scraper.query.language import LANGUAGE

    return _table(("you write", "it finds"), [(_code(written), meaning) for written, meaning in LANGUAGE])


# --------------------------------------------------------------------------- putting it in


def _code(text: str) -> str:
    return f"`{text}`"


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [columns, tuple("---" for _ in columns), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


#: Page under docs/ -> name of the generated part -> what makes it.
GENERATED: dict[str, dict[str, Callable[[], str]]] = {
    "reference/cli.md": {"options": global_options, "commands": command_pages},
    "reference/feeds-yaml.md": {"keys": feed_keys},
    "reference/errors.md": {"tree": error_tree},
    "reference/database.md": {"tables": tables, "views": views},
    "reference/search.md": {"language": language},
    "reference/record.md": {"fields": record_fields, "kinds": record_kinds},
}


def generated_pages() -> Iterator[tuple[Path, str]]:
    """Yield each page that has generated parts, with its text as it ought to be."""
    for name, parts in GENERATED.items():
        path = ROOT / "docs" / name
        text = path.read_text("utf-8")
        for part, make in parts.items():
            text = _spliced(path, text, part, make())
        yield path, text


def _spliced(path: Path, text: str, part: str, made: str) -> str:
    start, end = f"<!-- generated: {part} -->", f"<!-- end: {part} -->"
    head, found, rest = text.partition(start)
    _, closed, tail = rest.partition(end)
    if not found or not closed:
        raise DocsIncomplete(f"{path.relative_to(ROOT)} has no place for {part!r}: {start} ... {end}")
    return f"{head}{start}\n\n{made}\n\n{end}{tail}"
