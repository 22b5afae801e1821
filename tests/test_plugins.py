"""Plug-ins: what other packages add works, what cannot be loaded is named, and a checkout needs no metadata."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from patience import LONG_S
from shelf import FEED, Filed, fill

from scraper.model import Extraction
from store import open_store

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "how-to" / "write-a-plug-in.md").read_text("utf-8")


def install(folder: Path, name: str, points: Mapping[str, Mapping[str, str]], modules: Mapping[str, str]) -> None:
    """Put a package into a folder as an installer leaves it: modules, and metadata with entry points by group."""
    metadata = folder / f"{name.replace('-', '_')}-1.2.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    lines = [f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in named.items()) for group, named in points.items()]
    (metadata / "entry_points.txt").write_text("\n".join(lines))
    for module, text in modules.items():
        (folder / f"{module}.py").write_text(text)


def python(folder: Path, *args: object, status: int = 0) -> subprocess.CompletedProcess[str]:
    """Run an interpreter that finds the packages of a folder beside the checkout."""
    done = subprocess.run(
        [sys.executable, *map(str, args)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{folder / 'packages'}{os.pathsep}{ROOT}", "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=LONG_S,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done


def wireroom(folder: Path, *args: object, status: int = 0) -> subprocess.CompletedProcess[str]:
    return python(folder, "-m", "wireroom", "--config", folder / "feeds.yaml", *args, status=status)


def formats(folder: Path, name: str, module: str, points: Mapping[str, str]) -> None:
    install(folder / "packages", name, {"wireroom.exporters": points}, {f"{name.replace('-', '_')}": module})


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a configuration and an archive of one article."""
    (tmp_path / "feeds.yaml").write_text("feeds: []\n")
    with open_store(tmp_path / "wireroom.db") as archive:
        fill(
            archive,
            [Filed(url="https://paper.example/lamp", extraction=Extraction(title="Lamp", text="Lit."))],
            feeds=(FEED,),
        )
    return tmp_path


MAKE = """
from wireroom.export import Format
def write(items, stream): stream.write({written})
FORMAT = Format(name={name!r}, summary="s", extension="x", write=write{more})
"""


def install_example(desk: Path, heading: str) -> None:
    """Put the package that a part of the guide shows where it is found."""
    part = GUIDE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    toml, module = re.findall(r"^```(?:toml|python)\n(.*?)^```", part, re.MULTILINE | re.DOTALL)
    project = tomllib.loads(toml)["project"]
    install(desk / "packages", project["name"], project["entry-points"], {project["name"].replace("-", "_"): module})


def test_the_format_of_the_guide_works(desk: Path) -> None:
    install_example(desk, "An export format")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d Lamp\n", wireroom(desk, "export", "-f", "titles").stdout)
    wireroom(desk, "export", "-f", "titles", "-o", "titles.txt")
    assert (desk / "titles.txt").read_text().endswith(" Lamp\n")
    assert "1 plug-in:\n  export format 'titles' of wireroom-titles 1.2" in wireroom(desk, "status").stdout
    (told,) = json.loads(wireroom(desk, "status", "--json").stdout)["plugins"]
    assert told == {"kind": "export format", "name": "titles", "package": "wireroom-titles 1.2", "fault": None}


def test_the_importer_of_the_guide_works(desk: Path) -> None:
    install_example(desk, "An importer")
    (desk / "list.txt").write_text("# reading list\nhttps://paper.example/buoy A buoy\n")
    said = wireroom(desk, "import", "list.txt").stdout
    assert "from Reading list: 1 article new" in said
    titles = [json.loads(line)["title"] for line in wireroom(desk, "export", "-f", "jsonl").stdout.splitlines()]
    assert titles == ["Lamp", "A buoy"]
    assert "importer 'reading-list' of wireroom-reading-list 1.2" in wireroom(desk, "status").stdout
    (desk / "other.txt").write_text("something else")
    said = wireroom(desk, "import", "other.txt", status=2).stderr
    assert "not JSON" in said
    assert "Miniflux (JSON of /v1/entries), reading lists (.txt)." in said


def test_an_importer_that_cannot_be_loaded_is_named_where_it_may_be_missed(desk: Path) -> None:
    points = {"wireroom.importers": {"chart": "bad_one:IMPORTER"}}
    install(desk / "packages", "bad-one", points, {"bad_one": "import sextant_lib"})
    wireroom(desk, "export", "-f", "jsonl", "-o", "own.jsonl")
    assert wireroom(desk, "import", "own.jsonl").stderr == ""
    (desk / "other.txt").write_text("something else")
    said = wireroom(desk, "import", "other.txt", status=2).stderr
    assert "the importer 'chart' of the package bad-one 1.2 cannot be used: ModuleNotFoundError: " in said


def test_a_format_may_be_bytes(desk: Path) -> None:
    formats(
        desk,
        "in-bytes",
        MAKE.format(written=r"b'\xff\n'", name="raw", more=", open_binary=True"),
        {"raw": "in_bytes:FORMAT"},
    )
    wireroom(desk, "export", "-f", "raw", "-o", "out.raw")
    assert (desk / "out.raw").read_bytes() == b"\xff\n"
    program = "import subprocess, sys; sys.stdout.write(repr(subprocess.run(sys.argv[1:], stdout=-1).stdout))"
    command = (sys.executable, "-m", "wireroom", "--config", desk / "feeds.yaml", "export", "-f", "raw")
    assert python(desk, "-c", program, *command).stdout == r"b'\xff\n'"


