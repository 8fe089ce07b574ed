"""A step is done once, until what it is made from changes or what it made is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launch import stamp

if TYPE_CHECKING:
    from pathlib import Path


def test_the_same_files_have_the_same_digest_and_one_changed_byte_another(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    before = stamp.digest([tmp_path, "dev"])
    assert stamp.digest([tmp_path, "dev"]) == before
    assert stamp.digest([tmp_path, "user"]) != before
    (tmp_path / "a").write_text("2")
    assert stamp.digest([tmp_path, "dev"]) != before


def test_a_file_renamed_or_added_changes_the_digest(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    digests = {stamp.digest([tmp_path])}
    (tmp_path / "a").rename(tmp_path / "b")
    digests.add(stamp.digest([tmp_path]))
    (tmp_path / "a").write_text("")
    digests.add(stamp.digest([tmp_path]))
    assert len(digests) == 3


def test_what_tools_leave_behind_does_not_count(tmp_path: Path) -> None:
    before = stamp.digest([tmp_path])
    for folder in ("node_modules", "dist", "__pycache__"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x").write_text("x")
    assert stamp.digest([tmp_path]) == before


def test_a_stamp_holds_while_the_inputs_are_these_and_the_files_stand(tmp_path: Path) -> None:
    made, mark = tmp_path / "made", tmp_path / "stamps" / "step.json"
    made.write_text("whole")
    assert not stamp.holds(mark, ("k",))
    stamp.write(mark, "k", [made])
    assert stamp.holds(mark, ("k",))
    assert stamp.holds(mark, ("other", "k"))
    assert not stamp.holds(mark, ("other",))
    made.write_text("stump")
    assert stamp.holds(mark, ("k",)), "same size"
    made.write_text("stu")
    assert not stamp.holds(mark, ("k",))
    made.unlink()
    assert not stamp.holds(mark, ("k",))


def test_a_damaged_stamp_is_no_stamp(tmp_path: Path) -> None:
    mark = tmp_path / "step.json"
    for text in ("", "{", "[]", '{"key": "k"}', '{"key": "k", "made": 3}'):
        mark.write_text(text)
        assert not stamp.holds(mark, ("k",))
