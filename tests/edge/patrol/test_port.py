"""A reader on a real serial line: read, pulled out, put in again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from edge.patrol.port import Port
from tests.edge.market import wait_for
from tests.edge.patrol.desk import Line, line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def wire() -> Iterator[Line]:
    with line() as one:
        yield one


def port(node: str, codes: list[str]) -> Port:
    return Port(node, 9600, codes.append)


def test_what_a_reader_sends_is_heard_code_by_code(wire: Line) -> None:
    codes: list[str] = []
    one = port(wire.node, codes)
    one.start()
    wait_for(lambda: one.is_there)
    wire.say(b"04A2B3C4\r\n\x02LF1-12-3\x03")
    wait_for(lambda: len(codes) == 2)
    wire.say(b"no end")
    wait_for(lambda: len(codes) == 3)
    one.stop()
    assert codes == ["04A2B3C4", "LF1-12-3", "no end"]


def test_a_reader_that_is_not_there_is_said_once_and_heard_when_it_comes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    codes: list[str] = []
    node = tmp_path / "reader"
    one = Port(str(node), 9600, codes.append)
    one._again = 0.02
    one.start()
    wait_for(lambda: one.trouble)
    assert f"{node} is not there; plug it in, or correct its name" in one.trouble
    with line() as wire:
        node.symlink_to(wire.node)
        wait_for(lambda: one.is_there)
        wire.say(b"04A2B3C4\n")
        wait_for(lambda: codes == ["04A2B3C4"])
        wire.pull()
        wait_for(lambda: one.trouble)
    one.stop()
    assert caplog.text.count("is not there") <= 2, "once when it began, once when it was pulled out"


def test_a_line_that_another_program_holds_is_said(wire: Line) -> None:
    codes: list[str] = []
    first, second = port(wire.node, codes), port(wire.node, codes)
    first.start()
    wait_for(lambda: first.is_there)
    second.start()
    wait_for(lambda: f"another program holds {wire.node}; end it" in second.trouble)
    first.stop()
    second.stop()
