"""What stands in the way is said in a sentence that tells what to do."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from launch import lock, port, space
from launch.refuse import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def launch(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "launch", *words],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_taken_port_names_who_has_it_and_a_port_that_is_free(taken: int) -> None:
    with pytest.raises(Refused) as refused:
        port.claim(taken)
    assert f"Port {taken} is taken by process {os.getpid()} (" in str(refused.value)
    other = int(str(refused.value).rpartition("LIANFANG_PORT=")[2].split()[0])
    assert port.is_free(other)


def test_make_run_on_a_taken_port_ends_with_that_sentence_before_anything_is_set_up(
    taken: int, tmp_path: Path
) -> None:
    done = launch("run", LIANFANG_PORT=str(taken), LIANFANG_DATA=str(tmp_path / "data"))
    assert done.returncode == 1
    assert f"Port {taken} is taken by process {os.getpid()}" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_taken_mqtt_port_is_no_hindrance(taken: int) -> None:
    other = port.free_from(taken)
    assert other > taken
    assert port.is_free(other)


def test_when_all_ports_in_reach_are_taken_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port, "is_free", lambda _: False)
    with pytest.raises(Refused, match="None of the ports 8554 to 8753 is free"):
        port.free_from(8554)


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", "80 80", "999999"])
def test_a_port_that_is_none_is_refused_by_the_name_of_its_setting(text: str) -> None:
    with pytest.raises(Refused, match=r"LIANFANG_PORT=.*give a number from 1 to 65535"):
        port.read(text, "LIANFANG_PORT")


def test_a_second_run_on_the_same_data_names_the_first(tmp_path: Path) -> None:
    held = lock.data(tmp_path)
    done = launch("run", LIANFANG_DATA=str(tmp_path))
    assert done.returncode == 1
    assert f"Another `make run` (process {os.getpid()}) works on {tmp_path}" in done.stderr
    lock.release(held)
    lock.release(lock.data(tmp_path))


def test_the_lock_stays_until_the_last_child_that_holds_it_is_gone(tmp_path: Path) -> None:
    held = lock.data(tmp_path)
    child = subprocess.Popen(["sleep", "60"], pass_fds=(held,))
    lock.release(held)
    with pytest.raises(Refused):
        lock.data(tmp_path)
    child.kill()
    child.wait()
    lock.release(lock.data(tmp_path))


def test_a_set_up_waits_for_another_in_the_same_clone_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    said: list[str] = []
    first = lock.take(file)
    assert first is not None
    held = lock.wait(file, lambda: lock.release(first), said.append)
    assert said == [f"another set-up works in this clone (process {os.getpid()}); waiting for it"]
    lock.release(held)


def test_a_disk_without_room_is_named_with_what_is_free_and_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(
        Refused, match=r"The disk under .* is too full for set-up: [\d.]+ GB are free and 1000000000 GB"
    ):
        space.enough(tmp_path / "not" / "yet", 10**18, "set-up")
    space.enough(tmp_path, 1, "set-up")


def test_a_system_without_proc_is_told_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="mount -t proc proc /proc"):
        space.linux(tmp_path)
    space.linux()


@pytest.mark.parametrize("words", [("run", "CAMERA=nowhere.mp4"), ("run", "CAMERA=ftp://camera/1")])
def test_make_run_with_a_camera_that_is_none_ends_with_a_sentence(
    words: tuple[str, str], tmp_path: Path
) -> None:
    done = launch(*words, LIANFANG_DATA=str(tmp_path))
    assert done.returncode == 1
    assert "Give CAMERA=rtsp://" in done.stderr
    assert "Traceback" not in done.stderr
