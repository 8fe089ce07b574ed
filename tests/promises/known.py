"""One of everything in the small market, and its ids where the OpenAPI asks for one."""

from __future__ import annotations

import copy
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.service import alert as alerts
from hub.service import care, grants, inbox
from hub.service import case as cases
from hub.service import order as orders
from hub.store.device import DeadLetter
from hub.store.evidence import Blob, Media
from hub.store.staff import Proposal
from tests.hub import town
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

STILL = "5" * 64


def fill(s: Session) -> dict[str, list[str]]:
    """Name of a parameter → ids of what was put in; nobody who asks is among the people."""
    manager, admin, desk = (town.actor(s, person) for person in ("zhou", "ji", "he"))
    made = [
        alerts.receive(s, MARKET, "edge-1", town.event(kind, camera=camera), NOON)
        for kind in ("intrusion", "crowd")
        for camera in ("c-3-1", "c-3-2")
    ]
    s.flush()
    told = cases.open(s, desk, cases.Report("theft", town.AISLE, 2, "包"), None, NOON)
    inbox.set_aside(s, [(MARKET, "edge-1", f"lf/v1/{MARKET}/edge-1/event", "a test", b"{}")] * 3, NOON)
    grants.propose(s, admin, "xin", "guard", f"{MARKET}/east", NOON)
    visit = care.begin(s, manager, "c-10", "闭店后看门锁", date(2026, 12, 22), NOON)
    order = orders.command(s, manager, "edge-1", {"op": "restart"}, NOON)
    s.add(Blob(sha256=STILL, size=4, type="image/jpeg", stored_at=NOON))
    s.flush()
    alert = made[0].id if made[0] else ""
    s.add(
        Media(
            id="a-still", market=MARKET, sha256=STILL, size=4, type="image/jpeg", role="still",
            camera="c-3-1", event="an-event", alert=alert, at=NOON,
        )
    )  # fmt: skip
    s.flush()
    return {
        "alert_id": [one.id for one in made if one],
        "case_id": [told.id],
        "media_id": ["a-still"],
        "camera_id": ["c-3-1", "c-3-3"],
        "camera": ["c-3-1", "c-3-3"],
        "device": ["edge-1", "edge-2"],
        "number": [order.id, "0201", "0217"],
        "letter": list(s.scalars(select(DeadLetter.id))),
        "person": ["xin", "li"],
        "person_id": ["xin", "li"],
        "grant": ["xin-volunteer"],
        "proposal": list(s.scalars(select(Proposal.id))),
        "market": [MARKET],
        "shop": ["c-10", "c-32"],
        "visit": [visit.id],
        "node": [MARKET, f"{MARKET}/east"],
        "action": ["video.live"],
        "sha256": [STILL],
    }


def enriched(described: Mapping[str, Any], known: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The OpenAPI with `known` ids as further values of the parameters of those names."""
    whole: dict[str, Any] = copy.deepcopy(dict(described))
    for methods in whole["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                if ids := known.get(parameter["name"]):
                    parameter["schema"] = {"anyOf": [{"enum": list(ids)}, parameter["schema"]]}
    return whole
