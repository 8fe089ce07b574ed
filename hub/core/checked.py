"""What is wrong with the ground of a market as it was drawn: findings, each with a place and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.core.glossary import Pair
from hub.core.ground import Ground, Point  # noqa: TC001 - the child reads what it is asked by these types

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is looked for; `words` has {ids} and {much}. What `bars` is not taken in."""

    words: Pair
    bars: bool = False
    then: str = ""
    """Kind of those that are named after the first, where it is another."""


RULES: Mapping[str, Rule] = {
    "ring": Rule(
        Pair("{ids} 的轮廓自相交叉或没有面积", "the outline of {ids} crosses itself or has no area"),
        bars=True,
    ),
    "outside": Rule(
        Pair("{ids} 有 {much} 平方米在市场范围之外", "{much} m2 of {ids} lie outside the market"), bars=True
    ),
    "overlap": Rule(Pair("{ids} 重叠 {much} 平方米", "{ids} overlap by {much} m2"), bars=True),
    "hall": Rule(
        Pair("{ids} 有 {much} 平方米超出其所在厅", "{much} m2 of {ids} stand outside the hall that it names")
    ),
    "halls": Rule(Pair("{ids} 两厅重叠 {much} 平方米", "the halls {ids} overlap by {much} m2")),
    "sliver": Rule(
        Pair("{ids} 最窄处约 {much} 米，过窄", "{ids} is only about {much} m wide: too narrow for a stall")
    ),
    "gap": Rule(
        Pair(
            "{ids} 之间有约 {much} 米的缝隙，不属于任何商铺",
            "a strip of about {much} m between {ids} is nobody's",
        )
    ),
    "door": Rule(Pair("{ids} 的门距其墙 {much} 米", "the door of {ids} is {much} m from its wall")),
    "blocked": Rule(Pair("{ids}：前者的门开向后者", "{ids}: the door of the first opens into the second")),
    "nowhere": Rule(
        Pair(
            "{ids} 的门前没有通道，最近的通道在 {much} 米外",
            "the door of {ids} opens into nothing: the nearest street is {much} m away",
        )
    ),
    "street": Rule(
        Pair(
            "{ids} 的门离其所登记的通道 {much} 米",
            "the door of {ids} is {much} m from the street that it names",
        )
    ),
    "way": Rule(
        Pair("{ids}：商铺占用通道 {much} 平方米", "{ids}: the shop stands on {much} m2 of the street"),
        then="street",
    ),
    "unreachable": Rule(
        Pair("从任何大门都走不到 {ids}", "no way leads from a gate to {ids}: its street joins no other")
    ),
    "alone": Rule(Pair("通道 {ids} 不与其他通道相连", "the street {ids} joins no other")),
    "gate": Rule(
        Pair("大门 {ids} 不在通道上，距最近的通道 {much} 米", "the gate {ids} is {much} m from any street")
    ),
    "no_street": Rule(
        Pair(
            "还没有通道：请导入或由商铺门口推算后再规划",
            "there is no street yet: import them, or have them derived from the doors, before planning",
        )
    ),
    "no_gate": Rule(Pair("还没有大门：请导入", "there is no gate yet: import them")),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong: the rule, whom it concerns, where to look and how much it is."""

    rule: str
    """Key of RULES."""
    kind: str
    """What `ids` name first: hall, street, shop or gate; market where it concerns all."""
    ids: tuple[str, ...]
    at: Point
    much: float = 0.0
    """Metres or square metres, as the rule says."""

    @property
    def bars(self) -> bool:
        """Whether a drawing with it is not taken in."""
        return RULES[self.rule].bars

    @property
    def things(self) -> tuple[tuple[str, str], ...]:
        """Kind and id of each whom it concerns."""
        then = RULES[self.rule].then or self.kind
        return tuple((then if place else self.kind, name) for place, name in enumerate(self.ids))

    @property
    def words(self) -> Pair:
        """The sentence."""
        told, much = RULES[self.rule].words, f"{self.much:.2f}"
        return Pair(
            told.zh.format(ids="、".join(self.ids), much=much),
            told.en.format(ids=" and ".join(self.ids), much=much),
        )


@dataclass(frozen=True, slots=True)
class CheckAsked:
    """Look through a whole ground."""

    ground: Ground


@dataclass(frozen=True, slots=True)
class CheckMade:
    """What was found, first what bars; at most `hub.plan.check.MOST` of a rule are listed."""

    findings: tuple[Finding, ...]
    counts: dict[str, int]
    """Rule → how many there are."""
    seconds: float
