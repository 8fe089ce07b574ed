"""Keeps a process that runs for months as small as what it holds.

glibc gives each thread an arena of its own, up to eight a core, and what one thread frees another cannot
use: a hub with its twenty threads grew by 13 MB an hour in one run and by 103 in another although nothing in
it did; with two arenas, before what follows, by 2.2.

Python keeps up to 2,000 tuples of each length that nobody needs any more, and lets them go only when it
collects everything, which a program that makes no cycles never comes to. So an edge grew by 10 MB an hour
for the first hours (`python -m tests.bench.soak --minutes 10`).

Once a large block has been freed, glibc takes those of its size from the common heap, among small ones. A
log-in's hash needs 19 MB for a moment: a hub kept a hole of that size, others settled in it, and for the next
log-in the heap grew.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
"""Of mallopt(3)."""
ARENAS = 2
LARGE = 1 << 18
"""Bytes of a block that is worth a mapping of its own."""
EVERY = 60.0
"""Seconds between two collections; each takes a few milliseconds, since what stays is set apart."""

log = logging.getLogger(__name__)


def bound_arenas() -> bool:
    """Let all threads share two arenas; False where the C library knows no such thing. Before any thread."""
    return _ordered(M_ARENA_MAX, ARENAS)


def return_large() -> bool:
    """Give a large block back to the machine as soon as it is freed; False as above.

    Not for whoever takes and frees pictures all the time: to get each from the machine anew costs more than
    to fill it.
    """
    return _ordered(M_MMAP_THRESHOLD, LARGE)


def _ordered(what: int, value: int) -> bool:
    try:
        return bool(ctypes.CDLL(None).mallopt(what, value))
    except (OSError, AttributeError):
        log.debug("this C library takes no such orders")
        return False


@contextmanager
def unsearched() -> Iterator[None]:
    """Import in the block what stays to the end: it is not searched for garbage, neither now nor later.

    To search it again and again is a fifth of what a hub takes to start.
    """
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if searched:
            gc.enable()


class Tidy:
    """Lets go every minute what nobody needs; `start` and `stop` once each."""

    def __init__(self, every: float = EVERY) -> None:
        self._every = every
        self._over = threading.Event()
        self._worker = threading.Thread(target=self._run, name="tidy", daemon=True)

    def start(self) -> None:
        """Begin, once all is built that stays to the end."""
        # To walk it again holds everything up for 0.1 s each time.
        gc.collect()
        gc.freeze()
        self._worker.start()

    def stop(self) -> None:
        """End; returns at once."""
        self._over.set()

    def _run(self) -> None:
        while not self._over.wait(self._every):
            gc.collect()
