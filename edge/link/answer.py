"""Whether the broker still answers: one that hangs keeps its connections open and says nothing."""

from __future__ import annotations

QUIET = 8.0
"""Seconds without a word from the broker after which it is asked something. The hub pulses every five, so
nobody is asked while all is well."""
WITHIN = 5.0
"""Seconds for it to say anything; past them the connection is given up."""
NEVER = float("inf")


class Answer:
    """Of one connection, for one thread; all moments are monotonic seconds."""

    def __init__(self) -> None:
        self._ask_at = self._give_up_at = NEVER

    def heard(self, now: float) -> None:
        """It said something, whatever it was."""
        self._ask_at, self._give_up_at = now + QUIET, NEVER

    def asked(self, now: float) -> None:
        """It was asked something that every broker answers at once."""
        self._ask_at, self._give_up_at = NEVER, now + WITHIN

    def is_doubtful(self, now: float) -> bool:
        """Whether to ask."""
        return now >= self._ask_at

    def is_missing(self, now: float) -> bool:
        """Whether it hangs."""
        return now >= self._give_up_at
