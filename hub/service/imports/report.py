"""What a file would do, row by row, and whether it is to be done: all of it, or what is good of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hub.core.refuse import Refused

if TYPE_CHECKING:
    from hub.core.glossary import Pair


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place; rows are counted as a spreadsheet counts them, the header is 1."""

    row: int
    column: str
    words: Pair


@dataclass(slots=True)
class Report:
    """What a file would do, or did: `rows` = `new` + `changed` + `same` + those with a problem."""

    file: str
    """sha256 of the file."""
    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    applied: bool = False
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    """What is worth a look and bars nothing; row 0: it concerns the whole."""
    streets: int = 0
    """How many streets are derived from the rows of doors."""

    def blame(self, row: int, column: str, words: Pair) -> None:
        """Note a problem."""
        self.problems.append(Problem(row, column, words))

    def remark(self, row: int, column: str, words: Pair) -> None:
        """Note what is worth a look."""
        self.remarks.append(Problem(row, column, words))

    @property
    def refused(self) -> frozenset[int]:
        """The rows with a problem."""
        return frozenset(one.row for one in self.problems)

    @property
    def id(self) -> str:
        """Names the file and everything that is wrong with it: whoever takes its good rows has read this."""
        said = sorted(f"{one.row} {one.column} {one.words.en}" for one in self.problems)
        return hashlib.sha256("\n".join([self.file, *said]).encode()).hexdigest()


def outdated() -> Refused:
    """What was checked is not what is there any more."""
    en = "The market changed meanwhile. Check the file again."
    return Refused("conflict", "import.changed", en, "市场资料刚被他人修改，请重新检查文件。")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: a check, all of a file, or the good rows of the report with the id `good`."""

    apply: bool = False
    good: str | None = None

    def grants(self, report: Report) -> bool:
        """Whether rows are to be entered.

        Raises:
            Refused: its good rows are wanted and there is none, or the report is not the one that was read.
        """
        if not self.apply or self.good is None:
            return self.apply and not report.problems
        if self.good != report.id:
            en = "This is not the report that you were shown. Check the file again, then take its good rows."
            zh = "检查结果与刚才显示的不同，请重新检查后再导入正确的行。"
            raise Refused("conflict", "import.changed", en, zh)
        if len(report.refused) == report.rows:
            en = "No row of the file is good. Correct it, then send it again."
            raise Refused("input", "import.good", en, "文件中没有可导入的行，请修改后重新导入。")
        return True
