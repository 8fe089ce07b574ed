"""The commands that a person types."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not here")


def make(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *words],
        cwd=ROOT,
        env={**kept, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_make_alone_tells_what_there_is() -> None:
    said = [line.split()[1] for line in make().stdout.splitlines()]
    assert said == ["help", "run", "test", "test-all", "check", "bench", "clean-data"]


def test_a_camera_is_taken_as_it_was_typed_whatever_a_shell_or_make_would_make_of_it(tmp_path: Path) -> None:
    typed = """no$where "x" 'y' `id` ;&.mp4"""
    done = make("run", f"CAMERA={typed}", LIANFANG_DATA=str(tmp_path))
    assert f"{typed} does not exist" in done.stderr
    assert done.returncode == 2, "what make says when a command was refused"


def test_clean_data_removes_what_the_market_gathered_and_nothing_else(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "logs").mkdir(parents=True)
    (data / "hub.db").touch()
    done = make("clean-data", LIANFANG_DATA=str(data))
    assert done.stdout == f"{data} is empty\n"
    assert list(tmp_path.iterdir()) == []
    assert make("clean-data", LIANFANG_DATA=str(data)).returncode == 0
