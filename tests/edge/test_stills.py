from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from edge.carrier import Carrier
from edge.stills import Stills
from tests.edge.door import Door, door
from tests.edge.market import DEVICE, KEY, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def hub() -> Iterator[Door]:
    with door() as one:
        yield one


def test_each_camera_shows_its_newest_picture_with_its_time(hub: Door) -> None:
    stills = Stills(Carrier(hub.hub, DEVICE, KEY))
    stills.show("c-1", 1_000_000.0, b"old")
    stills.show("c-1", 1_000_001.5, b"new")
    stills.show("c-2", 1_000_001.0, b"other")
    stills.once(0.0)
    stills.once(0.0)
    assert hub.stills == [
        ("c-1", "1970-01-12T13:46:41.500000+00:00", b"new"),
        ("c-2", "1970-01-12T13:46:41+00:00", b"other"),
    ]
    stills.stop()


def test_its_worker_goes_on_after_the_hub_was_away(hub: Door, caplog: pytest.LogCaptureFixture) -> None:
    hub.troubles = [503, "cut"]
    stills = Stills(Carrier(hub.hub, DEVICE, KEY))
    with caplog.at_level(logging.INFO):
        stills.start()
        for number in range(200):
            stills.show("c-1", float(number), b"picture")
            if hub.stills:
                break
            wait_for(lambda: not stills._newest)
    stills.stop()
    assert hub.stills
    assert caplog.text.count("trying again") == 1
