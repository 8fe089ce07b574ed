"""Files served as real cameras: log-in, requests, pictures, faults, and a clean end."""

from __future__ import annotations

import hashlib
import json
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from edge.rtsp.reel import NoReel, load
from tests.edge.camera import film as films
from tests.edge.camera.street import PASSWORD, USER, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TCP = {"rtsp_transport": "tcp", "probesize": "32"}


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A film of three seconds as a camera behind a log-in."""
    folder = tmp_path_factory.mktemp("rtsp")
    with served(folder / "cache", gate=films.write(folder / "film.mp4", 30)) as cameras:
        yield cameras["gate"]


@contextmanager
def called(url: str) -> Iterator[socket.socket]:
    """A bare connection to the camera's server."""
    port = int(url.rpartition(":")[2].partition("/")[0])
    with socket.create_connection(("127.0.0.1", port), 5) as line:
        yield line


def asked(line: socket.socket, request: bytes) -> tuple[int, dict[str, str]]:
    """Status and headers of the answer."""
    line.sendall(request)
    said = b""
    while b"\r\n\r\n" not in said and (more := line.recv(4096)):
        said += more
    first, *rest = said.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    return int(first.split()[1]), dict(one.split(": ", 1) for one in rest)


def request(method: str, url: str = "rtsp://camera/gate", **headers: str) -> bytes:
    lines = [f"{method} {url} RTSP/1.0", "CSeq: 7", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def proof(method: str, nonce: str, *, user: str = USER, password: str = PASSWORD) -> str:
    """A digest, made here as RFC 2617 describes it."""

    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    url = "rtsp://camera/gate"
    response = md5(f"{md5(f'{user}:camera:{password}')}:{nonce}:{md5(f'{method}:{url}')}")
    return f'Digest username="{user}", realm="camera", nonce="{nonce}", uri="{url}", response="{response}"'


def logged_in(line: socket.socket, method: str, **headers: str) -> tuple[int, dict[str, str]]:
    """The answer to a request that proves the log-in."""
    _, told = asked(line, request("DESCRIBE"))
    nonce = re.findall(r'nonce="(\w+)"', told["WWW-Authenticate"])[0]
    return asked(line, request(method, Authorization=proof(method, nonce), **headers))


def watched(url: str, pictures: int) -> list[tuple[int, int]]:
    """Number and timestamp of the first pictures that a player shows."""
    seen = []
    with av.open(url, options=TCP, timeout=60) as camera:
        for frame in camera.decode(video=0):
            seen.append(
                (films.number(np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)), frame.pts or 0)
            )
            if len(seen) == pictures:
                break
    return seen


def test_a_guards_player_shows_the_pictures_in_order_from_a_keyframe(gate: str) -> None:
    assert [number for number, _ in watched(gate, 12)] == list(range(12))


def test_each_client_has_a_clock_of_its_own(gate: str) -> None:
    with av.open(gate, options=TCP, timeout=60) as early:
        for _, _ in zip(range(5), early.decode(video=0), strict=False):
            pass
        assert watched(gate, 1)[0][0] == 0


def test_the_film_goes_round_and_time_goes_on(gate: str) -> None:
    seen = watched(f"{gate}?start=2", 15)
    assert [number for number, _ in seen] == [*range(20, 30), *range(5)]
    assert {later - sooner for (_, sooner), (_, later) in pairwise(seen[1:])} == {9000}


def test_a_camera_can_begin_in_the_midst_of_its_film(gate: str) -> None:
    assert watched(f"{gate}?start=2.5", 1)[0][0] == 20


@pytest.mark.parametrize("user", ["", "guard:guess@", "thief:p%40ss%20word@"])
def test_a_stranger_sees_nothing(gate: str, user: str) -> None:
    with pytest.raises(av.HTTPUnauthorizedError):
        av.open(f"rtsp://{user}{gate.rpartition('@')[2]}", options=TCP, timeout=60)


def test_the_right_digest_opens_and_another_connections_does_not(gate: str) -> None:
    with called(gate) as line:
        status, told = logged_in(line, "DESCRIBE")
        assert status == 200
        assert told["Content-Type"] == "application/sdp"
    with called(gate) as line:
        stolen = proof("DESCRIBE", "0123456789abcdef0123456789abcdef")
        assert asked(line, request("DESCRIBE", Authorization=stolen))[0] == 401


