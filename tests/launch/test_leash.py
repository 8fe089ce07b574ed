"""Nothing that a run started outlives it, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from launch.child import Child
from tests.launch.family import FAMILY, HOLDER, gone, lives

ROOT = Path(__file__).parents[2]


Family = tuple[Child, Iterator[str], list[int]]


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    child = Child((sys.executable, "-c", FAMILY), cwd=tmp_path, grace=0.5)
    lines = child.lines()
    pids = [int(word) for word in next(lines).split()]
    yield child, lines, pids
    child.let_go()
    list(lines)
    child.wait()


def test_a_program_that_ends_says_all_it_had_to_say_and_how_it_ended(tmp_path: Path) -> None:
    child = Child(("sh", "-c", "echo one; echo two >&2; exit 3"), cwd=tmp_path)
    assert list(child.lines()) == ["one", "two"]
    assert child.wait() == 3


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    child = Child(("no-such-program",), cwd=tmp_path)
    assert list(child.lines()) == ["no-such-program cannot be started: No such file or directory"]
    assert child.wait() == 127


def test_letting_go_ends_even_a_grandchild_that_hears_no_signal_in_a_session_of_its_own(
    family: Family,
) -> None:
    child, lines, pids = family
    child.let_go()
    assert list(lines) == []
    assert child.wait() == 128 + signal.SIGTERM
    assert not any(map(lives, pids))


def test_a_killed_program_leaves_no_grandchild_behind(family: Family) -> None:
    child, lines, pids = family
    os.kill(pids[0], signal.SIGKILL)
    assert list(lines) == []
    assert child.wait() == 128 + signal.SIGKILL
    assert gone(pids, 0)


def test_kill_9_of_whoever_holds_the_leash_ends_everything(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, FAMILY],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    with holder.stdout as said:
        pids = [int(word) for word in said.readline().split()]
        holder.kill()
        holder.wait()
    assert gone(pids)


def test_the_leash_killed_takes_its_program_with_it(tmp_path: Path) -> None:
    child = Child(
        (sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(3600)"),
        cwd=tmp_path,
    )
    lines = child.lines()
    pid = int(next(lines))
    os.kill(child.pid, signal.SIGKILL)
    assert list(lines) == []
    child.wait()
    assert gone([pid])
