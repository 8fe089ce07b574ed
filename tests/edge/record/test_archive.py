"""No row without its file, no file without its row; whatever was altered or lost is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from edge.__main__ import main
from edge.record.archive import INDEX, Archive
from edge.record.check import check
from tests.edge.record.roll import BEGAN, Deck

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from edge.camera.piece import Piece
    from edge.camera.ring import Packet


@pytest.fixture
def archive(packets: list[Packet], tmp_path: Path) -> Iterator[Archive]:
    """Four pieces, each in the index."""
    deck = Deck(tmp_path)
    deck.play(packets)
    deck.recorder.finish()
    made = Archive(tmp_path)
    for piece in deck.pieces:
        assert made.take(piece)
        assert not made.take(piece), "the same piece twice is one row"
    yield made
    made.close()


def everything(archive: Archive) -> list[Piece]:
    return archive.span("gate", BEGAN, BEGAN + 100)


def faults(archive: Archive) -> list[tuple[str, str]]:
    return [(fault.name, fault.sentence) for fault in check(archive.folder, lambda *_: None)]


def test_a_whole_archive_is_good(archive: Archive) -> None:
    assert faults(archive) == []
    assert archive.sizes()["gate"] == sum(path.stat().st_size for path in archive.folder.rglob("*.mp4"))


def test_a_lost_index_is_made_anew_from_the_files(archive: Archive) -> None:
    before = everything(archive)
    archive.close()
    for path in archive.folder.glob(f"{INDEX}*"):
        path.unlink()
    assert faults(archive)[0][0] == INDEX
    anew = Archive(archive.folder)
    anew.catch_up("gate")
    assert anew.last("gate") == archive_last(before), "recording goes on at once"
    anew.reconcile("gate")
    assert everything(anew) == before
    assert {piece.sha256 for piece in anew.untold()} == {piece.sha256 for piece in before}
    assert faults(anew) == []
    anew.close()


def archive_last(pieces: list[Piece]) -> tuple[str, float]:
    return pieces[-1].sha256, pieces[-1].tail.ended


def test_a_row_whose_file_was_taken_away_goes_and_the_chain_tells_where(archive: Archive) -> None:
    _, second, third, _ = everything(archive)
    (archive.folder / second.name).unlink()
    assert {name for name, _ in faults(archive)} == {second.name, third.name}
    archive.reconcile("gate")
    assert second not in everything(archive)
    ((name, words),) = faults(archive)
    assert name == third.name
    assert "the chain is broken here" in words


def test_one_altered_byte_is_found(archive: Archive) -> None:
    second, third = everything(archive)[1:3]
    path = archive.folder / second.name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    found = dict(faults(archive))
    assert "it was altered" in found[second.name]
    assert "the chain is broken" in found[third.name]


def test_a_file_that_is_none_of_ours_is_set_aside_and_named(archive: Archive) -> None:
    stray = archive.folder / "gate" / "1" / "86400000.mp4"
    stray.parent.mkdir()
    stray.write_bytes(b"not a film")
    archive.reconcile("gate")
    assert [name for name, _ in faults(archive)] == ["gate/1/86400000.broken"]


def test_what_is_deleted_in_its_turn_leaves_the_chain_whole(archive: Archive) -> None:
    oldest, *rest = everything(archive)
    archive.delete(oldest)
    assert not (archive.folder / oldest.name).exists()
    assert faults(archive) == []
    for piece in rest:
        archive.delete(piece)
    assert archive.last("gate") == archive_last(rest)
    assert archive.since("gate") is None


def test_a_deletion_that_a_power_failure_cut_short_is_settled(archive: Archive) -> None:
    oldest = everything(archive)[0]
    (archive.folder / oldest.name).unlink()
    archive.reconcile("gate")
    assert archive.since("gate") == everything(archive)[0].head.began > oldest.head.began


def test_the_command_names_what_is_broken(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["record", "check", str(archive.folder)]) == 0
    assert capsys.readouterr().out == f"{archive.folder}: good\n"
    second = everything(archive)[1]
    (archive.folder / second.name).unlink()
    assert main(["record", "check", str(archive.folder)]) == 1
    assert second.name in capsys.readouterr().out
    assert main(["record", "check", str(archive.folder / "none")]) == 2
