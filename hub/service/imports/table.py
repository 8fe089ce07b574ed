"""A file of comma-separated values: read, checked, written. UTF-8, with a BOM or not, or GB 18030."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.core.text import as_meant, clean, harmless
from hub.service.imports.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 20_000
BOM = "\ufeff".encode()
BREAKS = frozenset("\t\n")
NOTES = {"row": Pair("行号", "Row"), "why": Pair("原因", "Why")}
"""Columns of a file of refused rows that tell about the row; what stands in them is not read."""
ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `must`: no cell of it is empty. `check` answers what is wrong with a cell that is not."""

    name: str
    words: Pair
    must: bool = False
    check: Callable[[str], Pair | None] = lambda _cell: None
    most: int = 64


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number, and its cells by those columns that the file has."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """A cell; one that is not there is empty."""
        return self.cells.get(column, "")

    def over(self, known: Mapping[str, str]) -> Row:
        """The row, and what its file has no column for as it is `known`."""
        return Row(self.number, {**known, **self.cells})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was read; `rows` have as many cells as the header, `lines` are all that are not empty."""

    header: list[str]
    """Names of its columns, in its order."""
    lines: list[tuple[int, list[str]]]
    """Number and cells, as they came."""
    rows: list[Row]
    report: Report

    @property
    def good(self) -> list[Row]:
        """The rows with which nothing is wrong."""
        refused = self.report.refused
        return [row for row in self.rows if row.number not in refused]


def read(data: bytes, columns: Sequence[Column]) -> Sheet:
    """Its rows, and what is wrong with single cells.

    Raises:
        Refused: this is no such file at all; the sentence says what to do.
    """
    first, *below = _lines(decoded(data)) or [[]]
    header = _header(first, columns)
    report = Report(hashlib.sha256(data).hexdigest())
    lines = [(number, line) for number, line in enumerate(below, 2) if any(cell.strip() for cell in line)]
    report.rows = len(lines)
    rows = []
    for number, line in lines:
        if len(line) != len(header):
            report.blame(number, "", Pair(f"应有 {len(header)} 列", f"it should have {len(header)} cells"))
            continue
        given = dict(zip(header, line, strict=True))
        cells = {one.name: cell(report, number, one, given[one.name]) for one in columns if one.name in given}
        rows.append(Row(number, cells))
    _refuse_twice(report, rows, columns[0].name)
    return Sheet(header, lines, rows, report)


def write(columns: Sequence[Column], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A file that spreadsheets open as it is meant: UTF-8 with a BOM, and no cell is a formula."""
    names = [one.name for one in columns]
    return _file([names, *([row.get(name, "") for name in names] for row in rows)])


def refused(sheet: Sheet) -> bytes:
    """The rows with something wrong, cell by cell as they came, each after its number and why.

    Once they are corrected, the same file can be read again.
    """
    why: dict[int, list[str]] = defaultdict(list)
    for one in sheet.report.problems:
        about = f"{one.column}: " if one.column else ""
        why[one.row].append(f"{about}{one.words.zh} / {one.words.en}")
    own = [n for n, name in enumerate(sheet.header) if name not in NOTES]
    lines = [[*NOTES, *(sheet.header[n] for n in own)]]
    for number, line in sheet.lines:
        if number in why:
            beyond = line[len(sheet.header) :]
            cells = [line[n] for n in own if n < len(line)] + beyond
            lines.append([str(number), "; ".join(why[number]), *(as_meant(cell.strip()) for cell in cells)])
    return _file(lines)


def _file(lines: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([harmless(cell) for cell in line] for line in lines)
    return BOM + out.getvalue().encode()


def decoded(data: bytes, most: int = MOST_BYTES) -> str:
    """The file as text.

    Raises:
        Refused: it is larger than `most` bytes, or no text in an encoding that is known.
    """
    if len(data) > most:
        mega = most // 2**20
        en = f"The file is larger than {mega} MB. Split it."
        raise Refused("input", "import.size", en, f"文件超过 {mega} MB，请拆分后再导入。")
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    en = "This is not text in UTF-8 or GB 18030. Save the sheet as CSV and try again."
    raise Refused("input", "import.text", en, "文件不是 UTF-8 或 GB 18030 编码的文本，请另存为 CSV 后重试。")


def _lines(text: str) -> list[list[str]]:
    lines = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), strict=True):
            lines.append(line)
            if len(lines) > MOST_ROWS + 1:
                en = f"The file has more than {MOST_ROWS} rows. Split it."
                raise Refused("input", "import.rows", en, f"文件超过 {MOST_ROWS} 行，请拆分后再导入。")
    except csv.Error as error:
        en = f"The file breaks off within a quoted cell near row {len(lines) + 1}. Save it as CSV again."
        zh = f"第 {len(lines) + 1} 行附近的引号不成对，请重新另存为 CSV。"
        raise Refused("input", "import.quotes", en, zh) from error
    return lines


def _header(given: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """The columns' names in the file's order; 中文 headings are taken, too."""
    known = {one.name: one.name for one in columns} | {one.words.zh: one.name for one in columns}
    known |= {name: name for name in NOTES} | {words.zh: name for name, words in NOTES.items()}
    found = [known.get(cell.strip().lower(), "") for cell in given]
    strange = [cell.strip()[:40] for cell, name in zip(given, found, strict=True) if not name]
    missing = [one.name for one in columns if one.must and one.name not in found]
    wanted = ", ".join(one.name for one in columns)
    if strange or missing or len(set(found)) != len(found):
        en = f"The first row names the columns, separated by commas, each once: {wanted}."
        raise Refused("input", "import.columns", en, f"首行应为以逗号分隔的列名，每列一次：{wanted}。")
    return found


def cell(report: Report, number: int, column: Column, given: str) -> str:
    """The cell as it is meant; what is wrong with it is noted."""
    try:
        meant = clean(as_meant(given.strip()))
        if not BREAKS.isdisjoint(meant):
            raise ValueError("a line break in a cell")  # noqa: TRY301 - one answer for all of them
    except ValueError:
        report.blame(
            number, column.name, Pair("含有不可见的控制字符", "it has characters that cannot be seen")
        )
        return ""
    if len(meant) > column.most:
        report.blame(
            number, column.name, Pair(f"超过 {column.most} 个字", f"it is longer than {column.most}")
        )
    elif not meant and column.must:
        report.blame(number, column.name, Pair("不能为空", "it is empty"))
    elif meant and (wrong := column.check(meant)):
        report.blame(number, column.name, wrong)
    return meant


def _refuse_twice(report: Report, rows: Iterable[Row], column: str) -> None:
    first: dict[str, int] = {}
    for row in rows:
        before = first.setdefault(row[column], row.number)
        if before != row.number and row[column]:
            report.blame(row.number, column, Pair(f"与第 {before} 行重复", f"row {before} has it already"))
