from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from hub.api import feed as feeds
from hub.api import live
from hub.api.change import Reader
from hub.api.feed import MOST_BEHIND, MOST_WAITING, Change, Feed, Page, Told
from hub.core.policy import Actor
from hub.service import alert as alerts
from hub.service import camera as cameras
from hub.service import evidence
from hub.service.evidence import Entry
from hub.store.alert import AlertEvent
from hub.store.base import readings
from hub.store.camera import Camera
from hub.store.market import Market
from hub.store.people import Grant
from tests.conftest import alone
from tests.hub.gear.listener import eventually
from tests.hub.town import MARKET, NOON, actor, event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts


@dataclass
class Screen:
    """A page that listens; events as (when, event, id, data), pulses apart."""

    url: str
    person: str
    query: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    events: list[tuple[float, str, int, Any]] = field(default_factory=list)
    pulses: list[dict[str, Any]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def open(self) -> Screen:
        self.client = httpx2.Client(base_url=self.url, timeout=60)
        answer = self.client.post("/api/session", json={"user": self.person, "password": self.person})
        self.csrf = answer.json()["csrf"]
        threading.Thread(target=self._listen, daemon=True).start()
        assert eventually(lambda: self.comments)
        return self

    def _listen(self) -> None:
        now: dict[str, str] = {}
        try:
            with self.client.stream("GET", "/api/feed", params=self.query, headers=self.headers) as answer:
                assert answer.status_code == 200
                assert answer.headers["content-type"].startswith("text/event-stream")
                for line in answer.iter_lines():
                    key, _, value = line.partition(": ")
                    now[key] = value
                    if line.startswith(":"):
                        self.comments.append(line)
                    if not line and now.get("event") == "pulse":
                        assert "id" not in now, "a pulse is no place to go on from"
                        self.pulses.append(json.loads(now["data"]))
                    elif not line and "event" in now:
                        said = (time.time(), now["event"], int(now["id"]), json.loads(now["data"]))
                        self.events.append(said)
                    now = now if line else {}
        finally:
            self.ended.set()

    def seen(self) -> list[tuple[str, int]]:
        return [(kind, seq) for _, kind, seq, _ in self.events]

    def last(self, kind: str) -> dict[str, Any]:
        return next((data for _, each, _, data in reversed(self.events) if each == kind), {})


@pytest.fixture
def screen(url: str, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Screen]]:
    """Pages of people; the wall around the alerts is told only where a test asks for it."""
    monkeypatch.setattr(live, "WALL_SECONDS", 3600.0)
    opened: list[Screen] = []

    def one(person: str = "lin", headers: dict[str, str] | None = None, **query: Any) -> Screen:
        opened.append(Screen(url, person, query, headers or {}).open())
        return opened[-1]

    yield one
    loop = parts.feeds.of(MARKET)._loop
    assert loop is not None
    loop.call_soon_threadsafe(parts.feeds.close)
    for each in opened:
        assert each.ended.wait(60)
        each.client.close()


@pytest.fixture
def ring(parts: Parts, alarm: Callable[..., str]) -> Callable[..., str]:
    """An alarm, and the feed woken as ingest does."""

    def one(*what: Any, **more: Any) -> str:
        name = alarm(*what, **more)
        parts.feeds.wake()
        return name

    return one


def test_an_alert_is_on_every_screen_that_may_see_it(
    screen: Callable[..., Screen], ring: Callable[..., str]
) -> None:
    lin, tao = screen("lin"), screen("tao")
    east, west = ring(camera="c-3-1"), ring(camera="c-3-3")
    assert eventually(lambda: len(lin.events) == 2 and len(tao.events) == 1)
    assert {data["id"] for *_, data in lin.events} == {east, west}
    assert [(kind, data["id"]) for _, kind, _, data in tao.events] == [("alert", west)]
    whole = lin.client.get(f"/api/alerts/{east}").json()
    assert next(data for *_, data in lin.events if data["id"] == east) == whole


def test_what_people_do_is_seen_by_the_others(
    screen: Callable[..., Screen], ring: Callable[..., str]
) -> None:
    lin, ren = screen("lin"), screen("ren")
    name = ring()
    assert eventually(lambda: ren.events)
    case = lin.client.post(f"/api/alerts/{name}/confirm", headers={"X-CSRF": lin.csrf}).json()["case"]
    assert eventually(lambda: ren.last("alert").get("state") == "CONFIRMED")
    assert eventually(lambda: ren.last("case").get("id") == case)


def test_a_camera_that_is_lost_is_told_without_being_asked(
    screen: Callable[..., Screen], parts: Parts, store: sessionmaker[Session]
) -> None:
    lin = screen("lin")
    with store.begin() as session:
        row = session.get_one(Camera, "c-3-1")
        said = event("lost").body
        assert cameras.saw(session, row, said, NOON)  # type: ignore[arg-type]
    parts.feeds.wake()
    assert eventually(lambda: lin.events)
    assert lin.events[0][1] == "camera"
    assert (lin.events[0][3]["id"], lin.events[0][3]["state"]) == ("c-3-1", "lost")


