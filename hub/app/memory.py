"""Keeps the process from growing much by what its threads have let go.

glibc gives each thread an arena of its own, up to eight a core, and what one thread frees another cannot
use: a hub with its twenty threads grew by 13 MB an hour in one run and by 103 in another although nothing in
it did. With two arenas it grew by 2.2 MB an hour: less, and still more than the 1 that tests/bench/soak.py
asks for.
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
