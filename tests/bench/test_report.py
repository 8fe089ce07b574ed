import json

import pytest

from tests.bench.report import met, report, skip


def test_last_line_is_one_json_object_with_every_figure(capsys: pytest.CaptureFixture[str]) -> None:
    assert report("gate", {"ms": 1.23456, "frames": 7, "codec": "h264"}, {"ms": "<= 2"})
    last = capsys.readouterr().out.splitlines()[-1]
    assert json.loads(last) == {"bench": "gate", "ms": 1.2346, "frames": 7, "codec": "h264"}


def test_missed_target_is_said_and_answers_false(capsys: pytest.CaptureFixture[str]) -> None:
    assert not report("gate", {"ms": 3.0}, {"ms": "<= 2"})
    assert "MISSED <= 2" in capsys.readouterr().out


def test_target_nobody_measured_is_missed(capsys: pytest.CaptureFixture[str]) -> None:
    assert not report("gate", {"ms": 1.0}, {"speedup": ">= 3"})
    assert "not measured" in capsys.readouterr().out


def test_target_of_another_shape_is_refused_with_an_example() -> None:
    with pytest.raises(ValueError, match="reads like"):
        met(1.0, "about 2")


def test_skip_says_why_to_people_and_to_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert skip("gate", "no footage here; run `make run` once")
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["skipped"].startswith("no footage")
