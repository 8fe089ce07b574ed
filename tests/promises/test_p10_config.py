"""P10: a bad configuration returns by itself."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from edge.config import CameraConfig
from tests.edge.order.seat import Seat
from tests.edge.scene import watched
from tests.wire.orders import config
from wire import order as o
from wire.message import new_id

if TYPE_CHECKING:
    from pathlib import Path

CAMERAS = (watched(), CameraConfig(id="c-1-08", url=1))


@pytest.fixture
def seat(tmp_path: Path) -> Seat:
    return Seat(tmp_path, CAMERAS)


def told(version: int, pace: float, camera: str = "c-2-01") -> o.Config:
    fields = o.Fields(cameras={camera: o.CameraFields(fps=pace)})
    return config(fields, version=version, id_=new_id())


def settle(seat: Seat) -> None:
    """Pictures come, or the time for them is over."""
    seat.look()
    seat.desk.once(0.0)
    if running := seat.trial._running:
        seat.trial._running = replace(running, until=0.0)
        seat.blind = False
        seat.desk.once(0.0)
        seat.look()


def paces(seat: Seat) -> list[float]:
    seat.look()
    return [watch.camera.fps for watch in seat.crew.watches]


def test_whatever_comes_the_cameras_end_as_the_last_good_one_says(seat: Seat) -> None:
    chance, good = random.Random(10), 5.0
    for version in range(1, 200):
        kind = chance.choice(["good", "dark", "strange", "stumbles", "unsigned"])
        wanted = told(
            version, chance.choice([1.0, 2.0, 3.0, 4.0]), "c-9-9" if kind == "strange" else "c-2-01"
        )
        seat.blind = kind == "dark"
        seat.hear(wanted, signed=kind != "unsigned")
        if kind == "stumbles" and seat.trial.is_running:
            seat.crew.take_over()
            seat.crew.watches[0].tally.stumbles += 1
            seat.desk.once(0.0)
        settle(seat)
        changes = wanted.fields.cameras.get("c-2-01", o.CameraFields()).fps != good
        if kind == "good" or (kind in {"dark", "stumbles"} and not changes):
            good = wanted.fields.cameras["c-2-01"].fps or good
        assert paces(seat) == [good, 5.0], f"version {version} was {kind}"
        outcome = seat.outcomes()[-1][0] if kind != "unsigned" else ""
        assert (outcome in {"rejected", "rolled-back"}) == (
            kind == "strange" or (kind in {"dark", "stumbles"} and changes)
        )
    assert len(seat.replies) == len({reply.to for reply in seat.replies})


@pytest.mark.parametrize("moment", ["before", "during", "after"])
def test_killed_in_any_state_it_starts_with_the_last_good_one(seat: Seat, moment: str) -> None:
    seat.hear(told(1, 2.0))
    settle(seat)
    seat.blind = moment != "after"
    if moment != "before":
        seat.hear(told(2, 9.0))
    if moment == "after":
        settle(seat)
    seat.die()
    seat.open()
    seat.desk.recover()
    good = seat.kept.good()
    assert good is not None
    assert good.fields.cameras["c-2-01"].fps == (9.0 if moment == "after" else 2.0)


def test_one_that_kills_it_is_given_up_by_itself(seat: Seat) -> None:
    seat.hear(told(1, 2.0))
    settle(seat)
    deadly = told(2, 9.0)
    for _ in range(4):  # the broker keeps it and gives it at every start
        seat.hear(deadly)
        seat.die()
        seat.open()
        seat.desk.recover()
    assert seat.kept.good() == seat.signer.sign(told_again(seat))
    assert [outcome for outcome, _ in seat.outcomes()] == ["applied", "rolled-back"]
    assert seat.desk.twin().version == 1


def told_again(seat: Seat) -> o.Config:
    """The last good one, as it came."""
    good = seat.kept.good()
    assert good is not None
    assert good.version == 1
    return good


def test_a_reason_stands_in_every_answer_that_is_no_yes(seat: Seat) -> None:
    seat.blind = True
    seat.hear(told(1, 2.0))
    settle(seat)
    seat.hear(told(2, 2.0, "c-9-9"))
    assert all(reply.reason for reply in seat.replies)
    assert [reply.version for reply in seat.replies] == [1, 2]
