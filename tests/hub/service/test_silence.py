"""Silences have an owner, a reason and an end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core.refuse import Refused
from hub.service import silence, supervise
from hub.store.evidence import Line
from hub.store.supervise import Notice
from tests.hub.service.steps import seen
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HOUR = timedelta(hours=1)


def quiet(
    s: Session, person: str = "qin", kind: str | None = "crowd", hours: float = 1, reason: str = "刷漆"
) -> None:
    silence.silence(s, actor(s, person), "c-3-1", kind, reason, NOON + hours * HOUR, NOON)
    s.flush()


def told(s: Session) -> int:
    supervise.due(s, NOON + HOUR / 2)
    return len(s.scalars(select(Notice)).all())


def test_a_silence_is_written_down_with_its_owner_and_reason(s: Session) -> None:
    quiet(s)
    held = silence.holding(s, MARKET, NOON)
    assert [(one.owner, one.kind, one.camera) for one in held] == [("qin", "crowd", "c-3-1")]
    line = s.scalars(select(Line).where(Line.act == "silence")).one()
    assert (line.actor, line.public["silenced"]) == ("qin", "c-3-1")
    assert line.commitment is not None
    assert silence.holding(s, MARKET, NOON + HOUR) == []


def test_a_silence_holds_for_its_camera_and_kind(s: Session) -> None:
    quiet(s)
    seen(s, "crowd")
    assert told(s) == 0
    seen(s, "crowd", camera="c-3-2")
    assert told(s) > 0


def test_a_silence_never_covers_an_urgent_alert(s: Session) -> None:
    quiet(s, kind=None)
    seen(s, "fire", trust="high")
    assert told(s) > 0


@pytest.mark.parametrize(
    ("hours", "reason", "kind"), [(0, "x", None), (13, "x", None), (1, " ", None), (1, "x", "ufo")]
)
def test_a_silence_without_end_or_reason_is_refused(
    s: Session, hours: float, reason: str, kind: str | None
) -> None:
    with pytest.raises(Refused) as caught:
        quiet(s, hours=hours, reason=reason, kind=kind)
    assert caught.value.kind == "input"


def test_a_monitor_does_not_silence(s: Session) -> None:
    with pytest.raises(Refused) as caught:
        quiet(s, "lin")
    assert caught.value.kind == "right"
