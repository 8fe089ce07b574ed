"""The hub itself has a siren sound: once, in time, on a device of the market, and the ledger says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core.refuse import Refused
from hub.service import order as orders
from hub.store.device import Device
from hub.store.evidence import Line
from tests.hub.town import MARKET, NOON
from wire.order import LIFE

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def test_a_siren_is_ordered_by_nobody_but_the_hub(s: Session) -> None:
    made = orders.siren(s, MARKET, "edge-1", 30.0, NOON)
    s.flush()
    assert (made.args, made.made_by) == ({"op": "siren", "seconds": 30.0}, None)
    assert made.expires_at == NOON + LIFE
    line = s.scalars(select(Line).where(Line.act == "device.command")).one()
    assert (line.role, line.public["op"], line.public["device"]) == ("system", "siren", "edge-1")


@pytest.mark.parametrize("device", ["edge-9", "edge-2"])
def test_a_device_that_is_not_at_work_is_refused_with_where_to_look(s: Session, device: str) -> None:
    s.get_one(Device, "edge-2").status = "revoked"
    with pytest.raises(Refused, match=r"\[siren\]"):
        orders.siren(s, MARKET, device, 30.0, NOON)
