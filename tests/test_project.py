"""The rules of the project that no other tool checks: who imports whom, how large things are, what is shipped."""

from __future__ import annotations

import ast
import importlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from patience import LONG_S

ROOT = Path(__file__).parent.parent
PACKAGES = ("scraper", "store", "wireroom")

#: What each part may import of ours, beside itself; a name covers what is below it that is no part of its own.
ARROWS = {
    "scraper": ("scraper.extract", "scraper.sources", "scraper.urls", "scraper.model", "scraper.errors"),
    "scraper.errors": (),
    "scraper.plugins": ("scraper.errors",),
    "scraper.tracking": (),
    "scraper.text": (),
    "scraper.model": (),
    "scraper.urls": ("scraper.tracking",),
    "scraper.world": ("scraper.model",),
    "scraper.looks": ("scraper.model",),
    "scraper.ports": ("scraper.model", "scraper.world", "scraper.looks"),
    "scraper.clean": ("scraper.urls",),
    "scraper.query": ("scraper.text", "scraper.urls", "scraper.model"),
    "scraper.fetch": ("scraper.errors", "scraper.ports", "scraper.urls", "scraper.model"),
    "scraper.sameness": ("scraper.text", "scraper.urls", "scraper.model"),
    "scraper.identity": ("scraper.sameness", "scraper.urls", "scraper.model"),
    "scraper.sources": ("scraper.errors", "scraper.text", "scraper.urls", "scraper.model", "scraper.identity"),
    "scraper.extract": ("scraper.clean", "scraper.text", "scraper.urls", "scraper.model", "scraper.errors"),
    "scraper.config": ("scraper.fetch", "scraper.urls", "scraper.model", "scraper.errors"),
    "scraper.polling": (
        "scraper.sources",
        "scraper.fetch",
        "scraper.identity",
        "scraper.sameness",
        "scraper.ports",
        "scraper.urls",
        "scraper.model",
        "scraper.errors",
    ),
    "scraper.articles": (
        "scraper.extract",
        "scraper.fetch",
        "scraper.identity",
        "scraper.text",
        "scraper.ports",
        "scraper.urls",
        "scraper.model",
        "scraper.errors",
    ),
    "scraper.pipeline": (
        "scraper.polling",
        "scraper.articles",
        "scraper.fetch",
        "scraper.identity",
        "scraper.ports",
        "scraper.urls",
        "scraper.model",
    ),
    "scraper.engine": (
        "scraper.pipeline",
        "scraper.polling",
        "scraper.articles",
        "scraper.sources",
        "scraper.fetch",
        "scraper.ports",
        "scraper.urls",
        "scraper.model",
        "scraper.errors",
    ),
    "store": ("store.sqlite",),
    "store.zstd": (),
    "store.descriptions": (),
    "store.external": ("scraper.errors",),
    "store.sqlite": (),
    "store.sqlite.lock": ("scraper.errors",),
    "store.sqlite.database": ("store.zstd", "scraper.text", "scraper.errors", "scraper.model", "scraper.ports"),
    "store.sqlite.schema": ("scraper.urls",),
    "store.sqlite.search": ("store.sqlite.database", "store.sqlite.schema", "scraper.query", "scraper.urls"),
    "store.sqlite.opening": (
        "store.sqlite.database",
        "store.sqlite.schema",
        "store.sqlite.search",
        "scraper.errors",
    ),
    "store.sqlite.work": (
        "store.sqlite.database",
        "store.sqlite.search",
        "store.zstd",
        "scraper.errors",
        "scraper.model",
        "scraper.ports",
        "scraper.urls",
    ),
    "store.sqlite.library": (
        "store.sqlite.work",
        "store.sqlite.search",
        "store.sqlite.database",
        "scraper.query",
        "scraper.errors",
        "scraper.model",
        "scraper.urls",
    ),
    "store.sqlite.upkeep": (
        "store.sqlite.opening",
        "store.sqlite.work",
        "store.sqlite.search",
        "store.sqlite.schema",
        "store.sqlite.database",
        "store.zstd",
        "scraper.errors",
        "scraper.model",
        "scraper.urls",
    ),
    "store.sqlite.store": ("store.sqlite", "scraper.ports"),
    "scheduler": (),
    "wireroom": (),
    "wireroom.logs": (),
    "wireroom.opml_repair": (),
    "wireroom.demo": (),
    "wireroom.datasette": ("store.descriptions",),
    "wireroom.found_feeds": ("scraper",),
    "wireroom.opml": ("wireroom.opml_repair", "wireroom.found_feeds", "scraper"),
    "wireroom.export": ("wireroom.opml", "scraper"),
    "wireroom.importing": ("wireroom.opml", "wireroom.found_feeds", "store.external", "scraper"),
    "wireroom.operations": ("wireroom", "store", "scraper"),
    "wireroom.web": ("wireroom.operations", "scraper"),
    "wireroom.serving": ("wireroom.web", "scraper"),
    "wireroom.daemon": ("wireroom.operations", "wireroom.serving", "scheduler", "store", "scraper"),
    "wireroom.cli": ("wireroom", "store", "scraper"),
    "wireroom.__main__": ("wireroom.cli",),
}
#: Names that stand for themselves alone where they are allowed: what is below them are parts of their own.
BARE = {"wireroom", "store"}
#: Who may come to the parts of Wireroom that are no leaves.
CLI_PARTS = (
    "operations",
    "export",
    "importing",
    "serving",
    "demo",
    "opml",
    "found_feeds",
    "logs",
    "datasette",
    "daemon",
)

