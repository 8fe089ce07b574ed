"""One batch inside its transaction: every letter takes effect, is known already, or is set aside.

All events of a batch are taken together, which is many times quicker; if that fails, each is tried in a
savepoint of its own, so that the poisonous one is found and the others stand.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hub.core.refuse import Refused
from hub.ingest.take import take, take_events
from hub.service import device, inbox
from wire.message import Bad, Event

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.ingest.letter import Letter

TROUBLE = (OperationalError, InterfaceError, InternalError, PoolTimeoutError)
"""The database's own faults: no letter is to blame, so the whole batch is tried again."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Batch:
    """What becomes of the letters; `keys` are those that a receipt may name after the commit."""

    session: Session
    market: str
    now: datetime
    keys: list[tuple[str, str, int]] = field(default_factory=list)
    taken: int = 0
    repeated: int = 0
    dead: int = 0

    def settle(self, letters: Sequence[Letter], doom: str = "") -> None:
        """Take all letters, a device's in the order of their numbers; `doom` sets all of them aside."""
        sound = list(self._sound(letters, doom))
        self._events([letter for letter in sound if isinstance(letter.said.body, Event)])
        for letter in sound:
            if not isinstance(letter.said.body, Event):
                self._alone(letter)

    def _sound(self, letters: Sequence[Letter], doom: str) -> Iterator[Letter]:
        """Letters that may take effect; what is known or bad is settled on the way."""
        named = {letter.device for letter in letters if letter.device}
        standings = device.standings(self.session, self.market, named)
        known = inbox.known(self.session, {letter.key for letter in letters if letter.key})
        for letter in sorted(letters, key=lambda letter: letter.key or ("", "", 0)):
            standing = standings.get(letter.device or "", "unknown")
            if standing not in device.SPEAKS:
                self._bury(letter, letter.fault or f"device {letter.device} is {standing}")
                continue
            if letter.key:
                self.keys.append(letter.key)
            if letter.key and letter.key in known:
                self.repeated += 1
            elif doom or letter.fault:
                self._bury(letter, doom or letter.fault)
            else:
                known |= {letter.key} if letter.key else set()
                if standing == "enrolled":
                    device.begin(self.session, letter.said.device)
                yield letter

    def _events(self, letters: Sequence[Letter]) -> None:
        try:
            with self.session.begin_nested():
                faults = take_events(self.session, self.market, [letter.said for letter in letters], self.now)
                self._number(*(letter for letter, fault in zip(letters, faults, strict=True) if not fault))
        except TROUBLE:
            raise
        except Exception:  # somebody among them is poisonous, or we are: each alone shows which
            log.exception("%d events cannot be taken together", len(letters))
            for letter in letters:
                self._alone(letter)
            return
        for letter, fault in zip(letters, faults, strict=True):
            self._count(letter, fault)

    def _alone(self, letter: Letter) -> None:
        """Let one letter take effect; one that cannot leaves no trace but its dead letter."""
        fault = ""
        try:
            with self.session.begin_nested():
                self._number(letter)
                take(self.session, self.market, letter.said, self.now)
        except TROUBLE:
            raise
        except (Bad, Refused) as refused:
            fault = str(refused)
        except Exception as error:  # one letter's poison must not sink the others
            log.exception("set aside a message on %s", letter.heard.topic)
            fault = f"{type(error).__name__}: {error}"
        self._count(letter, fault)

    def _number(self, *letters: Letter) -> None:
        for letter in letters:
            if letter.key:
                inbox.receive(self.session, letter.key, self.now)

    def _count(self, letter: Letter, fault: str) -> None:
        """A bad letter is receipted, since it is kept, but a sound copy of it may still take effect."""
        if fault:
            self._bury(letter, fault)
        else:
            self.taken += 1

    def _bury(self, letter: Letter, reason: str) -> None:
        heard = letter.heard
        inbox.set_aside(self.session, self.market, letter.device, heard.topic, reason, heard.data, self.now)
        self.dead += 1
