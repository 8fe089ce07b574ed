from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core.lease import EACH
from hub.core.policy import Grant, Role
from hub.core.refuse import Refused
from hub.service import camera, turning
from hub.service import order as orders
from hub.service.turning import Wish
from hub.store.order import Command
from hub.store.turning import Turning
from tests.hub.service.order.said import answer, lines
from tests.hub.town import MARKET, NOON, actor
from wire import order as wire
from wire.message import Beat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session, sessionmaker

SECOND = timedelta(seconds=1)
LANE = Wish("goto", "lane")


def told(s: Session, **turns: tuple[str, ...]) -> None:
    named = {name.replace("_", "-"): presets for name, presets in turns.items()}
    body = Beat(uptime_s=1, rss_mb=1, queued=0, dropped=0, turns=named)
    camera.health(s, MARKET, "edge-1", body, NOON)
    s.flush()


@pytest.fixture
def s(store: sessionmaker[Session]) -> Iterator[Session]:
    with store() as session:
        told(session, c_3_1=("gate", "lane"))
        yield session


def commands(s: Session) -> list[Command]:
    s.flush()
    return list(s.scalars(select(Command).order_by(Command.counter)))


def test_an_edge_tells_which_of_its_own_cameras_can_be_turned(s: Session) -> None:
    told(s, c_3_1=("gate",), c_3_3=("gate",), c_9_9=("gate",))
    assert {row.camera: row.presets for row in s.scalars(select(Turning))} == {"c-3-1": ["gate"]}
    told(s)
    assert turning.shown(s, actor(s, "lin"), "c-3-1", NOON)["presets"] == ["gate"]


def test_whoever_turns_a_camera_has_it_and_the_ledger_says_so(s: Session) -> None:
    turning.steer(s, actor(s, "lin"), "c-3-1", LANE, NOON)
    (made,) = commands(s)
    args = wire.build_args({"op": made.op, **made.args} if "op" not in made.args else made.args)
    assert isinstance(args, wire.Goto)
    assert (made.device, args.preset, args.until) == ("edge-1", "lane", NOON + EACH)
    assert [act for act, _ in lines(s)] == ["camera.take", "device.command"]
    shown = turning.shown(s, actor(s, "qin"), "c-3-1", NOON + SECOND)
    assert (shown["preset"], shown["held"]["by"]["zh"], shown["held"]["mine"]) == ("lane", "林晓", False)


def test_what_is_ordered_can_be_sent_and_a_device_reads_it(s: Session) -> None:
    turning.steer(s, actor(s, "lin"), "c-3-1", Wish("move", pan=0.5), NOON)
    s.flush()
    ((_, sent),) = orders.due(s, NOON)
    assert isinstance(sent, wire.Command)
    args = wire.decode_command(wire.encode(sent)).args
    assert isinstance(args, wire.Move)
    assert args.pan == 0.5


def test_an_equal_waits_and_a_higher_rank_takes_it_over_with_a_line_of_the_ledger(s: Session) -> None:
    first = turning.steer(s, actor(s, "qin"), "c-3-1", LANE, NOON).lease
    with pytest.raises(Refused, match="Somebody else has this camera"):
        turning.steer(s, actor(s, "lin"), "c-3-1", LANE, NOON + SECOND)
    second = turning.steer(s, actor(s, "zhou"), "c-3-1", Wish("goto", "gate"), NOON + SECOND).lease
    assert first != second
    taken = [public for act, public in lines(s) if act == "camera.take"]
    assert [public["from"] for public in taken] == [None, "qin"]
    with pytest.raises(Refused, match="Somebody else"):
        turning.steer(s, actor(s, "qin"), "c-3-1", LANE, NOON + 2 * SECOND)
    with pytest.raises(Refused, match="not yours to let go"):
        turning.steer(s, actor(s, "qin"), "c-3-1", Wish("end"), NOON + 2 * SECOND)