#: The parts of extraction, each of which knows those before it; what stands beside them knows them all.
LAYERS = ("page", "words", "body", "meta")

#: Where an outside library may be imported. One that is not listed has no home yet.
HOMES = {
    "ahocorasick_rs": ("scraper/extract/words/",),
    "ada_url": ("scraper/urls.py",),
    "anyio": ("wireroom/web/",),
    "apscheduler": ("scheduler.py", "scraper/polling/cron.py"),
    "brotli": ("scraper/fetch/decoding.py",),
    "bs4": ("scraper/clean/leaves.py", "scraper/clean/soup.py"),
    "cssselect": ("scraper/extract/",),
    "feedparser": ("scraper/sources/syndication.py",),
    "jinja2": ("wireroom/web/", "wireroom/demo/"),
    "lxml": (
        "scraper/extract/",
        "scraper/sources/discovery.py",
        "scraper/clean/reader.py",
        "scraper/clean/notation.py",
        "wireroom/opml.py",
        "wireroom/web/body.py",
    ),
    "markupsafe": ("wireroom/web/", "wireroom/demo/"),
    "nh3": ("scraper/clean/reader.py",),
    "protego": ("scraper/fetch/robots.py",),
    "publicsuffixlist": ("scraper/urls.py",),
    "pydantic": ("scraper/config/", "wireroom/importing/"),
    "rensa": ("scraper/text/words.py",),
    "Stemmer": ("store/sqlite/search/stems.py",),
    "requests": ("scraper/fetch/client.py",),
    "socks": ("scraper/fetch/connection.py",),
    "rich": ("wireroom/cli/", "wireroom/logs.py"),
    "ruamel": ("scraper/config/",),
    "sqlite3": ("store/",),
    "sqlite_utils": ("store/",),
    "starlette": ("wireroom/web/",),
    "typer": ("wireroom/cli/",),
    "tzlocal": ("scraper/config/",),
    "urllib3": ("scraper/fetch/client.py", "scraper/fetch/connection.py"),
    "uvicorn": ("wireroom/serving.py",),
    "zstandard": ("scraper/fetch/decoding.py", "scraper/fetch/client.py", "store/"),
}

#: Distributions whose name is not that of their module.
MODULES = {
    "ada-url": "ada_url",
    "beautifulsoup4": "bs4",
    "pysocks": "socks",
    "pystemmer": "Stemmer",
    "ruamel.yaml": "ruamel",
    "sqlite-utils": "sqlite_utils",
}
#: Distributions that are data for the standard library.
DATA_ONLY = {"tzdata"}

