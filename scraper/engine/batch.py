"""Reading many stored versions at once, on all processors."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from scraper.articles.reprocess import reread
from scraper.engine.workers import WorkerPool
from scraper.errors import NotFound, WorkerFailed
from scraper.model import KeptVersion, Rereading, SiteRule

logger = logging.getLogger("wireroom.work")

#: Versions under way for each processor: enough that none waits, few enough for memory.
_AHEAD = 4


def read_all(
    load: Callable[[int, int], KeptVersion], wanted: Sequence[tuple[int, int]], sites: Mapping[str, SiteRule]
) -> Iterator[Rereading]:
    """Read versions (article, number) in worker processes and yield what came of each, in their order.

    One that went meanwhile is left out; one whose page kills its worker, too, with a line in the log.
    """
    size = os.cpu_count() or 2
    workers = WorkerPool(size)

    def read(article_id: int, revision: int) -> Rereading | None:
        try:
            return workers.run(reread, load(article_id, revision), sites)
        except NotFound:
            return None
        except WorkerFailed as exc:
            facts = {"article": article_id, "revision": revision, "error": str(exc)}
            logger.warning("article could not be read again", extra=facts)
            return None

    try:
        with ThreadPoolExecutor(size * 2) as threads:
            under_way: deque[Future[Rereading | None]] = deque()
            for article_id, revision in wanted:
                under_way.append(threads.submit(read, article_id, revision))
                if len(under_way) > size * _AHEAD and (done := under_way.popleft().result()) is not None:
                    yield done
            for waiting in under_way:
                if (done := waiting.result()) is not None:
                    yield done
    finally:
        workers.close()
