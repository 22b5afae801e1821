"""The heap of glibc, which would grow with what was freed long ago."""

from __future__ import annotations

import ctypes

#: Of glibc's malloc.h.
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
#: Pages and answers are larger.
_LARGE_BYTES = 64 * 1024


def keep_heap_small() -> None:
    """Have large buffers go back to the system as soon as they are freed, and all threads share one heap.

    glibc gives each thread a heap and learns to keep large buffers in it, between small ones that stay: after 1,600
    articles half of the daemon's 97 MB of heap was free and could not be given back. Where there is no glibc this does
    nothing. Call before other threads start.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    mallopt(_M_ARENA_MAX, 1)
    mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