MAX_FUNCTION_LINES = 60
MAX_MODULE_LINES = 400
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def sources() -> list[Path]:
    """Return the modules that are shipped."""
    found = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [*found, *(path for path in [ROOT / "scheduler.py"] if path.exists())]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_name(path: Path) -> str:
    return relative(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(path: Path, *, with_main: bool = True) -> Iterator[tuple[str, int]]:
    """Yield the absolute names that `path` imports, wherever in the file; `from a import b` gives `a.b`."""
    tree = ast.parse(path.read_text("utf-8"), str(path))
    skipped = set() if with_main else {id(node) for block in main_blocks(tree) for node in ast.walk(block)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = module_name(path).split(".")
                if path.name != "__init__.py":
                    parents = parents[:-1]
                base = ".".join([*parents[: len(parents) - node.level + 1], *([base] if base else [])])
            yield from ((f"{base}.{alias.name}", node.lineno) for alias in node.names)


def main_blocks(tree: ast.Module) -> list[ast.If]:
    return [
        node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"
    ]


def is_within(name: str, allowed: str) -> bool:
    return name == allowed or name.startswith(allowed + ".")


# --------------------------------------------------------------------------- imports


def part_of(name: str) -> str | None:
    """Return the part that a module belongs to; None = it is not ours."""
    pieces = name.split(".")
    known = (".".join(pieces[:length]) for length in range(len(pieces), 0, -1))
    return next((part for part in known if part in ARROWS), None)


def allowed_parts(part: str) -> set[str]:
    """Return the parts that one may import."""
    found = {part}
    for allowed in ARROWS[part]:
        found |= {name for name in ARROWS if name == allowed or (allowed not in BARE and is_within(name, allowed))}
    if part == "wireroom.cli":
        found |= {name for name in ARROWS if name.removeprefix("wireroom.") in CLI_PARTS}
    return found


def wrong_arrows(path: Path) -> list[str]:
    part = part_of(module_name(path))
    assert part is not None
    found = []
    for name, line in imports(path, with_main=part != "scheduler"):
        target = part_of(name)
        if target is not None and target not in allowed_parts(part):
            found.append(f"{relative(path)}:{line}: {part} may not import {name}")
    return found


def test_no_part_can_come_back_to_itself():
    ways = {part: allowed_parts(part) - {part} for part in ARROWS}
    while ends := [part for part, others in ways.items() if not others]:
        ways = {part: others - set(ends) for part, others in ways.items() if part not in ends}
    assert ways == {}


def test_no_file_can_come_back_to_itself():
    known = {module_name(path): path for path in sources()}
    ways = {
        module: {target for name, _ in imports(path, with_main=False) for target in [nearest(name, known)] if target}
        - {module}
        for module, path in known.items()
    }
    while ends := [module for module, others in ways.items() if not others]:
        ways = {module: others - set(ends) for module, others in ways.items() if module not in ends}
    assert ways == {}


def nearest(name: str, known: Collection[str]) -> str | None:
    return next((one for one in (name, name.rpartition(".")[0]) if one in known), None)


#: Names of loggers, which stand for subjects, not modules (docs/reference/log.md).
SUBJECTS = {f"wireroom.{name}" for name in ("polls", "articles", "work", "archive", "daemon", "jobs")}
#: Groups of entry points, which look like modules too.
GROUPS = {"wireroom.exporters", "wireroom.importers"}
OUR_NAME = re.compile(r"(?:scraper|store|wireroom)(?:\.[A-Za-z_]\w*)+")
#: What looks like a module in a test and is a file.
FILE_ENDINGS = (".db", ".lock", ".log", ".yaml", ".opml", ".jsonl", ".json", ".html", ".example", ".pid", ".toml")


def is_there(name: str) -> bool:
    """Say whether a dotted name is a module, or something in one."""
    pieces = name.split(".")
    for length in range(len(pieces), 0, -1):
        try:
            found = importlib.import_module(".".join(pieces[:length]))
        except ModuleNotFoundError:
            continue
        for piece in pieces[length:]:
            if not hasattr(found, piece):
                return False
            found = getattr(found, piece)
        return True
    return False


def test_what_tests_benches_and_scripts_import_of_ours_is_there():
    paths = [path for folder in ("tests", "bench", "scripts") for path in sorted((ROOT / folder).rglob("*.py"))]
    names = {name for path in paths for name, _ in imports(path) if name.split(".")[0] in PACKAGES}
    assert len(names) > 100
    assert sorted(name for name in names if not is_there(name)) == []


def test_a_text_that_names_a_module_names_one_that_is_there():
    paths = [*sources(), *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "bench").rglob("*.py"))]
    texts = {
        node.value
        for path in paths
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and OUR_NAME.fullmatch(node.value)
    }
    named = {text for text in texts - SUBJECTS - GROUPS if not text.endswith(FILE_ENDINGS)}
    assert "scraper.engine.workers" in named, "the modules that worker processes load beforehand"
    assert sorted(name for name in named if not is_there(name)) == []


