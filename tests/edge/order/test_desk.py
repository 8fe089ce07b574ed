from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from edge import VERSION
from edge.order.desk import Unable
from edge.order.kept import REMEMBERED
from tests.edge.market import wait_for
from tests.edge.order.seat import SECOND, Seat, fresh
from tests.wire.orders import ARGS
from wire import order as o
from wire.message import Twin

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def seat(tmp_path: Path) -> Seat:
    return Seat(tmp_path)


def test_a_command_of_the_hub_is_carried_out_and_answered(seat: Seat) -> None:
    told = fresh(1)
    seat.hear(told)
    assert [done.id for done in seat.doer.done] == [told.id]
    assert [(reply.to, reply.outcome) for reply in seat.replies] == [(told.id, "done")]


def test_the_same_command_is_carried_out_and_answered_once_however_often_it_comes(seat: Seat) -> None:
    told = fresh(1)
    for _ in range(5):
        seat.hear(told)
    assert len(seat.doer.done) == len(seat.replies) == 1


def test_a_command_that_a_later_one_overtook_is_refused_and_never_carried_out(seat: Seat) -> None:
    early, late = fresh(1), fresh(2)
    seat.hear(late)
    for _ in range(3):
        seat.hear(early)
    assert [done.id for done in seat.doer.done] == [late.id]
    assert seat.outcomes() == [("done", None), ("refused", "a later command came before it")]


def test_a_command_that_comes_too_late_is_refused_once(seat: Seat) -> None:
    told = fresh(1)
    seat.now = told.expires + SECOND / 2
    seat.hear(told)
    seat.hear(told)
    assert seat.doer.done == []
    assert seat.outcomes() == [("refused", "it came 0.5 s too late")]


def test_a_clock_that_is_behind_cannot_be_used_to_keep_a_command_for_later(seat: Seat) -> None:
    seat.now = fresh(1).issued - timedelta(days=365)
    seat.hear(fresh(1))
    assert seat.doer.done == []
    assert "clock is 31536000 s behind" in str(seat.outcomes())


def test_a_clock_that_is_a_little_behind_does_no_harm(seat: Seat) -> None:
    seat.now = fresh(1).issued - 4 * SECOND
    seat.hear(fresh(1))
    assert len(seat.doer.done) == 1


@pytest.mark.parametrize("kind", ["unsigned", "other device", "changed", "not a message"])
def test_what_is_not_the_hubs_or_not_for_this_device_is_neither_done_nor_answered(
    seat: Seat, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(10):
            match kind:
                case "unsigned":
                    seat.hear(fresh(1), signed=False)
                case "other device":
                    seat.hear(fresh(1, target="edge-east"))
                case "changed":
                    signed = seat.signer.sign(fresh(1))
                    seat.hear(msgspec.structs.replace(signed, args=o.Restart()), signed=False)
                case _:
                    seat.desk.hear_command(b"\xff")
                    seat.desk.once(0.0)
    assert (seat.doer.done, seat.replies) == ([], [])
    assert seat.desk.counts.ignored == 10
    assert len(caplog.records) == 1, "whoever sends a thousand of them does not fill the log"


def test_what_cannot_be_done_is_refused_with_its_reason(seat: Seat) -> None:
    seat.doer.fault = Unable("c-2-01 gave no picture, it is lost")
    seat.hear(fresh(1))
    assert seat.outcomes() == [("refused", "c-2-01 gave no picture, it is lost")]


def test_over_what_it_stumbles_it_answers_too_and_goes_on(seat: Seat) -> None:
    seat.doer.fault = RuntimeError("a fault")
    with pytest.raises(RuntimeError):
        seat.hear(fresh(1))
    seat.doer.fault = None
    seat.hear(fresh(2))
    assert [outcome for outcome, _ in seat.outcomes()] == ["refused", "done"]


def test_it_ends_for_a_restart_only_after_the_answer_is_promised(seat: Seat) -> None:
    seen: list[int] = []

    def after(args: o.Args) -> None:
        assert args == o.Restart()
        seen.append(len(seat.replies))

    seat.doer.after = after  # type: ignore[method-assign]
    seat.hear(fresh(1, o.Restart()))
    assert seen == [1]


def test_what_was_begun_when_it_died_is_not_done_again_and_is_answered_at_the_next_start(seat: Seat) -> None:
    told = fresh(7)
    seat.kept.begin(told)
    seat.die()
    seat.open()
    seat.desk.recover()
    seat.hear(told)
    assert seat.doer.done == []
    assert seat.outcomes() == [("refused", "this device ended while it carried it out")]
    seat.die()
    seat.open()
    seat.desk.recover()
    assert len(seat.replies) == 1


def test_after_a_restart_it_still_knows_what_it_has_done(seat: Seat) -> None:
    told = fresh(7)
    seat.hear(told)
    seat.die()
    seat.open()
    seat.hear(told)
    seat.hear(fresh(6))
    assert [done.id for done in seat.doer.done] == [told.id]


def test_a_disk_that_takes_nothing_lets_nothing_be_done(seat: Seat) -> None:
    seat.kept._db.execute("PRAGMA query_only = ON")
    with pytest.raises(OSError, match=r"cannot be written|says"):
        seat.hear(fresh(1))
    assert (seat.doer.done, seat.replies) == ([], [])


def test_its_memory_of_ids_is_bounded_and_the_counter_is_not_forgotten(seat: Seat) -> None:
    first = fresh(1)
    seat.hear(first)
    for number in range(2, REMEMBERED + 20):
        seat.kept.begin(told := fresh(number))
        seat.kept.answered(told.id)
    rows = seat.kept._db.execute("SELECT COUNT(*) FROM command").fetchone()[0]
    assert rows <= REMEMBERED + 1
    seat.hear(first)
    assert len(seat.doer.done) == 1


def test_too_many_orders_at_once_are_dropped_and_counted(seat: Seat) -> None:
    for number in range(1, 101):
        seat.desk.hear_command(o.encode(seat.signer.sign(fresh(number))))
    assert seat.desk.counts.ignored == 36


def test_a_beat_tells_what_holds(seat: Seat) -> None:
    assert seat.desk.twin() == Twin(version=0, firmware=VERSION)


def test_its_thread_obeys_and_ends(seat: Seat) -> None:
    seat.desk.start()
    seat.desk.hear_command(o.encode(seat.signer.sign(fresh(1, ARGS[3]))))
    wait_for(lambda: seat.replies)
    assert seat.desk.stop()
    assert seat.outcomes() == [("done", None)]
