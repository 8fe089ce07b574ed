"""A download that breaks off is said and tried again; what took how long is told apart."""

from __future__ import annotations

import io
import sys
from threading import Event, Timer
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from launch.progress import Board
from launch.refuse import Broken, Refused, Stopped
from launch.step import Work, shorten

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Hand:
    """A step's work on a board that prints into a string."""

    def __init__(self) -> None:
        self.out, self.stop = io.StringIO(), Event()
        self.waited: list[str] = []
        self.board = Board(["clip"], self.out)
        self.work = Work("clip", self.board, self.stop, self.waited.append, pause=0)


@pytest.fixture
def hand() -> Hand:
    return Hand()


def breaks(times: int) -> Callable[[], str]:
    left = [Broken("hash mismatch")] * times

    def fetch() -> str:
        if left:
            raise left.pop()
        return "whole"

    return fetch


def test_a_broken_download_is_said_and_tried_again_until_it_is_whole(hand: Hand) -> None:
    assert hand.work.again("The clip", breaks(2)) == "whole"
    said = [line for line in hand.out.getvalue().splitlines() if "trying again" in line]
    assert said == [
        "clip: The clip broke off (hash mismatch); trying again, 2 of 3",
        "clip: The clip broke off (hash mismatch); trying again, 3 of 3",
    ]


def test_after_three_tries_it_is_refused_with_the_reason_and_what_to_check(hand: Hand) -> None:
    with pytest.raises(Refused, match=r"in 3 tries: hash mismatch\nCheck the network") as refused:
        hand.work.again("The clip", breaks(3))
    assert "what is done is kept" in str(refused.value)


def test_a_program_that_fails_tells_its_last_lines(hand: Hand, tmp_path: Path) -> None:
    heard: list[str] = []
    with pytest.raises(Broken, match="two"):
        hand.work.run("sh", "-c", "echo one; echo two; exit 1", cwd=tmp_path, hear=heard.append)
    assert heard == ["one", "two"]


def test_a_stop_ends_the_program_that_runs_at_once(hand: Hand, tmp_path: Path) -> None:
    def stop() -> None:
        hand.stop.set()
        hand.work.let_go()

    Timer(0.3, stop).start()
    with pytest.raises(Stopped):
        hand.work.run(sys.executable, "-c", "import time; time.sleep(3600)", cwd=tmp_path)


def test_after_a_stop_nothing_new_begins(hand: Hand, tmp_path: Path) -> None:
    hand.stop.set()
    with pytest.raises(Stopped):
        hand.work.run("touch", tmp_path / "made", cwd=tmp_path)
    assert not (tmp_path / "made").exists()


def test_seconds_of_downloads_waits_and_own_work_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("launch.step.time", SimpleNamespace(monotonic=lambda: now))
    hand = Hand()
    with hand.work.download():
        now = 4.0
    hand.work.after("environment")
    now = 6.0
    hand.work.turn("waits")
    took = [(span.kind, span.begin, span.end) for span in hand.work.spans if span.end > span.begin]
    assert hand.waited == ["environment"]
    assert took == [("downloads", 0.0, 4.0), ("own", 4.0, 6.0)]


def test_of_a_long_output_the_first_line_marked_as_an_error_is_told() -> None:
    pip = "Collecting a\nERROR: Could not find a version\nERROR: No matching distribution\nnotice"
    assert shorten(pip) == "ERROR: Could not find a version"
    assert shorten("one\ntwo\n\n") == "two"
    assert shorten("") == "no reason given"


def test_the_cause_is_told_though_it_stands_in_another_line() -> None:
    pip = "WARNING: Retrying: [Errno 111] Connection refused\nERROR: No matching distribution for pip"
    assert shorten(pip) == "ERROR: No matching distribution for pip (Connection refused)"
    assert shorten("E: Connection refused") == "E: Connection refused"