MAX_MODULES = 17


def test_folders_are_small_and_say_what_is_in_them():
    for package in {path.parent for path in sources() if path.parent != ROOT}:
        modules = [path for path in package.glob("*.py") if path.name != "__init__.py"]
        assert len(modules) <= (30 if package.name == "commands" else MAX_MODULES), package
        said = ast.get_docstring(ast.parse((package / "__init__.py").read_text("utf-8")))
        assert said, package


def test_imports_point_one_way():
    assert len(sources()) > 10
    assert [fault for path in sources() for fault in wrong_arrows(path)] == []


def test_a_part_of_extraction_knows_only_the_parts_before_it():
    inner = "scraper.extract"
    for place, layer in enumerate(LAYERS):
        known = tuple(f"{inner}.{name}" for name in LAYERS[: place + 1])
        paths = sorted((ROOT / "scraper" / "extract" / layer).glob("*.py"))
        assert len(paths) > 2
        for path in paths:
            named = [name for name, _ in imports(path) if name.startswith(inner)]
            assert [name for name in named if not name.startswith(known)] == [], relative(path)


#: What only a surface knows: a terminal, a command line, a web server.
SURFACES = ("typer", "click", "rich", "starlette", "wireroom.cli", "wireroom.web", "wireroom.serving")


def test_operations_know_no_surface():
    paths = sorted((ROOT / "wireroom" / "operations").glob("*.py"))
    assert len(paths) > 5
    for path in paths:
        known = [name for name, _ in imports(path) if any(is_within(name, surface) for surface in SURFACES)]
        assert known == [], relative(path)


def test_options_are_typer_s_alone_and_wrong_usage_is_told_there():
    path = ROOT / "wireroom" / "cli" / "options.py"
    tree = ast.parse(path.read_text("utf-8"))
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert functions == ["parsed"], "what reads text belongs in wireroom/operations/select.py"
    values = [ast.unparse(node.value) for node in tree.body if isinstance(node, ast.Assign)]
    assert [value for value in values if not value.startswith(("Annotated[", "parsed(", "TypeVar("))] == []
    known = {name.split(".")[0] for name, _ in imports(path)} - set(sys.stdlib_module_names)
    assert known == {"typer", "wireroom"}
    telling = [relative(path) for path in sources() if "BadParameter" in path.read_text("utf-8")]
    assert telling == ["wireroom/cli/options.py"]


def test_the_daemon_s_main_block_alone_knows_the_commands():
    tree = ast.parse((ROOT / "scheduler.py").read_text("utf-8"))
    inside = {
        node.module for block in main_blocks(tree) for node in ast.walk(block) if isinstance(node, ast.ImportFrom)
    }
    assert inside <= {"wireroom.cli"}


@pytest.mark.parametrize(
    ("place", "line", "is_wrong"),
    [
        ("scraper/pipeline.py", "from store import archive", True),
        ("scraper/pipeline.py", "import wireroom.cli", True),
        ("scraper/pipeline.py", "from scraper.model import FeedSpec", False),
        ("scraper/extract/x.py", "from ...store import archive", True),
        ("store/sqlite/library/x.py", "from scraper import fetch", True),
        ("store/sqlite/library/x.py", "from scraper import model", False),
        ("store/sqlite/library/x.py", "from scraper.errors import StoreError", False),
        ("store/sqlite/library/x.py", "def f():\n    from scheduler import Daemon", True),
        ("scheduler.py", "from wireroom.cli import main", True),
        ("scheduler.py", "if __name__ == '__main__':\n    from wireroom.cli import main", False),
        ("wireroom/operations/x.py", "from wireroom.web import app", True),
        ("scraper/polling/x.py", "from scraper.articles import drift", True),
        ("wireroom/daemon.py", "import scheduler, scraper.sources.syndication", False),
    ],
)
def test_a_wrong_arrow_is_seen(tmp_path, monkeypatch, place, line, is_wrong):
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(line)
    assert bool(wrong_arrows(path)) == is_wrong


