import pytest

from edge.see.label import BY_COUNT, COCO, kind
from models.nanodet_g.build import CARD


def test_eighty_words_of_coco_in_their_order() -> None:
    assert len(COCO) == len(set(COCO)) == 80
    assert {word: COCO.index(word) for word in CARD["labels"]} == CARD["labels"]


@pytest.mark.parametrize(
    ("number", "word"), [(1, "person"), (3, "car"), (13, "stop sign"), (27, "backpack"), (90, "toothbrush")]
)
def test_ninety_one_words_by_the_numbers_of_coco(number: int, word: str) -> None:
    assert BY_COUNT[91][number] == word
    assert BY_COUNT[91][12] == "unnamed"


def test_a_van_may_be_taken_for_a_lorry_but_not_for_a_person() -> None:
    assert kind("car") == kind("truck") != kind("person")
    assert kind("backpack") == kind("suitcase")
    assert kind("umbrella") == "umbrella"
