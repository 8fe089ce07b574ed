"""Keeps the process from growing by what its threads have let go.

glibc gives each thread an arena of its own, up to eight a core, and what one thread frees another cannot
use: a hub with its twenty threads grew by 100 MB in an hour although nothing in it did. With two arenas it
stays where it was after the first minute (`python -m tests.bench.soak --minutes 10`).
"""

from __future__ import annotations

import ctypes
import logging

M_ARENA_MAX = -8
"""Of mallopt(3)."""
ARENAS = 2

log = logging.getLogger(__name__)


def bound_arenas() -> bool:
    """Let all threads share two arenas; False where the C library knows no such thing. Before any thread."""
    try:
        return bool(ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS))
    except (OSError, AttributeError):
        log.debug("this C library has no arenas to bound")
        return False
