"""Zones from the page's routes to a real edge and back: drawn, in force, masked, tested live and replayed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from base64 import b64decode
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest

from tests.bench.edge_rss import MODEL
from tests.bench.footage import NO_CLIP, ROOT, VTEST
from tests.edge.camera.street import served
from tests.hub.app.running import Running
from tests.system.night import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx2

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not VTEST.exists(), reason=NO_CLIP),
    pytest.mark.skipif(not MODEL.exists(), reason="no models/nanodet_g here: run `python3 -m launch setup`"),
]

CAMERA = "c-2-01"
URL = f"/api/scenes/{CAMERA}"
CORNER = [[0.0, 0.0], [0.5, 0.0], [0.5, 0.4], [0.0, 0.4]]
SQUARE = {
    "id": "square",
    "polygon": [[0.02, 0.33], [0.45, 0.33], [0.80, 0.28], [1.0, 0.55], [1.0, 0.84], [0.02, 0.45]],
    "rules": [{"kind": "intrusion", "cooldown": 5}, {"kind": "linger", "seconds": 3600}],
}
PATIENCE = 120.0
LONG = 400.0
"""Seconds for a replay: it gives way to all else on the machine."""


def edge_file(folder: Path, hub: Running, address: str) -> Path:
    told = {
        "device": "edge-west",
        "market": "yunda",
        "hub": {
            "mqtt": hub.ready["mqtt"],
            "http": hub.ready["url"],
            "password_file": str(folder / "data" / "keys" / "edge-west.key"),
            "orders_key_file": str(folder / "orders.pub"),
        },
        "data": str(folder / "edge"),
        "detector": {"model": str(MODEL)},
        "cameras": [{"id": CAMERA, "url": address, "still_every": 0.3, "zones": [SQUARE], "record": {}}],
        "recordings": {"seconds": 10},
    }
    file = folder / "edge.yaml"
    file.write_text(json.dumps(told))
    return file


@pytest.fixture(scope="module")
def manager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """A market manager at a hub with one edge that watches and records a square by RTSP."""
    folder = tmp_path_factory.mktemp("zones")
    with ExitStack() as stack:
        cameras = stack.enter_context(served(folder / "cache", square=VTEST))
        hub = stack.enter_context(Running(folder / "data"))
        words = (sys.executable, "-m", "edge", "run", "--config")
        file = edge_file(folder, hub, cameras["square"])
        with (folder / "edge.log").open("wb") as log:
            edge = subprocess.Popen((*words, str(file)), cwd=ROOT, stderr=log)
        stack.callback(edge.wait)
        stack.callback(edge.terminate)
        one = stack.enter_context(hub.sign_in("manager"))
        until(PATIENCE, "the edge's own zones", lambda: one.get(URL).json()["told"])
        until(PATIENCE, "an edge that obeys", lambda: one.get(URL).json()["obeys"])
        yield one


def still(one: httpx2.Client) -> np.ndarray | None:
    answer = one.get(f"/api/cameras/{CAMERA}/still")
    if answer.status_code != 200:
        return None
    return cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)


def is_masked(picture: np.ndarray | None) -> bool:
    """Whether the corner is black; nothing of the square is so dark."""
    return picture is not None and float(picture[: int(0.38 * len(picture)), :300].mean()) < 8


def draw(one: httpx2.Client, drawn: dict[str, Any]) -> None:
    version = one.get(URL).json()["version"]
    answer = one.put(URL, json=drawn, headers={"If-Match": f'"{version}"'})
    assert answer.status_code == 200, answer.text


def test_what_is_drawn_is_in_force_at_the_edge_and_a_mask_holds_from_the_moment_it_is_told(
    manager: httpx2.Client,
) -> None:
    own = manager.get(URL).json()
    assert [zone["id"] for zone in own["told"]["zones"]] == ["square"]
    assert own["drawn"] is None, "the edge's own file holds"
    until(PATIENCE, "a picture", lambda: still(manager) is not None and not is_masked(still(manager)))
    draw(manager, {"masks": [CORNER], "zones": [SQUARE | {"id": "drawn"}]})
    until(PATIENCE, "the mask in a picture", lambda: is_masked(still(manager)))
    seen = [is_masked(still(manager)) for _ in range(20)]
    assert all(seen), "no picture from before comes after one from behind the mask"
    until(PATIENCE, "the edge's word", lambda: manager.get(URL).json()["order"]["state"] == "applied")
    told = until(
        PATIENCE,
        "what is in force",
        lambda: (got := manager.get(URL).json()["told"])["zones"][0]["id"] == "drawn" and got,
    )
    assert told["masks"] == [CORNER]


def test_what_rules_count_is_shown_with_the_mask_and_ends(manager: httpx2.Client) -> None:
    assert manager.post(f"{URL}/test", json={}).status_code == 202
    after, counted = "0", list[float]()
    over = time.monotonic() + PATIENCE
    while len(counted) < 5 and time.monotonic() < over:
        answer = manager.get(f"{URL}/test?after={after}")
        if answer.status_code != 200:
            continue
        after, shown = answer.headers["etag"].strip('"'), answer.json()
        data = np.frombuffer(b64decode(shown["still"]), np.uint8)
        assert is_masked(cv2.imdecode(data, cv2.IMREAD_COLOR))
        linger = next(gauge for gauge in shown["gauges"] if gauge["kind"] == "linger")
        if linger["seconds"] > max(counted, default=0.0):
            counted.append(linger["seconds"])
    assert len(counted) == 5, "somebody in the square is counted, second by second"
    assert manager.delete(f"{URL}/test").status_code == 204
    assert manager.get(f"{URL}/test").status_code == 404


def test_a_recorded_minute_is_run_through_faster_than_it_passed_and_raises_nothing(
    manager: httpx2.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = 20.0
    until(PATIENCE, "a recording", lambda: recorded(manager) > seconds)
    zone = SQUARE | {"id": "tried", "rules": [{"kind": "crowd", "count": 2, "clear": 1, "seconds": 1}]}
    begin = datetime.now(UTC) - timedelta(seconds=seconds + 3)
    wish = {"begin": begin.isoformat(), "seconds": seconds, "purpose": "to tune", "drawn": {"zones": [zone]}}
    made = manager.post(f"{URL}/replays", json=wish)
    assert made.status_code == 202, made.text
    number = made.json()["id"]
    ended = until(
        LONG,
        "the end of the replay",
        lambda: (got := manager.get(f"/api/replays/{number}").json())["state"] in {"done", "failed"} and got,
    )
    assert ended["state"] == "done", ended
    assert {row["zone"] for row in ended["fired"]} == {"tried"}
    with capsys.disabled():
        pace = ended["shown"] / ended["took"]
        sys.stdout.write(f"\n{ended['shown']:.0f} s in {ended['took']:.1f} s: {pace:.1f} times as fast ")
    kinds = {alert["kind"] for alert in manager.get("/api/alerts?state=all").json()}
    assert "crowd" not in kinds, "nothing that was only tried is an alert"


def recorded(one: httpx2.Client) -> float:
    """Seconds of the camera that are kept in whole pieces."""
    now = datetime.now(UTC)
    asked = {"begin": (now - timedelta(hours=1)).isoformat(), "end": now.isoformat()}
    pieces = one.get(f"/api/recordings/{CAMERA}", params=asked).json()["stretches"]
    return sum(
        (datetime.fromisoformat(each["ended"]) - datetime.fromisoformat(each["began"])).total_seconds()
        for each in pieces
    )