@pytest.mark.parametrize(
    ("bad", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"OPTIONS rtsp://camera/gate RTSP/1.0\r\n\r\n", 400),
        (b"OPTIONS rtsp://camera/gate RTSP/1.0\r\nCSeq: \xff\r\n\r\n", 400),
        (b"OPTIONS rtsp://camera/gate RTSP/2.0\r\nCSeq: 1\r\n\r\n", 505),
        (b"GET / HTTP/1.1\r\nHost: camera\r\n\r\n", 400),
        (b"OPTIONS rtsp://camera/gate RTSP/1.0\r\nCSeq: 1\r\nX: " + b"x" * 9000 + b"\r\n\r\n", 413),
        (b"OPTIONS rtsp://camera/gate RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 99999999\r\n\r\n", 413),
        (b"OPTIONS rtsp://camera/gate RTSP/1.0\r\nCSeq: 1\r\nContent-Length: -1\r\n\r\n", 400),
        (request("OPTIONS", "rtsp://camera/gate?stall_after=soon"), 400),
        (request("OPTIONS", "rtsp://camera/gate?explode_after=5"), 400),
        (request("RECORD"), 501),
        (request("DESCRIBE"), 401),
    ],
)
def test_what_cannot_be_answered_gets_its_status(gate: str, bad: bytes, status: int) -> None:
    with called(gate) as line:
        assert asked(line, bad)[0] == status


def test_what_comes_in_the_wrong_order_gets_its_status(gate: str) -> None:
    with called(gate) as line:
        assert logged_in(line, "PLAY")[0] == 455
        assert logged_in(line, "SETUP", Transport="RTP/AVP;unicast;client_port=5000-5001")[0] == 461
        assert logged_in(line, "SETUP", Transport="RTP/AVP/TCP;unicast;interleaved=0-1")[0] == 200
        assert logged_in(line, "PLAY", Session="another")[0] == 454


def test_a_request_keeps_its_number_and_what_can_be_asked_is_told(gate: str) -> None:
    with called(gate) as line:
        status, told = asked(line, request("OPTIONS"))
        assert (status, told["CSeq"]) == (200, "7")
        assert {"DESCRIBE", "SETUP", "PLAY", "TEARDOWN"} <= set(told["Public"].split(", "))


def test_a_crowd_of_clients_is_turned_away_and_the_others_stay_served(gate: str) -> None:
    port = int(gate.rpartition(":")[2].partition("/")[0])
    crowd = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(64)]
    try:
        assert all(asked(line, request("OPTIONS"))[0] == 200 for line in crowd)
        with called(gate) as one_more:
            assert b"503" in one_more.recv(4096)
    finally:
        for line in crowd:
            line.close()


def test_it_is_for_this_machine_only_unless_told_otherwise(gate: str) -> None:
    assert gate.rpartition("@")[2].startswith("127.0.0.1:")


def test_a_film_that_no_camera_would_send_is_coded_once(tmp_path: Path) -> None:
    old = films.write(tmp_path / "old.avi", 25, "mpeg4")
    told: list[str] = []
    first = load(old, tmp_path / "cache", told.append)
    assert told == ["old.avi: coding for RTSP, picture 0 of 25"]
    assert load(old, tmp_path / "cache", told.append) == first
    assert len(told) == 1
    (made,) = (tmp_path / "cache").iterdir()
    assert [films.number(seen) for seen in films.read(made)] == list(range(25))
    assert [unit.key for unit in first.units] == [index % 20 == 0 for index in range(25)]
    assert first.lasts == pytest.approx(2.5)


def test_a_film_with_rare_keyframes_is_coded_anew(tmp_path: Path) -> None:
    rare = films.write(tmp_path / "rare.mp4", 70, keys_every=70)
    reel = load(rare, tmp_path / "cache", lambda _: None)
    assert sum(unit.key for unit in reel.units) == 4


def test_what_cannot_be_served_is_refused_with_a_sentence(tmp_path: Path) -> None:
    text = tmp_path / "text.avi"
    text.write_text("no video " * 200)
    for path, sentence in ((tmp_path / "missing.avi", "no such file"), (text, "cannot be read as video")):
        with pytest.raises(NoReel, match=sentence):
            load(path, tmp_path / "cache", lambda _: None)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "edge.rtsp", *arguments)
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_camera_without_a_proper_name_is_refused_with_a_sentence() -> None:
    done = run("Gate One=film.mp4")
    assert done.returncode == 2
    assert done.stderr.startswith("edge.rtsp: 'Gate One=film.mp4' is no camera: write name=file")
    assert not done.stdout


def test_a_taken_port_is_refused_with_a_sentence(tmp_path: Path) -> None:
    film = films.write(tmp_path / "film.mp4", 10)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("--port", str(taken.getsockname()[1]), f"gate={film}")
    assert done.returncode == 2
    assert "address already in use" in done.stderr


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_when_told_though_somebody_looks_on(tmp_path: Path, end: signal.Signals) -> None:
    film = films.write(tmp_path / "film.mp4", 30)
    server = subprocess.Popen(
        (sys.executable, "-W", "error", "-m", "edge.rtsp", f"gate={film}"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert server.stdout is not None
    url = json.loads(server.stdout.readline())["cameras"]["gate"]
    with av.open(url, options=TCP, timeout=60) as camera:
        next(camera.decode(video=0))
        server.send_signal(end)
        _, said = server.communicate(timeout=60)
    assert server.returncode == 0
    assert said == b""
