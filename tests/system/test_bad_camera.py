"""A file that aborts another decoder, as a camera: it is blind and says why; the other goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.system.night import ROOT, Night, free_port, until
from tests.system.person import SHOTS, TV, asked, at_screen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.desk import Desks

pytestmark = [pytest.mark.screen, pytest.mark.timeout(240)]
EDGE = """
device: edge-west
market: yunda
hub: {{mqtt: "{mqtt}", http: "{url}", password_file: {data}/keys/edge-west.key}}
data: {data}/edge-west
detector: {{model: models/nanodet_g/int8_352x288.onnx, decoder: nanodet, threshold: 0.45}}
cameras:
  - {{id: c-2-01, url: {bad}}}
  - {{id: c-1-08, url: {good}}}
"""


class Market(Night):
    """A hub and one edge, started by hand."""

    def __init__(self, data: Path, ready: dict[str, Any]) -> None:
        self.data, self.url = data, ready["url"]
        self.logins = {one["user"]: one["password"] for one in ready["logins"]}


@contextmanager
def program(*words: str) -> Iterator[subprocess.Popen[str]]:
    argv = [sys.executable, "-m", *words]
    with subprocess.Popen(
        argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as one:
        try:
            yield one
        finally:
            one.terminate()


@contextmanager
def two_cameras(data: Path, bad: Path, good: Path) -> Iterator[Market]:
    key = data / "keys" / "edge-west.key"
    key.parent.mkdir()
    key.write_text("a key that only this test knows")
    key.chmod(0o600)
    ports = ("--port", str(free_port()), "--mqtt-port", str(free_port()))
    with program(
        "hub", "serve", "--demo", "--data", str(data), "--device-keys", str(key.parent), *ports
    ) as hub:
        assert hub.stdout is not None
        ready = json.loads(hub.stdout.readline())
        config = data / "edge.yaml"
        config.write_text(EDGE.format(data=data, bad=bad, good=good, mqtt=ready["mqtt"], url=ready["url"]))
        with program("edge", "run", "--config", str(config)):
            yield Market(data, ready)


@pytest.mark.long
def test_one_camera_is_blind_with_its_reason_and_the_other_goes_on(
    tmp_path: Path, vtest: Path, footage: Path, desks: Desks
) -> None:
    with (
        two_cameras(tmp_path, footage / "bgs_demo.avi", vtest) as market,
        at_screen(desks, market, "monitor", size=TV) as page,
    ):
        until(60, "the good camera is live", lambda: state(page, "c-1-08")["state"] == "live")
        blind = until(30, "the bad camera is lost", lambda: lost(page, "c-2-01"))
        assert blind["reason"], "it says why"
        row = page.get_by_role("row").filter(has_text="C-2-01")
        until(60, "the wall tells it as blind now", row.count)
        until(60, "and why", lambda: "不是能看的视频" in row.first.inner_text())
        assert state(page, "c-1-08")["state"] == "live"
        if SHOTS:
            page.screenshot(path=SHOTS / "blind-camera.png")


def state(page: Page, camera: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in asked(page, "/api/wall")["cameras"] if one["id"] == camera)
    return found


def lost(page: Page, camera: str) -> dict[str, Any] | None:
    found = state(page, camera)
    return found if found["state"] == "lost" else None
