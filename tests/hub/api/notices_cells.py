"""The routes of silences, and those of one's own notices, channels and calls for help."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hub.store.supervise import Silence
from tests.hub.api.cells import One, at, says
from tests.hub.town import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.hub.api.world import Spot4

SILENCE = "5000000{n}-0000-7000-8000-00000000000{n}"
UNTIL = NOON + timedelta(hours=1)


def fill(s: Session, one: Spot4) -> None:
    """A silence of the place's camera."""
    s.add(
        Silence(
            id=SILENCE.format(n=one.number),
            market=one.market,
            owner=f"guard-{one.tag}",
            reason="刷漆",
            kind="crowd",
            camera=f"camera-{one.tag}",
            begins=NOON,
            ends=UNTIL,
        )
    )
    s.flush()


ONES = [
    One(
        "POST",
        "/api/silences",
        "silence",
        at("/api/silences"),
        says(camera="camera-{tag}", reason="刷漆", until=UNTIL.isoformat()),
    ),
    One("DELETE", "/api/silences/{silence}", "silence", at(f"/api/silences/{SILENCE}")),
]
LISTS = {"/api/silences": ("silence", SILENCE, False)}
ELSEWHERE = {
    **dict.fromkeys(
        (
            ("GET", "/api/notices"),
            ("POST", "/api/notices/{notice}/read"),
            ("GET", "/api/push"),
            ("GET", "/api/me/channels"),
            ("POST", "/api/me/channels"),
            ("POST", "/api/me/channels/{channel}/code"),
            ("POST", "/api/me/channels/{channel}/verify"),
            ("POST", "/api/me/channels/{channel}/test"),
            ("DELETE", "/api/me/channels/{channel}"),
            ("PUT", "/api/me/quiet"),
        ),
        "the person's own; test_notices",
    ),
    **dict.fromkeys(
        (
            ("GET", "/api/sos"),
            ("POST", "/api/sos"),
            ("GET", "/api/sos/{call}"),
            ("POST", "/api/sos/{call}/position"),
        ),
        "the person's own call; test_sos",
    ),
}
