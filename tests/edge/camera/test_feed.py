"""What cannot be watched says why, in a word that the hub can say in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from edge.camera.feed import Feed
from edge.camera.lost import CameraLost
from tests.edge.camera import film as films

if TYPE_CHECKING:
    from pathlib import Path


def told(url: str | int) -> CameraLost:
    """How watching this ends."""
    with pytest.raises(CameraLost) as lost:
        for _ in Feed(url).shots():
            pass
    return lost.value


def test_a_camera_that_wants_a_log_in_or_another_one(camera: str) -> None:
    address = camera.rpartition("@")[2]
    assert told(f"rtsp://{address}").reason == "refused-login"
    assert told(f"rtsp://guard:guess@{address}").reason == "refused-login"


def test_a_camera_that_the_recorder_does_not_know(camera: str) -> None:
    lost = told(f"{camera}-removed")
    assert lost.reason == "not-found"
    assert "404" in lost.detail


def test_a_reason_never_repeats_the_password(camera: str) -> None:
    for url in (f"{camera}-removed", camera.replace("guard", "thief"), "rtsp://a:p%40ss@127.0.0.1:9/x"):
        assert "p%40ss" not in str(told(url))


@pytest.mark.parametrize(
    ("url", "reason", "detail"),
    [
        ("rtsp://127.0.0.1:9/gate", "no-network", "refused"),
        ("http://127.0.0.1:9/video", "no-network", "refused"),
        ("rtsp://camera.invalid/gate", "no-network", ""),
        ("rtsp://127.0.0.1:99999/gate", "no-network", ""),
        ("telnet://127.0.0.1/gate", "not-found", "not telnet"),
        ("concat:/etc/passwd", "not-found", "no such file"),
        ("missing.mp4", "not-found", "no such file"),
        ("", "not-found", "no such file"),
        (63, "not-found", "no such file"),
    ],
)
def test_what_is_not_there(url: str | int, reason: str, detail: str) -> None:
    lost = told(url)
    assert lost.reason == reason
    assert detail in lost.detail.lower()


def test_what_is_no_video(tmp_path: Path) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("this is no video\n" * 100)
    assert told(str(text)).reason == "not-video"
    assert told(str(tmp_path)).reason == "not-found"


def test_a_picture_too_small_to_watch(footage: Path) -> None:
    lost = told(str(footage / "bgs_demo.avi"))
    assert lost.reason == "not-video"
    assert "48x48" in lost.detail


def test_a_film_that_was_cut_off(tmp_path: Path) -> None:
    whole = films.write(tmp_path / "film.mp4", 30).read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[: len(whole) // 2])
    assert told(str(cut)).reason == "not-video"
