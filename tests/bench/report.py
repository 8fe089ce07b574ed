"""How a benchmark speaks: lines for people first, one JSON object as the last line for machines."""

from __future__ import annotations

import json
import operator
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "==": operator.eq,
}
TARGET = re.compile(r"(<=|>=|==|<|>)\s*(-?\d*\.?\d+)")


def met(figure: float | str, target: str) -> bool:
    """Whether a figure keeps its target, written as `<= 0.10`; raises ValueError for another shape."""
    parts = TARGET.fullmatch(target.strip())
    if parts is None:
        raise ValueError(f"a target reads like '<= 0.10', not {target!r}")
    return not isinstance(figure, str) and COMPARE[parts[1]](figure, float(parts[2]))


def report(name: str, figures: Mapping[str, float | int | str], targets: Mapping[str, str]) -> bool:
    """Print every figure with its target, then all of them as JSON; true when every target is kept.

    A target without a figure counts as missed: a benchmark cannot pass by measuring nothing.
    """
    width = max(map(len, [*figures, *targets]), default=0)
    kept = {key: key in figures and met(figures[key], target) for key, target in targets.items()}
    print(name)
    for key in [*figures, *(key for key in targets if key not in figures)]:
        verdict = f"  {'kept' if kept[key] else 'MISSED'} {targets[key]}" if key in targets else ""
        print(f"  {key:<{width}}  {_text(figures.get(key, 'not measured'))}{verdict}")
    rounded = {key: round(value, 4) if isinstance(value, float) else value for key, value in figures.items()}
    print(json.dumps({"bench": name, **rounded}, ensure_ascii=False), flush=True)
    return all(kept.values())


def skip(name: str, sentence: str) -> bool:
    """Say why a benchmark cannot run here and what to do; counts as kept, so that a bare machine passes."""
    print(f"{name}: skipped: {sentence}")
    print(json.dumps({"bench": name, "skipped": sentence}, ensure_ascii=False), flush=True)
    return True


def _text(value: float | str) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
