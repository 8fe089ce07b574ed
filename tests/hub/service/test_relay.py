"""Who may see which camera live, and what an edge is told for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core.policy import Role, Target, allowed
from hub.core.session import Kind
from hub.service import relay
from hub.service.session import living
from hub.service.session.living import Wanted
from hub.store.camera import Camera
from hub.store.device import Device
from hub.store.evidence import Line
from hub.store.order import Command
from tests.hub.town import MARKET, NOON, PEOPLE, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NODES = {"c-3-1": f"{MARKET}/east", "c-3-2": f"{MARKET}/east", "c-3-3": f"{MARKET}/west"}


@pytest.fixture(autouse=True)
def online(s: Session) -> None:
    s.get_one(Device, "edge-1").online = True


@pytest.mark.parametrize(("person", "role"), [(person, role) for person, _, _, role, _ in PEOPLE])
def test_every_role_sees_live_what_the_table_says_and_nothing_else(
    s: Session, person: str, role: Role
) -> None:
    who = actor(s, person)
    seen, refused = relay.look(s, who, NODES)
    may = {camera for camera, node in NODES.items() if allowed(who, "video.live", Target(node)).allowed}
    assert {one.camera for one in seen} == may, role
    assert refused.keys() == NODES.keys() - may
    assert all(no.code == "right.denied" and no.zh for no in refused.values())


def test_a_camera_of_another_market_is_none(s: Session) -> None:
    s.get_one(Camera, "c-3-1").market = "elsewhere"
    with s.no_autoflush:
        seen, refused = relay.look(s, actor(s, "lin"), ["c-3-1", "c-9-9"])
    assert not seen
    assert {name: no.code for name, no in refused.items()} == {
        "c-3-1": "camera.none",
        "c-9-9": "camera.none",
    }
    s.rollback()


def test_an_edge_that_is_away_or_shut_out_is_told_nothing(s: Session) -> None:
    for change in ({"online": False}, {"online": True, "status": "revoked"}):
        for name, value in change.items():
            setattr(s.get_one(Device, "edge-1"), name, value)
        seen, _ = relay.look(s, actor(s, "lin"), ["c-3-1"])
        assert [one.device for one in seen] == [None]
        assert relay.order(s, actor(s, "lin"), "", [(seen[0], False)], NOON) == 0


def test_an_order_names_the_stream_and_stands_in_the_ledger(s: Session) -> None:
    who = actor(s, "lin")
    seen, _ = relay.look(s, who, ["c-3-1", "c-3-2"])
    assert relay.order(s, who, "", [(seen[0], False), (seen[1], True)], NOON) == 2
    rows = s.scalars(select(Command).order_by(Command.counter)).all()
    assert [(row.op, row.args["camera"], row.args["packets"], row.made_by) for row in rows] == [
        ("relay.start", "c-3-1", "sub", "lin"),
        ("relay.start", "c-3-2", "main", "lin"),
    ]
    lines = s.scalars(select(Line).where(Line.act == "device.command")).all()
    assert [line.public["camera"] for line in lines] == ["c-3-1", "c-3-2"]


def test_whoever_set_up_a_walls_screen_answers_for_what_it_orders(s: Session) -> None:
    made = living.begin(s, actor(s, "zhou"), NOON, Wanted(Kind.DISPLAY, label="wall", node=MARKET))
    s.flush()
    found = living.find(s, made.token, NOON)
    assert found is not None
    seen, _ = relay.look(s, found.actor, ["c-3-1"])
    assert relay.order(s, found.actor, found.id, [(seen[0], True)], NOON) == 1
    assert s.scalars(select(Command.made_by)).all() == ["zhou"]
