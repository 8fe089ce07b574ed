"""Takes what the hub orders: only if it is the hub's, meant for this device, in time and not known yet.

An order that nobody trustworthy gave is not answered, since an answer would help only the one who sent it.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from queue import Empty, Full, Queue
from typing import TYPE_CHECKING, Protocol

from edge import VERSION
from edge.disk import DiskError
from edge.order.judge import Judge, late
from edge.order.kept import MOST_TRIES
from wire.message import Bad, Reply, Twin
from wire.order import Command, Config, decode_command, decode_config

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from edge.order.kept import Kept
    from edge.order.trial import Trial
    from wire.message import Outcome
    from wire.order import Args
    from wire.sign import Checker

log = logging.getLogger(__name__)

IDLE = 0.25
MOST_WAITING = 64
"""Orders that wait their turn; one that is too many comes again, if the hub still means it."""
SAID_EVERY = 60.0
"""Seconds between two lines of the log about false orders, of which somebody may send many."""


class Unable(Exception):  # noqa: N818 - a refusal with a sentence
    """It could not be done; the text says why."""


class Does(Protocol):
    """What carries commands out; edge.order.deeds.Deeds is one."""

    def do(self, command: Command) -> None:
        """Carry it out; raises Unable with a sentence."""

    def after(self, args: Args) -> None:
        """The reply is promised."""


@dataclass(slots=True)
class Counts:
    """What became of orders since start."""

    done: int = 0
    refused: int = 0
    ignored: int = 0
    """Known already, or nobody's that this device obeys."""


class Desk:
    """One worker; `start` and `stop` once each. `hear_…` may be called from any thread."""

    def __init__(
        self,
        device: str,
        checker: Checker | None,
        kept: Kept,
        deeds: Does,
        trial: Trial,
        *,
        answer: Callable[[Reply], None],
        clock: Callable[[], datetime],
    ) -> None:
        """Prepare.

        Args:
            device: who this is.
            checker: knows the hub's signature; without it nothing is obeyed until `trust`.
            kept: what was told before.
            deeds: carries commands out.
            trial: tries configurations.
            answer: promises a reply.
            clock: the wall clock, aware.
        """
        self.counts = Counts()
        self._judge, self._kept = Judge(device, checker), kept
        self._deeds, self._trial, self._answer, self._clock = deeds, trial, answer, clock
        self._heard: Queue[tuple[Callable[[bytes], None], bytes]] = Queue(MOST_WAITING)
        self._next: Config | None = None
        """The newest configuration that waits for the trial of another to end."""
        self._said = float("-inf")
        self._stopping = threading.Event()
        self._worker = threading.Thread(target=self.run, name="orders", daemon=True)

    def trust(self, checker: Checker) -> None:
        """Obey from now on whoever signs so."""
        self._judge.checker = checker

    def start(self) -> None:
        """Answer what an earlier death left open, then begin to obey; returns at once."""
        self.recover()
        self._worker.start()

    def stop(self) -> bool:
        """Obey no more; an order under way is given a second to end, and this tells whether it has."""
        self._stopping.set()
        if self._worker.ident:
            self._worker.join(1.0)
        return not self._worker.is_alive()

    def hear_command(self, data: bytes) -> None:
        """Something came on this device's command topic."""
        self._put(self.command, data)

    def hear_config(self, data: bytes) -> None:
        """Something came on this device's config topic."""
        self._put(self.config, data)

    def twin(self) -> Twin:
        """What a beat tells of this device's configuration."""
        good, failure = self._kept.good(), self._kept.failure()
        return Twin(
            version=good.version if good else 0,
            digest=good.digest if good else None,
            firmware=VERSION,
            error=failure[:200] if failure else None,
        )

    def run(self) -> None:
        """Obey until stopped."""
        while not self._stopping.is_set():
            try:
                self.once(IDLE)
            except Exception:
                log.exception("obeying stumbled and goes on")

    def once(self, timeout: float) -> None:
        """Take the next order, or what comes within `timeout` seconds, and look how a trial goes."""
        try:
            take, data = self._heard.get(timeout=timeout)
        except Empty:
            pass
        else:
            take(data)
        self._trial.step(time.monotonic())
        if self._next and not self._trial.is_running:
            config, self._next = self._next, None
            self._try(config)

    def recover(self) -> None:
        """Answer what was begun before this program ended: whether it was done, nobody can say."""
        for command in self._kept.unanswered():
            self._reply(command, "refused", "this device ended while it carried it out")
        for version, config, tries in self._kept.broken_off():
            if tries >= MOST_TRIES:
                reason = f"this device ended {tries} times while it tried it"
                self._kept.settle(version, "bad", reason)
                self._answer(Reply(to=config, outcome="rolled-back", reason=reason, version=version))

    def command(self, data: bytes) -> None:
        """Carry out one command, if it is to be, and answer it."""
        try:
            command = decode_command(data)
        except Bad as bad:
            self._ignore(f"a command cannot be read: {bad}")
            return
        if not self._is_meant(command):
            return
        if why := late(command, self._clock()):
            self._refuse(command, why)
        elif self._kept.begin(command):
            self._carry_out(command)
        elif not self._kept.knows(command):
            self._refuse(command, "a later command came before it")
        else:
            self.counts.ignored += 1

    def config(self, data: bytes) -> None:
        """Try one configuration, if it is to be."""
        try:
            config = decode_config(data)
        except Bad as bad:
            self._ignore(f"a configuration cannot be read: {bad}")
            return
        if not self._is_meant(config):
            return
        if self._kept.is_settled(config.version) or (self._trial.is_running and not self._is_newer(config)):
            self.counts.ignored += 1
        else:
            self._next = config

    def _is_newer(self, config: Config) -> bool:
        return config.version > max(self._kept.newest(), self._next.version if self._next else 0)

    def _try(self, config: Config) -> None:
        try:
            self._trial.begin(config, time.monotonic())
        except DiskError as error:
            log.warning("configuration %d is not tried: %s", config.version, error)

    def _is_meant(self, order: Command | Config) -> bool:
        if why := self._judge.stranger(order):
            self._ignore(why)
        return not why

    def _carry_out(self, command: Command) -> None:
        outcome: Outcome = "refused"
        reason: str | None = "this device stumbled over it; its log says where"
        try:
            self._deeds.do(command)
            outcome, reason = "done", None
        except Unable as unable:
            reason = str(unable)
        finally:
            self._reply(command.id, outcome, reason)
        log.info("%s was ordered: %s%s", command.op, outcome, f", {reason}" if reason else "")
        self._deeds.after(command.args)

    def _refuse(self, command: Command, reason: str) -> None:
        """Answer a sound order that is not carried out; once, however often it comes."""
        if self._kept.refuse(command):
            self._reply(command.id, "refused", reason)
        else:
            self.counts.ignored += 1

    def _reply(self, command: str, outcome: Outcome, reason: str | None) -> None:
        if outcome == "done":
            self.counts.done += 1
        else:
            self.counts.refused += 1
        self._answer(Reply(to=command, outcome=outcome, reason=reason[:200] if reason else None))
        self._kept.answered(command)

    def _ignore(self, why: str) -> None:
        self.counts.ignored += 1
        if time.monotonic() - self._said >= SAID_EVERY:
            self._said = time.monotonic()
            log.warning("%s; ignored, %d orders so far", why, self.counts.ignored)

    def _put(self, take: Callable[[bytes], None], data: bytes) -> None:
        try:
            self._heard.put_nowait((take, data))
        except Full:
            self.counts.ignored += 1
