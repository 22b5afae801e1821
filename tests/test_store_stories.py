"""What the SQLite store keeps for stories, and for how long."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from contracts.desk import Desk
from contracts.test_stories import COPY, file, ids
from fakes import FixedClock

from store import open_store


def test_keys_are_forgotten_when_nothing_is_compared_with_them_any_more(tmp_path: Path) -> None:
    clock = FixedClock()
    with open_store(tmp_path / "wireroom.db", clock=clock) as store:
        desk = Desk(store, clock)
        first, second = (file(desk, f"{name}.example", COPY) for name in ("one", "two"))

        def keys() -> int:
            with store._read() as db:
                return int(db.execute("SELECT count(*) FROM story_keys").fetchone()[0])

        kept = keys()
        clock.move(timedelta(days=13))
        store.maintain()
        assert keys() == kept > 0
        clock.move(timedelta(days=30))
        store.maintain()
        assert keys() == 0
        assert ids(desk, first) == [first, second], "the story stays"
