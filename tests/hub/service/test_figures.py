from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.service import alert as alerts
from hub.service import inbox
from hub.service.figures import figures
from hub.store.device import DeadLetter, Device
from tests.hub.town import MARKET, NOON, event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def test_a_quiet_market_is_counted_with_every_severity_and_stage(s: Session) -> None:
    found = figures(s, MARKET, NOON)
    assert found.alerts == {0: 0, 1: 0, 2: 0, 3: 0}
    assert set(found.cases.values()) == {0}
    assert (found.cameras, found.letters) == ({"live": 3}, 0)
    assert {device.id: device.silent_s for device in found.devices} == {"edge-1": None, "edge-2": None}


def test_open_alerts_letters_and_silent_devices_are_counted(s: Session) -> None:
    for zone in ("a", "b"):
        alerts.receive(s, MARKET, "edge-1", event("intrusion", zone=zone), NOON)
    inbox.set_aside(s, [(MARKET, "edge-1", "lf/v1/x", "no reason", b"?")] * 2, NOON)
    letter, _ = s.scalars(select(DeadLetter)).all()
    letter.state = "dropped"
    device = s.get_one(Device, "edge-1")
    device.queued, device.seen_at = 7, NOON - timedelta(seconds=90)
    s.flush()
    found = figures(s, MARKET, NOON)
    assert sum(found.alerts.values()) == 2
    assert found.letters == 1
    (west,) = (one for one in found.devices if one.id == "edge-1")
    assert west.queued == 7
    assert west.silent_s == 90.0


def test_another_markets_figures_are_not_ours(s: Session) -> None:
    alerts.receive(s, MARKET, "edge-1", event(), NOON)
    found = figures(s, "elsewhere", NOON)
    assert sum(found.alerts.values()) == 0
    assert found.devices == ()