def test_a_missing_library_is_named_with_what_brings_it(desk: Path) -> None:
    module = MAKE.format(written="__import__('sextant_lib')", name="sext", more=", needs_extra='wireroom-sext[all]'")
    formats(desk, "wireroom-sext", module, {"sext": "wireroom_sext:FORMAT"})
    said = wireroom(desk, "export", "-f", "sext", status=1).stderr
    assert "needs sextant_lib, which is not installed; pip install 'wireroom-sext[all]' brings it" in said


@pytest.mark.parametrize(
    ("module", "cause"),
    [
        ("import sextant_lib", "ModuleNotFoundError: No module named 'sextant_lib'"),
        ("raise SystemExit('no\\nlicence')", "SystemExit: no licence"),
        ("FORMA = 1", "AttributeError: module 'bad_one' has no attribute 'FORMAT'"),
        ("FORMAT = 1", "it is a int, not a wireroom.export.base.Format"),
        (MAKE.format(written="''", name="other", more=""), "it calls itself 'other'"),
    ],
)
def test_what_cannot_be_loaded_is_named_and_the_rest_goes_on(desk: Path, module: str, cause: str) -> None:
    formats(desk, "bad-one", module, {"chart": "bad_one:FORMAT"})
    formats(desk, "good-one", MAKE.format(written="'good'", name="good", more=""), {"good": "good_one:FORMAT"})
    whole = f"the export format 'chart' of the package bad-one 1.2 cannot be used: {cause}. "
    next_step = "Update the package, or remove it: pip uninstall bad-one"
    status = wireroom(desk, "status").stdout
    assert f"2 plug-ins:\n  {whole}{next_step}\n  export format 'good' of good-one 1.2\n" in status
    said = " ".join(wireroom(desk, "export", "-f", "chart", status=2).stderr.replace("│", " ").split())
    assert whole + next_step in said
    assert wireroom(desk, "export", "-f", "good").stdout == "good"
    assert json.loads(wireroom(desk, "export", "-f", "jsonl").stdout)["title"] == "Lamp"


def test_a_built_in_name_cannot_be_taken_over(desk: Path) -> None:
    formats(desk, "taker", MAKE.format(written="'mine'", name="json", more=""), {"json": "taker:FORMAT"})
    assert json.loads(wireroom(desk, "export", "-f", "json").stdout)[0]["title"] == "Lamp"
    assert "taker 1.2 cannot be used: the name belongs to one that is built in" in wireroom(desk, "status").stdout


def test_two_packages_with_one_name_are_both_named(desk: Path) -> None:
    for name in ("one", "two"):
        formats(desk, name, MAKE.format(written="''", name="same", more=""), {"same": f"{name}:FORMAT"})
    status = wireroom(desk, "status").stdout
    assert "of the package one 1.2 cannot be used: two 1.2 has one of the same name" in status
    assert "of the package two 1.2 cannot be used: one 1.2 has one of the same name" in status
    wireroom(desk, "export", "-f", "same", status=2)


def test_two_versions_of_one_package_are_one(desk: Path) -> None:
    formats(desk, "good-one", MAKE.format(written="'good'", name="good", more=""), {"good": "good_one:FORMAT"})
    older = desk / "packages" / "good_one-1.1.dist-info"  # what an interrupted upgrade leaves
    older.mkdir()
    for file in (desk / "packages" / "good_one-1.2.dist-info").iterdir():
        (older / file.name).write_text(file.read_text())
    assert "1 plug-in:\n  export format 'good' of good-one 1." in wireroom(desk, "status").stdout
    assert wireroom(desk, "export", "-f", "good").stdout == "good"


def test_names_of_plug_ins_are_offered_without_loading_them(desk: Path) -> None:
    formats(desk, "bad-one", "raise SystemExit", {"chart": "bad_one:FORMAT"})
    said = wireroom(desk, "export", "-f", "charts", status=2).stderr
    assert "the formats are jsonl, json, csv, markdown, text, opml, chart" in " ".join(said.replace("│", " ").split())


def test_without_plug_ins_nothing_is_said(desk: Path) -> None:
    assert "plug-in" not in wireroom(desk, "status").stdout
    assert json.loads(wireroom(desk, "status", "--json").stdout)["plugins"] == []


def test_a_checkout_that_is_not_installed_has_what_is_built_in(desk: Path) -> None:
    program = (
        "import importlib.metadata as m; m.distributions = m.Distribution.discover = lambda **_: iter(());"
        "from wireroom.export import FORMATS; from wireroom.importing import IMPORTERS;"
        "print(*FORMATS.names(), *(f.name for r in (FORMATS, IMPORTERS) for f in r.built_ins()))"
    )
    names = "jsonl json csv markdown text opml"
    assert python(desk, "-c", program).stdout == f"{names} {names} wireroom newsboat freshrss miniflux\n"


def test_built_in_formats_are_found_without_a_look_at_packages(desk: Path) -> None:
    program = "import sys; from wireroom.export import find_format; find_format('csv'); print(*sys.modules)"
    assert "importlib.metadata" not in python(desk, "-c", program).stdout.split()
