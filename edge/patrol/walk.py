"""What happens on a walk becomes what is said: points that were read, calls for help, with the place."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Literal

from edge.disk import DiskError
from wire.message import Bad, Scan, Sos, new_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.patrol.sound import Sound
    from wire.message import Position, Up

    By = Literal["nfc", "qr"]
    Button = Literal["panic", "help", "fire", "medical"]

log = logging.getLogger(__name__)

AGAIN = 5.0
"""Seconds within which the same code before the same reader is the same visit."""
SAME = 60.0
"""Seconds from the first press within which the same key means the same call: people press more than once."""
MOST = 160


class Walk:
    """`read` and `call` from any thread."""

    def __init__(
        self,
        promise: Callable[[Up], None],
        position: Callable[[], Position | None],
        sound: Callable[[Sound], None] = lambda _: None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare.

        Args:
            promise: keeps a message for the hub; raises DiskError or Bad. One that is held counts as kept.
            position: where the terminal is, where that is known.
            sound: tells whoever carries it.
            clock: monotonic seconds.
        """
        self._promise, self._position, self._sound, self._clock = promise, position, sound, clock
        self._read: dict[By, tuple[str, float]] = {}
        self._calls: dict[Button, tuple[str, float]] = {}

    def read(self, text: str, by: By) -> None:
        """A reader read `text`."""
        code, now = text.strip(), self._clock()
        if not code:
            return
        last, at = self._read.get(by, ("", 0.0))
        if code == last and now - at < AGAIN:
            self._read[by] = code, now
            return
        if len(code) > MOST or not code.isprintable():
            log.warning("the %s reader read %d characters that are no code; read it again", by, len(code))
            self._sound("refused")
        elif self._kept(Scan(by=by, code=code, position=self._position())):
            self._read[by] = code, now
            self._sound("taken")
        else:
            self._sound("refused")

    def call(self, button: Button) -> None:
        """A key calls for help; pressed again soon, it is the same call, made once more."""
        now = self._clock()
        call, at = self._calls.get(button, ("", 0.0))
        if not call or now - at > SAME:
            call = new_id()
            at = now
        self._calls[button] = call, at
        log.warning("help is called: %s", button, extra={"event_id": call})
        kept = self._kept(Sos(call=call, button=button, position=self._position()))
        self._sound("called" if kept else "refused")

    def _kept(self, body: Up) -> bool:
        try:
            self._promise(body)
        except (DiskError, Bad) as error:
            log.error("a message cannot be promised: %s", error)  # noqa: TRY400 - the sentence says it all
            return isinstance(error, DiskError) and error.is_held
        return True
