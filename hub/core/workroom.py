"""What a workroom has to have before it is ready: five items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core.glossary import Pair

if TYPE_CHECKING:
    from collections.abc import Mapping

ITEM: dict[str, Pair] = {
    "place": Pair("有场所", "A place"),
    "sign": Pair("有标牌", "A sign"),
    "equipment": Pair("有装备", "Equipment"),
    "people": Pair("有人员", "People"),
    "rules": Pair("有制度", "Rules"),
}
ASKS: dict[str, Pair] = {
    "place": Pair("独立房间，白天夜里都开着", "a room of its own, open by day and night"),
    "sign": Pair("门口有工作室标牌和值班电话", "its sign and the duty phone stand at the door"),
    "equipment": Pair(
        "对讲机、防护和急救装备齐全，能用", "radios, protection and first aid are there and work"
    ),
    "people": Pair("网格长、副网格长和值班人员到岗", "leader, deputy and whoever is on duty are there"),
    "rules": Pair(
        "值班、巡逻、交接、处置制度上墙", "rules for duty, rounds, handover and handling hang there"
    ),
}
"""What has to be so for an item to be ticked."""


def missing(ready: Mapping[str, bool]) -> tuple[str, ...]:
    """The items that are not there, in their order; none: it is ready."""
    return tuple(item for item in ITEM if not ready.get(item, False))
