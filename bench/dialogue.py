"""How the bench talks to the processes it measures: one JSON object a line, a question in, an answer out.

A contestant answers on the standard output it was started with; whatever else it prints goes to standard error.
Standard library only: peers import it too.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any


def serve(actions: Mapping[str, Callable[..., dict[str, Any]]]) -> None:
    """Answer questions (`{"do": name, ...arguments}`) by calling `actions[name]` until the input ends."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        for line in sys.stdin:
            question = json.loads(line)
            answer = actions[question.pop("do")](**question)
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes by the clock on the wall."""
    started = perf_counter()
    work()
    return perf_counter() - started


def pin_to_one_core() -> bool:
    """Keep this process on one core, the last it may use; return whether the system can do that (Linux can)."""
    if not hasattr(os, "sched_setaffinity"):
        return False
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    return True
