"""Rules that a cut of the market breaks, each with a sentence that says where and how it should be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.core.glossary import Pair
from hub.core.versions import apart, sizes, sums

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hub.core.planned import Broken, GridRule, GroupRule
    from hub.core.versions import Seat

APART: dict[str, Pair] = {
    "run.cut": Pair(
        "一段通道分属 {parts} 个网格（如 {shop}），边界应沿街巷或横道。",
        "A run of an aisle is in {parts} grids (as {shop}): borders follow streets and cross aisles.",
    ),
    "grid.apart": Pair(
        "{name}分成 {parts} 片（如 {shop}），应连成一片。",
        "{name} is in {parts} parts (as {shop}); it should hang together.",
    ),
    "group.apart": Pair(
        "{name}分成 {parts} 片（如 {shop}），应是相邻的商铺。",
        "{name} is in {parts} parts (as {shop}); its shops should be neighbours.",
    ),
}
"""Rules that ask how the market is walked, and what is said where they are broken."""
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a cut of the market breaks. `hard`: it cannot be submitted so."""

    rule: str
    subject: str
    hard: bool
    zh: str
    en: str


def breaches(seats: Mapping[str, Seat], rule: GroupRule, called: Mapping[str, str]) -> list[Breach]:
    """What can be told without walking: groups in two grids, of too few or too many.

    Args:
        seats: Every living shop.
        rule: Sizes of groups.
        called: Group → what people call it; one that is not in it is new.
    """
    found = [
        Breach(
            "group.two_grids",
            group,
            True,
            f"{_zh(called, group)}的商铺分在两个网格，请整组移动或拆分。",
            f"{_en(called, group)} has shops in two grids: move it whole or divide it.",
        )
        for group in apart(seats)
    ]
    for group, count in sorted(sizes(seats).items()):
        if not rule.least <= count <= rule.most:
            zh = f"{_zh(called, group)}有 {count} 户，应为 {rule.least}–{rule.most} 户。"
            en = f"{_en(called, group)} has {count} shops; {rule.least} to {rule.most} is the rule."
            found.append(Breach("group.size", group, False, zh, en))
    return found


def unbalanced(
    seats: Mapping[str, Seat], loads: Mapping[str, float], rule: GridRule, called: Mapping[str, Pair]
) -> list[Breach]:
    """Grids with too many or too few shops, or too much or too little work.

    Args:
        seats: The shops that are open.
        loads: Shop → what caring for it takes.
        rule: How far a grid may be from the mean.
        called: Grid → its name.
    """
    grids = {shop: seat.grid for shop, seat in seats.items()}
    found: list[Breach] = []
    for name, weights, band, zh, en in (
        ("shops", dict.fromkeys(grids, 1.0), rule.shops_band, "户数", "shops"),
        ("work", loads, rule.work_band, "任务量", "work"),
    ):
        sums_ = sums(grids, weights)
        mean = sum(sums_.values()) / len(sums_) if sums_ else 0.0
        for grid, one in sorted(sums_.items()):
            share = (one - mean) / mean if mean else 0.0
            if abs(share) > band + ROUNDING:
                words = called.get(grid, Pair("新网格", "The new grid"))
                more = Pair("多", "above") if share > 0 else Pair("少", "below")
                off = f"{abs(share):.1%}"
                found.append(
                    Breach(
                        f"grid.{name}",
                        grid,
                        False,
                        f"{words.zh}{zh}比平均{more.zh} {off}，规定不超过 {band:.0%}。",
                        f"{words.en} is {off} {more.en} the mean in {en}; {band:.0%} is the rule.",
                    )
                )
    return found


def apart_on_foot(found: Iterable[Broken], called: Mapping[str, Pair]) -> list[Breach]:
    """What only whoever walks the market can tell: runs that are cut, grids and groups that stand apart.

    Args:
        found: As the solver told it; other rules are passed over.
        called: Grid or group → its name.
    """
    told = []
    for one in found:
        if one.rule in APART:
            words = called.get(one.subject, Pair("新小组", "The new group"))
            said = {"parts": f"{one.value:g}", "shop": one.shops[0] if one.shops else ""}
            zh, en = (
                text.format(name=name, **said)
                for text, name in zip(
                    (APART[one.rule].zh, APART[one.rule].en), (words.zh, words.en), strict=True
                )
            )
            told.append(Breach(one.rule, one.subject, False, zh, en))
    return told


def _zh(called: Mapping[str, str], group: str) -> str:
    return f"第 {called[group]} 联防小组" if group in called else "新小组"


def _en(called: Mapping[str, str], group: str) -> str:
    return f"Shop group {called[group]}" if group in called else "The new group"
