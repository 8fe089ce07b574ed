"""What every way of hearing devices promises the hub, whichever gear and broker carry it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.hub.gear.listener import Listener, eventually
from tests.hub.gear.stands import MARKET, STANDS, Stand, device, missing
from wire import topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from hub.ports import Heard, Hearing

WEST = f"lf/v1/{MARKET}/edge-west"


@pytest.fixture(params=list(STANDS))
def stand(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stand]:
    if reason := missing(request.param):
        pytest.skip(reason)
    made = STANDS[request.param](tmp_path)
    yield made
    made.stop()


@pytest.fixture
def links(stand: Stand) -> Iterator[Callable[..., Hearing]]:
    made: list[Hearing] = []

    def one(markets: Sequence[str] = (MARKET,)) -> Hearing:
        link = stand.link(markets)
        link.start()
        assert link.wait_ready(60)
        made.append(link)
        return link

    yield one
    for link in made:
        link.stop()


@pytest.fixture
def west(stand: Stand) -> Iterator[Listener]:
    listener = device(stand)
    yield listener
    listener.leave()


def heard(link: Hearing, count: int) -> list[Heard]:
    found = [link.hear(60) for _ in range(count)]
    assert link.hear(0.1) is None
    return [one for one in found if one]


def drained(link: Hearing, seconds: float = 1.0) -> list[Heard]:
    found = []
    while one := link.hear(seconds):
        found.append(one)
    return found


def test_every_kind_that_goes_up_is_heard(links: Callable[..., Hearing], west: Listener) -> None:
    link = links()
    for kind in sorted(set(topic.UP) - {"beat"}):
        west.say(f"{WEST}/{kind}", kind.encode())
    west.say(f"{WEST}/beat", b"beat", qos=0)
    found = heard(link, len(topic.UP))
    assert sorted(one.data.decode() for one in found) == sorted(topic.UP)
    assert {one.topic for one in found} == {f"{WEST}/{kind}" for kind in topic.UP}


def test_what_goes_down_is_not_heard(links: Callable[..., Hearing], west: Listener) -> None:
    link = links()
    link.publish(f"{WEST}/receipt", b"1-3", qos=0)
    link.publish(f"{WEST}/command", b"still", qos=1)
    west.say(f"{WEST}/event", b"up")
    assert [one.data for one in heard(link, 1)] == [b"up"]


def test_what_was_not_acknowledged_comes_again_to_the_next_hub(
    links: Callable[..., Hearing], west: Listener
) -> None:
    link = links()
    west.say(f"{WEST}/event", b"committed")
    west.say(f"{WEST}/event", b"not committed")
    first, _ = heard(link, 2)
    link.acknowledge([first])
    link.stop()
    assert [one.data for one in heard(links(), 1)] == [b"not committed"]


def test_what_is_said_while_the_hub_is_away_waits_for_it(
    links: Callable[..., Hearing], west: Listener
) -> None:
    links().stop()
    west.say(f"{WEST}/event", b"meanwhile")
    assert [one.data for one in heard(links(), 1)] == [b"meanwhile"]


def test_what_waits_to_be_committed_is_not_heard_twice(links: Callable[..., Hearing], west: Listener) -> None:
    link = links()
    west.say(f"{WEST}/event", b"slow")
    (one,) = heard(link, 1)
    assert link.hear(1.6) is None  # a broker with a patience of 1 s has repeated it by now
    link.acknowledge([one])
    west.say(f"{WEST}/event", b"next")
    assert [one.data for one in heard(link, 1)] == [b"next"]


def test_a_receipt_reaches_its_device(links: Callable[..., Hearing], west: Listener) -> None:
    assert west.may_hear(f"{WEST}/receipt")
    links().publish(f"{WEST}/receipt", b"1-3", qos=0)
    assert eventually(lambda: west.heard == [(f"{WEST}/receipt", b"1-3")])


def test_what_is_published_to_be_kept_is_there_for_a_device_that_comes_later(
    links: Callable[..., Hearing], stand: Stand
) -> None:
    links().publish(f"{WEST}/config", b"version 2", qos=1, retain=True)

    def comes() -> bool:
        late = device(stand)
        assert late.may_hear(f"{WEST}/config")
        kept = eventually(lambda: late.heard == [(f"{WEST}/config", b"version 2")], 2)
        late.leave()
        return kept

    assert eventually(comes)


def test_a_hub_of_one_market_hears_no_other(links: Callable[..., Hearing]) -> None:
    link = links()
    link.publish("lf/v1/qingyun/edge-9/event", b"theirs", qos=1)
    link.publish(f"{WEST}/event", b"ours", qos=1)
    assert [said.data for said in heard(link, 1)] == [b"ours"]


@pytest.mark.parametrize("markets", [(), (MARKET, "qingyun")])
def test_several_markets_are_heard_by_one_link(
    links: Callable[..., Hearing], west: Listener, markets: tuple[str, ...]
) -> None:
    link = links(markets)
    link.publish("lf/v1/qingyun/edge-9/event", b"theirs", qos=1)
    west.say(f"{WEST}/event", b"ours")
    assert sorted(one.data for one in heard(link, 2)) == [b"ours", b"theirs"]


def test_after_the_broker_was_killed_the_hub_hears_again(
    links: Callable[..., Hearing], stand: Stand, west: Listener
) -> None:
    link = links()
    west.say(f"{WEST}/event", b"before")
    (before,) = heard(link, 1)
    link.acknowledge([before])
    stand.strike()
    assert eventually(lambda: not link.ready or west.client.is_connected())
    assert eventually(lambda: link.ready and west.client.is_connected())

    def again() -> bool:
        west.say(f"{WEST}/event", b"after")
        return any(one.data == b"after" for one in drained(link, 0.3))

    assert eventually(again)


def test_a_flood_is_heard_whole(links: Callable[..., Hearing], west: Listener) -> None:
    link = links()
    for number in range(500):
        west.client.publish(f"{WEST}/event", b"%d" % number, 1)
    found: set[bytes] = set()

    def takes() -> bool:
        batch = drained(link, 0.05)
        found.update(one.data for one in batch)
        link.acknowledge(batch)
        return len(found) == 500

    assert eventually(takes)


def test_stopping_twice_or_before_starting_harms_nothing(stand: Stand) -> None:
    never = stand.link()
    never.stop()
    never.stop()
    link = stand.link()
    link.start()
    link.stop()
    link.stop()
