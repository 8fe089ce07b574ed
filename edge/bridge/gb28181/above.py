"""One platform above: registered at it, again when it is lost; it hears alarms and gets what it asks."""

from __future__ import annotations

import asyncio
import logging
import random
import socket
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from edge.bridge.gb28181 import alarm as alarms
from edge.bridge.gb28181 import scdp
from edge.bridge.gb28181.answer import House, answers
from edge.bridge.gb28181.register import Lost, Registration, State
from edge.bridge.gb28181.scdp import Notice
from edge.bridge.gb28181.sip import Malformed
from edge.bridge.gb28181.talk import Silent, Talk, fresh
from edge.camera.pace import LATEST, back_off

if TYPE_CHECKING:
    from edge.bridge.gb28181.alarm import Alarm
    from edge.bridge.gb28181.counts import Counts
    from edge.bridge.gb28181.post import Post
    from edge.bridge.gb28181.sip import Message
    from edge.bridge.gb28181.way import Way
    from edge.config.gb28181 import AboveConfig

log = logging.getLogger(__name__)

OK, TOO_OLD = 200, 600.0
"""The one answer that a notice gets; seconds after which an alarm is no news."""
FORGOTTEN = frozenset({401, 403, 404, 481})
"""Answers that say: it does not know us any more."""
MOST_ALARMS = 256
MOST_QUERIES = 4
"""Questions of the platform that are answered at a time."""


