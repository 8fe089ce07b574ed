"""P1 at its root: what `put` has returned outlives any death of the process and any cut of the power."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from edge.outbox import Lane, Outbox
from tests.wire.samples import EVENT, envelope
from wire.message import Range

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[2]
CHILD = (sys.executable, "-m", "tests.promises.outbox_child")
CALLS = "pwrite64,fdatasync,ftruncate,unlink,write"
PUTS = 12

Number = tuple[str, int]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


@pytest.fixture(scope="session")
def strace() -> str:
    found = shutil.which("strace")
    if found is None:
        pytest.skip("no strace: as root, run apt-get install strace")
    return found


def said(lines: Iterable[str], word: str) -> set[Number]:
    whole = [line.split() for line in lines if line.endswith("\n")]
    return {(epoch, int(seq)) for kind, epoch, seq in whole if kind == word}


def kept(path: Path) -> set[Number]:
    with closing(Outbox(path)) as outbox:
        return {(row.epoch, row.seq) for row in outbox.due(0.0, 100_000)}


def traced(strace: str, path: Path, log: Path, *more: str) -> tuple[list[str], bool]:
    """What a child said under strace, and whether it was killed."""
    command = (strace, "-f", "-qq", "-o", str(log), "-e", f"trace={CALLS}", *more)
    done = subprocess.run(
        (*command, *CHILD, str(path), str(PUTS), "1"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return done.stdout.splitlines(keepends=True), done.returncode != 0


def points(strace: str, folder: Path) -> list[tuple[str, int]]:
    """Every write of a whole run: the system call and which one of its kind."""
    log = folder / "whole.log"
    lines, killed = traced(strace, folder / "whole.sqlite", log)
    assert not killed
    assert len(said(lines, "promised")) == PUTS
    calls = re.findall(r"^\d+ +(\w+)\(", log.read_text(), re.MULTILINE)
    return [
        (call, number)
        for call in ("pwrite64", "fdatasync", "ftruncate", "unlink")
        for number in range(1, calls.count(call) + 1)
    ]


def test_every_promise_was_on_the_disk_before_it_was_given(strace: str, tmp_path: Path) -> None:
    log = tmp_path / "calls"
    traced(strace, tmp_path / "outbox.sqlite", log)
    unsynced, promises = False, 0
    for call, rest in re.findall(r"^\d+ +(\w+)\((.*)$", log.read_text(), re.MULTILINE):
        if call == "pwrite64":
            unsynced = True
        elif call == "fdatasync":
            unsynced = False
        elif call == "write" and "promised" in rest:
            promises += 1
            assert not unsynced, f"promise {promises} was given before its bytes were on the disk"
    assert promises == PUTS


def die_at_each(strace: str, folder: Path, chosen: list[tuple[str, int]]) -> int:
    """Kill a child at each of these writes; returns how many did die there."""
    deaths = 0
    for call, number in chosen:
        path = folder / f"{call}-{number}.sqlite"
        inject = f"--inject={call}:signal=KILL:when={number}"
        lines, killed = traced(strace, path, Path("/dev/null"), inject)
        promised, receipted = said(lines, "promised"), said(lines, "receipted")
        deaths += killed
        assert promised - receipted <= kept(path), f"killed at {call} {number}"
        assert not list(folder.glob(f"{path.name}.damaged-*")), f"{call} {number} left damage"
    return deaths


def test_killed_at_a_sample_of_its_writes_it_keeps_every_promise(strace: str, tmp_path: Path) -> None:
    every = points(strace, tmp_path)
    chosen = random.Random(7).sample(every, 10)
    assert die_at_each(strace, tmp_path, chosen) >= 8


@pytest.mark.long
def test_killed_at_every_single_write_it_keeps_every_promise(strace: str, tmp_path: Path) -> None:
    every = points(strace, tmp_path)
    assert len(every) > 100
    assert die_at_each(strace, tmp_path, every) > 0.9 * len(every)


def test_the_power_cut_at_any_byte_of_the_journal_costs_no_promise(path: Path, tmp_path: Path) -> None:
    journal = path.with_name(f"{path.name}-wal")
    receipted: set[Number] = set()
    with closing(Outbox(path)) as outbox:
        promised = [(journal.stat().st_size, outbox.epoch, 0)]
        for _ in range(PUTS):
            seq = outbox.put(envelope(EVENT, None), Lane.STATE)
            promised.append((journal.stat().st_size, outbox.epoch, seq))
            if seq % 4 == 0:
                receipted.add((outbox.epoch, seq - 1))
                outbox.receipted([Range(outbox.epoch, seq - 1, seq - 1)])
        whole, data = journal.read_bytes(), path.read_bytes()
    cuts = sorted({*range(promised[0][0], len(whole) + 1, 2500), *(size for size, _, _ in promised)})
    for number, cut in enumerate(cuts):
        torn = tmp_path / str(number) / "outbox.sqlite"
        torn.parent.mkdir()
        torn.write_bytes(data)
        torn.with_name("outbox.sqlite-wal").write_bytes(whole[:cut])
        due = {(epoch, seq) for size, epoch, seq in promised if size <= cut and seq}
        assert due - receipted <= kept(torn), f"cut at byte {cut}"
    assert len(cuts) > 30


def test_killed_at_random_with_eight_threads_and_receipts_it_keeps_every_promise(path: Path) -> None:
    promised, receipted = rounds(path, 6, random.Random(5))
    assert len(promised) > 6 * 20
    assert promised - receipted <= kept(path)


@pytest.mark.long
def test_killed_at_random_for_a_minute_it_keeps_every_promise(path: Path) -> None:
    promised, receipted = rounds(path, 100, random.Random(6))
    assert len(promised) > 100 * 20
    assert promised - receipted <= kept(path)


def rounds(path: Path, deaths: int, chance: random.Random) -> tuple[set[Number], set[Number]]:
    """What was promised and what was receipted by a child that was killed so often."""
    lines: list[str] = []
    for _ in range(deaths):
        command = (*CHILD, str(path), "1000000", "8")
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        lines += [child.stdout.readline() for _ in range(chance.randint(30, 200))]
        time.sleep(chance.uniform(0.0, 0.02))
        child.kill()
        lines += child.stdout.readlines()
        child.stdout.close()
        child.wait()
    return said(lines, "promised"), said(lines, "receipted")
