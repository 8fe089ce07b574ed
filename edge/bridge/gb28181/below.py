"""The devices below: they register, prove who they are, stay alive, list what they have, and tell alarms."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from edge.bridge.gb28181 import scdp
from edge.bridge.gb28181.catalog import Gathering
from edge.bridge.gb28181.device import Device
from edge.bridge.gb28181.digest import Guard, Login, Unproven
from edge.bridge.gb28181.scdp import Notice
from edge.bridge.gb28181.sip import Malformed, Message
from edge.bridge.gb28181.taken import Taken, when
from edge.bridge.gb28181.talk import Pair, Silent, Talk, fresh

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from zoneinfo import ZoneInfo

    from edge.bridge.gb28181.counts import Counts
    from edge.bridge.gb28181.way import Way
    from edge.config.gb28181 import DevicesConfig
    from wire.message import Event

log = logging.getLogger(__name__)

LEAST, MOST = 30, 86_400
"""Seconds that a registration lasts."""
LOOK = 0.5
GATHERED_WITHIN = 30.0
MOST_SAYING = 64
"""Answers to devices that are under way at a time."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the devices' alarms go."""

    put: Callable[[Event], None]
    clock: Callable[[], float]
    """Wall seconds."""
    zone: ZoneInfo


class Below:
    """`run` within an event loop, until cancelled; `take` from the same loop."""

    METHODS = frozenset({"REGISTER", "MESSAGE"})

    def __init__(
        self, config: DevicesConfig, passwords: Mapping[str, str], desk: Desk, talk: Talk, counts: Counts
    ) -> None:
        self.config, self._passwords, self._desk = config, passwords, desk
        self._talk, self._counts = talk, counts
        self._networks = tuple(ip_network(network) for network in config.networks)
        self._domain = config.code[:10]
        self._guard = Guard(self._domain)
        self._taken = {one.code: Taken(desk.put) for one in config.devices}
        now = asyncio.get_running_loop().time()
        self.devices = {one.code: Device(one, now) for one in config.devices}
        self._number = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def hears(self, host: str) -> bool:
        """Whether a device may stand at this address."""
        address = ip_address(host)
        return any(address in network for network in self._networks)

    async def run(self) -> None:
        """Look after the devices' signs of life."""
        while True:
            await asyncio.sleep(LOOK)
            try:
                self.look(asyncio.get_running_loop().time())
            except Exception:
                self._counts.add("stumbled")
                log.exception("looking after the devices stumbled and goes on")

    def look(self, now: float) -> None:
        """Tell of devices that have fallen silent by monotonic second `now`, and end what is over."""
        for device in self.devices.values():
            is_silent = now - device.heard > self.config.keepalive * (self.config.misses + 0.5)
            if device.way and now >= device.until:
                device.way = None
                self._lose(device, "its registration ran out")
            elif is_silent:
                self._lose(device, "its signs of life stay away")
        for taken in self._taken.values():
            taken.tidy(self._desk.clock(), now)

    async def leave(self) -> None:
        """Let what is under way be, and end the events that would have no end."""
        for task in self._tasks:
            task.cancel()
        for taken in self._taken.values():
            taken.close(self._desk.clock())

    def take(self, request: Message, way: Way) -> None:
        """A REGISTER or MESSAGE of a device that is configured."""
        device = self.devices[request.sender]
        if request.method == "REGISTER":
            self._register(device, request, way)
            return
        now = asyncio.get_running_loop().time()
        if not device.is_registered(now) or device.way is None or device.way.host != way.host:
            self._counts.add("unproven")
            self._talk.reply(request, way, 403, reason="register first")
            return
        try:
            told = scdp.read(request.body)
        except Malformed as error:
            self._counts.add("malformed")
            log.info("device %s says what cannot be read: %s", device.config.code, error)
            self._talk.reply(request, way, 400)
            return
        device.way = way
        self._hear(device, told, now)
        self._talk.reply(request, way, 200)

    def _hear(self, device: Device, told: Notice, now: float) -> None:
        match (told.root, told.command):
            case ("Notify", "Keepalive"):
                self._alive(device, now)
            case ("Notify", "Alarm"):
                self._alive(device, now)
                self._alarm(device, told, now)
            case ("Response", "Catalog") if device.gathering:
                if (listed := device.gathering.take(told)) is not None:
                    device.listed, device.gathering = listed, None
                    self._compare(device)
            case _:
                log.debug("device %s says %s %s", device.config.code, told.root, told.command)

    def _register(self, device: Device, request: Message, way: Way) -> None:
        now = asyncio.get_running_loop().time()
        if not (proof := request.get("authorization")):
            self._challenge(device, request, way, now)
            return
        if device.is_shut(way.host, now):
            self._counts.add("unproven")
            self._talk.reply(request, way, 403, reason="wait")
            return
        login = Login(device.config.code, self._passwords[device.config.code])
        try:
            self._guard.judge(proof, login, device.config.algorithm, "REGISTER", now)
        except Unproven as error:
            self._counts.add("unproven")
            if error.stale:
                self._challenge(device, request, way, now, stale=True)
                return
            log.warning("device %s at %s does not prove who it is: %s", device.config.code, way.host, error)
            device.failed(way.host, now)
            self._talk.reply(request, way, 403)
            return
        device.wrong.pop(way.host, None)
        self._admit(device, request, way, now)

    def _challenge(
        self, device: Device, request: Message, way: Way, now: float, *, stale: bool = False
    ) -> None:
        asked = self._guard.challenge(device.config.algorithm, now, stale=stale)
        self._talk.reply(request, way, 401, (("www-authenticate", asked),))

    def _admit(self, device: Device, request: Message, way: Way, now: float) -> None:
        """It has proven who it is: let it in, for a while, or go."""
        expires = 3600 if request.expires is None else min(request.expires, MOST)
        if 0 < expires < LEAST:
            self._talk.reply(request, way, 423, (("min-expires", str(LEAST)),))
            return
        if expires == 0:
            device.way = None
            self._lose(device, "it has taken its leave")
        else:
            was_new = not device.is_registered(now)
            device.way, device.until = way, now + expires
            self._alive(device, now)
            if was_new:
                log.info("device %s is registered from %s", device.config.code, way.host)
                self._spawn(self._ask_catalog(device))
        today = datetime.fromtimestamp(self._desk.clock(), self._desk.zone)
        date = today.strftime("%Y-%m-%dT%H:%M:%S.") + f"{today.microsecond // 1000:03d}"
        more = (("expires", str(expires)), ("date", date))
        contact = request.get("contact")
        self._talk.reply(request, way, 200, (*more, *((("contact", contact),) if contact else ())))

    def _alive(self, device: Device, now: float) -> None:
        device.heard = now
        if device.is_lost:
            device.is_lost = False
            for camera in device.cameras:
                self._taken[device.config.code].end(camera, "lost", self._desk.clock())

    def _lose(self, device: Device, why: str) -> None:
        if device.is_lost:
            return
        device.is_lost = True
        log.warning("device %s is lost: %s", device.config.code, why)
        now = asyncio.get_running_loop().time()
        for camera in device.cameras:
            words = f"GB/T 28181 {device.config.code}: {why}"
            self._taken[device.config.code].alarm(camera, "lost", self._desk.clock(), now, words, lasts=True)

    def _alarm(self, device: Device, told: Notice, now: float) -> None:
        """Take it by the tables; whatever is not in them is counted and left."""
        camera, kind = device.meaning(told)
        at = self._desk.clock()
        if camera and kind:
            words = told.fields.get("AlarmDescription") or f"GB/T 28181 {told.code}"
            began = when(told.fields.get("AlarmTime", ""), self._desk.zone, at)
            is_taken = self._taken[device.config.code].alarm(camera, kind, began, now, words)
            self._counts.add("alarm_taken" if is_taken else "flooded")
        else:
            self._counts.add("alarm_unknown")
            what = f"{told.fields.get('AlarmMethod')}/{told.fields.get('Info/AlarmType')}"
            if device.is_news(f"{what} {told.code}"):
                log.warning("device %s: alarm %s of %s is in no table", device.config.code, what, told.code)
        answer = Notice("Response", "Alarm", told.number, told.code, {"Result": "OK"})
        self._spawn(self._say(device, answer))

    def _compare(self, device: Device) -> None:
        code = device.config.code
        log.info("device %s lists %d cameras and inputs", code, len(device.listed))
        if device.missing:
            log.warning("device %s does not list %s", code, ", ".join(device.missing))

    async def _ask_catalog(self, device: Device) -> None:
        self._number += 1
        gathering = device.gathering = Gathering(self._number)
        await self._say(device, Notice("Query", "Catalog", self._number, device.config.code))
        await asyncio.sleep(GATHERED_WITHIN)
        if device.gathering is gathering:
            device.gathering = None
            log.warning("device %s did not list its cameras whole", device.config.code)

    async def _say(self, device: Device, told: Notice) -> None:
        if (way := device.way) is None:
            return
        pair = Pair(self.config.code, device.config.code, self._domain)
        try:
            body = scdp.write(told, self.config.edition)
            await self._talk.ask(way, pair, "MESSAGE", fresh(), (), body)
        except Silent as silent:
            log.info("device %s: %s", device.config.code, silent)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        if len(self._tasks) >= MOST_SAYING:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
