"""Orders as a hub gives them, for the tests of the wire and of whoever obeys."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.wire.samples import AT, ID
from wire import order as o

if TYPE_CHECKING:
    from datetime import datetime

SCENE = b"""{"cameras": {"c-2-01": {"fps": 2, "still_every": 0.5, "masks": [[[0, 0], [1, 0], [1, 0.2]]],
 "zones": [{"id": "gate", "polygon": [[0, 0], [1, 0], [1, 1]],
            "rules": [{"kind": "intrusion", "armed": [{"from": "22:00", "to": "06:00"}]}]}]}}}"""
FIELDS = o.decode_fields(SCENE)
ARGS: tuple[o.Args, ...] = (
    o.Still(camera="c-2-01"),
    o.Clip(camera="c-2-01", seconds=5),
    o.RelayStart(camera="c-2-01", fps=5, seconds=120),
    o.RelayStop(camera="c-2-01"),
    o.Drill(camera="c-2-01"),
    o.Restart(),
    o.Arm(camera="c-2-01", zone="gate", until=AT + timedelta(hours=2)),
    o.Disarm(camera="c-2-01", until=AT + timedelta(hours=2)),
    o.ByTimetable(camera="c-2-01", zone="gate"),
    o.Sound(seconds=30),
    o.Goto(camera="c-2-01", lease=ID, preset="gate", until=AT + timedelta(minutes=1)),
    o.Move(camera="c-2-01", lease=ID, pan=0.5, until=AT + timedelta(minutes=1)),
    o.Release(camera="c-2-01", lease=ID),
    o.Show(camera="c-2-01", seconds=60),
    o.Replay(camera="c-2-01", begin=AT, seconds=60, zones=FIELDS.cameras["c-2-01"].zones or ()),
)


def command(
    args: o.Args = ARGS[0],
    *,
    counter: int = 1,
    target: str = "edge-west",
    issued: datetime = AT,
    life: timedelta = o.LIFE,
    id_: str = ID,
) -> o.Command:
    return o.Command(id=id_, target=target, args=args, issued=issued, expires=issued + life, counter=counter)


def config(
    fields: o.Fields = FIELDS, *, version: int = 1, target: str = "edge-west", id_: str = ID
) -> o.Config:
    return o.Config(id=id_, target=target, version=version, digest=o.digest(fields), issued=AT, fields=fields)
