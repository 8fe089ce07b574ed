"""What acts ask for, and what they do not take."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from hub.core.case import Act
from hub.core.form import CONDITIONS, FIELDS, TICKED, read
from hub.core.refuse import Refused


def test_every_act_has_a_form() -> None:
    assert set(FIELDS) == set(Act)


def test_what_is_given_comes_back_checked_and_the_rest_is_empty() -> None:
    given = read(Act.HANDLE, {"result": "solved", "text": "  done  "})
    assert given == {"result": "solved", "text": "done", "media": None}


@pytest.mark.parametrize(
    ("act", "fields", "name"),
    [
        (Act.REJECT, {}, "text"),
        (Act.REJECT, {"text": "   "}, "text"),
        (Act.REJECT, {"text": 7}, "text"),
        (Act.REJECT, {"text": "x" * 2001}, "text"),
        (Act.REJECT, {"text": "nul\x00"}, "text"),
        (Act.REJECT, {"text": "ok", "colour": "red"}, "colour"),
        (Act.HANDLE, {"result": "magic", "text": "x"}, "result"),
        (Act.PRIORITY, {"severity": "4", "text": "x"}, "severity"),
        (Act.PRIORITY, {"severity": True, "text": "x"}, "severity"),
        (Act.CALL, {"number": "112"}, "number"),
        (Act.SUSPEND_REQUEST, {"until": "tomorrow", "text": "x"}, "until"),
        (Act.SUSPEND_REQUEST, {"until": "2026-11-22T08:00:00", "text": "x"}, "until"),
        (Act.SUSPEND_REQUEST, {"until": "0001-01-01T00:00:00+14:00", "text": "x"}, "until"),
        (Act.SUSPEND_REQUEST, {"until": 5, "text": "x"}, "until"),
        (Act.DISPATCH, {"unit": ["crew"]}, "unit"),
        (Act.VERIFY_CLOSE, {"gone": True}, "told"),
        (Act.VERIFY_CLOSE, {"gone": True, "told": False}, "told"),
        (Act.VERIFY_CLOSE, {"gone": "yes", "told": True}, "gone"),
        (Act.NOTE, {"text": "x", "media": "m"}, "media"),
        (Act.NOTE, {"text": "x", "media": [7]}, "media"),
    ],
)
def test_a_wrong_field_is_named(act: Act, fields: dict[str, Any], name: str) -> None:
    with pytest.raises(Refused) as caught:
        read(act, fields)
    assert caught.value.kind == "input"
    assert caught.value.code == f"field.{name}"
    assert name in caught.value.en
    assert name in caught.value.zh


def test_a_moment_is_taken_as_utc() -> None:
    given = read(Act.SUSPEND_REQUEST, {"until": "2026-11-22T08:00:00+08:00", "text": "x"})
    assert given["until"] == datetime(2026, 11, 22, tzinfo=UTC)


def test_a_number_may_come_as_a_number() -> None:
    assert read(Act.PRIORITY, {"severity": 1, "text": "smoke"})["severity"] == "1"


def test_a_verifier_ticks_what_no_row_can_tell() -> None:
    assert set(TICKED) < set(CONDITIONS)
