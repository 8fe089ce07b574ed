"""The units by which a machine that stays on runs the programs."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from hub.__main__ import main
from hub.config import PREFIX, Settings

ROOT = Path(__file__).parents[1]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
WORDS = {unit.name: unit.read_text(encoding="utf-8") for unit in UNITS}
ROLES = ("api", "ingest", "timer")


def says(unit: str, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", WORDS[unit], re.MULTILINE)


def test_hub_its_roles_and_edges_have_a_unit_each() -> None:
    assert set(WORDS) == {"lianfang-hub.service", "lianfang@.service", "lianfang-edge@.service"}


@pytest.mark.parametrize("unit", WORDS)
def test_a_program_that_ends_or_hangs_is_started_again_for_ever(unit: str) -> None:
    assert says(unit, "Type") == ["notify"]
    assert says(unit, "Restart") == ["always"]
    assert int(says(unit, "WatchdogSec")[0]) >= 30
    assert says(unit, "StartLimitIntervalSec") == ["0"]


@pytest.mark.parametrize("unit", WORDS)
def test_a_program_runs_without_root_and_cannot_change_the_system(unit: str) -> None:
    assert says(unit, "User") == ["lianfang"]
    assert says(unit, "NoNewPrivileges") == ["yes"]
    assert says(unit, "ProtectSystem") == ["strict"]
    assert says(unit, "CapabilityBoundingSet") == [""]


@pytest.mark.parametrize("unit", WORDS)
def test_children_are_ended_in_order_by_their_parent(unit: str) -> None:
    assert says(unit, "KillMode") == ["mixed"]


def test_every_role_that_a_unit_can_run_is_a_command_of_the_hub() -> None:
    known = {
        command.name or getattr(command.callback, "__name__", "") for command in main.registered_commands
    }
    assert {"serve", *ROLES} <= known
    assert says("lianfang-hub.service", "ExecStart") == ["/opt/lianfang/.venv/bin/python -m hub serve"]
    assert says("lianfang@.service", "ExecStart") == ["/opt/lianfang/.venv/bin/python -m hub %i"]


def test_the_hub_knows_what_its_units_tell_it() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    told = {word.split("=")[0] for unit in WORDS for word in says(unit, "Environment") if "LIANFANG" in word}
    assert told == {"LIANFANG_DATA"} <= known


def test_systemd_itself_finds_nothing_wrong(tmp_path: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd-analyze is not here")
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    for name, words in WORDS.items():
        (tmp_path / name).write_text(words.replace("/opt/lianfang/.venv/bin/python", str(python)))
        which = name.replace("@", "@api" if name == "lianfang@.service" else "@west")
        shutil.copy(tmp_path / name, tmp_path / which) if which != name else None
        done = subprocess.run(
            [tool, "verify", "--man=no", tmp_path / which], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr.replace(str(tmp_path), "")) == (0, ""), name
