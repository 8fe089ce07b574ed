"""How many log-ins may be tried: per name and address, per address, and in all.

A name that has signed in from an address before goes its own way there, so that a flood from a thousand
addresses keeps nobody out of the workroom whose own screen they sit at; strangers share what a second has for
all of them. What is too much is answered before its body is read.

Secrets that are short, as codes and PINs are, have a second bound: wrong tries in an hour. Whoever has been
right at a place before has a count of their own there; all others share one, so that guesses from elsewhere
keep nobody out of where they work.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING

from limits import RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from hub.api.parts import Recent
from hub.api.refusal import Turned
from hub.core.refuse import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES_PER_ADDRESS = 5
"""A workroom shares an address, so an address has so many times the tries of a name."""
AT_ONCE = 4
"""Log-ins of strangers, and as many others, that wait for their hash; more would take everybody's threads."""
MOST_KNOWN = 20_000
"""Names at addresses that are remembered; a market has 8,000 workers."""
WRONG_PER_HOUR = 20
"""Of six digits, three of which are right at any time, 20 an hour find one in two years."""
ALL = "all"
PHOTOS_PER_DAY = 200
"""Of one person: a round of forty points with a photo at each, five times."""
MIB = 1024 * 1024
MIB_PER_DAY = 400
"""Of one person's photos; a phone makes them small, far below one MiB."""


class Flooded(Turned):
    """Too many tries: said before it is known whether this one was right."""


class Flood:
    """Lets a log-in through or refuses it before any hash is computed."""

    def __init__(
        self, per_minute: int, strangers_per_second: int = 1_000, wrong_per_hour: int = WRONG_PER_HOUR
    ) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._name = RateLimitItemPerMinute(per_minute)
        self._address = RateLimitItemPerMinute(per_minute * NAMES_PER_ADDRESS)
        self._strangers = RateLimitItemPerSecond(strangers_per_second)
        self._places = {known: BoundedSemaphore(AT_ONCE) for known in (False, True)}
        self._lock = Lock()
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._homes: dict[str, int] = {}
        self._wrong_per_hour = wrong_per_hour
        self._right = Recent(MOST_KNOWN)

    @contextmanager
    def few(self, what: str, *key: str) -> Iterator[None]:
        """A try at something of one person's or place's.

        Raises:
            Flooded: too many tries.
        """
        if not self._limiter.hit(self._name, what, *key):
            raise flooded()
        yield

    def store(self, person: str, size: int) -> None:
        """Somebody stores a photo of `size` bytes; counted by each process, over a day.

        Raises:
            Flooded: too many, or too large in sum.
        """
        many = self._limiter.hit(RateLimitItemPerDay(PHOTOS_PER_DAY), "photos", person)
        large = RateLimitItemPerDay(MIB_PER_DAY)
        if not many or not self._limiter.hit(large, "photo bytes", person, cost=1 + size // MIB):
            en = "Too many photos in one day. They stay in the phone and go tomorrow."
            zh = "今天上传的照片太多，已存在手机里，明天继续上传。"
            raise Flooded(429, "photo.many", en, zh, {"Retry-After": "3600"})

    @contextmanager
    def guess(self, what: str, key: str, place: str, many: int = 1) -> Iterator[None]:
        """A try at a secret of `key`'s from `place`; a block that is refused was a wrong one.

        `many`: how many times the usual number of wrong ones an hour may have.

        Raises:
            Flooded: too many tries in this minute, or too many wrong ones in this hour.
        """
        own = (what, key, place)
        counted = own if own in self._right else own[:2]
        hourly = RateLimitItemPerHour(self._wrong_per_hour * many)
        with self.few(*counted):
            if not self._limiter.test(hourly, "wrong", *counted):
                reset = self._limiter.get_window_stats(hourly, "wrong", *counted).reset_time
                raise wrong(reset - time.time())
            try:
                yield
            except Flooded:
                raise
            except (Refused, Turned):
                self._limiter.hit(hourly, "wrong", *counted)
                raise
        with self._lock:
            self._right[own] = True

    def too_many(self, address: str) -> bool:
        """Whether a log-in from `address` need not even be read; tells without counting it."""
        if not self._limiter.test(self._address, "address", address):
            return True
        return address not in self._homes and not self._limiter.test(self._strangers, ALL)

    @contextmanager
    def one(self, name: str, address: str) -> Iterator[None]:
        """A place for one try; a block that ends well makes the name known at the address.

        Raises:
            Flooded: too many tries.
        """
        known = (name, address) in self._known
        spent = not self._limiter.hit(self._address, "address", address)
        if spent or not self._limiter.hit(self._name, "name", name, address):
            raise flooded()
        if not known and not self._limiter.hit(self._strangers, ALL):
            raise flooded()
        if not self._places[known].acquire(blocking=False):
            raise flooded()
        try:
            yield
        finally:
            self._places[known].release()
        self._know(name, address)

    def _know(self, name: str, address: str) -> None:
        """Remember them, and forget whoever was not seen for the longest time."""
        with self._lock:
            if (name, address) not in self._known:
                self._homes[address] = self._homes.get(address, 0) + 1
            self._known[name, address] = None
            self._known.move_to_end((name, address))
            if len(self._known) > MOST_KNOWN:
                (_, left), _ = self._known.popitem(last=False)
                self._homes[left] -= 1
                if not self._homes[left]:
                    del self._homes[left]


def flooded() -> Flooded:
    """Said to whoever tries too often."""
    return Flooded(
        429,
        "session.flood",
        "Too many tries. Wait a minute, then try again.",
        "尝试次数过多，请一分钟后再试。",
        {"Retry-After": "60"},
    )


def wrong(seconds: float) -> Flooded:
    """Said to whoever was wrong too often; `seconds` until one more may be tried."""
    minutes = max(1, math.ceil(seconds / 60))
    return Flooded(
        429,
        "session.wrong",
        f"Too many wrong tries. Try again in {minutes} min, or ask the administrator.",
        f"错误次数过多，请 {minutes} 分钟后再试，或找系统管理员。",
        {"Retry-After": str(60 * minutes)},
    )
