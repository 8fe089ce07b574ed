"""Every night each camera that is live sends a drill by itself; whoever's does not come is told of."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Barrier
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from hub.core.canary import MOST_A_MINUTE, SPREAD, WITHIN, moment
from hub.service import alert as alerts
from hub.service import canary, order, queue, wall
from hub.service import figures as counted
from hub.store.alert import Alert
from hub.store.base import sessions
from hub.store.camera import Camera
from hub.store.device import Device
from hub.store.evidence import Line
from hub.store.order import Canary, Command, Twin
from tests.hub.service.order.said import answer
from tests.hub.town import MARKET, NOON, actor, event

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from wire.message import Outcome

CAMERAS = ("c-3-1", "c-3-2", "c-3-3")
SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = datetime(2026, 11, 23, 2, tzinfo=SHANGHAI)
"""Two o'clock in the market's own night."""
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


@dataclass
class Town:
    """A night in the market, turned by hand; its devices beat all the time."""

    on: Engine
    now: datetime = NIGHT

    def turn(self, by: timedelta = timedelta(0)) -> int:
        self.now += by
        with sessions(self.on).begin() as s:
            for twin in s.scalars(select(Twin)):
                twin.told_at = self.now
            order.expire(s, self.now)
            return canary.turn(s, self.now)

    def until(self, at: datetime, step: timedelta = 30 * MINUTE) -> None:
        while self.now < at:
            self.turn(min(step, at - self.now))

    def asked(self, camera: str = "c-3-1") -> Command:
        """The order of this camera's canary, as its moment has come."""
        self.now = NIGHT + moment(camera)
        self.turn()
        return next(row for row in self.waiting() if row.args["camera"] == camera)

    def take(self, row: Command, outcome: Outcome | None = "done", *, alarm: bool = True) -> None:
        """What a device does with the order: an alarm and a reply, or less."""
        with sessions(self.on).begin() as s:
            for phase in ("new", "end") if alarm else ():
                said = event(at=self.now, camera=row.args["camera"], event=row.id, drill=True, phase=phase)
                alerts.receive(s, MARKET, row.device, said, self.now)
            if outcome:
                answer(s, row.id, outcome, "it gave no picture" if outcome == "refused" else None,
                       row.device, self.now)  # fmt: skip

    def night(self, *silent: str) -> None:
        """The whole of it; of every camera but the silent ones the alarm comes."""
        end = self.now + timedelta(hours=3)
        while self.now < end:
            self.turn(5 * MINUTE)
            for row in self.waiting():
                if row.args["camera"] not in silent:
                    self.take(row)

    def waiting(self) -> list[Command]:
        return [row for row in self.commands() if row.state == "queued"]

    def commands(self) -> list[Command]:
        with sessions(self.on)() as s:
            return list(s.scalars(select(Command).order_by(Command.made_at, Command.id)))

    def canaries(self) -> dict[str, tuple[str, str | None]]:
        with sessions(self.on)() as s:
            return {row.camera: (row.state, row.reason) for row in s.scalars(select(Canary))}

    def told(self) -> list[tuple[str | None, str, str | None]]:
        with sessions(self.on)() as s:
            rows = s.scalars(select(Alert).where(Alert.kind == "canary").order_by(Alert.received_at))
            return [(row.camera, row.state, row.reason) for row in rows]

    def lines(self) -> list[str]:
        with sessions(self.on)() as s:
            return list(s.scalars(select(Line.act).order_by(Line.id)))


@pytest.fixture
def town(on: Engine) -> Town:
    with sessions(on).begin() as s:
        for device in s.scalars(select(Device)):
            device.status, device.online, device.seen_at = "active", True, NIGHT
            s.add(Twin(device=device.id, version=0, clock_offset_ms=0.0, told_at=NIGHT))
        for camera in s.scalars(select(Camera)):
            camera.state = "live"
    return Town(on)


def test_a_night_in_which_every_alarm_comes(town: Town) -> None:
    town.night()
    assert town.canaries() == dict.fromkeys(CAMERAS, ("good", None))
    assert [row.args["camera"] for row in town.commands()] == sorted(CAMERAS, key=moment)
    assert {(row.op, row.made_by) for row in town.commands()} == {("test-alarm", None)}
    assert town.told() == []
    assert town.lines().count("camera.canary") == len(CAMERAS)
    town.until(NIGHT + DAY)
    assert len(town.commands()) == len(CAMERAS), "once a day"
    town.night()
    assert len(town.commands()) == 2 * len(CAMERAS)


def test_its_alert_is_over_as_it_is_made(town: Town) -> None:
    town.night()
    with sessions(town.on)() as s:
        rows = s.scalars(select(Alert)).all()
        assert {(row.state, row.drill, row.reason, row.next_due_at, row.open_key) for row in rows} == {
            ("EXPIRED", True, "canary", None, None)
        }
        assert len(rows) == len(CAMERAS)
        assert queue.listing(s, actor(s, "lin"), town.now) == []
        assert alerts.lapse(s, town.now + DAY) == 0


def test_a_drill_that_a_person_ordered_is_another_and_waits_for_somebody(town: Town) -> None:
    own = town.asked()
    with sessions(town.on).begin() as s:
        given = {"op": "test-alarm", "camera": "c-3-1"}
        by_hand = order.command(s, actor(s, "zhou"), "edge-1", given, town.now)
    town.take(by_hand)
    town.take(own)
    with sessions(town.on)() as s:
        rows = {row.reason: row.state for row in s.scalars(select(Alert).where(Alert.camera == "c-3-1"))}
        assert rows == {"canary": "EXPIRED", None: "NEW"}
        page = order.one(s, actor(s, "zhou"), "edge-1", own.id)
        assert page["by"] == {"zh": "系统", "en": "System"}


