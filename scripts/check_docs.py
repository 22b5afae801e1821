"""Is the documentation up to date? `python scripts/check_docs.py` says what is not; with --write it renews the pages.

It finds: generated parts that are stale, links that lead nowhere, commands and options that do not exist, errors and
log events without a place, and a map in the README that does not begin with the six top-level entries.
"""

from __future__ import annotations

import argparse
import ast
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import generate_docs  # noqa: E402  # the checkout need not be installed

TOP_LEVEL = ("scraper/", "feeds.yaml", "store/", "scheduler.py", "tests/", "pyproject.toml")

_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+?)\s*$", re.MULTILINE)
#: A command in a console block or in inline code.
_IN_CONSOLE = re.compile(r"^\$ (?:.*[|&;] *)?(wireroom(?: .*)?)$", re.MULTILINE)
_IN_CODE = re.compile(r"`(wireroom [^`\n]+)`")
_LEVELS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})


def pages() -> tuple[Path, ...]:
    """Return README and every page of docs/."""
    return (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))


def shown(path: Path) -> str:
    """Return the path as it is written in a message."""
    return str(path.relative_to(ROOT))


# --------------------------------------------------------------------------- what can be wrong


def stale_pages() -> Iterator[str]:
    """Name the pages whose generated parts are out of date."""
    for path, text in generate_docs.generated_pages():
        if path.read_text("utf-8") != text:
            yield f"{shown(path)} is out of date; run: .venv/bin/python scripts/check_docs.py --write"


def dead_links() -> Iterator[str]:
    """Name the relative links that lead to no file, or to no heading of it."""
    for path in pages():
        for link in _LINK.findall(_FENCE.sub("", path.read_text("utf-8"))):
            if re.match(r"[a-z]+:", link):
                continue
            target, _, anchor = link.partition("#")
            file = (path.parent / unquote(target)).resolve() if target else path
            if not file.exists():
                yield f"{shown(path)}: the link {link} leads nowhere"
            elif anchor and file.suffix == ".md" and anchor not in anchors(file):
                yield f"{shown(path)}: the link {link} names no heading of {shown(file)}"


def anchors(path: Path) -> set[str]:
    """Return the names by which the headings of a page can be linked, as GitHub makes them."""
    headings = _HEADING.findall(_FENCE.sub("", path.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def unknown_commands() -> Iterator[str]:
    """Name the commands and options that a page shows and the program does not have."""
    known = {tuple(name.split()[1:]): command for name, command in generate_docs.commands()}
    everywhere = {option for param in generate_docs.program().params for option in param.opts} | {"-vv", "-h", "--help"}
    for path in pages():
        text = path.read_text("utf-8")
        for line in [*_IN_CONSOLE.findall(text), *_IN_CODE.findall(_FENCE.sub("", text))]:
            words = _words(line)
            command = known.get(words[:2]) or known.get(words[:1])
            if command is None:
                if words and words[0].islower() and words != ("feeds",) and not words[0].startswith("-"):
                    yield f"{shown(path)}: there is no command {line!r}"
                continue
            allowed = everywhere | {option for param in command.params for option in param.opts}
            given = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word) and " " not in word}
            for option in sorted(given - allowed):
                yield f"{shown(path)}: {line!r}: there is no option {option}"


def _words(line: str) -> tuple[str, ...]:
    """Return the words of a command line after `wireroom`, up to a pipe, a remark or `--`."""
    words = shlex.split(line, comments=True)[1:]
    ends = [words.index(end) for end in ("|", "&&", ";", "--") if end in words]
    return tuple(words[: min(ends, default=len(words))])


def unplaced_commands() -> Iterator[str]:
    """Name the commands that no page written by hand tells how to use."""
    guides = [path for path in pages() if path.parent.name != "reference"]
    text = " ".join(" ".join(path.read_text("utf-8").split()) for path in guides)
    for name, _ in generate_docs.commands():
        if not re.search(rf"{re.escape(name)}\b", text):
            yield f"`{name}` is in no guide: README.md, docs/tutorial.md or docs/how-to/"


def unplaced_errors() -> Iterator[str]:
    """Name the errors without a heading in docs/reference/errors.md."""
    page = ROOT / "docs" / "reference" / "errors.md"
    headings = set(_HEADING.findall(page.read_text("utf-8")))
    for error in generate_docs.errors():
        if error.__name__ not in headings:
            yield f"{shown(page)} has no heading {error.__name__}: what it means and what to do"


def unplaced_events() -> Iterator[str]:
    """Name the log events that docs/reference/log.md does not explain."""
    page = ROOT / "docs" / "reference" / "log.md"
    text = page.read_text("utf-8")
    for event, module in events():
        if f"`{event}`" not in text:
            yield f"{shown(page)} does not explain {event!r} ({module})"


def events() -> Iterator[tuple[str, str]]:
    """Yield the text of every log event with the module that writes it."""
    files = [ROOT / "scheduler.py", *(path for name in ("scraper", "store", "wireroom") for path in _modules(name))]
    for path in files:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in _LEVELS
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "logger"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                yield str(node.args[0].value), shown(path)


def _modules(package: str) -> Iterator[Path]:
    return (ROOT / package).rglob("*.py")


def wrong_map() -> Iterator[str]:
    """Say so if the map of the tree does not begin with the six top-level entries."""
    text = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```.*?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    maps = [block for block in blocks if block.startswith(TOP_LEVEL[0])]
    first = tuple(line.split()[0] for line in maps[0].splitlines()[: len(TOP_LEVEL)]) if maps else ()
    if first != TOP_LEVEL:
        yield f"README.md: the map must begin with {' '.join(TOP_LEVEL)}"


def unlinked_pages() -> Iterator[str]:
    """Name the pages of docs/ that no other page links to."""
    linked = set()
    for path in pages():
        for link in _LINK.findall(path.read_text("utf-8")):
            linked.add((path.parent / link.partition("#")[0]).resolve())
    for path in pages()[1:]:
        if path not in linked:
            yield f"{shown(path)} is linked from nowhere"


CHECKS = (
    *(stale_pages, dead_links, unlinked_pages, unknown_commands),
    *(unplaced_commands, unplaced_errors, unplaced_events, wrong_map),
)


def main() -> int:
    """Check, or with --write renew the generated parts first; return the exit status."""
    parser = argparse.ArgumentParser(description="Check README.md and docs/ against the program.")
    parser.add_argument("--write", action="store_true", help="renew the generated parts first")
    arguments = parser.parse_args()
    try:
        if arguments.write:
            for path, text in list(generate_docs.generated_pages()):
                path.write_text(text, "utf-8")
        problems = [problem for check in CHECKS for problem in check()]
    except generate_docs.DocsIncomplete as exc:
        problems = [str(exc)]
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
