"""One's own camera on the wall: what is taken, and what is said about the rest."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from launch import camera
from launch.camera import Camera
from launch.refuse import Refused

if TYPE_CHECKING:
    from pathlib import Path


def test_an_rtsp_address_is_taken_as_it_stands_and_said_without_its_password() -> None:
    taken = camera.read(" rtsp://guard:s3cret@10.0.0.8:8554/Streaming/Channels/102?x=1 ")
    assert taken.source == "rtsp://guard:s3cret@10.0.0.8:8554/Streaming/Channels/102?x=1"
    assert taken.said == "rtsp://10.0.0.8:8554/Streaming/Channels/102"


def test_a_file_is_taken_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "yard.mp4").write_bytes(b"x")
    monkeypatch.chdir(tmp_path)
    assert camera.read("yard.mp4") == Camera(str(tmp_path / "yard.mp4"), "yard.mp4")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "names nothing"),
        ("rtsp://a\nb", "names nothing"),
        ("http://camera/video", "http:// is not among rtsp, rtsps"),
        ("rtsp:///path", "names no host"),
        ("rtsp://camera:99999/1", "is no address"),
        ("rtsp://[::1/1", "is no address"),
        ("nowhere.mp4", "does not exist"),
        ("/dev", "is no file"),
        ("/dev/null", "is no file"),
        ("999", r"There is no webcam 999 \(/dev/video999 is missing\)"),
    ],
)
def test_anything_else_is_refused_with_what_to_give(text: str, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        camera.read(text)
    assert "CAMERA=rtsp://user:password@address/path" in str(refused.value)


def test_an_empty_file_is_no_camera(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(Refused, match="is empty"):
        camera.read(str(tmp_path / "empty.mp4"))


def test_an_address_where_nothing_answers_is_said_but_not_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
        assert camera.silence(camera.read(f"rtsp://u:p@127.0.0.1:{number}/1")) is None
    said = camera.silence(camera.read(f"rtsp://u:p@127.0.0.1:{number}/1"))
    assert said is not None
    assert said.startswith(f"Nothing answers at rtsp://127.0.0.1:{number}/1 (Connection refused)")
    assert "u:p" not in said


def test_a_file_or_a_webcam_has_no_address_to_try() -> None:
    assert camera.silence(Camera("/a.mp4", "a")) is None
    assert camera.silence(Camera(0, "webcam 0")) is None
