"""A program that dies comes back; a run that ends ends whole."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from launch import leash, supervise
from launch.log import Log
from launch.supervise import Program, Supervisor
from tests.hub.gear.listener import eventually
from tests.launch.family import FAMILY, STUBBORN, gone, lives

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


SAYS_WHEN = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("up", flush=True)
try:
    time.sleep(3600)
finally:
    print(time.monotonic(), flush=True)
"""


class Ear:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def __call__(self, line: str) -> None:
        self.heard.append(line)

    def wait(self, count: int, seconds: float = 60.0) -> list[str]:
        until = time.monotonic() + seconds
        while len(self.heard) < count:
            assert time.monotonic() < until, self.heard
            time.sleep(0.01)
        return self.heard


Started = tuple[Supervisor, list[str]]


@pytest.fixture
def all_programs(tmp_path: Path) -> Iterator[Started]:
    said: list[str] = []
    programs = Supervisor(tmp_path, tmp_path / "logs", said.append)
    yield programs, said
    programs.stop()


def program(name: str, source: str, hear: Callable[[str], None] = print, wave: int = 0) -> Program:
    return Program(name, (sys.executable, "-c", source), hear=hear, wave=wave)


def test_a_dead_program_is_started_again_and_its_last_word_is_said(
    all_programs: Started, tmp_path: Path
) -> None:
    programs, said = all_programs
    ear = Ear()
    source = "import os, time; print(os.getpid(), flush=True); time.sleep(3600)"
    kept = programs.start(program("edge-west", source, hear=ear))
    (first,) = ear.wait(1)
    os.kill(int(first), signal.SIGKILL)
    second = ear.wait(2)[1]
    assert second != first
    assert lives(int(second))
    assert kept.starts == 2
    assert said == [f"edge-west ended (code 137: {first}); it starts again in 0.5 s"]
    log = (tmp_path / "logs" / "edge-west.log").read_text().splitlines()
    assert [line.split(" | ")[1] for line in log] == [first, "ended with code 137", second]
    assert all(" edge-west | " in line for line in log)


def test_a_program_that_dies_again_and_again_is_given_longer_and_longer_pauses(all_programs: Started) -> None:
    programs, said = all_programs
    programs.start(program("hub", "print('no disk')"))
    assert eventually(lambda: len(said) >= 2)
    assert [text.rpartition(" in ")[2] for text in said[:2]] == ["0.5 s", "1.0 s"]
    assert "no disk" in said[0]


def test_all_end_though_none_hears_a_signal_and_nobody_is_given_five_seconds(tmp_path: Path) -> None:
    programs, ear, pids = Supervisor(tmp_path, tmp_path, print), Ear(), Ear()
    programs.start(program("edge-west", STUBBORN, hear=ear))
    programs.start(program("edge-east", FAMILY, hear=pids))
    programs.start(program("hub", STUBBORN, hear=ear, wave=1))
    ear.wait(2)
    (family,) = pids.wait(1)
    programs.stop()
    assert gone([int(pid) for pid in family.split()], 0)
    assert supervise._HEAD_START + Program("any", ()).grace + leash._LEFTOVER_GRACE < 5


def test_the_hub_hears_the_edges_last_words_before_it_is_told_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "_HEAD_START", 60.0)
    edge, hub = Ear(), Ear()
    programs = Supervisor(tmp_path, tmp_path, print)
    programs.start(program("hub", SAYS_WHEN, wave=1, hear=hub))
    programs.start(program("edge-west", SAYS_WHEN, wave=0, hear=edge))
    hub.wait(1)
    edge.wait(1)
    programs.stop()
    assert float(edge.heard[1]) < float(hub.heard[1])


def test_a_log_keeps_to_its_limit_and_to_one_file_before_it(tmp_path: Path) -> None:
    log = Log(tmp_path / "hub.log", limit=1_000)
    for number in range(100):
        log.write(f"line {number}")
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["hub.log", "hub.log.1"]
    assert all(file.stat().st_size <= 1_000 for file in files)
    assert files[0].read_text().endswith("hub | line 99\n")
