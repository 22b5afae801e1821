"""Alternatives and exclusions are walked in the indexes: no search asks article by article."""

from __future__ import annotations

from pathlib import Path

import pytest
from contracts.test_index_roads import moved
from hypothesis import given
from hypothesis import strategies as st

from bench.search.oracle.cases import CLOCK, NOW
from store import open_store
from store.sqlite.search.execute import Search
from store.sqlite.search.walks import Both, Either, Every, Outside, Walk, ids

#: A word that every article has, one that every hundredth has, and one that all but these have.
ARTICLES = 2000


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("walks") / "wireroom.db"
    with open_store(path, clock=CLOCK) as store:
        for start in range(0, ARTICLES, 250):
            batch = [
                moved(n, title="Łódź", text=f"common {'rare' if n % 100 == 0 else 'usual'} news", tags=(), feeds=())
                for n in range(start + 1, start + 251)
            ]
            store.file_moved(batch, fetch=False, now=NOW)
        store.set_read(range(1, ARTICLES, 2), True, now=NOW)
        store.set_starred((3, 4), True, now=NOW)
    return path


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("rare OR -usual", 20),
        ("rare OR -common", 20),
        ("rare OR is:starred", 22),
        ('"rare news" OR is:starred', 22),
        ('rar* OR -"usual news"', 20),
        ("is:starred OR -usua*", 22),
        ("is:starred OR -is:unread -common", 0),
        ("rare OR -is:unread is:read", 1000),
        ("lod* -usua*", 20),
        ('"rare news" OR is:read', 1020),
        ('is:read OR -"usual news"', 1020),
        ('rar* OR "usual news" -is:unread', 1000),
        ('rare OR "łódź nowhere"', 20),
    ],
)
def test_statements_do_not_grow_with_the_articles(archive: Path, query: str, hits: int) -> None:
    with open_store(archive, clock=CLOCK) as store, store._read() as db:
        search = Search(db, query, NOW.date(), values={})
        statements: list[str] = []
        db.conn.set_trace_callback(statements.append)
        found = list(search.ids())
        db.conn.set_trace_callback(None)
        assert (len(found), search.count(), list(search.ids())) == (hits, hits, found)
    assert found == sorted(found, reverse=True)
    assert len(statements) < 8 * (20 + 2), "a walk is begun anew for some hits, never for each article"


class Listed:
    """A walk over numbers at hand."""

    def __init__(self, numbers: frozenset[int]) -> None:
        self._numbers = numbers

    def at_or_below(self, bound: int) -> int | None:
        return max((number for number in self._numbers if number <= bound), default=None)

    def holds(self, number: int) -> bool:
        return number in self._numbers


_NUMBERS = st.frozensets(st.integers(1, 12), max_size=12)


@given(_NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS)
def test_walks_are_sets(every: frozenset[int], one: frozenset[int], two: frozenset[int], three: frozenset[int]) -> None:
    def walked(*walks: Walk) -> list[int]:
        return list(ids(Both([Listed(every), *walks]), 99))

    def falling(numbers: frozenset[int]) -> list[int]:
        return sorted(every & numbers, reverse=True)

    assert walked(Listed(one), Listed(two)) == falling(one & two)
    assert walked(Either([Listed(one), Listed(two)])) == falling(one | two)
    assert walked(Outside(Listed(one))) == falling(every - one)
    assert walked(Either([Listed(one), Outside(Listed(two))])) == falling(one | (every - two))
    assert walked(Either([Both([Listed(one), Outside(Listed(two))]), Listed(three)])) == falling((one - two) | three)
    assert walked(Outside(Both([Listed(one), Listed(two)]))) == falling(every - (one & two))
    assert walked(Outside(Outside(Listed(one)))) == falling(one)
    assert walked(Either([Listed(one), Every(lambda number: number in two)])) == falling(one | two)
    assert walked(Either(())) == []
