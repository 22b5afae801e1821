"""Many feeds due at once: which are polled at once, which a little later. Pure (POLICY: When to poll next)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

#: So many are polled at once: somebody who has just come sees news, and waking from a sleep takes no planning.
AT_ONCE = 50
#: The others follow at this distance ...
STEP = timedelta(seconds=0.05)
#: ... but the last within this time.
LAST_WITHIN = timedelta(hours=1)


def spread(hosts: Sequence[str]) -> tuple[timedelta, ...]:
    """Return how long each of the feeds that are due waits; `hosts` has the host of each, in order of their claim.

    Hosts take turns: every host's first feed goes before any host's second.
    """
    met: Counter[str] = Counter()
    turns = []
    for place, host in enumerate(hosts):
        turns.append((met[host], place))
        met[host] += 1
    late = max(len(hosts) - AT_ONCE, 1)
    step = min(STEP, LAST_WITHIN / late)
    waits = [timedelta(0)] * len(hosts)
    for number, (_, place) in enumerate(sorted(turns)[AT_ONCE:], start=1):
        waits[place] = step * number
    return tuple(waits)
