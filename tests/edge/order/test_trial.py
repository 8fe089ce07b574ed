from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import pytest
from msgspec.structs import replace as replaced

from edge.config import CameraConfig
from edge.order.trial import Unfit, overlay
from tests.edge.order.seat import Seat
from tests.edge.scene import Pointer, crossing, watched
from tests.wire.orders import FIELDS, config
from wire import order as o
from wire.calendar import Calendar
from wire.message import new_id
from wire.rule import IntrusionRule

if TYPE_CHECKING:
    from pathlib import Path

CAMERAS = (watched(), CameraConfig(id="c-1-08", url=1))
SLOW = o.decode_fields(b'{"cameras": {"c-2-01": {"fps": 1}}}')


@pytest.fixture
def seat(tmp_path: Path) -> Seat:
    return Seat(tmp_path, CAMERAS)


def told(version: int, fields: o.Fields = SLOW) -> o.Config:
    return config(fields, version=version, id_=new_id())


def fps(seat: Seat) -> list[float]:
    seat.look()
    return [watch.camera.fps for watch in seat.crew.watches]


def test_what_the_hub_desires_holds_once_the_camera_is_back(seat: Seat) -> None:
    wanted = told(1)
    seat.hear(wanted)
    assert seat.replies == [], "nothing has been seen under it yet"
    seat.look()
    seat.desk.once(0.0)
    assert [(r.to, r.outcome, r.version) for r in seat.replies] == [(wanted.id, "applied", 1)]
    assert fps(seat) == [1.0, 5.0]
    twin = seat.desk.twin()
    assert (twin.version, twin.digest, twin.error) == (1, wanted.digest, None)


def test_only_the_camera_that_changes_is_opened_anew_and_only_if_it_must_be(seat: Seat) -> None:
    before = list(seat.eyes)
    seat.hear(told(1))
    assert [eye.camera for eye in seat.eyes[2:]] == ["c-2-01"]
    assert not before[0].running
    seat.look()
    seat.desk.once(0.0)
    still = o.decode_fields(b'{"cameras": {"c-2-01": {"fps": 1, "still_every": 9, "zones": []}}}')
    seat.hear(told(2, still))
    seat.look()
    assert len(seat.eyes) == 3, "its pictures stay the same"
    assert (seat.crew.watches[0].camera.still_every, seat.crew.watches[0].camera.zones) == (9.0, ())


def test_all_that_can_be_set_is_set(seat: Seat) -> None:
    seat.hear(told(1, FIELDS))
    seat.look()
    camera, wanted = seat.crew.watches[0].camera, FIELDS.cameras["c-2-01"]
    assert (camera.fps, camera.still_every, camera.masks, camera.zones) == (
        wanted.fps,
        wanted.still_every,
        wanted.masks,
        wanted.zones,
    )
    assert (camera.url, camera.pre_roll) == (CAMERAS[0].url, CAMERAS[0].pre_roll)


def test_a_camera_that_does_not_come_back_brings_the_old_configuration_back(seat: Seat) -> None:
    seat.hear(told(1))
    seat.look()
    seat.desk.once(0.0)
    seat.blind, bad = True, told(2, o.decode_fields(b'{"cameras": {"c-2-01": {"fps": 25}}}'))
    seat.hear(bad)
    seat.trial._running = replace(seat.trial._running, until=0.0)  # type: ignore[type-var]
    seat.blind = False
    seat.desk.once(0.0)
    assert seat.outcomes()[1:] == [("rolled-back", "c-2-01 did not come back within 5 s")]
    assert fps(seat) == [1.0, 5.0]
    seat.hear(bad)
    assert len(seat.replies) == 2, "what was found bad is not tried again"
    twin = seat.desk.twin()
    assert (twin.version, twin.error) == (1, "c-2-01 did not come back within 5 s")


MASKED = o.decode_fields(b'{"cameras": {"c-2-01": {"masks": [[[0, 0], [1, 0], [1, 1]]]}}}')


def test_what_was_seen_under_the_old_masks_stays_here_from_the_moment_the_new_ones_are_told(
    seat: Seat,
) -> None:
    old, veil = seat.crew.watches[0], seat.crew.veil
    seat.hear(told(1))
    assert not veil.hides("c-2-01"), "another pace hides nothing"
    seat.look()
    seat.desk.once(0.0)
    old = seat.crew.watches[0]
    seat.hear(told(2, MASKED))
    assert old.veiled
    assert veil.hides("c-2-01")
    assert not veil.hides("c-1-08")
    seat.look()
    assert not veil.hides("c-2-01")
    assert seat.crew.watches[0].camera.masks == MASKED.cameras["c-2-01"].masks


def test_masks_that_change_twice_before_the_next_turn_are_lifted_once_the_last_holds(seat: Seat) -> None:
    camera = CAMERAS[0]
    for mask in (MASKED.cameras["c-2-01"].masks, ()):
        seat.crew.swap([replaced(camera, masks=mask)])
    assert seat.crew.veil.hides("c-2-01")
    seat.crew.take_over()
    assert not seat.crew.veil.hides("c-2-01")


def test_a_mask_is_not_taken_back_because_its_camera_is_away(seat: Seat) -> None:
    seat.blind = True
    seat.hear(told(1, MASKED))
    assert seat.outcomes() == []
    seat.trial._running = replace(seat.trial._running, until=0.0)  # type: ignore[type-var]
    seat.desk.once(0.0)
    assert seat.outcomes() == [("applied", None)]
    seat.crew.take_over()
    assert seat.crew.watches[0].camera.masks == MASKED.cameras["c-2-01"].masks


