from __future__ import annotations

import logging
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from edge.silence import WITHIN, Silence
from edge.siren import AGAIN, Siren
from tests.conftest import comes_back
from tests.edge.market import wait_for

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


@dataclass
class Hands:
    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Horn:
    told: list[bool] = field(default_factory=list)

    def sound(self, on: bool) -> None:
        self.told.append(on)


def writes(file: Path, word: str) -> tuple[str, ...]:
    return (sys.executable, "-c", f"import sys; open({str(file)!r}, 'a').write({word!r})")


def test_half_a_minute_without_the_hub_is_an_emergency_that_ends_by_itself(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hands, horn = Hands(), Horn()
    silence = Silence(horn, clock=hands)
    silence.heard()
    hands.at += WITHIN
    silence.once()
    assert horn.told == [False]
    hands.at += 1
    silence.once()
    silence.once()
    assert horn.told == [False, True, True]
    assert caplog.text.count("P0: the hub has been silent for 31 s") == 1
    silence.heard()
    silence.once()
    assert horn.told[-1] is False
    assert caplog.text.count("the hub is heard again") == 1


def test_an_alarm_that_the_hub_orders_sounds_for_its_time_and_no_longer() -> None:
    hands, horn = Hands(), Horn()
    silence = Silence(horn, clock=hands)
    assert silence.order(30.0)
    silence.once()
    hands.at += 29
    silence.heard()
    silence.once()
    hands.at += 1
    silence.once()
    assert horn.told == [True, True, False]
    assert not Silence(clock=hands).order(30.0), "there is none"


def test_a_hub_that_was_never_heard_is_silent_too() -> None:
    hands = Hands()
    silence = Silence(clock=hands)
    hands.at += WITHIN + 1
    assert silence.is_silent
    assert silence.seconds == WITHIN + 1


def test_it_watches_by_itself_and_whoever_stops_the_edge_ends_the_alarm() -> None:
    horn = Horn()
    silence = Silence(horn, within=0.1)
    silence.start()
    wait_for(lambda: True in horn.told)
    silence.stop()
    assert horn.told[-1] is False


def test_the_siren_is_the_owners_own_command_run_once_each_way(tmp_path: Path) -> None:
    file = tmp_path / "relay"
    siren = Siren(writes(file, "on "), writes(file, "off "), tmp_path / "mark")
    for on in (False, True, True, True, False, False):
        siren.sound(on)
    assert file.read_text() == "on off "
    assert not siren.is_on


def test_no_shell_reads_what_the_owner_wrote(tmp_path: Path) -> None:
    program = (sys.executable, "-c", "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])")
    file = tmp_path / "said"
    siren = Siren((*program, str(file), "$HOME; rm -rf *"), program, tmp_path / "mark")
    siren.sound(True)
    assert file.read_text() == "$HOME; rm -rf *"


def test_a_siren_that_does_not_obey_is_said_and_tried_again_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hands, file = Hands(), tmp_path / "relay"
    program = tmp_path / "relay-board"
    siren = Siren((str(program),), writes(file, "off"), tmp_path / "mark", clock=hands)
    with caplog.at_level(logging.ERROR):
        siren.sound(True)
        siren.sound(True)
    assert caplog.text.count("the siren does not obey") == 1
    program.write_text(f"#!/bin/sh\necho on > {file}\n")
    program.chmod(0o755)
    hands.at += AGAIN
    siren.sound(True)
    assert siren.is_on
    assert file.read_text() == "on\n"


def test_a_siren_that_failed_halfway_is_switched_off_when_the_hub_is_back(tmp_path: Path) -> None:
    file = tmp_path / "relay"
    half = (sys.executable, "-c", f"open({str(file)!r}, 'a').write('on '); raise SystemExit(1)")
    siren = Siren(half, writes(file, "off "), tmp_path / "mark")
    siren.sound(True)
    siren.sound(False)
    assert file.read_text() == "on off "


def test_a_disk_that_takes_no_mark_does_not_keep_the_siren_quiet(tmp_path: Path) -> None:
    file = tmp_path / "relay"
    siren = Siren(writes(file, "on "), writes(file, "off "), tmp_path / "no folder" / "mark")
    siren.sound(True)
    siren.sound(False)
    assert file.read_text() == "on off "


def test_an_edge_that_is_killed_again_and_again_does_not_stop_the_siren_of_a_silent_hub() -> None:
    horn = Horn()
    silence = Silence(horn, clock=Hands())
    silence.once()
    assert horn.told == [], "it was on or off when this start began, and the hub has not been heard yet"
    silence.heard()
    silence.once()
    assert horn.told == [False]


def test_a_siren_that_hangs_does_not_hold_the_edge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.siren.WITHIN", 0.2)
    siren = Siren((sys.executable, "-c", "import time; time.sleep(3600)"), ("true",), tmp_path / "mark")
    assert comes_back(lambda: siren.sound(True))
    assert siren.is_on is None, "nobody knows"


def test_a_siren_that_a_killed_edge_left_on_is_ended_when_the_hub_is_there(tmp_path: Path) -> None:
    file = tmp_path / "relay"
    Siren(writes(file, "on "), writes(file, "off "), tmp_path / "mark").sound(True)
    after = Siren(writes(file, "on "), writes(file, "off "), tmp_path / "mark")
    after.sound(True)
    assert file.read_text() == "on ", "it sounds already"
    after.sound(False)
    assert file.read_text() == "on off "
