"""The bridge as a whole: its sockets and both sides, in a thread with an event loop of its own."""

from __future__ import annotations

import asyncio
import logging
import random
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from edge.bridge.gb28181.above import Above
from edge.bridge.gb28181.below import Below
from edge.bridge.gb28181.counts import Counts
from edge.bridge.gb28181.post import Post
from edge.bridge.gb28181.talk import Talk, Times
from edge.camera.pace import back_off

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from edge.bridge.gb28181.alarm import Alarm
    from edge.bridge.gb28181.answer import House
    from edge.bridge.gb28181.below import Desk
    from edge.bridge.gb28181.sip import Message
    from edge.bridge.gb28181.way import Way
    from edge.config.gb28181 import Gb28181Config

log = logging.getLogger(__name__)

LEAVE_WITHIN = 2.0
MOST_SAID = 256
"""Alarms that wait until the bridge lives; the newest stay."""
ANSWERS = {"INVITE": 488, "OPTIONS": 200, "BYE": 481, "CANCEL": 481}
"""Method → what it gets; there is no picture to be had, so there is no call. Any other: 405."""
ALLOW = (("allow", "REGISTER, MESSAGE, OPTIONS"),)


class Bridge:
    """`start` and `stop` once each; `say` from any thread."""

    def __init__(
        self,
        config: Gb28181Config,
        passwords: Mapping[str, str],
        house: House,
        desk: Desk,
        *,
        times: Times | None = None,
    ) -> None:
        """Prepare.

        Args:
            config: who is spoken with.
            passwords: the peer's code → what proves who somebody is.
            house: what may be told of this edge.
            desk: where the alarms of devices below go.
            times: how long answers are waited for.
        """
        self.config, self._passwords, self._house, self._desk = config, passwords, house, desk
        self.counts = Counts()
        self._times = times or Times()
        self.above: tuple[Above, ...] = ()
        self.below: Below | None = None
        self.port = 0
        """Where it listens, once all of it is there."""
        self.failures = 0
        """How often it ended, or could not begin."""
        self._said: deque[Alarm] = deque(maxlen=MOST_SAID)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None
        self._stopping = threading.Event()
        self._worker = threading.Thread(target=self.run, name="gb28181", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._worker.start()

    def stop(self) -> None:
        """Take registrations back and end, within some three seconds."""
        self._stopping.set()
        if over := self._over:
            self._soon(over.set)
        if self._worker.ident:
            self._worker.join(LEAVE_WITHIN + 1.0)

    def say(self, alarm: Alarm) -> None:
        """Tell every platform above that wants to know."""
        self._said.append(alarm)
        self._soon(self._offer)

    def _soon(self, act: Callable[[], object]) -> None:
        """Let the bridge's own thread do it; while it does not live, nobody does."""
        if loop := self._loop:
            with suppress(RuntimeError):  # closed between these two lines
                loop.call_soon_threadsafe(act)

    def run(self) -> None:
        """Speak until stopped; a port that somebody else has is waited for."""
        while not self._stopping.is_set():
            try:
                asyncio.run(self._live())
            except OSError as error:
                log.error("GB/T 28181 at %s cannot begin: %s", self.config.listen, error)  # noqa: TRY400
            except Exception:
                self.counts.add("stumbled")
                log.exception("GB/T 28181 stumbled and begins anew")
            self.failures += 1
            self._stopping.wait(back_off(self.failures, random.random()))  # noqa: S311 - jitter, not a secret

    async def _live(self) -> None:
        host, _, port = self.config.listen.rpartition(":")
        talk = Talk(self.counts, self._times)
        post = Post((host, int(port)), self._hears, self._take, self.counts)
        await post.start()
        talk.own = (post.host, post.port)
        self._talk, self._post = talk, post
        self.above = tuple(
            Above(one, self._passwords[one.platform], self._house, post, talk, self.counts)
            for one in self.config.above
        )
        if self.config.below:
            self.below = Below(self.config.below, self._passwords, self._desk, talk, self.counts)
        sides = (*self.above, *((self.below,) if self.below else ()))
        self._over = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.port = post.port
        tasks = [asyncio.create_task(one.run()) for one in sides]
        self._offer()
        try:
            if not self._stopping.is_set():
                await self._over.wait()
            for task in tasks:
                task.cancel()
            async with asyncio.timeout(LEAVE_WITHIN):
                await asyncio.gather(*(one.leave() for one in sides))
        except TimeoutError:
            log.info("not every platform above answered that we leave")
        finally:
            self._loop = None
            await post.stop()

    def _offer(self) -> None:
        while self._said:
            alarm = self._said.popleft()
            for one in self.above:
                one.offer(alarm)

    def _hears(self, host: str) -> bool:
        is_below = self.below is not None and self.below.hears(host)
        return is_below or any(one.hears(host) for one in self.above)

    def _take(self, message: Message, way: Way) -> None:
        if message.status:
            self._talk.heard(message)
            return
        if message.method == "ACK" or self._talk.again(message, way):
            return
        side = self._side(message, way)
        if side is None:
            self.counts.add("stranger")
        elif message.method in side.METHODS:
            side.take(message, way)
        else:
            status = ANSWERS.get(message.method, 405)
            if status != 200:  # noqa: PLR2004 - a yes
                self.counts.add("refused")
            self._talk.reply(message, way, status, ALLOW)

    def _side(self, message: Message, way: Way) -> Above | Below | None:
        """Who of those that are configured speaks; None: nobody."""
        for one in self.above:
            if message.sender == one.config.platform and one.hears(way.host):
                return one
        below = self.below
        is_known = below and message.sender in below.devices and below.hears(way.host)
        return below if is_known else None
