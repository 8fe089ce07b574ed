"""Which cameras there are: ours, page by page, and those of a device below, gathered from its pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edge.bridge.gb28181.scdp import MOST_ITEMS, Notice, item_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from edge.config.gb28181 import ChannelConfig

PAGE = {"UDP": 800, "TCP": 16_000}
"""Transport → bytes of items in one message: a datagram that is cut in pieces may not arrive."""


def items(channels: Iterable[ChannelConfig], parent: str, states: Mapping[str, str]) -> list[dict[str, str]]:
    """Our cameras as annex A.2.1 tells them.

    Args:
        channels: which, and what they are called there.
        parent: what this edge is called there.
        states: camera → its state, of which `live` is the one that is ON.
    """
    return [
        {
            "DeviceID": one.code,
            "Name": one.name,
            "Manufacturer": "Lianfang",
            "Model": "edge",
            "Owner": "Lianfang",
            "CivilCode": one.code[:6],
            "Address": one.place or one.name,
            "Parental": "0",
            "ParentID": parent,
            "SafetyWay": "0",
            "RegisterWay": "1",
            "Secrecy": "0",
            "Status": "ON" if states.get(one.camera) == "live" else "OFF",
        }
        for one in channels
    ]


def pages(listed: list[dict[str, str]], most: int) -> Iterator[list[dict[str, str]]]:
    """As many items together as stay within `most` bytes; one at least, and one empty page of nothing."""
    page: list[dict[str, str]] = []
    size = 0
    for one in listed:
        more = len(item_of(one).encode("gb18030"))
        if page and size + more > most:
            yield page
            page, size = [], 0
        page.append(one)
        size += more
    yield page


@dataclass(frozen=True, slots=True)
class Listed:
    """One camera or input that a device below says it has."""

    code: str
    name: str
    is_on: bool


class Gathering:
    """The pages of one answer, until all are there; at most a thousand items."""

    def __init__(self, number: int) -> None:
        self.number = number
        """SN of the question."""
        self._items: dict[str, Listed] = {}

    def take(self, page: Notice) -> tuple[Listed, ...] | None:
        """One more page; everything, once it is there."""
        if page.number != self.number or page.command != "Catalog":
            return None
        told = page.fields.get("SumNum", "")
        total = min(int(told[:6]), MOST_ITEMS) if told.isascii() and told.isdecimal() else 0
        for item in page.items:
            code = item.get("DeviceID", "")
            if code.isascii() and code.isdecimal() and len(code) <= 20 and len(self._items) < MOST_ITEMS:  # noqa: PLR2004
                self._items[code] = Listed(code, item.get("Name", ""), item.get("Status", "").upper() == "ON")
        return tuple(self._items.values()) if len(self._items) >= total else None
