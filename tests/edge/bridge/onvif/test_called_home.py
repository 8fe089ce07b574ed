"""Masks hide the right places at home only: a camera that somebody has is taken from him for them."""

from __future__ import annotations

import time

from edge.camera.pace import LATEST
from tests.edge.bridge.onvif.soap import soap
from tests.edge.bridge.onvif.test_turn import LONG, goto, places, turner
from tests.edge.market import wait_for
from wire.message import new_id


def test_a_camera_that_is_called_home_goes_there_though_somebody_has_it() -> None:
    with soap() as told, turner(told) as one:
        one.do(goto(new_id()), LONG, masked=False)
        assert one.is_away("c-1-01")
        one.home("c-1-01")
        wait_for(lambda: not one.is_away("c-1-01"))
        assert places(told) == ["2", "1"]


def test_a_camera_over_which_it_stumbles_is_not_asked_again_at_once() -> None:
    with soap() as told, turner(told) as one:
        mount, stumbled = one._mounts["c-1-01"], []

        async def stumble(_mount: object) -> None:
            stumbled.append(mount.next_try)
            raise RuntimeError("of its own")

        one._home = stumble  # type: ignore[method-assign,assignment]
        one.do(goto(new_id()), LONG, masked=False)
        one.home("c-1-01")
        wait_for(lambda: mount.next_try > 0.0)
        assert stumbled == [0.0]
        assert mount.next_try > time.monotonic() + LATEST / 2
