"""What a changed configuration makes anew while the daemon runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scraper.config import Settings
from scraper.model import SiteRule
from wireroom.daemon import _fixed, _runtime

SETTINGS = Settings(path=Path("feeds.yaml"), database=Path("wireroom.db"))


@pytest.mark.parametrize(
    ("change", "is_runtime"),
    [
        ({"keep_pages": timedelta(0)}, True),
        ({"keep_pages": timedelta(days=90)}, False),  # maintenance asks for it each time
        ({"sites": {"a.example": SiteRule(remove=(".box",))}}, True),
        ({"contact": "https://example.org/me"}, True),
        ({"concurrency": 4}, True),
        ({"listen_port": 8461}, False),
    ],
)
def test_what_the_runner_is_made_of(change: dict[str, Any], is_runtime: bool) -> None:
    changed = replace(SETTINGS, **change)
    assert (_runtime(changed) != _runtime(SETTINGS)) is is_runtime
    assert (_fixed(changed) != _fixed(SETTINGS)) is ("listen_port" in change)
