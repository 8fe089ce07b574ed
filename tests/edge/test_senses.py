from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from edge.senses import Senses
from tests.edge.rule.walk import Seen
from tests.edge.see.test_static import hall, with_box

if TYPE_CHECKING:
    from edge.rule.scene import Scene


def put_down(senses: Senses, *known: Seen) -> Scene:
    """The hall for ten seconds, and then with a box in it for six."""
    for at in np.arange(0, 16, 0.5):
        scene = senses.scene(hall() if at < 10 else with_box(hall()), known, float(at))
    return scene


def test_what_no_rule_asked_for_is_not_looked_for() -> None:
    scene = put_down(Senses(()))
    assert (scene.still, scene.flames) == ((), ())
    assert put_down(Senses(("flames",))).still == ()


def test_what_a_rule_asked_for_is_found() -> None:
    (thing,) = put_down(Senses(("still",))).still
    assert thing.kind == "came"


def test_a_person_who_stands_there_is_no_thing_and_a_cart_is() -> None:
    box = np.array([90, 110, 140, 160], np.float32)
    assert put_down(Senses(("still",)), Seen(1, box, 0.0)).still == ()
    assert len(put_down(Senses(("still",)), Seen(1, box, 0.0, label="cart")).still) == 1
