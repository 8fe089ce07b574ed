"""The routes of turns: of each place one turn, one swap, one leave, one closed day and one rotation."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from hub.store.turn import ClosedDay, Leave, Rotation, Swap, Turn
from tests.hub.api.cells import One, at, says
from tests.hub.town import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.hub.api.world import Spot4

DAY = timedelta(days=1)
TODAY = NOON.date()
TURN, SWAP, LEAVE = "/api/turns/turn-{tag}", "/api/swaps/swap-{tag}", "/api/turns/leave/leave-{tag}"
ROTATION = "/api/rotations/rotation-{tag}"
SPAN = {"first": "2026-12-01", "last": "2026-12-28"}
HOURS = {"begins": time(8), "confirm_by": time(8, 30), "enter_by": time(10), "opening_by": time(9)}
HOURS |= {"noon_by": time(13), "ends": time(18)}


def fill(s: Session, one: Spot4) -> None:
    """One of each at a place."""
    tag, market = one.tag, one.market
    s.add(
        Turn(
            id=f"turn-{tag}",
            market=market,
            group=f"g-{tag}",
            day=TODAY,
            shop=f"shop-{tag}",
            changed_at=NOON,
        )
    )
    s.flush()
    asked = {"asked_by": f"shop-{tag}", "asked_at": NOON, "state": "asked"}
    s.add(
        Swap(
            id=f"swap-{tag}",
            market=market,
            kind="turn",
            given=f"turn-{tag}",
            asker=f"shop-{tag}",
            asked="c-12",
            day=TODAY,
            **asked,
        )
    )
    span = {"first": TODAY + 2 * DAY, "last": TODAY + 3 * DAY}
    s.add(
        Leave(id=f"leave-{tag}", market=market, shop=f"shop-{tag}", kind="leave", reason="", **span, **asked)
    )
    s.add(
        ClosedDay(
            id=f"closed-{tag}", market=market, group=f"g-{tag}", day=TODAY + 9 * DAY, reason="", made_at=NOON
        )
    )
    s.add(
        Rotation(
            id=f"rotation-{tag}",
            market=market,
            number=f"20261122-{one.number:04}",
            node=one.node,
            first=TODAY + 9 * DAY,
            last=TODAY + 36 * DAY,
            state="draft",
            seconds=5.0,
            job=None,
            made=[],
            figures={},
            made_at=NOON,
        )
    )


def act(route: str, action: str, path: str, **body: object) -> One:
    """A POST to one thing."""
    return One("POST", route, action, at(path), says(**body))


ONES = [
    One("GET", "/api/turns/{one}/partners", "duty.see", at(f"{TURN}/partners")),
    act("/api/turns/{one}/confirm", "duty.swap", f"{TURN}/confirm"),
    act("/api/turns/{one}/checks", "duty.swap", f"{TURN}/checks", item="opening"),
    act("/api/turns/{one}/swaps", "duty.swap", f"{TURN}/swaps", shop="shop-{tag}"),
    act("/api/turns/{one}/help", "duty.swap", f"{TURN}/help"),
    act("/api/swaps/{one}/agree", "duty.swap", f"{SWAP}/agree"),
    act("/api/swaps/{one}/refuse", "duty.swap", f"{SWAP}/refuse"),
    act("/api/swaps/{one}/withdraw", "duty.swap", f"{SWAP}/withdraw"),
    act("/api/turns/leave", "duty.swap", "/api/turns/leave", shop="shop-{tag}", **SPAN),
    act("/api/turns/leave/{one}/withdraw", "duty.swap", f"{LEAVE}/withdraw"),
    act("/api/turns/leave/{one}/grant", "duty.approve", f"{LEAVE}/grant"),
    act("/api/turns/leave/{one}/refuse", "duty.approve", f"{LEAVE}/refuse"),
    act("/api/rotations", "duty.change", "/api/rotations", node="{node}", **SPAN),
    One("GET", "/api/rotations/{one}", "duty.see", at(ROTATION)),
    One("GET", "/api/rotations/{one}/job", "duty.see", at(f"{ROTATION}/job")),
    act("/api/rotations/{one}/job", "duty.change", f"{ROTATION}/job"),
    One("DELETE", "/api/rotations/{one}/job", "duty.change", at(f"{ROTATION}/job")),
    act("/api/rotations/{one}/publish", "duty.approve", f"{ROTATION}/publish"),
    One("DELETE", "/api/rotations/{one}", "duty.change", at(ROTATION)),
    One("GET", "/api/groups/{one}/turns", "duty.see", at("/api/groups/g-{tag}/turns")),
    act("/api/closed-days", "duty.change", "/api/closed-days", group="g-{tag}", day="2026-12-24"),
    One("DELETE", "/api/closed-days/{one}", "duty.change", at("/api/closed-days/closed-{tag}")),
    One(
        "PUT",
        "/api/turns/hours",
        "duty.change",
        at("/api/turns/hours"),
        says(**{name: f"{value:%H:%M}" for name, value in HOURS.items()}),
        whole=True,
    ),
]
LISTS = {
    "/api/rotations": ("duty.see", "rotation-{tag}", False),
    "/api/turns/leave": ("duty.see", "leave-{tag}", False),
    "/api/turns/overview": ("duty.see", '"g-{tag}"', False),
}
ELSEWHERE = {
    ("GET", "/api/turns/today"): "the own day; test_turns",
    ("GET", "/api/turns/hours"): "the market's hours, which is everybody's who has turns; test_turns",
    ("GET", "/api/me/calendars"): "the own; test_calendar",
    ("POST", "/api/me/calendars"): "the own; test_calendar",
    ("DELETE", "/api/me/calendars/{one}"): "the own; test_calendar",
}
