"""One batch inside its transaction: every letter takes effect, is known already, or is set aside."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hub.core.refuse import Refused
from hub.ingest.take import take
from hub.service import device, inbox
from wire.message import Bad

if TYPE_CHECKING:
    from collections.abc import Sequence
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
        named = {letter.device for letter in letters if letter.device}
        standings = device.standings(self.session, self.market, named)
        known = inbox.known(self.session, {letter.key for letter in letters if letter.key})
        for letter in sorted(letters, key=lambda letter: letter.key or ("", "", 0)):
            standing = standings.get(letter.device or "", "unknown")
            if standing not in device.SPEAKS:
                self._bury(letter, letter.fault or f"device {letter.device} is {standing}")
                continue
            if letter.key and letter.key in known:
                self.repeated += 1
            elif fault := doom or letter.fault or self._fault(letter, standing):
                # Receipted, since it is kept, but not noted as received: a sound copy may still take effect.
                self._bury(letter, fault)
            else:
                self.taken += 1
                known |= {letter.key} if letter.key else set()
            if letter.key:
                self.keys.append(letter.key)

    def _fault(self, letter: Letter, standing: str) -> str:
        """Let the letter take effect; the reason if it cannot, which then left no trace."""
        if letter.envelope is None or letter.device is None:
            return "it says nothing"
        try:
            with self.session.begin_nested():
                if letter.key:
                    inbox.receive(self.session, letter.key, self.now)
                if standing == "enrolled":
                    device.begin(self.session, letter.device)
                take(self.session, self.market, letter.device, letter.envelope, self.now)
        except TROUBLE:
            raise
        except (Bad, Refused) as refused:
            return str(refused)
        except Exception as error:  # one letter's poison must not sink the others
            log.exception("set aside a message on %s", letter.heard.topic)
            return f"{type(error).__name__}: {error}"
        return ""

    def _bury(self, letter: Letter, reason: str) -> None:
        heard = letter.heard
        inbox.set_aside(self.session, self.market, letter.device, heard.topic, reason, heard.data, self.now)
        self.dead += 1
