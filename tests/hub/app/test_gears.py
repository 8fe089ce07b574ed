"""The whole hub on each gear, and a second process beside the one that hears."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.hub.app.running import ROOT, Running
from tests.hub.gear.listener import Listener, eventually
from tests.hub.said import event
from wire.message import new_id

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long


@pytest.mark.parametrize("gear", ["mqtt", "jetstream"])
def test_what_a_device_says_is_on_the_wall_whichever_gear_carries_it(tmp_path: Path, gear: str) -> None:
    data = tmp_path / "data"
    with Running(data, LIANFANG_GEAR=gear) as hub, hub.sign_in("monitor") as monitor:
        key = (data / "keys" / "edge-west.key").read_text().strip()
        west = Listener(hub.mqtt_port, "edge-west", key)
        assert west.may_hear("lf/v1/yunda/edge-west/receipt")
        assert west.may_hear("lf/v1/yunda/hub/receipt")
        west.say("lf/v1/yunda/edge-west/event", event(new_id(), 1))
        assert eventually(lambda: len(monitor.get("/api/wall").json()["alerts"]) == 1)
        heard = {topic for topic, _ in west.heard}
        assert eventually(lambda: "lf/v1/yunda/edge-west/receipt" in heard | {t for t, _ in west.heard})
        assert eventually(lambda: "lf/v1/yunda/hub/receipt" in {t for t, _ in west.heard}), "no pulse"
        west.leave()
        assert hub.stop()[0] == 0


def test_a_second_process_leaves_the_first_its_broker_and_says_that_it_waits(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Running(data) as first:
        second = subprocess.Popen(
            [sys.executable, "-m", "hub", "ingest", "--data", str(data), "--port", "0", "--mqtt-port", "0"],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert second.stderr
        said = ""
        while "waits until that one ends" not in said:
            line = second.stderr.readline()
            assert line, said
            said += line
        with first.sign_in("monitor") as monitor:
            assert monitor.get("/api/health").json()["broker"]
        second.terminate()
        second.communicate(timeout=60)
        assert first.stop()[0] == 0
