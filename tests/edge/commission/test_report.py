"""Real RTSP cameras looked at before they are relied on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from edge.__main__ import main
from tests.conftest import aside
from tests.edge.camera import film as films
from tests.edge.camera import street

if TYPE_CHECKING:
    from collections.abc import Iterator

MODEL = Path(__file__).parents[3] / "models" / "nanodet_g" / "int8_352x288.onnx"


@pytest.fixture(scope="module")
def cameras(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("films")
    good = films.write(folder / "good.mp4", 120)
    with street.served(tmp_path_factory.mktemp("cache"), good=good) as served:
        yield served


def commission(
    folder: Path, capsys: pytest.CaptureFixture[str], **said: object
) -> tuple[int, str, dict[str, Any]]:
    (folder / "cameras").mkdir(exist_ok=True)
    file, report = folder / "cameras" / "c-1-01.yaml", folder / "report.json"
    file.write_bytes(msgspec.yaml.encode({"id": "c-1-01", **said}))
    words = ["commission", str(file), "--seconds", "3", "--model", str(MODEL), "--json", str(report)]
    code = aside(main, words)
    (made,) = msgspec.json.decode(report.read_bytes())
    return code, capsys.readouterr().out, made


def test_a_good_camera_is_called_good_and_its_report_is_kept(
    cameras: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {"url": cameras["good"], "main": cameras["good"], "far": 0.5}
    code, text, made = commission(tmp_path, capsys, **said)
    assert "good    sub codec: H.264" in text
    assert "good    main codec: H.264, recorded as it is sent" in text
    assert "good    sub size: 320x240" in text
    # How evenly it comes, and how late, is this machine's doing as well.
    assert {"sub frame rate", "sub keyframes", "clock"} <= {one["about"] for one in made["findings"]}
    assert "good    sub farthest person" in text
    assert code == int("CHANGE" in text)
    assert text.endswith("to change\n" if code else "camera c-1-01: good\n")
    sub = made["sub"]
    assert (sub["codec"], sub["width"], sub["height"]) == ("h264", 320, 240)


@pytest.mark.long
def test_what_a_browsers_picture_of_h265_costs_is_told(
    cameras: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = films.write(tmp_path / "new.mp4", 120, codec="libx265")
    said = {"url": cameras["good"], "main": str(new), "far": 0.5}
    _, text, made = commission(tmp_path, capsys, **said)
    assert "mind    main codec: H.265 is recorded as it is sent" in text
    assert "CPU seconds a second of film" in text
    recorded = made["main"]
    assert recorded["recode"] > recorded["cores"] >= 0


def test_a_wrong_password_is_said_and_never_shown(
    cameras: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = cameras["good"].replace("p%40ss%20word", "not-the-word")
    assert url != cameras["good"]
    code, text, made = commission(tmp_path, capsys, url=url)
    assert code == 1
    assert "CHANGE  sub stream" in text
    assert "user or password is refused" in text
    assert text.endswith("to change\n")
    assert "not-the-word" not in text + str(made)


def test_a_camera_that_an_edge_does_not_have_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    file = Path(__file__).parents[3] / "firmware_configs" / "edges" / "edge-west.yaml"
    assert main(["commission", str(file), "c-9-99"]) == 2
    assert "no camera c-9-99; its own: c-2-01, c-1-08" in capsys.readouterr().err
