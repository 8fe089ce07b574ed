"""Messages come three times, in any order, a week late: each event is one, in one alert, at its own time."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from hub.store.alert import AlarmRecord
from hub.store.base import readings
from hub.store.camera import Camera
from hub.store.device import DeadLetter
from tests.hub.town import NOON, envelope, event
from tests.promises.door import Ear, door, numbered, picture
from wire.message import Event, Sos, new_id

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from wire.message import Envelope

WEEK = timedelta(days=7)
EVENTS, TIMES = 60, 3


def night(chance: Random) -> list[Envelope]:
    """Sixty events of six keys within two minutes, now or a week ago, and ten calls for help."""
    said: list[Envelope] = []
    for _ in range(EVENTS):
        late = chance.random() < 0.3
        began = NOON - timedelta(seconds=chance.uniform(60, 110)) - (WEEK if late else timedelta())
        one, kind = new_id(), chance.choice(["intrusion", "crowd", "line"])
        camera = chance.choice(["c-3-1", "c-3-2"])
        for step, phase in enumerate(("new", "update", "end")):
            at = began + timedelta(seconds=step)
            said.append(event(kind, at, camera=camera, event=one, phase=phase, began=began))
    said += [envelope(Sos(call=new_id(), button="help"), NOON) for _ in range(10)]
    chance.shuffle(said)
    return said


def test_three_times_each_in_any_order_and_a_week_late_it_is_the_same_night(database: Engine) -> None:
    chance = Random()
    said, epoch = night(chance), new_id()
    heard = numbered(said, epoch) * TIMES
    chance.shuffle(heard)
    ear = Ear()
    one = door(database, ear)
    while heard:
        size = chance.randint(1, 120)
        one.once(heard[:size])
        heard = heard[size:]
    assert ear.receipted == {(epoch, seq) for seq in range(1, len(said) + 1)}
    assert (one.counts.taken, one.counts.repeated) == (len(said), len(said) * (TIMES - 1))
    seen = picture(database)
    assert seen == in_order(said)
    assert [row[3] for row in seen if "help" in str(row[0])] == [1] * 10
    with readings(database)() as s:
        assert s.scalar(select(func.count()).select_from(AlarmRecord)) == len(said)
        assert s.scalar(select(func.count()).select_from(DeadLetter)) == 0


def in_order(said: list[Envelope]) -> list[tuple[object, ...]]:
    """What the night comes to: by key and week, all its events in one alert."""
    found: dict[tuple[str, bool], list[Event]] = {}
    calls: list[tuple[object, ...]] = []
    for one in said:
        if isinstance(one.body, Event):
            body = one.body
            key = f"{body.kind}|{body.camera}|{body.zone}"
            found.setdefault((key, body.at < NOON - WEEK / 2), []).append(body)
        elif isinstance(one.body, Sos):
            calls.append((f"help|edge-1|{one.body.call}", NOON, NOON, 1, [one.body.call]))
    rows: list[tuple[object, ...]] = []
    for (key, _), bodies in found.items():
        times, events = [body.at for body in bodies], sorted({body.event for body in bodies})
        rows.append((key, min(times), max(times), len(events), events))
    return sorted(rows + calls)


def test_old_news_of_a_camera_does_not_cover_it_again(database: Engine) -> None:
    name, began = new_id(), NOON - timedelta(seconds=9)
    new = event("covered", began, event=name, began=began)
    end = event("covered", NOON, event=name, began=began, phase="end")
    first, last = numbered([new, end], new_id())
    one = door(database)
    one.once([last])
    one.once([first])
    with readings(database)() as s:
        assert s.get_one(Camera, "c-3-1").state == "live"
