"""What finding stories costs: for one more article by the size of the archive, and as a share of filing."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.stories.newsroom import Item, Newsroom, Press

#: Articles filed in one go, an hour of the archive's clock apart.
_BATCH = 1000
_SITES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """The same articles filed with and without stories."""

    articles: int
    with_s: float
    without_s: float
    cpu_with_s: float
    cpu_without_s: float
    stories: int

    @property
    def ratio(self) -> float:
        """Of the time on the clock."""
        return self.with_s / self.without_s

    @property
    def cpu_ratio(self) -> float:
        """Of the processor's time."""
        return self.cpu_with_s / self.cpu_without_s


def measure_ratio(articles: int, scratch: Path) -> Ratio:
    """File the same articles into two archives, batch by batch in turns, and compare the times of filing."""
    press = Press(7, _SITES)
    with tempfile.TemporaryDirectory(dir=scratch) as one, tempfile.TemporaryDirectory(dir=scratch) as other:
        rooms = (Newsroom(Path(one), press.hosts), Newsroom(Path(other), press.hosts, stories=False))
        clock, cpu = [0.0, 0.0], [0.0, 0.0]
        for number, batch in enumerate(_batches(press, articles)):
            for which in (0, 1) if number % 2 else (1, 0):
                took = _file(rooms[which], batch)
                clock[which] += took[0]
                cpu[which] += took[1]
        with rooms[0].store._read() as db:
            stories = db.execute("SELECT count(*) FROM stories").fetchone()[0]
        for room in rooms:
            room.close()
    return Ratio(
        articles=articles,
        with_s=clock[0],
        without_s=clock[1],
        cpu_with_s=cpu[0],
        cpu_without_s=cpu[1],
        stories=stories,
    )


def measure_sizes(sizes: Sequence[int], scratch: Path) -> Iterator[tuple[int, float, float]]:
    """Yield, for archives of these sizes, milliseconds to file one more article, with stories and all in all.

    All articles are within the 14 days in which they are compared. The first figure is what `tell` takes.
    """
    press = Press(11, _SITES)
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        room = Newsroom(Path(folder), press.hosts)
        filed = 0
        for size in sizes:
            step = timedelta(days=6) / max(1, (size - filed) // _BATCH)
            for batch in _batches(press, size - filed):
                room.list(batch)
                room.file(batch)
                room.now += step / len(sizes)
            filed = size
            yield (size, *_one_more(room, press))
        room.close()


def _one_more(room: Newsroom, press: Press) -> tuple[float, float]:
    import store.sqlite.work.articles as articles

    told: list[float] = []
    plain = articles.tell

    def timed(*arguments: object) -> None:
        began = time.perf_counter()
        plain(*arguments)  # type: ignore[arg-type]
        told.append(time.perf_counter() - began)

    articles.tell = timed  # type: ignore[assignment]
    try:
        took = [_file(room, press.articles(500))[0] / 500 for _ in range(4)]
    finally:
        articles.tell = plain
    return 1000 * statistics.mean(told), 1000 * statistics.median(took)


def _batches(press: Press, articles: int) -> Iterator[list[Item]]:
    for start in range(0, articles, _BATCH):
        yield press.articles(min(_BATCH, articles - start))


def _file(room: Newsroom, batch: Sequence[Item]) -> tuple[float, float]:
    room.list(batch)
    began, cpu = time.perf_counter(), time.process_time()
    room.file(batch)
    room.now += timedelta(minutes=1)
    return time.perf_counter() - began, time.process_time() - cpu
