"""Stretches touch over an aisle, a street or a back wall, never just at a corner."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import pytest

from hub.core.ground import Ground, Shop
from hub.demo.ground import irregular, reference
from hub.plan.runs import runs
from hub.plan.touch import touching
from hub.plan.walking import Walking
from tests.hub.plan.yard import box, way, yard


def touched(ground: Ground) -> dict[str, set[str]]:
    walking = Walking(ground)
    made = runs(ground, walking)
    found = touching(ground, [run.shops for run in made], walking)
    return {run.id: {made[other].id for other in others} for run, others in zip(made, found, strict=True)}


def test_over_the_cross_aisle_and_the_back_wall_but_not_at_the_corner() -> None:
    assert touched(yard()) == {
        "a-1": {"a-2", "b-1"},
        "a-2": {"a-1", "b-2"},
        "b-1": {"b-2", "a-1"},
        "b-2": {"b-1", "a-2"},
    }


def test_what_stands_alone_is_joined_to_what_is_nearest_on_foot() -> None:
    ground = yard()
    lane = way("lane", "street", (0.0, 30.0), (0.0, 90.0), hall=None)
    kiosk = Shop("kiosk", box(-5.5, 80.0, 4.0, 4.0), (-1.5, 82.0), "lane", None)
    far = replace(ground, streets=(*ground.streets, lane), shops=(*ground.shops, kiosk))
    assert touched(far)["lane-1"] == {"b-1"}


@pytest.mark.parametrize("ground", [reference(), irregular()])
def test_all_that_can_be_walked_to_hangs_together(ground: Ground) -> None:
    graph = nx.Graph([(one, other) for one, others in touched(ground).items() for other in others])
    assert len(graph) == len(runs(ground))
    assert nx.is_connected(graph)
