"""A siren sounds for what its owner named."""

from __future__ import annotations

import pytest

from hub.core.notice import Letter
from hub.gear.notify.gateway import Template
from hub.gear.notify.siren import Siren
from hub.ports import UndeliveredError
from tests.hub.gear.notify.catcher import Catcher


def test_the_relay_is_switched_for_a_fire_and_not_for_a_call_that_should_stay_quiet() -> None:
    sounded: list[str] = []
    with Catcher() as catcher:
        siren = Siren(Template(f"{catcher.url}/relay/1?seconds=30", devices=("edge-1",)), sounded.append)
        siren.send("", Letter("1", 0, "明火", "Flames", kind="fire"))
        with pytest.raises(UndeliveredError):
            siren.send("", Letter("2", 0, "紧急求救", "Panic button", kind="panic"))
    assert [asked.path for asked in catcher.asked] == ["/relay/1?seconds=30"]
    assert sounded == ["edge-1"]
