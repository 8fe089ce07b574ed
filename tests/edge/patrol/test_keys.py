"""Keys of a real keyboard where Linux lets a test make one, else of a pipe that gives evdev's own events."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from evdev import InputEvent, UInput, ecodes

from edge.patrol.keys import Keys
from edge.patrol.panic import Panic
from edge.patrol.typed import Typed
from tests.edge.market import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

UINPUT = Path("/dev/uinput")


class Board:
    """A keyboard as evdev gives one: a file to wait for, and events to read."""

    def __init__(self) -> None:
        self.fd, self._end = os.pipe()
        self.events: list[InputEvent] = []
        self.is_grabbed = self.is_closed = self.is_out = False

    def grab(self) -> None:
        self.is_grabbed = True

    def read(self) -> Sequence[InputEvent]:
        if self.is_out:
            raise OSError(errno.ENODEV, "No such device")
        count = len(os.read(self.fd, 4096))
        taken, self.events = self.events[:count], self.events[count:]
        return taken

    def close(self) -> None:
        self.is_closed = True

    def put(self, kind: int, code: int, value: int) -> None:
        self.events.append(InputEvent(0, 0, kind, code, value))
        os.write(self._end, b".")

    def press(self, *names: str) -> None:
        for name in names:
            for value in (1, 2, 0):
                self.put(ecodes.EV_KEY, ecodes.ecodes[name], value)

    def pull(self) -> None:
        self.is_out = True
        os.write(self._end, b".")


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def codes() -> list[str]:
    return []


@pytest.fixture
def calls() -> list[str]:
    return []


@pytest.fixture
def keys(board: Board, codes: list[str], calls: list[str]) -> Iterator[Keys]:
    ears = (Typed(codes.append), Panic("KEY_F12", 0.05, lambda: calls.append("help")))
    one = Keys("/dev/input/event9", ears, open_device=lambda _: board)
    one._again = 0.02
    one.start()
    wait_for(lambda: board.is_grabbed)
    yield one
    one.stop()


def test_a_reader_types_a_code_and_what_it_repeats_while_held_counts_once(
    keys: Keys, board: Board, codes: list[str]
) -> None:
    board.press("KEY_0", "KEY_4", "KEY_A", "KEY_ENTER")
    wait_for(lambda: codes == ["04a"])
    assert keys.trouble == ""


@pytest.mark.usefixtures("keys")
def test_the_same_keyboard_calls_for_help_while_its_key_is_held(
    board: Board, codes: list[str], calls: list[str]
) -> None:
    board.put(ecodes.EV_KEY, ecodes.KEY_F12, 1)
    wait_for(lambda: calls == ["help"])
    board.put(ecodes.EV_KEY, ecodes.KEY_F12, 0)
    board.press("KEY_7", "KEY_ENTER")
    wait_for(lambda: codes == ["7"])


@pytest.mark.usefixtures("keys")
def test_where_events_were_dropped_half_a_code_is_none(board: Board, codes: list[str]) -> None:
    board.press("KEY_1", "KEY_2")
    board.put(ecodes.EV_SYN, ecodes.SYN_DROPPED, 0)
    board.press("KEY_3", "KEY_ENTER")
    wait_for(lambda: codes == ["3"])


def test_pulled_out_it_says_so_and_lets_go(keys: Keys, board: Board) -> None:
    board.pull()
    wait_for(lambda: "is not there; plug it in" in keys.trouble)
    assert board.is_closed


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.EACCES, "put this program's user into the group input"),
        (errno.EBUSY, "another program holds /dev/input/event9; end it"),
        (errno.EIO, "cannot be read"),
    ],
)
def test_why_it_cannot_be_opened_is_said_with_what_to_do(number: int, sentence: str) -> None:
    def refuse(_: str) -> Board:
        raise OSError(number, os.strerror(number))

    one = Keys("/dev/input/event9", (), open_device=refuse)
    one.start()
    wait_for(lambda: sentence in one.trouble)
    one.stop()


def test_a_keyboard_that_no_kernel_knows_is_looked_for(tmp_path: Path) -> None:
    one = Keys(str(tmp_path / "event9"), ())
    one.start()
    wait_for(lambda: "event9 is not there; plug it in" in one.trouble)
    one.stop()


@pytest.mark.skipif(
    not os.access(UINPUT, os.W_OK), reason="this machine lets nobody make a keyboard (uinput)"
)
def test_a_keyboard_of_the_kernels_own_types_a_code(codes: list[str]) -> None:
    with UInput({ecodes.EV_KEY: [ecodes.KEY_1, ecodes.KEY_2, ecodes.KEY_ENTER]}, name="tag reader") as typist:
        one = Keys(str(typist.device.path), (Typed(codes.append),))
        one.start()
        wait_for(lambda: one.is_there)
        for code in (ecodes.KEY_1, ecodes.KEY_2, ecodes.KEY_ENTER):
            for value in (1, 0):
                typist.write(ecodes.EV_KEY, code, value)
                typist.syn()
        wait_for(lambda: codes == ["12"])
        one.stop()
