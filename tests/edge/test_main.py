from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from edge.__main__ import main
from edge.config import schema
from tests.edge.see import toy

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[2]
WEST = ROOT / "firmware_configs" / "edges" / "edge-west.yaml"


def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The edge as somebody types it."""
    return subprocess.run(
        [sys.executable, "-m", "edge", *words],
        cwd=ROOT,
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_good_file_is_called_good(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "check", str(WEST)]) == 0
    assert capsys.readouterr().out == f"{WEST}: good: edge-west, 2 cameras, 3 zones, 3 rules\n"


def test_a_camera_file_is_checked_as_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    camera = WEST.parents[1] / "cameras" / "c-2-01.yaml"
    assert main(["config", "check", str(camera)]) == 0
    assert capsys.readouterr().out == f"{camera}: good: camera c-2-01, 2 zones, 2 rules\n"
    file = tmp_path / "camera.yaml"
    file.write_text("url: 0\n")
    assert main(["config", "check", str(file)]) == 2
    assert capsys.readouterr().err == f"{file}: the key `id` is missing; add it\n"


def test_a_bad_file_is_refused_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "edge.yaml"
    file.write_text("devise: edge-west\n")
    assert main(["config", "check", str(file)]) == 2
    assert capsys.readouterr().err == f"{file}: unknown key `devise`; did you mean `device`?\n"


def test_the_schema_is_printed_for_editors(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "schema"]) == main(["config", "schema", "camera"]) == 0
    assert capsys.readouterr().out == schema() + schema("camera")


def test_a_check_needs_no_detector_and_no_camera_library() -> None:
    words = f"import sys; from edge.__main__ import main; main(['config', 'check', {str(WEST)!r}])"
    ask = f"{words}; print({{'cv2', 'av', 'onnxruntime', 'paho', 'numpy'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"


def test_without_its_key_it_does_not_start_and_says_what_to_do(tmp_path: Path) -> None:
    done = run("run", "--config", str(WEST), LF_DATA=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "edge-west.key: the device's key cannot be read" in done.stderr
    assert "enrol it at the hub" in done.stderr


def test_without_its_detector_it_does_not_start_and_says_which_file(tmp_path: Path) -> None:
    key = tmp_path / "keys" / "edge-west.key"
    key.parent.mkdir()
    key.write_text("key")
    file = tmp_path / "edges" / "edge.yaml"
    file.parent.mkdir()
    (tmp_path / "cameras").symlink_to(WEST.parents[1] / "cameras")
    file.write_text(WEST.read_text().replace("models/nanodet_g", str(tmp_path / "none")))
    done = run("run", "--config", str(file), LF_DATA=str(tmp_path))
    assert done.returncode == 1
    assert str(tmp_path / "none") in done.stderr
    assert "Traceback" not in done.stderr


def test_an_owners_detector_that_nobody_has_tried_is_refused_in_one_sentence(tmp_path: Path) -> None:
    own = toy.seeing_yolox(tmp_path / "own.onnx")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "edge-west.key").write_text("key")
    (tmp_path / "edges").mkdir()
    (tmp_path / "cameras").symlink_to(WEST.parents[1] / "cameras")
    file = tmp_path / "edges" / "edge.yaml"
    ours = "{model: models/nanodet_g/int8_352x288.onnx, decoder: nanodet"
    file.write_text(WEST.read_text().replace(ours, f"{{model: {own}, decoder: yolox"))
    done = run("run", "--config", str(file), LF_DATA=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr == (
        f"{own} has no card: try it with `python -m edge model verify {own} --decoder yolox`, "
        "which writes one\n"
    )
