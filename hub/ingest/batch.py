"""One market's share of a batch inside its transaction: every letter takes effect, is known, or is set aside.

All that can be done together is done together, which is many times quicker; if that fails, each is tried in a
savepoint of its own, so that the poisonous one is found and the others stand.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hub.core.refuse import Refused
from hub.ingest.take import TOGETHER, take
from hub.service import device, inbox
from wire.message import Bad, Beat, Range, Scan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.ingest.letter import Letter
    from hub.ingest.take import Several

TROUBLE = (OperationalError, InterfaceError, InternalError, PoolTimeoutError)
"""The database's own faults: no letter is to blame, so the whole batch is tried again."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Batch:
    """What becomes of one market's letters; `keys` and `given` are for the receipts."""

    session: Session
    market: str
    now: datetime
    keys: list[inbox.Key] = field(default_factory=list)
    given: list[tuple[str, Range]] = field(default_factory=list)
    taken: list[Letter] = field(default_factory=list)
    repeated: int = 0
    buried: list[tuple[Letter, str]] = field(default_factory=list)
    failed: set[inbox.Key] = field(default_factory=set)

    def settle(self, letters: Sequence[Letter], doom: str = "") -> None:
        """Take all letters, a device's in the order of their numbers; `doom` sets all of them aside."""
        if not all(letter.envelope and isinstance(letter.envelope.body, Scan) for letter in letters):
            inbox.hold(self.session, self.market)
        left = list(self._fresh(self._sound(letters, doom)))
        for body, act in TOGETHER.items():
            together = [letter for letter in left if type(letter.said.body) is body]
            left = [letter for letter in left if type(letter.said.body) is not body]
            self._together(together, act)
        for letter in left:
            self._alone(letter)
        inbox.forget(self.session, self.failed)

    def keep_buried(self) -> None:
        """Write what was set aside, each with its reason."""
        rows = [
            (self.market, letter.device, letter.heard.topic, reason, letter.heard.data)
            for letter, reason in self.buried
        ]
        inbox.set_aside(self.session, rows, self.now)

    def _sound(self, letters: Sequence[Letter], doom: str) -> list[Letter]:
        """Letters that may take effect, in order; a bad one is set aside unless a sound copy came before."""
        named = {letter.device for letter in letters if letter.device}
        standings = device.standings(self.session, self.market, named)
        sound, bad = [], []
        for letter in sorted(letters, key=_order):
            standing = standings.get(letter.device or "", "unknown")
            if standing not in device.SPEAKS:
                self._bury(letter, letter.fault or f"device {letter.device} is {standing}")
                continue
            if letter.key:
                self.keys.append(letter.key)
            if doom or letter.fault:
                bad.append(letter)
                continue
            if standing == "enrolled":
                device.begin(self.session, letter.said.device)
                standings[letter.said.device] = "active"
            sound.append(letter)
        self._set_aside(bad, doom)
        return sound

    def _set_aside(self, bad: Sequence[Letter], doom: str) -> None:
        known = inbox.known(self.session, [letter.key for letter in bad if letter.key])
        for letter in bad:
            if letter.key in known:
                self.repeated += 1
            else:
                self._bury(letter, doom or letter.fault)

    def _fresh(self, letters: Sequence[Letter]) -> Iterator[Letter]:
        """Those that were not received before, and those without a number, which may be said again."""
        fresh = inbox.receive(self.session, {letter.key for letter in letters if letter.key}, self.now)
        for letter in letters:
            if letter.key is None:
                yield letter
            elif letter.key in fresh:
                fresh.remove(letter.key)
                yield letter
            else:
                self.repeated += 1

    def _together(self, letters: Sequence[Letter], act: Several) -> None:
        if not letters:
            return
        try:
            with self.session.begin_nested():
                faults = act(self.session, self.market, [letter.said for letter in letters], self.now)
        except TROUBLE:
            raise
        except Exception:  # somebody among them is poisonous, or we are: each alone shows which
            log.exception("%d messages cannot be taken together", len(letters))
            for letter in letters:
                self._alone(letter)
            return
        self._count(zip(letters, faults, strict=True))

    def _alone(self, letter: Letter) -> None:
        """Let one letter take effect; one that cannot leaves no trace but its dead letter."""
        fault = ""
        try:
            with self.session.begin_nested():
                take(self.session, self.market, letter.said, self.now)
        except TROUBLE:
            raise
        except (Bad, Refused) as refused:
            fault = str(refused)
        except Exception as error:  # one letter's poison must not sink the others
            log.exception("set aside a message on %s", letter.heard.topic)
            fault = f"{type(error).__name__}: {error}"
        if not fault and isinstance(letter.said.body, Beat):
            self.given += [(letter.said.device, one) for one in letter.said.body.given_up]
        self._count([(letter, fault)])

    def _count(self, outcomes: Iterable[tuple[Letter, str]]) -> None:
        """A bad letter is receipted, since it is kept, but a sound copy of it may still take effect."""
        for letter, fault in outcomes:
            if fault:
                self._bury(letter, fault)
                self.failed |= {letter.key} if letter.key else set()
            else:
                self.taken.append(letter)

    def _bury(self, letter: Letter, reason: str) -> None:
        self.buried.append((letter, reason))


def _order(letter: Letter) -> inbox.Key:
    return letter.key or ("", "", 0)