def test_an_outside_library_is_used_in_its_home_alone():
    astray = []
    for path in sources():
        for name, line in imports(path):
            top = name.split(".")[0]
            if top in (*PACKAGES, "scheduler") or (top in sys.stdlib_module_names and top not in HOMES):
                continue
            if not any(relative(path).startswith(home) for home in HOMES.get(top, ())):
                astray.append(
                    f"{relative(path)}:{line}: {top} belongs in {' '.join(HOMES.get(top, ())) or 'HOMES first'}"
                )
    assert astray == []


def declared(*, with_extras: bool) -> set[str]:
    """Return the modules that pyproject.toml says are needed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = list(project["dependencies"])
    if with_extras:
        wanted += [name for extra in project["optional-dependencies"].values() for name in extra]
    names = [distribution(line) for line in wanted]
    return {MODULES.get(name, name.replace("-", "_")) for name in names} - DATA_ONLY


def distribution(requirement: str) -> str:
    """Return the name in `name[extra]>=1.0`."""
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower()


def test_what_is_imported_is_declared_and_the_other_way_round():
    used = {name.split(".")[0] for path in sources() for name, _ in imports(path)}
    outside = used - set(sys.stdlib_module_names) - {*PACKAGES, "scheduler"}
    assert outside <= declared(with_extras=True)
    assert declared(with_extras=False) <= outside


# --------------------------------------------------------------------------- sizes and names


def test_functions_and_modules_stay_small():
    too_large = []
    for path in sources():
        text = path.read_text("utf-8")
        lines = text.count("\n")
        if lines > MAX_MODULE_LINES:
            too_large.append(f"{relative(path)}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MAX_FUNCTION_LINES:
                    too_large.append(f"{relative(path)}:{node.lineno}: {node.name} has {length} lines")
    assert too_large == []


def test_modules_are_named_after_what_they_know():
    assert [relative(path) for path in sources() if path.stem in EMPTY_NAMES or path.parent.name in EMPTY_NAMES] == []


def test_work_to_be_done_names_its_issue():
    note = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b(?!\(#\d+\): \S)")
    files = [*sources(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "scripts").iterdir(), ROOT / "Makefile"]
    found = [
        f"{relative(path)}:{number}"
        for path in files
        if path.is_file()
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1)
        if note.search(line)
    ]
    assert found == []


# --------------------------------------------------------------------------- what is shipped


def test_the_wheel_holds_exactly_what_it_should(tmp_path):
    tree = tmp_path / "tree"
    tree.mkdir()
    for name in (
        "pyproject.toml",
        ".gitignore",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "Makefile",
        "feeds.yaml",
        "scheduler.py",
    ):
        shutil.copy(ROOT / name, tree)
    for name in (*PACKAGES, "tests", "scripts"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=tree,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("wireroom-*-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        (entry_points,) = (name for name in archive.namelist() if name.endswith("/entry_points.txt"))
        assert archive.read(entry_points).decode().split() == [
            "[console_scripts]",
            "wireroom",
            "=",
            "wireroom.cli:main",
        ]
    assert {name.split("/")[0] for name in names} == {*PACKAGES, "scheduler.py"}
    on_disk = {
        path.relative_to(tree).as_posix()
        for package in PACKAGES
        for path in (tree / package).rglob("*")
        if path.is_file()
    }
    assert names == on_disk | {"scheduler.py"}
    assert {"scraper/config/feeds.schema.json", *(f"{package}/py.typed" for package in PACKAGES)} <= names


def pinned(name: str) -> dict[str, set[str]]:
    """Return the versions that a lock file pins, by distribution."""
    found: dict[str, set[str]] = {}
    for match in re.finditer(r"^([\w.-]+)==([^\s;]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE):
        found.setdefault(match[1].replace(".", "-"), set()).add(match[2])
    return found


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_host_and_no_path_and_has_hashes(name):
    text = (ROOT / name).read_text("utf-8")
    assert re.findall(r"://|^-.*|(?<![\w.])/(?:home|root|tmp|work|Users)\b", text, re.MULTILINE) == []
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)
    assert [block.split()[0] for block in blocks if block.strip() and "--hash=sha256:" not in block] == []


def test_the_locks_belong_together_and_hold_what_is_declared():
    runtime, development = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert {name: development.get(name) for name in runtime} == runtime
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    for lines, lock in (
        (project["project"]["dependencies"], runtime),
        (project["dependency-groups"]["build"], runtime),
        ([line for line in project["dependency-groups"]["dev"] if isinstance(line, str)], development),
    ):
        names = {distribution(line).replace(".", "-") for line in lines}
        assert names <= set(lock), "run: make lock"


def test_the_changelog_has_room_for_the_next_line():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    first = re.findall(r"^## (.*)", text, re.MULTILINE)[0]
    assert first == "Unreleased"
    kinds = set(re.findall(r"^### (.*)", text, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Fixed", "Removed", "Security"}


# --------------------------------------------------------------------------- the time that tests take

#: What tells the time of day, and what tells how long something took.
CLOCKS = {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"}
CLOCK_MODULES = {"datetime", "date", "time"}
CALENDARS = {"now", "utcnow", "today"}
CPU_CLOCKS = {"process_time", "process_time_ns", "thread_time", "thread_time_ns"}
#: A wait in a test that ends by itself sooner than this may be too short for a slow machine.
SHORTEST_WAIT_S = 300
WAITS = {"wait", "join", "communicate", "result", "wait_until", "wait_for"}


def is_clock(node: ast.AST, names: Collection[str] = CALENDARS | CLOCKS | CPU_CLOCKS) -> bool:
    """Say whether a node reads a clock: `datetime.now()`, `time.monotonic()`, `monotonic()`."""
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id in {*names} - CALENDARS - {"time"}
    return (
        isinstance(node.func, ast.Attribute)
        and node.func.attr in names
        and isinstance(node.func.value, ast.Name | ast.Attribute)
        and getattr(node.func.value, "id", getattr(node.func.value, "attr", "")) in CLOCK_MODULES
    )


def done_at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """Return what runs when a module is imported: all but the bodies of functions."""
    for child in ast.iter_child_nodes(tree):
        yield child
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            for part in [*child.decorator_list, *child.args.defaults, *child.args.kw_defaults]:
                yield from ast.walk(part) if part is not None else ()
        elif not isinstance(child, ast.Lambda):
            yield from done_at_import(child)


def asserted_durations(function: ast.AST) -> Iterator[int]:
    """Return the lines that hold a duration against anything but another duration."""
    timed: set[str] = set()

    def is_timed(node: ast.AST) -> bool:
        parts = list(ast.walk(node))
        return any(is_clock(part, CLOCKS | CPU_CLOCKS) for part in parts) or any(
            isinstance(part, ast.Name) and part.id in timed for part in parts
        )

    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and is_timed(node.value):
            timed |= {part.id for target in node.targets for part in ast.walk(target) if isinstance(part, ast.Name)}
    for node in ast.walk(function):
        for compared in ast.walk(node.test) if isinstance(node, ast.Assert) else ():
            if isinstance(compared, ast.Compare):
                sides = [is_timed(side) for side in (compared.left, *compared.comparators)]
                if any(sides) and not all(sides):
                    yield compared.lineno


def short_waits(tree: ast.AST) -> Iterator[int]:
    """Return the lines where a wait ends by itself after a number of seconds that a slow machine may need."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        limits = [keyword.value for keyword in node.keywords if keyword.arg in ("timeout", "timeout_s", "within_s")]
        for limit in [*limits, *(node.args if name in WAITS else ())]:
            value = limit.value if isinstance(limit, ast.Constant) else None
            if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < SHORTEST_WAIT_S:
                yield limit.lineno


