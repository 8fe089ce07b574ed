"""A siren sounds for what its owner named."""

from __future__ import annotations

import pytest

from hub.core.notice import Letter
from hub.core.refuse import Refused
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


FIRE = Letter("1", 0, "明火", "Flames", kind="fire")


def away(device: str) -> None:
    raise Refused("missing", "device.none", f"There is no device {device}.", "没有设备。")


def busy(device: str) -> None:
    raise Refused("state", "device.busy", f"{device} has too much to answer.", "待答过多。")


def test_a_siren_that_is_gone_keeps_no_other_silent_and_none_sounds_again() -> None:
    sounded: list[str] = []

    def order(device: str) -> None:
        if device == "edge-2":
            away(device)
        sounded.append(device)

    Siren(Template("", devices=("edge-1", "edge-2", "edge-3")), order).send("", FIRE)
    assert sounded == ["edge-1", "edge-3"]


def test_a_relay_that_does_not_answer_is_no_reason_to_sound_the_others_again() -> None:
    sounded: list[str] = []
    with Catcher(status=500) as catcher:
        Siren(Template(f"{catcher.url}/relay", devices=("edge-1",)), sounded.append).send("", FIRE)
    assert sounded == ["edge-1"]


def test_where_none_sounds_it_is_tried_again_unless_there_is_none() -> None:
    for order, gone in ((away, True), (busy, False)):
        with pytest.raises(UndeliveredError) as caught:
            Siren(Template("", devices=("edge-1", "edge-2")), order).send("", FIRE)
        assert caught.value.gone is gone
