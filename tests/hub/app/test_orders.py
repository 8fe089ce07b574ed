"""The whole way of an order: a person's click, the hub as a process, the broker, a real edge, and back."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from edge.agent import Agent
from edge.camera.source import Source
from edge.config import CameraConfig, DetectorConfig, EdgeConfig, HubConfig
from tests.edge.scene import Pointer, StillEye, frame
from tests.hub.app.running import Running
from tests.hub.gear.listener import eventually

pytestmark = pytest.mark.long

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from edge.camera.clip import Clip
    from edge.camera.frame import Frame


class Filming(StillEye):
    """A camera of which there is always a new picture; told to give 25 a second, it goes dark."""

    def next(self, timeout: float) -> Frame | None:  # noqa: ARG002 - a new one each time
        time.sleep(0.02)
        return frame(time.time()) if self.state.state == "live" else None

    def clip(self, begin: float, end: float, path: Path) -> Clip:
        made = super().clip(begin, end, path)
        film = b"\x00\x00\x00\x18ftypisom" + made.path.read_bytes()
        made.path.write_bytes(film)
        return replace(made, size=len(film), sha256=hashlib.sha256(film).hexdigest())


def eye(camera: CameraConfig, clips: Path) -> StillEye:
    made = Filming(camera.id, clips)
    if camera.fps > 20:
        made.state = Source(camera.id, "none", spool=clips).health()
    return made


@pytest.fixture(scope="module", params=["mqtt", "jetstream"])
def hub(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(tmp_path_factory.mktemp("hub") / "data", LIANFANG_GEAR=request.param) as one:
        yield one


@pytest.fixture(scope="module")
def edge(hub: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    keys = hub.data / "keys"
    config = EdgeConfig(
        device="edge-west",
        market="yunda",
        hub=HubConfig(
            hub.ready["mqtt"], hub.ready["url"], str(keys / "edge-west.key"), None, str(keys / "orders.pub")
        ),
        data=str(tmp_path_factory.mktemp("edge")),
        detector=DetectorConfig(model="none.onnx"),
        cameras=(CameraConfig(id="c-2-01", url=0, post_roll=0), CameraConfig(id="c-1-08", url=1)),
    )
    key = (keys / "edge-west.key").read_text().strip()
    agent = Agent(config, key, Pointer(), open_eye=eye)
    thread = threading.Thread(target=agent.turns.run)
    agent.start()
    thread.start()
    yield agent
    agent.turns.end()
    thread.join()
    agent.stop()


@pytest.fixture(scope="module")
def manager(hub: Running, edge: Agent) -> Iterator[httpx2.Client]:  # noqa: ARG001 - it is there
    with hub.sign_in("manager") as client:
        assert eventually(lambda: device(client)["reported"])
        yield client


def device(client: httpx2.Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/devices/edge-west").json()
    return found


def order(client: httpx2.Client, **given: object) -> dict[str, Any]:
    """The command once it is over."""
    made = client.post("/api/devices/edge-west/commands", json=given)
    assert made.status_code == 202, made.text
    where = f"/api/devices/edge-west/commands/{made.json()['id']}"
    assert eventually(lambda: client.get(where).json()["state"] not in {"queued", "sent"})
    over: dict[str, Any] = client.get(where).json()
    return over


def shown_at(client: httpx2.Client) -> str:
    """The moment of the newest still; empty where there is none."""
    cameras = client.get("/api/wall").json()["cameras"]
    return next(camera["still_at"] or "" for camera in cameras if camera["id"] == "c-2-01")


def configure(client: httpx2.Client, fields: dict[str, Any]) -> dict[str, Any]:
    where = "/api/devices/edge-west/config"
    headers = {"If-Match": client.get(where).headers["ETag"]}
    assert client.put(where, json=fields, headers=headers).status_code == 200
    assert eventually(lambda: device(client)["desired"]["state"] not in {"queued", "sent"})
    return device(client)


def test_a_still_that_is_ordered_is_there_when_the_order_is_done(manager: httpx2.Client) -> None:
    assert eventually(lambda: shown_at(manager))
    before = shown_at(manager)
    assert order(manager, op="still", camera="c-2-01")["state"] == "done"
    assert shown_at(manager) > before


def test_a_clip_that_is_ordered_can_be_played(manager: httpx2.Client) -> None:
    over = order(manager, op="clip", camera="c-2-01", seconds=3)
    assert over["state"] == "done"
    where = f"/api/devices/edge-west/commands/{over['id']}"
    assert eventually(lambda: manager.get(where).json()["media"])
    (media,) = manager.get(where).json()["media"]
    assert eventually(lambda: manager.get(f"/api/media/{media}").status_code == 200)
    assert b"ftyp" in manager.get(f"/api/media/{media}").content


def test_a_test_alarm_stands_on_the_wall_as_a_drill(manager: httpx2.Client) -> None:
    assert order(manager, op="test-alarm", camera="c-2-01")["state"] == "done"

    def drills() -> list[dict[str, Any]]:
        return [one for one in manager.get("/api/alerts?state=all").json() if one["reason"] == "test alarm"]

    assert eventually(drills)
    assert [(one["camera"], one["kind"], one["drill"]) for one in drills()] == [("c-2-01", "intrusion", True)]


def test_a_configuration_takes_hold_and_a_bad_one_returns_by_itself(
    manager: httpx2.Client, edge: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = configure(manager, {"cameras": {"c-2-01": {"fps": 2}}})
    assert good["desired"]["state"] == "applied"
    assert edge.watches[0].camera.fps == 2.0
    assert edge.orders.desk is not None
    monkeypatch.setattr(edge.orders.desk._trial, "_live_within", 1.0)
    bad = configure(manager, {"cameras": {"c-2-01": {"fps": 25}}})
    assert (bad["desired"]["state"], bad["desired"]["reason"]) == (
        "rolled-back",
        "c-2-01 did not come back within 1 s",
    )
    assert eventually(lambda: edge.watches[0].camera.fps == 2.0)
    edge.link.beat_soon()
    assert eventually(lambda: device(manager)["reported"]["version"] == 1)


def test_a_command_to_a_device_that_is_away_is_tried_again_and_never_done(
    manager: httpx2.Client,
) -> None:
    made = manager.post("/api/devices/edge-east/commands", json={"op": "restart"}).json()
    where = f"/api/devices/edge-east/commands/{made['id']}"
    assert eventually(lambda: manager.get(where).json()["tries"] >= 2)
    assert manager.get(where).json()["state"] == "sent"


def test_the_key_is_its_owners_alone_and_its_public_half_is_shown(hub: Running) -> None:
    key = hub.data / "keys" / "orders.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    public = (hub.data / "keys" / "orders.pub").read_bytes()
    assert b"PUBLIC KEY" in public
    device = ("edge-east", (hub.data / "keys" / "edge-east.key").read_text().strip())
    asked = httpx2.get(f"{hub.ready['url']}/edge/v1/orders-key", auth=device)
    assert (asked.status_code, asked.content) == (200, public)
    assert httpx2.get(f"{hub.ready['url']}/edge/v1/orders-key").status_code == 401