class Above:
    """`run` within an event loop, until cancelled; `offer`, `take` from the same loop."""

    METHODS = frozenset({"MESSAGE"})

    def __init__(
        self, config: AboveConfig, password: str, house: House, post: Post, talk: Talk, counts: Counts
    ) -> None:
        self.config, self._house, self._post, self._talk = config, house, post, talk
        self._counts = counts
        self.state: State = "away"
        self.registrations = 0
        """How often it was registered anew."""
        self._registration = Registration(config, password, talk)
        self._number = 0
        self._way: Way | None = None
        self._hosts: frozenset[str] = frozenset()
        self._alarms: deque[tuple[float, Alarm]] = deque()
        self._told: deque[int] = deque(maxlen=MOST_ALARMS)
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """Alarms that it has not been told yet."""
        return len(self._alarms)

    def hears(self, host: str) -> bool:
        """Whether this address is the platform's."""
        return host in self._hosts

    def offer(self, alarm: Alarm) -> None:
        """Tell it of an alarm as soon as may be; the oldest gives way where too many wait."""
        camera = any(one.camera == alarm.camera for one in self.config.cameras)
        if not camera or alarm.kind not in self.config.alarms:
            return
        if len(self._alarms) >= MOST_ALARMS:
            self._alarms.popleft()
            self._counts.add("alarm_lost")
        self._alarms.append((asyncio.get_running_loop().time(), alarm))
        self._wake.set()

    async def run(self) -> None:
        """Be registered, for as long as it may be."""
        failures = 0
        while True:
            before = self.registrations
            try:
                await self._once()
            except Lost as lost:
                self.state = lost.state
                log.warning("platform %s: %s; trying again", self.config.platform, lost)
            except OSError as error:
                self.state = "silent"
                log.warning("platform %s cannot be reached: %s; trying again", self.config.platform, error)
            except Exception:
                self.state = "away"
                self._counts.add("stumbled")
                log.exception("platform %s made the bridge stumble; trying again", self.config.platform)
            if self._way:
                self._way.close()
            failures = 1 if self.registrations > before else failures + 1
            pause = back_off(failures, random.random())  # noqa: S311 - jitter, not a secret
            # Who refuses a password refuses it again; what asks too often is locked out.
            await asyncio.sleep(max(pause, LATEST * 0.75) if self.state == "refused" else pause)

    async def leave(self) -> None:
        """Take the registration back; whoever ends does not wait long."""
        for task in self._tasks:
            task.cancel()
        if self.state == "registered" and self._way:
            try:
                await self._registration.ask(self._way, 0)
            except OSError as error:
                log.info("platform %s does not know that we leave: %s", self.config.platform, error)
        self.state = "gone"

    def take(self, request: Message, way: Way) -> None:
        """A MESSAGE of the platform: what it asks is answered, what it answers is noted."""
        try:
            told = scdp.read(request.body)
        except Malformed as error:
            self._counts.add("malformed")
            log.info("platform %s says what cannot be read: %s", self.config.platform, error)
            self._talk.reply(request, way, 400)
            return
        if told.root in {"Query", "Control"} and len(self._tasks) >= MOST_QUERIES:
            self._counts.add("refused")
            self._talk.reply(request, way, 503)
            return
        self._talk.reply(request, way, OK)
        if told.root in {"Query", "Control"}:
            task = asyncio.get_running_loop().create_task(self._answer(told))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif (told.root, told.command) == ("Response", "Alarm") and told.number in self._told:
            self._told.remove(told.number)
            self._counts.add("alarm_answered")

    async def _once(self) -> None:
        """One registration, until it is lost."""
        loop = asyncio.get_running_loop()
        way = self._way = await self._open()
        renew = loop.time() + await self._registration.ask(way, self.config.expires)
        self.state, missed = "registered", 0
        self.registrations += 1
        log.info("registered at platform %s as %s", self.config.platform, self.config.code)
        alive = loop.time()
        while True:
            alarm = await self._next(way, min(renew, alive + self.config.keepalive))
            try:
                if alarm:
                    await self._tell(way, *alarm)
                elif loop.time() >= renew:
                    renew = loop.time() + await self._registration.ask(way, self.config.expires)
                elif loop.time() >= alive + self.config.keepalive:
                    alive = loop.time()
                    await self._keep_alive(way)
                else:
                    continue
                missed = 0
            except Silent as silent:
                missed += 1
                if missed >= self.config.misses:
                    raise Lost(f"{silent}, {missed} times in a row", "silent") from None

    async def _open(self) -> Way:
        """The way there; the name is asked anew each time. Raises OSError."""
        loop = asyncio.get_running_loop()
        kind = socket.SOCK_DGRAM if self.config.transport == "udp" else socket.SOCK_STREAM
        found = await loop.getaddrinfo(self.config.host, self.config.port, type=kind, family=socket.AF_INET)
        host = str(found[0][4][0])
        self._hosts = frozenset({host})
        if self.config.transport == "udp":
            return self._post.datagrams(host, self.config.port)
        return await self._post.connect(host, self.config.port, self._wake.set)

    async def _next(self, way: Way, due: float) -> tuple[float, Alarm] | None:
        """The next alarm and since when it waits; None from second `due` on, or when something has woken us.

        Raises:
            Lost: the way is closed.
        """
        loop = asyncio.get_running_loop()
        if not self._alarms:
            self._wake.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    await self._wake.wait()
        if not way.is_open:
            raise Lost("the connection is gone", "silent")
        while self._alarms and loop.time() < due:
            since, alarm = self._alarms.popleft()
            if loop.time() - since <= TOO_OLD:
                return since, alarm
            self._counts.add("alarm_lost")
        return None

    async def _tell(self, way: Way, since: float, alarm: Alarm) -> None:
        code = next(one.code for one in self.config.cameras if one.camera == alarm.camera)
        told = alarms.notice(alarm, code, self._count(), self.config.edition)
        self._told.append(told.number)
        try:
            status = await self._say(way, told)
        except OSError:
            self._alarms.appendleft((since, alarm))
            raise
        if status == OK:
            self._counts.add("alarm_told")
        else:
            self._counts.add("alarm_lost")
            log.warning("platform %s refuses an alarm: %d", self.config.platform, status)

    async def _keep_alive(self, way: Way) -> None:
        await self._say(way, Notice("Notify", "Keepalive", self._count(), self.config.code, {"Status": "OK"}))

    async def _say(self, way: Way, told: Notice) -> int:
        """Send a notice; the answer's status. Raises Silent, and Lost where it does not know us any more."""
        body = scdp.write(told, self.config.edition)
        said = await self._talk.ask(way, self._registration.pair, "MESSAGE", fresh(), (), body)
        if said.status in FORGOTTEN:
            raise Lost(f"it does not know us any more: {said.status}", "away")
        return said.status

    async def _answer(self, asked: Notice) -> None:
        """Everything that answers a question, one message after the other."""
        try:
            for body in answers(asked, self.config, self._house, self.config.transport.upper()):
                if self._way:
                    await self._talk.ask(self._way, self._registration.pair, "MESSAGE", fresh(), (), body)
        except Silent as silent:
            log.info("platform %s asked and went: %s", self.config.platform, silent)
        except Exception:
            self._counts.add("stumbled")
            log.exception("answering platform %s stumbled", self.config.platform)

    def _count(self) -> int:
        self._number += 1
        return self._number