def test_no_test_depends_on_how_long_it_runs():
    astray = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        astray += [
            f"{relative(path)}:{node.lineno}: a clock is read at import"
            for node in done_at_import(tree)
            if is_clock(node)
        ]
        if path.name != "patience.py":
            astray += [f"{relative(path)}:{line}: a duration is asserted" for line in asserted_in(tree)]
            astray += [f"{relative(path)}:{line}: wait for LONG_S of patience.py" for line in short_waits(tree)]
    assert astray == []


def asserted_in(tree: ast.AST) -> set[int]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {line for function in functions for line in asserted_durations(function)}


@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("NOW = datetime.now(UTC)", True),
        ("NOW = datetime.datetime.now()", True),
        ("class A:\n    at = time.time()", True),
        ("def f(at=date.today()): pass", True),
        ("@mark(monotonic())\ndef f(): pass", True),
        ("f = lambda: datetime.now(UTC)", False),
        ("def f():\n    return datetime.now(UTC)", False),
        ("NOW = clock.now()", False),
        ("def f():\n    began = time.monotonic()\n    assert time.monotonic() - began < 5", True),
        ("def f():\n    began = perf_counter()\n    took = perf_counter() - began\n    assert 0.1 > took", True),
        ("def f():\n    began = process_time()\n    g()\n    assert process_time() - began < 2", True),
        ("def f():\n    a, b = process_time(), process_time()\n    assert b < 64 * a", False),
        ("def f():\n    thread.join(10)", True),
        ("def f():\n    wait_until(g, 20)", True),
        ("def f():\n    run(timeout=30)", True),
        (
            "def f():\n    thread.join()\n    connect(timeout=0)\n    run(timeout=LONG_S)\n    thread.join(LONG_S)",
            False,
        ),
    ],
)
def test_what_depends_on_how_long_it_runs_is_found(text, is_refused):
    tree = ast.parse(text)
    found = [*filter(is_clock, done_at_import(tree)), *asserted_in(tree), *short_waits(tree)]
    assert bool(found) is is_refused


