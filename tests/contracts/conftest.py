"""The implementations that the contracts are held against; another store is added here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from contracts.desk import Desk
from fakes import FixedClock

from store import open_store


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    with open_store(tmp_path / "wireroom.db", clock=clock) as store:
        yield Desk(store, clock)
