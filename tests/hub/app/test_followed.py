"""One name follows an event through the hub's log, from the broker to the pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.hub.app.running import Running
from tests.hub.gear.listener import Listener, eventually
from tests.hub.said import event
from wire.message import new_id

if TYPE_CHECKING:
    from pathlib import Path


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


@pytest.mark.long
def test_an_event_is_found_by_its_name_where_it_is_committed_shown_and_acted_on(tmp_path: Path) -> None:
    log, name, epoch = tmp_path / "data.log", new_id(), new_id()
    with Running(tmp_path / "data") as hub:
        key = (tmp_path / "data" / "keys" / "edge-west.key").read_text().strip()
        west = Listener(hub.mqtt_port, "edge-west", key)
        west.say("lf/v1/yunda/edge-west/event", event(epoch, 1, event=name))
        assert eventually(lambda: "on the pages" in log.read_text())
        (shown,) = (line for line in lines(log) if line["event"] == "on the pages")
        with hub.sign_in("monitor") as monitor:
            answer = monitor.post(
                f"/api/alerts/{shown['alert']}/confirm", headers={"X-Request-Id": "night-1"}
            )
        west.leave()
        hub.stop()
    (committed,) = (line for line in lines(log) if line["event"] == "committed")
    assert committed["events"] == [{"event_id": name, "device": "edge-west", "epoch": epoch, "seq": 1}]
    assert shown["event_id"] == name
    (acted,) = (line for line in lines(log) if line.get("request") == "night-1")
    assert (acted["event"], acted["of"], acted["status"]) == ("answered", {"alert_id": shown["alert"]}, 200)
    assert acted["who"]
    assert answer.headers["x-request-id"] == "night-1"
