"""What a publisher files together: runs of entries between silences, how large they are and how long they last. Pure.

A stream's gaps are of one order; between two runs there is a silence many times as long as the usual gap. Of a run that
is larger than the document only the end can be seen, and nothing in it tells how much there was before. Two things do:
runs that were seen whole, since they began in the document or a poll fell into them, and how often a poll falls into a
run at all, for the share of the polls that find one going on is how long a run lasts, as a share of the interval.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median_low

from scraper.model import Intake

#: A silence between runs is so many times as long as the usual gap between two entries, and not shorter than this.
_SILENCE, _LEAST_SILENCE = 20, timedelta(minutes=1)
#: After a shorter one the newest run is over: a poll soon after it must not be taken for one that fell into it.
_OVER, _LEAST_OVER = 10, timedelta(seconds=1)
#: Classes of sizes for each doubling.
_PER_DOUBLING = 4
#: After so many more runs the size of one counts half, and after so many more polls one of them.
_HALF_SIZES, _HALF_POLLS = 32, 256
#: Fewer entries are no run.
_LEAST_RUN = 5
#: Until polls have told, a run is taken to be this times as long as what is left of it, which counts as one poll.
_LONGER, _PRIOR = 2, 1
#: A run that fills the document is that of the last poll if it need not have lasted longer than this times as usual.
_USUAL = 2
#: A run was seen whole if no more than this share of it is an estimate.
_MOST_ESTIMATED = 0.5

#: Class of size -> how many runs, and entries in them; older ones fade.
Sizes = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The oldest and the newest run of a document; one and the same where nothing parts them."""

    oldest: Sequence[datetime]
    newest: Sequence[datetime]
    #: The newest one is over: there has been silence since.
    is_over: bool

    #: Entries of the document, and how many of them were not known.
    holds: int
    new: int
    #: Since the last poll.
    interval: timedelta

    @property
    def is_one(self) -> bool:
        """Nothing parts the document."""
        return self.oldest is self.newest

    @property
    def is_cut(self) -> bool:
        """One run fills the document and none of it was known: its beginning is not seen."""
        return self.is_one and len(self.newest) <= self.new

    @property
    def goes_on(self) -> bool:
        """The oldest run is the newest, and has not ended."""
        return self.is_one and not self.is_over

    @property
    def span(self) -> timedelta:
        """How long what is seen of the oldest run lasts."""
        return self.oldest[-1] - self.oldest[0]


def runs(dates: Sequence[datetime], new: int, interval: timedelta, now: datetime) -> Runs:
    """Return the runs at both ends of a document that has so many new entries; `dates` are in order, at least one."""
    gaps = [after - before for before, after in pairwise(dates)]
    usual = median_low(gaps) if gaps else timedelta(0)
    breaks = [at for at, gap in enumerate(gaps, 1) if gap > max(_LEAST_SILENCE, _SILENCE * usual)]
    return Runs(
        oldest=dates[: breaks[0]] if breaks else dates,
        newest=dates[breaks[-1] :] if breaks else dates,
        is_over=bool(gaps) and now - dates[-1] > max(_LEAST_OVER, _OVER * usual),
        holds=len(dates),
        new=new,
        interval=interval,
    )


def is_same(known: Intake, found: Runs, gap: timedelta) -> bool:
    """Tell whether a run that fills the document is the one that went on at the last poll, that long before its oldest
    entry that is left: another one otherwise."""
    return known.running > 0 and found.is_one and gap <= _USUAL * _lasts(known, found)


def before(known: Intake, found: Runs) -> float:
    """Return how many entries of the oldest run are thought to have come before those that are left."""
    left = len(found.oldest)
    more = _unseen(known.sizes, left)
    if more is None:
        more = max(0.0, left * (_lasts(known, found) / found.span - 1)) if found.span else left * (_LONGER - 1)
    # A poll falls into the middle of a run, on average.
    return more / 2 if found.goes_on else more


def with_run(known: Intake, found: Runs, missed: float, most: float, *, is_same: bool) -> Intake:
    """Return the measure with the run that goes on, or with the size of that which is over.

    `missed` entries are thought to have come before the oldest that is left, `most` at most. Of a run whose beginning
    was not seen, the part before the poll that fell into it is on average as long as the part after it.
    """
    run = found.newest
    goes_on = known.running > 0 and (len(run) > found.new or (found.is_cut and is_same))
    estimated = missed if found.is_cut and goes_on else 0.0
    more = min(len(run), found.new) + estimated
    begun = min(more, known.running_unseen) if goes_on else 0.0
    running = known.running + begun + more if goes_on else more
    is_whole = goes_on or not found.is_cut
    known = _with_poll(known, found)
    if not found.is_over:
        return replace(known, running=running, running_unseen=0.0 if is_whole else most)
    is_seen = is_whole and begun + estimated <= _MOST_ESTIMATED * running
    sizes = _with_size(known.sizes, running) if is_seen else known.sizes
    return replace(known, running=0.0, running_unseen=0.0, sizes=sizes)


def _with_poll(known: Intake, found: Runs) -> Intake:
    """Return the measure with whether this poll found a run going on; only of such as can fill a document count."""
    run, spans = found.newest, found.newest[-1] - found.newest[0]
    if min(len(run), found.new) < _LEAST_RUN or (len(run) - 1) * found.interval < found.holds * spans:
        return known
    fading = 0.5 ** (1 / _HALF_POLLS)
    return replace(
        known,
        polls_with_run=known.polls_with_run * fading + 1,
        polls_running=known.polls_running * fading + (not found.is_over),
    )


def _lasts(known: Intake, found: Runs) -> timedelta:
    """Return how long a run lasts, from the share of the polls that find one going on."""
    likely = _LONGER * found.span
    if not likely:
        return timedelta(0)
    share = (known.polls_running + _PRIOR) / (known.polls_with_run + _PRIOR * (found.interval / likely))
    return found.interval * min(share, 1.0)


def _with_size(sizes: Sizes, size: float) -> Sizes:
    """Return the sizes with that of a run that was seen whole; one entry by itself is none."""
    if size < 2:
        return sizes
    fading = 0.5 ** (1 / _HALF_SIZES)
    faded = {name: (n * fading, total * fading) for name, (n, total) in sizes.items() if n * fading > 1e-3}
    name = str(math.floor(_PER_DOUBLING * math.log2(size)))
    count, total = faded.get(name, (0.0, 0.0))
    return {**faded, name: (count + 1, total + size)}


def _unseen(sizes: Sizes, seen: int) -> float | None:
    """Return how many entries came before those of a run of which the last `seen` are left; None = no run was so large.

    That is what the runs that were at least so large had more, on average.
    """
    larger = [(n, total) for n, total in sizes.values() if total >= seen * n]
    count = sum(n for n, _ in larger)
    return sum(total for _, total in larger) / count - seen if count else None
