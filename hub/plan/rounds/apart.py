"""How far stops are from each other on foot."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hub.core.ground import Gate
from hub.core.refuse import Refused
from hub.plan.walking import Walking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hub.core.ground import Ground
    from hub.core.rounds import Stop

    Metres = NDArray[np.float64]

MOST = 120
"""Stops of one round; more is more than anybody walks."""


def apart(stops: Sequence[Stop], ground: Ground | None, metres: Sequence[Sequence[float]]) -> Metres:
    """Metres from stop to stop, (n, n): those given, else walked on `ground`.

    Raises:
        Refused: there is no stop, one is there twice, there are too many, or no way leads to one.
    """
    _refuse_stops(stops)
    ways: Metres = np.array(metres, dtype=float) if metres else _walked(stops, ground)
    if ways.shape != (len(stops), len(stops)) or not (ways >= 0).all():
        raise Refused(
            "input",
            "round.metres",
            "The metres do not fit the checkpoints: give one row and one column for each, none below 0.",
            "距离表与巡更点不符:每个巡更点一行一列,不得为负。",
        )
    # Whoever gives one way only, or another back, means a street; nobody walks less than the longer.
    ways = np.asarray(np.maximum(ways, ways.T))
    far = np.isinf(ways)
    # Of pieces that hang together the largest is where one walks.
    lost = [stops[at].checkpoint for at in np.flatnonzero(far[far.sum(axis=1).argmin()]).tolist()]
    if lost:
        raise _refused(
            "round.no_way",
            "No way leads to these checkpoints: {}. Move them to a street, or draw the way.",
            "以下巡更点无路可达:{}。请移到通道上,或补画通道。",
            lost,
        )
    return ways


def _walked(stops: Sequence[Stop], ground: Ground | None) -> Metres:
    if ground is None:
        raise Refused(
            "input",
            "round.no_ground",
            "Nobody knows how far these checkpoints are apart: import the plan of the market first.",
            "无法计算巡更点之间的距离:请先导入市场平面图。",
        )
    gates = tuple(Gate(stop.checkpoint, (stop.x, stop.y)) for stop in stops)
    return Walking(replace(ground, shops=(), gates=gates)).between_gates()


def _refuse_stops(stops: Sequence[Stop]) -> None:
    if not stops:
        raise Refused(
            "input",
            "round.empty",
            "A round needs at least one checkpoint.",
            "一轮巡逻至少要有一个巡更点。",
        )
    if twice := [name for name, times in Counter(stop.checkpoint for stop in stops).items() if times > 1]:
        raise _refused(
            "round.twice",
            "These checkpoints are there twice: {}. Leave each once.",
            "以下巡更点重复:{}。每个只保留一次。",
            twice,
        )
    if len(stops) > MOST:
        raise Refused(
            "input",
            "round.too_many",
            f"A round has at most {MOST} checkpoints, and these are {len(stops)}: make two rounds of them.",
            f"一轮巡逻最多 {MOST} 个巡更点,现有 {len(stops)} 个:请分成两轮。",
        )


def _refused(code: str, en: str, zh: str, names: Sequence[str]) -> Refused:
    return Refused("input", code, en.format(", ".join(names[:5])), zh.format("、".join(names[:5])))
