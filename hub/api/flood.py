"""How many log-ins may be tried: per name and address, per address, and at one moment in all."""

from __future__ import annotations

from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from hub.api.refusal import Turned

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES_PER_ADDRESS = 5
"""A workroom shares an address, so an address has so many times the tries of a name."""
AT_ONCE = 8
"""Log-ins that wait for a place to hash; further ones would take the threads of everybody else."""


class Flood:
    """Lets a log-in through or refuses it before any hash is computed."""

    def __init__(self, per_minute: int) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._name = RateLimitItemPerMinute(per_minute)
        self._address = RateLimitItemPerMinute(per_minute * NAMES_PER_ADDRESS)
        self._places = BoundedSemaphore(AT_ONCE)

    @contextmanager
    def few(self, what: str, key: str) -> Iterator[None]:
        """A try at something of one person's, wherever it comes from.

        Raises:
            Turned: too many tries.
        """
        if not self._limiter.hit(self._name, what, key):
            raise _flooded()
        yield

    @contextmanager
    def one(self, name: str, address: str) -> Iterator[None]:
        """A place for one try.

        Raises:
            Turned: too many tries.
        """
        spent = not self._limiter.hit(self._address, "address", address)
        if spent or not self._limiter.hit(self._name, "name", name, address):
            raise _flooded()
        if not self._places.acquire(blocking=False):
            raise _flooded()
        try:
            yield
        finally:
            self._places.release()


def _flooded() -> Turned:
    return Turned(
        429,
        "session.flood",
        "Too many tries. Wait a minute, then try again.",
        "尝试次数过多，请一分钟后再试。",
        {"Retry-After": "60"},
    )
