from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest

from wire.supervisor import ALIVE, READY, Supervisor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(2)
        yield listening


def test_it_is_told_in_one_datagram(ear: socket.socket, tmp_path: Path) -> None:
    Supervisor({"NOTIFY_SOCKET": str(tmp_path / "notify")}).say(READY, "STATUS=watches 两 cameras")
    assert ear.recv(500).decode() == "READY=1\nSTATUS=watches 两 cameras"


def test_a_socket_without_a_file_is_reached_too() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0lianfang-{os.getpid()}")
        listening.settimeout(2)
        Supervisor({"NOTIFY_SOCKET": f"@lianfang-{os.getpid()}"}).say(ALIVE)
        assert listening.recv(500) == b"WATCHDOG=1"


def test_nobody_who_listens_is_no_trouble(tmp_path: Path) -> None:
    Supervisor({}).say(READY)
    Supervisor({"NOTIFY_SOCKET": str(tmp_path / "gone")}).say(READY)


def test_a_program_that_hangs_behind_does_not_wait_for_whoever_listens(
    ear: socket.socket, tmp_path: Path
) -> None:
    one = Supervisor({"NOTIFY_SOCKET": str(tmp_path / "notify")})
    for _ in range(5000):
        one.say(ALIVE)
    assert ear.recv(500) == b"WATCHDOG=1"


@pytest.mark.parametrize(
    ("environment", "every"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, 10.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 10.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_it_speaks_three_times_within_the_watchdogs_patience(
    environment: dict[str, str], every: float | None
) -> None:
    assert Supervisor(environment).every == every