def test_a_broken_connection_goes_on_where_it_was(
    screen: Callable[..., Screen], ring: Callable[..., str], parts: Parts
) -> None:
    first = screen("lin")
    ring(zone="a")
    assert eventually(lambda: first.events)
    ring(zone="b"), ring(zone="c")
    assert eventually(lambda: len(first.events) == 3)
    place = first.seen()[0][1]
    for again in (screen("lin", after=place), screen("lin", {"Last-Event-ID": str(place)}, after=0)):
        assert eventually(lambda again=again: len(again.events) == 2)  # type: ignore[misc]
        assert again.seen() == first.seen()[1:]
    ring(zone="d")
    assert eventually(lambda: len(again.events) == 3)
    assert parts.feeds.pages == 3


def test_without_a_place_to_go_on_from_only_news_are_told(
    screen: Callable[..., Screen], ring: Callable[..., str], parts: Parts
) -> None:
    ring(zone="a")
    assert eventually(lambda: parts.feeds.of(MARKET).seq == 1)
    lin = screen("lin")
    news = ring(zone="b")
    assert eventually(lambda: lin.events)
    assert [data["id"] for *_, data in lin.events] == [news]


@pytest.mark.parametrize("after", [5_000, 2**62])
def test_a_place_that_never_was_means_load_anew(screen: Callable[..., Screen], after: int) -> None:
    lin = screen("lin", after=after)
    assert eventually(lambda: lin.events)
    assert [kind for kind, _ in lin.seen()] == ["resync"]


def test_signing_out_ends_the_feed(screen: Callable[..., Screen], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "ASK_SECONDS", 0.2)
    monkeypatch.setattr(live, "WALL_SECONDS", 0.2)
    lin = screen("lin")
    assert eventually(lambda: "wall" in {kind for kind, _ in lin.seen()})
    assert lin.client.delete("/api/session", headers={"X-CSRF": lin.csrf}).status_code == 204
    assert lin.ended.wait(60)


def test_a_grant_that_is_lost_is_lost_on_an_open_feed(
    screen: Callable[..., Screen],
    ring: Callable[..., str],
    store: sessionmaker[Session],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "ASK_SECONDS", 0.2)
    monkeypatch.setattr(live, "WALL_SECONDS", 0.2)
    lin, ren = screen("lin"), screen("ren")
    with store.begin() as session:
        session.delete(session.get_one(Grant, "lin-monitor"))
        session.get_one(Grant, "ren-monitor").node = f"{MARKET}/west"
    assert lin.ended.wait(60)
    told = len(ren.events)
    assert eventually(lambda: len(ren.events) > told + 1)
    east, west = ring(camera="c-3-1"), ring(camera="c-3-3")
    assert eventually(lambda: west in {data.get("id") for *_, data in ren.events})
    assert east not in {data.get("id") for *_, data in [*ren.events, *lin.events]}


def test_a_grant_that_is_taken_takes_effect_before_anything_more_is_told(
    screen: Callable[..., Screen],
    ring: Callable[..., str],
    store: sessionmaker[Session],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "ASK_SECONDS", 3600.0)
    lin, ren = screen("lin"), screen("ren")
    with store.begin() as session:
        session.delete(session.get_one(Grant, "lin-monitor"))
        session.get_one(Grant, "ren-monitor").node = f"{MARKET}/west"
        evidence.append(session, MARKET, Entry("grant.take", public={"person": "lin"}), NOON)
        east = alerts.receive(session, MARKET, "edge-1", event(camera="c-3-1"), NOON)
        assert east is not None
    west = ring(camera="c-3-3")
    assert lin.ended.wait(60)
    assert eventually(lambda: west in {data.get("id") for *_, data in ren.events})
    assert east.id not in {data.get("id") for *_, data in [*ren.events, *lin.events]}


def test_each_market_hears_its_own(
    screen: Callable[..., Screen], ring: Callable[..., str], parts: Parts, store: sessionmaker[Session]
) -> None:
    with store.begin() as session:
        session.add(Market(id="xinda", name_zh="x", name_en="x", x0=0, y0=0, x1=1, y1=1, zone="UTC"))
        session.flush()
        session.add(Grant(id="lin-xinda", person="lin", role="monitor", node="xinda"))
    home, abroad = screen("lin"), screen("lin", market="xinda")
    assert set(parts.feeds._made) == {MARKET, "xinda"}
    here = ring()
    assert eventually(lambda: here in {data.get("id") for *_, data in home.events})
    assert here not in {data.get("id") for *_, data in abroad.events}
    abroad.client.delete("/api/session", headers={"X-CSRF": abroad.csrf})
    assert abroad.ended.wait(60)
    assert eventually(lambda: set(parts.feeds._made) == {MARKET})


