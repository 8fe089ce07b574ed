"""A reader that types gives whole codes, and nothing of what a cat walks over the keys."""

from __future__ import annotations

import pytest

from edge.patrol.typed import PAUSE, SIGNS, Typed


class Ear:
    def __init__(self) -> None:
        self.codes: list[str] = []
        self.typed = Typed(self.codes.append)
        self.now = 100.0

    def key(self, name: str) -> None:
        self.now += 0.005
        self.typed.press((name,), True, self.now)
        self.typed.press((name,), False, self.now)

    def text(self, text: str) -> None:
        """As a reader does it: shift goes down and up for each sign that needs it."""
        for sign in text:
            name = next(key for key, pair in SIGNS.items() if sign in pair and not key.startswith("KEY_KP"))
            if SIGNS[name][0] != sign:
                self.typed.press(("KEY_LEFTSHIFT",), True, self.now)
            self.key(name)
            self.typed.press(("KEY_LEFTSHIFT",), False, self.now)


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.mark.parametrize(
    "code", ["0004512345", "04A2B3C4D5E680", "LF1-12-3-20261231-ABCDEFGH2345WXYZ", "a:b/C?d=e&f_%"]
)
def test_what_is_typed_up_to_enter_is_one_code(ear: Ear, code: str) -> None:
    ear.text(code)
    assert ear.codes == []
    ear.key("KEY_ENTER")
    assert ear.codes == [code]


def test_the_number_block_types_numbers_whatever_is_held(ear: Ear) -> None:
    ear.typed.press(("KEY_RIGHTSHIFT",), True, ear.now)
    for digit in "0815":
        ear.key(f"KEY_KP{digit}")
    ear.key("KEY_KPENTER")
    assert ear.codes == ["0815"]


def test_both_shifts_held_and_one_let_go_is_still_shift(ear: Ear) -> None:
    for name in ("KEY_LEFTSHIFT", "KEY_RIGHTSHIFT"):
        ear.typed.press((name,), True, ear.now)
    ear.typed.press(("KEY_LEFTSHIFT",), False, ear.now)
    ear.key("KEY_A")
    ear.key("KEY_ENTER")
    assert ear.codes == ["A"]


def test_what_was_begun_and_left_does_not_stand_before_the_next_code(ear: Ear) -> None:
    ear.text("9999")
    ear.now += PAUSE + 0.1
    ear.text("1234")
    ear.key("KEY_ENTER")
    assert ear.codes == ["1234"]


def test_keys_that_went_by_unheard_spoil_the_code_and_not_the_next(ear: Ear) -> None:
    ear.typed.press(("KEY_LEFTSHIFT",), True, ear.now)
    ear.text("12")
    ear.typed.lost()
    ear.key("KEY_ENTER")
    ear.text("ab")
    ear.key("KEY_ENTER")
    assert ear.codes == ["", "ab"]


def test_a_key_with_several_names_types_by_the_one_that_is_a_sign(ear: Ear) -> None:
    ear.typed.press(("KEY_SOMETHING", "KEY_7"), True, ear.now)
    ear.key("KEY_VOLUMEUP")
    ear.key("KEY_ENTER")
    assert ear.codes == ["7"]


def test_a_key_that_sticks_fills_no_memory(ear: Ear) -> None:
    for _ in range(2000):
        ear.key("KEY_X")
    ear.key("KEY_ENTER")
    assert len(ear.codes[0]) == 512
