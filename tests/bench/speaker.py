"""Publishes a plan as devices do and waits until all is receipted; a child of the ingest benchmark.

PLAN is a JSON file: {port, count, share, window, devices: {device: {market, key}}}. One JSON line at the end.
"""

from __future__ import annotations

import json
import selectors
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench import raw
from wire import message
from wire.message import Box, Clock, Envelope, Event, Scan, new_id
from wire.topic import Topic

PHASES = ("new", "update", "update", "end")
"""Of four events, one opens an alert and three change it."""
CAMERAS = {"edge-1": "c-3-1", "edge-2": "c-3-3"}
PATIENCE = 60.0


class Device:
    """One device with all its messages made ready, so that making them costs no measured time."""

    def __init__(self, name: str, market: str, key: str, plan: dict[str, Any]) -> None:
        self.name, self.market, self.epoch = name, market, new_id()
        self.wire = raw.Wire(plan["port"], name, name, key)
        if plan["receipts"]:
            self.wire.subscribe([str(Topic(market, name, "receipt"))], 0)
        self.packets = [self._packet(seq, plan["share"]) for seq in range(1, plan["count"] + 1)]
        self.sent = self.acknowledged = 0
        self.receipted: set[int] = set()

    def _packet(self, seq: int, share: int) -> bytes:
        now = datetime.now(UTC)
        body: Event | Scan = Scan("nfc", "gate-1")
        if share and seq % share == 0:
            body = self._event(seq // share, now)
        envelope = Envelope("1.0", new_id(), self.name, self.epoch, now, seq, Clock("ntp"), "p1", body, seq)
        kind = body.__struct_config__.tag
        return raw.publish(
            str(Topic(self.market, self.name, kind)),  # type: ignore[arg-type]
            message.encode(envelope),
            (seq - 1) % 65_535 + 1,
        )

    def _event(self, number: int, now: datetime) -> Event:
        turn = number % len(PHASES)
        if turn == 0 or not hasattr(self, "_name"):
            self._name = new_id()
        return Event(
            event=self._name,
            phase=PHASES[turn],  # type: ignore[arg-type]
            kind="intrusion",
            camera=CAMERAS.get(self.name, f"c-{self.name}"),
            began=now,
            at=now,
            score=0.9,
            zone=f"z{self.epoch[-6:]}-{number // len(PHASES)}",
            boxes=(Box(320, 120, 64, 240, "person", 0.9),),
            picture=(768, 576),
        )

    def speak(self, window: int) -> None:
        room = window - (self.sent - self.acknowledged)
        if room >= window // 4 and self.sent < len(self.packets):
            self.wire.socket.sendall(b"".join(self.packets[self.sent : self.sent + room]))
            self.sent = min(self.sent + room, len(self.packets))

    def listen(self) -> None:
        for first, body in self.wire.read():
            if first & 0xF0 == raw.PUBACK:
                self.acknowledged += 1
            elif first & 0xF0 == raw.PUBLISH:
                for one in message.decode_receipt(raw.said(body, 0)[2]).ranges:
                    self.receipted.update(range(one.first, one.last + 1))

    def done(self, receipts: bool) -> bool:
        whole = len(self.packets)
        return (len(self.receipted) if receipts else self.acknowledged) >= whole


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text())
    devices = [Device(name, one["market"], one["key"], plan) for name, one in plan["devices"].items()]
    chooser = selectors.DefaultSelector()
    for device in devices:
        chooser.register(device.wire.socket, selectors.EVENT_READ, device)
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.monotonic()
    while not all(one.done(plan["receipts"]) for one in devices) and time.monotonic() - began < PATIENCE:
        for device in devices:
            device.speak(plan["window"] // len(devices))
        for key, _ in chooser.select(1.0):
            key.data.listen()
    receipted = sum(len(one.receipted) for one in devices)
    ended = time.monotonic()
    print(json.dumps({"began": began, "seconds": ended - began, "receipted": receipted}), flush=True)
