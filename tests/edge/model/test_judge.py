from __future__ import annotations

import numpy as np
import pytest

from edge.model.judge import average_precision, evaluate, matched
from edge.model.truth import Present
from edge.see.network import UnfitModelError
from edge.see.seen import Seen

NONE = np.zeros((0, 4))
HERE = np.array([[0.0, 0, 10, 20], [100, 0, 110, 20]])


def seen(*things: tuple[float, float, str]) -> Seen:
    """Things as left, score, label, the surest first; each 10 x 20 pixels at the top."""
    boxes = np.array([[left, 0, left + 10, 20] for left, *_ in things], np.float32).reshape(-1, 4)
    scores = np.array([score for _, score, _ in things], np.float32)
    return Seen(boxes, scores, tuple(label for *_, label in things))


class Told:
    """A detector that says what it was told to say, picture by picture."""

    def __init__(self, *said: Seen) -> None:
        self._said = iter(said)

    def detect(self, picture: object) -> Seen:  # noqa: ARG002 - it looks at none
        return next(self._said)


def test_each_person_is_found_once_and_nothing_else_is_a_person() -> None:
    scores, right = matched(
        seen((1, 0.9, "person"), (0, 0.8, "person"), (50, 0.7, "person"), (100, 0.6, "dog")),
        Present(HERE, NONE),
    )
    assert scores.tolist() == pytest.approx([0.9, 0.8, 0.7])
    assert right.tolist() == [True, False, False]


def test_who_is_hidden_may_be_seen_or_missed() -> None:
    scores, right = matched(seen((0, 0.9, "person"), (100, 0.8, "person")), Present(HERE[:1], HERE[1:]))
    assert (scores.tolist(), right.tolist()) == (pytest.approx([0.9]), [True])


def test_average_precision_is_the_area_under_the_best_precision_that_each_recall_keeps() -> None:
    right = np.array([True, False, True, True])
    scores = np.array([0.9, 0.8, 0.7, 0.6], np.float32)
    assert average_precision(scores, right, people=4) == pytest.approx((1 + 0.75 + 0.75) / 4)
    assert average_precision(scores[::-1], right, people=4) == pytest.approx((1 + 1 + 0.75) / 4)
    assert average_precision(scores[:0], right[:0], people=4) == 0.0


def test_a_detector_is_judged_over_the_pictures_whose_truth_is_known() -> None:
    detector = Told(seen((0, 0.9, "person"), (50, 0.5, "person"), (100, 0.3, "person")), seen())
    truth = {1: Present(HERE, NONE), 2: Present(HERE[:1], NONE)}
    told: list[int] = []
    blank = np.zeros((20, 120, 3), np.uint8)
    judged = evaluate(detector, [blank] * 4, truth, 0.45, told.append)
    assert (judged.pictures, judged.people, told) == (2, 3, [1, 2])
    assert judged.precision == pytest.approx(1 / 2)
    assert judged.recall == pytest.approx(1 / 3)
    assert judged.ap == pytest.approx((1 + 2 / 3) / 3)
    assert judged.ms > 0


def test_a_detector_that_sees_nothing_scores_nothing() -> None:
    judged = evaluate(Told(seen()), [np.zeros((20, 120, 3), np.uint8)], {0: Present(HERE, NONE)}, 0.45)
    assert (judged.ap, judged.precision, judged.recall) == (0, 0, 0)


def test_pictures_in_which_nobody_stands_judge_nobody() -> None:
    with pytest.raises(UnfitModelError, match="names nobody in these pictures"):
        evaluate(Told(seen()), [np.zeros((20, 120, 3), np.uint8)], {7: Present(HERE, NONE)}, 0.45)
