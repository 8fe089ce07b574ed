"""What, how big, how far: calm on a terminal, readable in a log."""

from __future__ import annotations

import io

from launch.progress import Board, megabytes


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_in_a_log_a_step_is_told_when_it_begins_and_when_it_ends_not_in_between() -> None:
    out = io.StringIO()
    board = Board(["packages", "pages"], out)
    board.set("packages", "runs", "downloading numpy", lambda: "17 MB in all")
    for _ in range(5):
        board.paint()
    board.set("packages", "done", "0.6 GB on disk")
    board.paint()
    board.paint()
    lines = out.getvalue().splitlines()
    assert [line.split() for line in lines] == [
        ["▸", "packages", "0.0", "s", "downloading", "numpy", "·", "17", "MB", "in", "all"],
        ["✓", "packages", "0.0", "s", "0.6", "GB", "on", "disk"],
    ]


def test_a_terminal_shows_every_step_on_its_own_line_and_redraws_in_place() -> None:
    out = Terminal()
    board = Board(["packages", "pages"], out)
    board.paint()
    board.set("pages", "runs", "building")
    board.paint()
    first, again = out.getvalue().split("\x1b[2A\x1b[J")
    assert first.splitlines() == ["  · packages", "  · pages"]
    assert again.splitlines()[1].endswith("building")


def test_a_sentence_stays_above_the_lines() -> None:
    out = Terminal()
    board = Board(["pages"], out)
    board.paint()
    board.note("pages: broke off; trying again")
    assert out.getvalue() == "  · pages\n\x1b[1A\x1b[Jpages: broke off; trying again\n  · pages\n"


def test_sizes_are_told_as_people_read_them() -> None:
    assert megabytes(144_509_169) == "145 MB"
    assert megabytes(8_131_690) == "8.1 MB"
