"""A serial reader may end a code as it likes; it comes out whole either way."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.patrol.lines import Lines

CODES = ["LF1-12-3-20261231-ABCDEFGH2345WXYZ", "04A2B3C4"]


@pytest.mark.parametrize("frame", ["{}\r\n", "{}\n", "{}\r", "\x02{}\x03", "\x02{}\r\n\x03", "{}\r\r"])
def test_every_customary_end_is_one(frame: str) -> None:
    data = "".join(frame.format(code) for code in CODES).encode()
    assert Lines().feed(data) == CODES


@settings(max_examples=50, deadline=None, derandomize=True, database=None)
@given(st.lists(st.integers(1, 20), max_size=12))
def test_however_the_bytes_are_cut_the_codes_are_the_same(cuts: list[int]) -> None:
    data, lines, found = "\r\n".join([*CODES, ""]).encode(), Lines(), []
    for cut in cuts:
        found += lines.feed(data[:cut])
        data = data[cut:]
    assert [*found, *lines.feed(data)] == CODES


def test_a_reader_that_ends_nothing_ends_by_a_pause() -> None:
    lines = Lines()
    assert lines.feed(b"04A2") == []
    assert lines.flush() == ["04A2"]
    assert lines.flush() == []


def test_a_line_that_never_ends_fills_no_memory() -> None:
    lines = Lines()
    for _ in range(100):
        assert lines.feed(b"x" * 1000) == []
    assert [len(text) for text in lines.flush()] == [512]


def test_what_is_no_text_comes_out_as_something_that_nobody_takes_for_a_code() -> None:
    (text,) = Lines().feed(b"\xff\xfe\n")
    assert not text.isascii()
