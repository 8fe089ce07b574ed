"""The key of codes lies outside the database, is made once, and is its owner's alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from hub.gear import stamp

if TYPE_CHECKING:
    from pathlib import Path


def test_several_hubs_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "patrol.key"
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: stamp.key(file), range(4)))
    assert found == {file.read_bytes()}
    assert (len(file.read_bytes()), file.stat().st_mode & 0o777) == (stamp.KEY_BYTES, 0o600)
    assert [one.name for one in file.parent.iterdir()] == ["patrol.key"]


def test_a_file_that_is_no_key_is_said_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "patrol.key"
    file.write_bytes(b"short")
    with pytest.raises(ValueError, match="restore it from the backup"):
        stamp.key(file)
    assert file.read_bytes() == b"short"
