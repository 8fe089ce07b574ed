"""A camera of another maker in a network of its own."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]


def lacking() -> str:
    """Why it cannot be tried here; empty: it can."""
    if importlib.util.find_spec("ipycam") is None:
        return "ipycam is not installed: make setup-dev brings it"
    if not shutil.which("unshare") or not shutil.which("ip"):
        return "unshare or ip is missing: apt-get install util-linux iproute2"
    if subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode:
        return "only root may make a network of its own"
    return ""


def test_another_makers_camera_is_found_and_asked() -> None:
    if why := lacking():
        pytest.skip(why)
    words = ("unshare", "-n", sys.executable, "-m", "tests.edge.bridge.onvif.alone")
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert "discover --ask 127.0.0.1:8080" in done.stdout
    assert "127.0.0.1:8080  PythonCam  VirtualCam-1" in done.stdout
    assert "@127.0.0.1:8554/video_sub    # h264 640x360 30 fps" in done.stdout
    assert "main: rtsp://" in done.stdout
    assert "turned to the right" in done.stdout
    assert "s3cret" not in done.stdout + done.stderr
