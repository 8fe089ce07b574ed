"""How grave a signal is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from hub.core import glossary
from hub.core.severity import BUTTON, CASE, CONFIRMED, TABLE, grade
from wire.message import EventKind, Sos


@pytest.mark.parametrize(
    ("kind", "trust", "critical", "severity"),
    [
        ("fire", "normal", False, 1),
        ("fire", "high", False, 0),
        ("smoke", "low", False, 1),
        ("intrusion", "normal", False, 1),
        ("covered", "normal", False, 2),
        ("covered", "normal", True, 1),
        ("lost", "normal", True, 1),
        ("crowd", "normal", False, 2),
        ("crowd", "high", False, 1),
        ("linger", "high", True, 2),
        ("defocused", "high", True, 3),
        ("panic", "high", False, 0),
        ("help", "high", False, 1),
    ],
)
def test_the_table_says(kind: str, trust: str, critical: bool, severity: int) -> None:
    assert grade(kind, trust, critical=critical) == severity


def test_everything_that_the_wire_can_say_has_a_severity_and_a_name() -> None:
    buttons = get_args(Sos.__annotations__["button"]) or tuple(BUTTON)
    assert set(get_args(EventKind)) <= set(TABLE)
    assert {BUTTON[button] for button in buttons} <= set(TABLE)
    assert set(TABLE) | set(CASE) <= set(glossary.KIND)


def test_more_trust_is_never_less_grave() -> None:
    assert all(list(row) == sorted(row, reverse=True) for row in TABLE.values())


def test_a_fire_that_somebody_confirmed_is_urgent() -> None:
    assert CONFIRMED["fire"] == CONFIRMED["smoke"] == 0


def test_a_kind_is_called_as_the_glossary_says() -> None:
    table = (Path(__file__).parents[3] / "docs" / "glossary.md").read_text(encoding="utf-8")
    said = {
        kind: zh
        for kinds, zhs in re.findall(r"^\| ([a-z, ]+) \| ([^|]+) \|", table, re.MULTILINE)
        for kind, zh in zip(kinds.split(", "), zhs.strip().split("、"), strict=True)
    }
    assert {kind: glossary.KIND[kind].zh for kind in said} == said
    assert set(said) >= set(get_args(EventKind))
