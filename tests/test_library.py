"""The extractor as other programs use it: what `import scraper` gives, and what it loads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from patience import LONG_S

import scraper

ROOT = Path(__file__).parent.parent


def printed(program: str) -> str:
    """Run a program in an interpreter of its own and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=LONG_S, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_import_loads_nothing_heavy() -> None:
    before = "import sys; before = set(sys.modules)"  # what an interpreter here loads by itself
    loaded = printed(f"{before}; import scraper; dir(scraper); print(*set(sys.modules) - before)").split()
    assert {name for name in loaded if name.split(".")[0] not in sys.stdlib_module_names} == {"scraper"}


@pytest.mark.parametrize("name", scraper.__all__)
def test_each_public_name_is_there_by_itself(name: str) -> None:
    assert getattr(scraper, name).__name__ == name
    assert name in dir(scraper)


def test_an_extractor_s_program_loads_no_network() -> None:
    loaded = printed(
        "import sys; from scraper import canonical_url, extract_article, parse_feed; print(*sys.modules)"
    ).split()
    assert "lxml" in loaded
    assert {"requests", "urllib3", "sqlite3", "pydantic", "typer"}.isdisjoint(loaded)


def test_a_name_that_is_not_public_is_refused() -> None:
    with pytest.raises(AttributeError, match="module 'scraper' has no attribute 'extract_artcle'"):
        _ = scraper.extract_artcle  # type: ignore[attr-defined]  # the type checker finds it, too