def test_one_over_which_looking_stumbles_is_put_back_at_once(seat: Seat) -> None:
    seat.hear(told(1))
    seat.crew.take_over()
    seat.crew.watches[0].tally.stumbles += 1
    seat.desk.once(0.0)
    assert seat.outcomes() == [("rolled-back", "looking at c-2-01 stumbled")]
    assert fps(seat) == [5.0, 5.0]


def test_a_camera_that_was_dark_before_is_no_reason_to_go_back(seat: Seat) -> None:
    seat.eyes[0].state = replace(seat.eyes[0].state, state="lost")
    seat.blind = True
    seat.hear(told(1))
    assert seat.outcomes() == [("applied", None)]


def test_a_camera_that_this_device_does_not_have_is_rejected_and_nothing_changes(seat: Seat) -> None:
    seat.hear(told(1, o.decode_fields(b'{"cameras": {"c-9-9": {"fps": 1}, "c-2-01": {"fps": 1}}}')))
    assert seat.outcomes() == [("rejected", "this device has no camera c-9-9")]
    assert fps(seat) == [5.0, 5.0]
    assert len(seat.eyes) == 2


@pytest.mark.parametrize("kind", ["unsigned", "other device", "other fields", "older"])
def test_a_configuration_that_is_not_to_be_taken_changes_nothing(seat: Seat, kind: str) -> None:
    seat.hear(told(5, o.decode_fields(b'{"cameras": {"c-2-01": {"fps": 3}}}')))
    seat.look()
    seat.desk.once(0.0)
    match kind:
        case "unsigned":
            seat.hear(told(6), signed=False)
        case "other device":
            seat.hear(msgspec.structs.replace(told(6), target="edge-east"))
        case "other fields":
            seat.hear(msgspec.structs.replace(told(6), fields=o.Fields()))
        case _:
            seat.hear(told(4))
    assert fps(seat) == [3.0, 5.0]
    assert len(seat.replies) == 1


def test_the_newest_of_those_that_come_during_a_trial_is_tried_next(seat: Seat) -> None:
    for version, pace in ((1, 1), (2, 2), (4, 4), (3, 3)):
        seat.hear(told(version, o.decode_fields(b'{"cameras": {"c-2-01": {"fps": %d}}}' % pace)))
    for _ in range(4):
        seat.look()
        seat.desk.once(0.0)
    assert [reply.version for reply in seat.replies] == [1, 4]
    assert fps(seat) == [4.0, 5.0]


def test_a_rule_that_was_at_work_ends_when_its_zone_changes(seat: Seat) -> None:
    gone = seat.crew.watches[0]
    seat.hear(told(1, o.decode_fields(b'{"cameras": {"c-2-01": {"zones": []}}}')))
    assert seat.crew.take_over() == [gone]
    assert seat.crew.watches[0]._lost is gone._lost, "a loss that goes on goes on"


def test_after_a_restart_the_last_known_good_holds(seat: Seat) -> None:
    seat.hear(told(1))
    seat.look()
    seat.desk.once(0.0)
    seat.blind = True
    seat.hear(told(2, o.decode_fields(b'{"cameras": {"c-2-01": {"fps": 25}}}')))
    seat.die()
    seat.blind = False
    seat.open()
    good = seat.kept.good()
    assert good is not None
    assert [camera.fps for camera in overlay(CAMERAS, good.fields)] == [1.0, 5.0]


def test_one_under_which_it_dies_twice_is_put_back_for_good(seat: Seat) -> None:
    deadly = told(2)
    for death in range(3):
        seat.desk.recover()
        seat.hear(deadly)
        assert seat.trial.is_running == (death < 2)
        seat.die()
        seat.open()
    assert seat.outcomes() == [("rolled-back", "this device ended 2 times while it tried it")]
    assert seat.kept.good() is None


def test_a_camera_that_its_owner_has_taken_out_is_named() -> None:
    with pytest.raises(Unfit, match="no camera c-2-01"):
        overlay(CAMERAS[1:], SLOW)


YARD = watched().zones[0]
CLOSED = replaced(watched(), zones=(replaced(YARD, rules=(IntrusionRule(armed="closed", cooldown=0.0),)),))
HOLIDAYS = b"""{"calendar": {"open": [{"from": "08:00", "to": "24:00"}], "holidays": ["1970-01-12"],
 "holiday_open": []}}"""
"""The pictures are of that day, 21:46 in Shanghai: an hour at which the market would be open otherwise."""


def told_of_a_walker(seat: Seat) -> list[str]:
    seat.look()
    (watch,) = seat.crew.watches
    return [change.phase for each in crossing() for change in watch.look(each, Pointer())]


def test_a_calendar_that_the_hub_tells_arms_on_its_holidays_and_goes_when_it_is_taken_back(
    tmp_path: Path,
) -> None:
    seat = Seat(tmp_path, (CLOSED,))
    assert told_of_a_walker(seat) == [], "by its own file the market never closes"
    seat.hear(told(1, o.decode_fields(HOLIDAYS)))
    assert told_of_a_walker(seat) == ["new"]
    seat.desk.once(0.0)
    assert seat.outcomes() == [("applied", None)]
    assert len(seat.eyes) == 1, "no camera is opened anew for it"
    seat.hear(told(2, o.Fields()))
    assert told_of_a_walker(seat) == []


def test_a_calendar_that_came_with_a_camera_that_stays_dark_is_put_back_with_it(tmp_path: Path) -> None:
    seat = Seat(tmp_path, (CLOSED,), live_within=0.0)
    seat.look()
    seat.blind = True
    fields = o.decode_fields(
        HOLIDAYS.replace(b'{"calendar"', b'{"cameras": {"c-2-01": {"fps": 1}}, "calendar"', 1)
    )
    seat.hear(told(1, fields))
    assert [outcome for outcome, _ in seat.outcomes()] == ["rolled-back"]
    assert seat.crew.calendar == Calendar()