def test_the_wall_around_the_alerts_is_told_from_time_to_time(
    screen: Callable[..., Screen], ring: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "ASK_SECONDS", 0.2)
    monkeypatch.setattr(live, "WALL_SECONDS", 0.2)
    lin = screen("lin")
    ring()
    assert eventually(lambda: [kind for kind, _ in lin.seen()[-2:]] == ["alert", "wall"])
    assert lin.seen()[-1][1] == lin.seen()[-2][1], "the wall's state is no new place to go on from"
    whole = lin.client.get("/api/wall").json()
    assert set(lin.events[-1][3]) == set(whole) - {"alerts", "cameras", "seq"}
    assert lin.events[-1][3]["tonight"] == whole["tonight"]


def test_an_open_wall_is_told_that_it_is_alive_at_least_every_ten_seconds() -> None:
    assert live.WALL_SECONDS + live.ASK_SECONDS <= 10


def test_fifty_alerts_in_a_row_are_each_on_the_screen(
    screen: Callable[..., Screen], parts: Parts, store: sessionmaker[Session]
) -> None:
    lin, sent = screen("lin"), set()
    for number in range(50):
        with store.begin() as session:
            alert = alerts.receive(session, MARKET, "edge-1", event(zone=f"z{number}"), NOON)
        assert alert is not None
        sent.add(alert.id)
        parts.feeds.wake()
    assert eventually(lambda: {data["id"] for *_, data in lin.events} == sent)


ANYBODY = Actor("x", MARKET, None, None, ())  # type: ignore[arg-type]


def change(seq: int) -> Change:
    return Change(seq, "alert", "{}", lambda _actor: True)


def test_a_page_that_does_not_keep_up_is_told_to_load_anew_and_goes_on() -> None:
    async def lags() -> list[list[tuple[str, int]]]:
        page, told = Page(ANYBODY), []
        for start in (0, 1000):
            for seq in range(start, start + MOST_WAITING + 5):
                page.give(change(seq))
            told.append([(one.event, one.seq) for one in await page.take(1) or ()])
        return told

    for start, told in zip((0, 1000), alone(lags()), strict=True):
        seqs = [start + MOST_WAITING + extra for extra in range(5)]
        assert told == [("resync", seqs[0]), *(("alert", seq) for seq in seqs[1:])]


def test_a_reader_that_fails_tries_again() -> None:
    tries = 0

    def read(after: int) -> Told:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise OSError("the database is away")
        return Told([change(7)] if after < 7 else [], 7)

    async def listens() -> list[Change] | None:
        feed = Feed(read, lambda: 0)
        running = asyncio.create_task(feed.run())
        page = feed.join(ANYBODY)
        await asyncio.sleep(0)
        feed.wake()
        try:
            return await page.take(60)
        finally:
            running.cancel()

    assert [one.seq for one in alone(listens()) or ()] == [7]


def test_a_page_that_was_away_for_long_loads_anew(on: Engine, parts: Parts) -> None:
    heads = iter([MOST_BEHIND + 1])
    feed = Feed(Reader(readings(on), MARKET, parts.clock, parts.stills).read, lambda: next(heads))
    told = alone(feed.since(0))
    assert ([one.event for one in told.changes], told.seq) == (["resync"], MOST_BEHIND + 1)


def test_many_lines_of_one_alert_are_told_once_as_it_is_now(
    on: Engine, parts: Parts, store: sessionmaker[Session], alarm: Callable[..., str]
) -> None:
    name, other = alarm(zone="a"), alarm(zone="b")
    with store.begin() as session:
        alerts.take(session, actor(session, "lin"), name, NOON)
    told = Reader(readings(on), MARKET, parts.clock, parts.stills).read(0)
    assert (told.seq, told.more) == (3, False)
    assert [(one.seq, json.loads(one.data)["id"]) for one in told.changes] == [(2, other), (3, name)]
    assert json.loads(told.changes[1].data)["state"] == "ACKED"


def test_a_long_absence_is_told_line_by_line_to_its_end() -> None:
    def read(after: int) -> Told:
        return Told([change(after + 1)], after + 1, more=after < 4)

    told = alone(Feed(read, lambda: 5).since(0))
    assert ([one.seq for one in told.changes], told.seq) == ([1, 2, 3, 4, 5], 5)


def test_a_feed_that_is_closed_lets_everybody_go() -> None:
    async def closes() -> list[object]:
        feed = Feed(lambda after: Told([], after), lambda: 0)
        early = feed.join(ANYBODY)
        feed.close()
        late = feed.join(ANYBODY)
        return [await early.take(1), await late.take(1)]

    assert alone(closes()) == [None, None]
    assert feeds.POLL_SECONDS <= 1


def test_what_goes_to_the_pages_is_timed_and_logged_under_the_events_name(
    screen: Callable[..., Screen], ring: Callable[..., str], parts: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "hub.api.change"):
        lin = screen("lin")
        alert = ring()
        assert eventually(lambda: alert in {data.get("id") for *_, data in lin.events})
    (line,) = (vars(one) for one in caplog.records if one.message == "on the pages")
    assert line["alert"] == alert
    with parts.readings() as session:
        assert session.get_one(AlertEvent, line["event_id"]).alert == alert
    assert parts.feeds.delays.count >= 1
    assert parts.feeds.resyncs == 0
