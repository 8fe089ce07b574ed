"""Passwords are drawn once and read by their owner alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launch import keys

if TYPE_CHECKING:
    from pathlib import Path


def test_a_key_is_drawn_once_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "edge-west.key"
    drawn = keys.secret(file)
    assert len(drawn) >= 24
    assert keys.secret(file) == drawn
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert keys.secret(tmp_path / "keys" / "edge-east.key") != drawn


def test_a_key_file_left_empty_by_a_crash_is_drawn_anew(tmp_path: Path) -> None:
    (tmp_path / "a.key").touch()
    (tmp_path / "a.new").write_text("half")
    assert len(keys.secret(tmp_path / "a.key")) >= 24