# --------------------------------------------------------------------------- set-up


def run_setup(directory: Path, path: str) -> subprocess.CompletedProcess[str]:
    """Run the set-up script of a copy with `path` as PATH."""
    (directory / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "setup.sh", directory / "scripts")
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, directory)
    return subprocess.run(
        ["/bin/sh", str(directory / "scripts" / "setup.sh"), "runtime"],
        env={"PATH": path, "HOME": str(directory)},
        capture_output=True,
        text=True,
        check=False,
        timeout=LONG_S,
    )


def tools_without_python(directory: Path) -> Path:
    """Return a directory with the programs the script needs, and no python3."""
    tools = directory / "bin"
    tools.mkdir()
    for name in ("dirname", "cksum", "cat", "head", "uname", "rm", "apt-get", "dnf", "apk", "pacman"):
        found = shutil.which(name, path="/usr/bin:/bin:/usr/local/bin")
        if found:
            (tools / name).symlink_to(found)
    return tools


def fake_python(tools: Path, name: str, says: str) -> None:
    """Put an interpreter into `tools` that reports `says` about itself."""
    (tools / name).write_text(f'#!/bin/sh\necho "{says}"\n')
    (tools / name).chmod(0o755)


def test_a_missing_python_is_named_with_its_remedy(tmp_path):
    result = run_setup(tmp_path, str(tools_without_python(tmp_path)))
    assert result.returncode != 0
    assert "there is no python3 here" in result.stderr
    assert "Remedy: " in result.stderr


@pytest.mark.parametrize(
    ("says", "message"),
    [
        ("old 3.9", "needs Python 3.11 or later; python3 is 3.9."),
        ("venv 3.12", "Python 3.12 is here, but not the part of it that makes virtual environments"),
        ("sqlite", "python3 was built without SQLite"),
        ("sqlite 3.31.1", "python3 has SQLite 3.31.1; Wireroom needs 3.35 or later"),
        ("fts5", "The SQLite of python3 was built without FTS5"),
    ],
)
def test_what_a_python_lacks_is_named_with_its_remedy(tmp_path, says, message):
    tools = tools_without_python(tmp_path)
    fake_python(tools, "python3", says)
    fake_python(tools, "python3.11", "old 3.11")
    result = run_setup(tmp_path, str(tools))
    assert result.returncode != 0
    assert message in result.stderr
    assert "Remedy: " in result.stderr
    assert not (tmp_path / ".venv").exists()


def test_the_scripts_are_sound_shell():
    for script in [*(ROOT / "scripts").glob("*.sh"), ROOT / ".ci" / "run"]:
        shell = "bash" if "bash" in script.read_text("utf-8").split("\n")[0] else "sh"
        subprocess.run([shell, "-n", str(script)], check=True)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
