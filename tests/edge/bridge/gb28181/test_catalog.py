from __future__ import annotations

from edge.bridge.gb28181 import scdp
from edge.bridge.gb28181.catalog import PAGE, Gathering, items, pages
from edge.bridge.gb28181.scdp import Notice
from edge.config.gb28181 import ChannelConfig
from tests.edge.bridge.gb28181.peer import EDGE

MANY = [ChannelConfig(f"c-{n}", f"34020000001320{n:06d}", f"{n}号通道东侧仓库门口") for n in range(64)]


def page(number: int, total: int, *codes: str, command: str = "Catalog") -> Notice:
    listed = tuple({"DeviceID": code, "Name": "x", "Status": "ON"} for code in codes)
    return Notice("Response", command, number, EDGE, {"SumNum": str(total)}, listed)


def test_sixty_four_cameras_go_in_pages_that_a_datagram_holds_and_none_is_lost() -> None:
    listed = items(MANY, EDGE, {"c-3": "live"})
    for transport in ("UDP", "TCP"):
        cut = list(pages(listed, PAGE[transport]))
        assert [one["DeviceID"] for part in cut for one in part] == [one.code for one in MANY]
        told = Notice("Response", "Catalog", 1, EDGE, {"SumNum": "64"})
        sizes = [len(scdp.write(told, "2016", part)) for part in cut]
        assert max(sizes) < (1_100 if transport == "UDP" else 16_400)
    assert [one["Status"] for one in listed].count("ON") == 1
    assert list(pages([], 100)) == [[]], "who has no camera says so, in one page"


def test_a_catalog_is_whole_once_all_its_pages_are_there_in_whatever_order() -> None:
    gathering = Gathering(5)
    assert gathering.take(page(5, 3, "02", "03")) is None
    assert gathering.take(page(4, 3, "01")) is None, "an answer to another question"
    assert gathering.take(page(5, 3, "03")) is None, "a page that came twice"
    whole = gathering.take(page(5, 3, "01"))
    assert whole is not None
    assert {one.code for one in whole} == {"01", "02", "03"}


def test_a_device_cannot_list_more_than_a_thousand() -> None:
    gathering = Gathering(1)
    for n in range(0, 2_000, 500):
        whole = gathering.take(page(1, 999_999, *(f"{m:020d}" for m in range(n, n + 500))))
    assert whole is not None
    assert len(whole) == 1_000
    assert Gathering(1).take(page(1, 2, "not a code", "1" * 21)) is None
    assert Gathering(1).take(page(1, 0)) == ()
