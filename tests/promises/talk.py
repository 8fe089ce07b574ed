"""What a promising device has to say: bodies in endless rows, each to be found again by a mark of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

from wire.message import Box, Event, Scan, Sos, new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

PHASES: tuple[Literal["new", "update", "end"], ...] = ("new", "update", "end")
BOX = Box(320, 120, 64, 240, "person", 0.9)
SCANS_OF_TEN = 8


@dataclass(slots=True)
class Happening:
    """One person who comes, stays and goes before one camera."""

    camera: str
    zone: str
    event: str
    began: datetime
    told: int = 0

    def tell(self) -> Event:
        """The next thing to say of it."""
        phase = PHASES[self.told % len(PHASES)]
        self.told += 1
        return Event(
            event=self.event,
            phase=phase,
            kind="intrusion",
            camera=self.camera,
            began=self.began,
            at=datetime.now(UTC),
            score=0.9,
            zone=self.zone,
            boxes=(BOX,),
            picture=(768, 576),
            count=1,
            seconds=float(self.told),
        )


def apart(camera: str) -> Iterator[Event]:
    """Every happening in a zone of its own, so that each is one alert and a doubled one shows."""
    while True:
        one = Happening(camera, f"z-{uuid4().hex}", new_id(), datetime.now(UTC))
        yield from (one.tell() for _ in PHASES)


def crowded(camera: str, zones: int) -> Iterator[Event]:
    """The same few zones again and again, as rain or a flag in the wind would raise them."""
    row: list[Happening | None] = [None] * zones
    while True:
        for number, last in enumerate(row):
            one = last
            if one is None or one.told == len(PHASES):
                one = Happening(camera, f"zone-{number}", new_id(), datetime.now(UTC))
            row[number] = one
            yield one.tell()


def scan() -> Scan:
    """A patrol point that nobody else reads."""
    return Scan(checkpoint=f"cp-{uuid4().hex}", by="nfc")


def panic() -> Sos:
    """Somebody presses the button."""
    return Sos(call=new_id(), button="panic")


def mixed(events: Iterator[Event]) -> Iterator[Event | Scan]:
    """Eight scans to two events."""
    while True:
        for _ in range(SCANS_OF_TEN):
            yield scan()
        yield next(events)
        yield next(events)


def rounds(camera: str) -> Iterator[Event | Scan | Sos]:
    """A night: three happenings, twelve scans, one call for help."""
    events = apart(camera)
    while True:
        for _ in range(3 * len(PHASES)):
            yield next(events)
            yield scan()
        yield from (scan(), scan(), scan(), panic())