@pytest.mark.parametrize("order", [1, -1])
def test_whoever_has_two_roles_turns_a_camera_by_the_higher(s: Session, order: int) -> None:
    both = (Grant(Role.MONITOR, MARKET), Grant(Role.MANAGER, MARKET))
    turning.steer(s, actor(s, "qin"), "c-3-1", LANE, NOON)
    one = replace(actor(s, "zhou"), grants=both[::order])
    assert turning.steer(s, one, "c-3-1", LANE, NOON + SECOND).role == Role.MANAGER


def test_a_higher_role_counts_only_where_it_reaches(s: Session) -> None:
    held = (Grant(Role.MONITOR, MARKET), Grant(Role.MANAGER, f"{MARKET}/west"))
    turning.steer(s, actor(s, "qin"), "c-3-1", LANE, NOON)
    with pytest.raises(Refused, match="Somebody else has this camera"):
        turning.steer(s, replace(actor(s, "zhou"), grants=held), "c-3-1", LANE, NOON + SECOND)


def test_let_go_it_is_anybodys_and_its_edge_brings_it_home(s: Session) -> None:
    row = turning.steer(s, actor(s, "zhou"), "c-3-1", LANE, NOON)
    turning.steer(s, actor(s, "zhou"), "c-3-1", Wish("end"), NOON + SECOND)
    assert commands(s)[-1].args["lease"] == row.lease
    assert turning.shown(s, actor(s, "lin"), "c-3-1", NOON + 2 * SECOND)["held"] is None
    turning.steer(s, actor(s, "lin"), "c-3-1", LANE, NOON + 2 * SECOND)
    assert [act for act, _ in lines(s)].count("camera.take") == 2


def test_why_its_edge_did_not_turn_it_is_shown_to_whoever_has_it(s: Session) -> None:
    turning.steer(s, actor(s, "lin"), "c-3-1", LANE, NOON)
    (made,) = commands(s)
    assert turning.shown(s, actor(s, "lin"), "c-3-1", NOON)["trouble"] is None
    answer(s, made.id, "refused", "c-3-1 has masks")
    s.flush()
    assert turning.shown(s, actor(s, "lin"), "c-3-1", NOON)["trouble"] == "c-3-1 has masks"
    turning.steer(s, actor(s, "lin"), "c-3-1", LANE, NOON + SECOND)
    s.flush()
    assert turning.shown(s, actor(s, "lin"), "c-3-1", NOON + SECOND)["trouble"] is None


def test_a_lease_that_is_over_is_nobodys(s: Session) -> None:
    turning.steer(s, actor(s, "zhou"), "c-3-1", LANE, NOON)
    shown = turning.shown(s, actor(s, "lin"), "c-3-1", NOON + EACH)
    assert (shown["held"], shown["preset"]) == (None, "gate")


@pytest.mark.parametrize(
    ("person", "name", "wish", "code"),
    [
        ("lin", "c-3-1", Wish("goto", "roof"), "turning.preset"),
        ("lin", "c-3-1", Wish("goto"), "turning.preset"),
        ("lin", "c-3-2", LANE, "turning.none"),
        ("lin", "c-9-9", LANE, "camera.none"),
        ("lin", "c-3-1", Wish("end"), "lease.none"),
        ("he", "c-3-1", LANE, "right.denied"),
        ("ji", "c-3-1", LANE, "right.denied"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_ordered(
    s: Session, person: str, name: str, wish: Wish, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        turning.steer(s, actor(s, person), name, wish, NOON)
    assert refused.value.code == code
    assert commands(s) == []


def test_nobody_turns_a_camera_past_whoever_has_it(s: Session) -> None:
    row = turning.steer(s, actor(s, "lin"), "c-3-1", LANE, NOON)
    until = (NOON + SECOND).isoformat()
    given = {"op": "ptz.goto", "camera": "c-3-1", "lease": row.lease, "preset": "gate", "until": until}
    with pytest.raises(Refused, match="by whoever has it"):
        orders.command(s, actor(s, "zhou"), "edge-1", given, NOON)
