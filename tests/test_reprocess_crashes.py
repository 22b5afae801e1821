"""A run over stored pages, or its undoing, that ends at any write is made good by undoing it or by another run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from patience import IS_LONG
from sqlite_utils import Database
from test_pipeline import newsroom  # noqa: F401 - a fixture
from test_reprocess import NUMBERS, RULES, edited, found, texts, told  # noqa: F401 - a fixture

from scraper.articles.reprocess import reread
from scraper.model import ArticleFilter
from store import Store, open_store

_WRITES = ("INSERT", "UPDATE", "DELETE", "COMMIT", "RELEASE")


def crashing(path: Path, work: Callable[[Store], object], after: int) -> bool:
    """Do the work in a process that ends, as if killed, before its next write once so many were made; say if it did."""
    child = os.fork()
    if child == 0:
        try:
            _watched(path, after, work)
        finally:
            os._exit(1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, 9)
    return status == 9


def _watched(path: Path, after: int, work: Callable[[Store], object]) -> None:
    store, left = open_store(path), [after]
    connect = store._writer._connect

    def counted(sql: str) -> None:
        left[0] -= sql.split(None, 1)[0] in _WRITES
        if left[0] < 0:
            os._exit(9)

    def connected() -> Database:
        db = connect()
        db.conn.set_trace_callback(counted)
        return db

    store._writer._connect = connected
    work(store)
    os._exit(0)


def state(path: Path) -> tuple[object, ...]:
    """What a reader sees of the versions, and what there is of their pages."""
    with open_store(path) as store:
        (article,) = store.records(ArticleFilter())
        assert store.integrity() == ()
        shown = (replace(article, change_seq=0), texts(store), texts(store, as_filed=True))
        pages = [store.pages(1, number) for number in NUMBERS]
        readings = [revision.reading is not None for revision in store.revisions(1)]
        return (*shown, pages, readings, found(store, "was:raffle"), found(store, f"was:{told(3)}"))


def read_all_again(store: Store) -> None:
    """A run; what another one has done already is as the rules want it."""
    run_id = store.begin_run("everything")
    for number in NUMBERS:
        reading = reread(store.kept_version(1, number), RULES)
        if reading.changed:
            assert store.refile(run_id, reading)
    store.end_run(run_id, 6)


def undo_all(store: Store) -> None:
    for each in store.runs():
        store.undo_run(each.id)


@pytest.fixture
def archives(edited, tmp_path: Path) -> tuple[Path, Path]:  # noqa: F811
    """The archive before a run and after it."""
    edited.store.close()
    done = tmp_path / "done.db"
    shutil.copy(edited.store.path, done)
    with open_store(done) as store:
        read_all_again(store)
    return edited.store.path, done


@pytest.mark.parametrize(("work", "least"), [(read_all_again, 40), (undo_all, 30)])
@pytest.mark.parametrize("mend", [read_all_again, undo_all])
def test_a_crash_at_any_write_is_made_good(
    archives: tuple[Path, Path],
    tmp_path: Path,
    work: Callable[[Store], None],
    mend: Callable[[Store], None],
    least: int,
) -> None:
    clean, done = archives
    before, after = state(clean), state(done)
    assert (before[4], after[4]) == ([False] * 6, [True] * 6)
    copy = tmp_path / "copy.db"
    for writes in count(0, 1 if IS_LONG else 3):
        for leftover in tmp_path.glob("copy.db*"):
            leftover.unlink()
        shutil.copy(clean if work is read_all_again else done, copy)
        if not crashing(copy, work, writes):
            assert writes > least
            return
        with open_store(copy) as store:
            mend(store)
        assert state(copy) == (before if mend is undo_all else after), f"after {writes} writes"