def test_another_device_cannot_pass_its_alarm_off_as_a_canary(town: Town) -> None:
    own = town.asked()
    with sessions(town.on).begin() as s:
        s.get_one(Camera, "c-3-3").device = "edge-2"
        said = event(at=town.now, camera="c-3-3", event=own.id, drill=True)
        made = alerts.receive(s, MARKET, "edge-2", said, town.now)
        assert made is not None
        assert made.state == "NEW"


@pytest.mark.parametrize(
    ("outcome", "alarm", "reason"),
    [
        (None, False, "no answer"),
        (None, True, "no answer"),
        ("done", False, "no alarm came"),
        ("refused", False, "it gave no picture"),
    ],
)
def test_whatever_is_missing_is_told(town: Town, outcome: Outcome | None, alarm: bool, reason: str) -> None:
    own = town.asked()
    town.take(own, outcome, alarm=alarm)
    town.turn(WITHIN + SECOND)
    assert town.canaries()["c-3-1"] == ("failed", reason)
    assert ("c-3-1", "NEW", reason) in town.told()


def test_an_alarm_that_comes_too_late_has_not_come(town: Town) -> None:
    own = town.asked()
    town.now = own.made_at + WITHIN + SECOND
    town.take(own)
    town.turn()
    assert town.canaries()["c-3-1"] == ("failed", "no alarm came")


def test_a_camera_that_stays_silent_is_told_once_a_night_and_ends_with_the_next_good_one(town: Town) -> None:
    town.night("c-3-1")
    assert town.told() == [("c-3-1", "NEW", "no answer")]
    tries = [row for row in town.commands() if row.args["camera"] == "c-3-1"]
    assert len(tries) in {2, 3}, "and again each hour"
    with sessions(town.on).begin() as s:
        row = s.scalars(select(Alert).where(Alert.kind == "canary")).one()
        alerts.dismiss(s, actor(s, "lin"), row.id, "light", town.now)
    town.until(NIGHT + DAY)
    assert len(town.told()) == 1, "nobody is told again of what they dismissed"
    town.night("c-3-1")
    assert town.told()[1:] == [("c-3-1", "NEW", "no answer")]
    town.night()
    assert town.told()[1:] == [("c-3-1", "EXPIRED", "no answer")]
    assert town.lines().count("alert.mend") == 1


def test_only_a_live_camera_of_a_device_that_is_there_and_obeys_is_asked(town: Town) -> None:
    with sessions(town.on).begin() as s:
        s.get_one(Camera, "c-3-1").state = "covered"
        s.delete(s.get_one(Twin, "edge-2"))
    town.night()
    with sessions(town.on)() as s:
        wanted = select(Camera.id).where(Camera.device == "edge-1", Camera.state == "live")
        assert {row.args["camera"] for row in town.commands()} == set(s.scalars(wanted))
        s.get_one(Device, "edge-1").online = False
        assert canary.turn(s, NIGHT + DAY + SPREAD) == 0


def test_never_more_than_a_few_a_minute_of_one_device(town: Town) -> None:
    with sessions(town.on).begin() as s:
        like = s.get_one(Camera, "c-3-1")
        plain = {column.key: getattr(like, column.key) for column in Camera.__table__.columns}
        s.add_all(Camera(**plain | {"id": f"c-9-{n}"}) for n in range(40))
    town.now = NIGHT + SPREAD  # whoever was not live before
    town.turn()
    town.until(NIGHT + SPREAD + 25 * MINUTE, 20 * SECOND)
    made = [row.made_at for row in town.commands() if row.device == "edge-1"]
    assert len(made) >= 40
    most = max(sum(1 for other in made if one <= other < one + MINUTE) for one in made)
    assert most <= MOST_A_MINUTE


def test_two_timers_at_one_moment_order_one(town: Town) -> None:
    town.now = NIGHT + SPREAD
    assert town.turn() == MOST_A_MINUTE + 1, "three cameras, two of them of one device"
    assert town.turn() == 0
    for row in town.waiting():
        town.take(row)
    assert town.turn() == len(CAMERAS)
    assert town.turn() == 0
    assert town.lines().count("camera.canary") == len(CAMERAS)


def test_two_timers_that_do_it_together_order_one(town: Town) -> None:
    town.now = NIGHT + SPREAD
    both = Barrier(2)

    def at_once(_: int) -> int:
        both.wait(60)
        with sessions(town.on).begin() as s:
            return canary.turn(s, town.now)

    with sessions(town.on).begin() as s:
        for twin in s.scalars(select(Twin)):
            twin.told_at = town.now
    with ThreadPoolExecutor(2) as timers:
        assert sorted(timers.map(at_once, range(2))) == [0, MOST_A_MINUTE + 1]
    assert len(town.commands()) == len(CAMERAS)


def test_how_the_night_went_stands_on_the_wall_and_in_the_figures(town: Town) -> None:
    with sessions(town.on)() as s:
        assert wall.around(s, actor(s, "lin"), NOON)["selftest"] is None
        assert counted.figures(s, MARKET, NOON).canaries == counted.CanaryFigures(0, 0, None)
    town.night("c-3-1")
    with sessions(town.on)() as s:
        seen = wall.around(s, actor(s, "lin"), town.now)["selftest"]
        told = counted.figures(s, MARKET, town.now).canaries
    assert (seen["passed"], seen["of"]) == (2, 3)
    assert told.sent == len(town.commands())
    assert told.failed in {2, 3}
    assert told.oldest_s is not None
    assert 0 < told.oldest_s <= 3 * 3600
