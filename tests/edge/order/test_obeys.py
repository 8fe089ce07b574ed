"""A whole edge on a real broker does what its hub orders, and answers."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.request import urlopen

import msgspec
import pytest

from edge.agent import Agent
from edge.camera.health import Health
from edge.config import ConfigError
from edge.order.looks import SLACK
from tests.conftest import ended
from tests.edge.market import DEVICE, KEY, Hub, config, wait_for
from tests.edge.scene import Pointer, StillEye, frame, watched
from wire import order as o
from wire.message import Beat, Event, Manifest, Reply, new_id
from wire.relay import Stream
from wire.sign import Signer, make_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from edge.camera.frame import Frame
    from edge.config import EdgeConfig
    from hub.gear.broker import Broker
    from tests.edge.door import Door


STILL_EVERY = 600.0


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    for within in ("PICTURE_WITHIN", "SENT_WITHIN"):
        monkeypatch.setattr(f"edge.order.deeds.{within}", 60.0)


@pytest.fixture
def hub(hub: Hub) -> Hub:
    hub.receipting = True
    return hub


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    make_key(tmp_path / "orders.pem")
    made = Signer(tmp_path / "orders.pem")
    (tmp_path / "orders.pub").write_bytes(made.public)
    return made


class Filming(StillEye):
    """A camera of which there is always a new picture."""

    given = 0

    def next(self, timeout: float) -> Frame | None:  # noqa: ARG002 - a new one each time
        time.sleep(0.006)
        self.given += 1
        return frame(time.time()) if self.state.state == "live" else None


def told(folder: Path, running: Broker, web: Door, key: str | None = "orders.pub") -> EdgeConfig:
    plain = config(folder, running.port, web.server_port, watched(still_every=STILL_EVERY))
    named = msgspec.structs.replace(plain.hub, orders_key_file=str(folder / key) if key else None)
    return msgspec.structs.replace(plain, hub=named, metrics="127.0.0.1:0")


class Edge:
    """The agent on threads of its own, as `python -m edge run` has it."""

    def __init__(self, config: EdgeConfig) -> None:
        self.agent = Agent(config, KEY, Pointer(), open_eye=lambda camera, clips: Filming(camera.id, clips))
        self.thread = threading.Thread(target=self.agent.turns.run)
        self.agent.start()
        self.thread.start()

    def filmed(self, pictures: int) -> None:
        """Wait for so many more pictures."""
        eye = self.agent.watches[0].eye
        assert isinstance(eye, Filming)
        until = eye.given + pictures
        wait_for(lambda: eye.given >= until)

    def stop(self) -> None:
        self.agent.turns.end()
        self.thread.join()
        self.agent.stop()


@pytest.fixture
def edge(tmp_path: Path, running: Broker, web: Door, signer: Signer) -> Iterator[Edge]:  # noqa: ARG001
    one = Edge(told(tmp_path, running, web))
    wait_for(lambda: one.agent.link.connected and one.agent.link._listening)
    yield one
    one.stop()


@pytest.fixture
def order(hub: Hub, signer: Signer, edge: Edge) -> Callable[..., o.Command]:  # noqa: ARG001
    numbers = iter(range(1, 1000))

    def one(args: o.Args) -> o.Command:
        now = datetime.now(UTC)
        made = o.Command(new_id(), DEVICE, args, now, now + o.LIFE, next(numbers))
        hub.say("command", o.encode(signer.sign(made)))
        return made

    return one


def answer(hub: Hub, to: str) -> Reply:
    def found() -> list[Reply]:
        return [e.body for e in hub.of("reply") if isinstance(e.body, Reply) and e.body.to == to]

    wait_for(found)
    return found()[0]


def test_a_still_is_with_the_hub_when_it_answers(
    hub: Hub, web: Door, order: Callable[..., o.Command]
) -> None:
    wait_for(lambda: len(web.stills) == 1)
    made = order(o.Still(camera="c-2-01"))
    assert answer(hub, made.id).outcome == "done"
    assert [name for name, _, _ in web.stills] == ["c-2-01", "c-2-01"]


def test_a_clip_of_the_last_seconds_comes_under_the_commands_id(
    hub: Hub, web: Door, order: Callable[..., o.Command]
) -> None:
    made = order(o.Clip(camera="c-2-01", seconds=4))
    assert answer(hub, made.id).outcome == "done"
    wait_for(lambda: hub.of("manifest") and web.stored)
    manifest = hub.of("manifest")[0].body
    assert isinstance(manifest, Manifest)
    assert (manifest.event, [ref.sha256 for ref in manifest.media]) == (made.id, list(web.stored))
    assert (manifest.ended - manifest.began).total_seconds() == pytest.approx(4, abs=0.01)
    assert manifest.began <= made.issued


def test_no_clip_is_cut_while_the_cameras_masks_change(
    hub: Hub, edge: Edge, order: Callable[..., o.Command]
) -> None:
    edge.agent.crew.veil.draw("c-2-01")
    reply = answer(hub, order(o.Clip(camera="c-2-01", seconds=4)).id)
    assert (reply.outcome, reply.reason) == (
        "refused",
        "the masks of c-2-01 change just now; ask again in a minute",
    )
    edge.agent.crew.veil.lift("c-2-01")
    assert answer(hub, order(o.Clip(camera="c-2-01", seconds=4)).id).outcome == "done"


def test_a_relay_shows_several_pictures_a_second_until_it_is_stopped(
    hub: Hub, edge: Edge, web: Door, order: Callable[..., o.Command]
) -> None:
    started = order(o.RelayStart(camera="c-2-01", fps=5, seconds=60))
    assert answer(hub, started.id).outcome == "done"
    assert every(edge) == pytest.approx(SLACK / 5)
    before = len(web.stills)
    wait_for(lambda: len(web.stills) >= before + 6)
    assert answer(hub, order(o.RelayStop(camera="c-2-01")).id).outcome == "done"
    shows_no_more(edge)


def test_a_relay_that_nobody_stops_ends_by_itself(
    hub: Hub, edge: Edge, order: Callable[..., o.Command]
) -> None:
    started = order(o.RelayStart(camera="c-2-01", fps=5, seconds=1))
    assert answer(hub, started.id).outcome == "done"
    wait_for(lambda: every(edge) == STILL_EVERY)
    shows_no_more(edge)


def test_a_stream_is_relayed_by_a_signed_order_only(
    hub: Hub, edge: Edge, order: Callable[..., o.Command]
) -> None:
    relay = edge.agent.relay
    assert answer(hub, order(o.RelayStart(camera="c-9-9", packets="main")).id).outcome == "refused"
    assert not relay.streams
    assert answer(hub, order(o.RelayStart(camera="c-2-01", packets="main")).id).outcome == "done"
    assert relay.streams == (Stream("c-2-01", main=True),)
    assert every(edge) == STILL_EVERY, "packets are no reason for more stills"
    assert answer(hub, order(o.RelayStop(camera="c-2-01")).id).outcome == "done"
    assert not relay.streams


def every(edge: Edge) -> float:
    """Seconds between two live stills of the camera now."""
    return edge.agent.turns._shows.looks.every("c-2-01", STILL_EVERY)


def shows_no_more(edge: Edge) -> None:
    """Of pictures of more than half a second not one is shown."""
    edge.filmed(2)
    shown = edge.agent.turns._shown["c-2-01"]
    edge.filmed(100)
    assert edge.agent.turns._shown["c-2-01"] == shown


def test_a_test_alarm_goes_the_whole_way_and_says_that_it_is_one(
    hub: Hub, web: Door, order: Callable[..., o.Command]
) -> None:
    made = order(o.Drill(camera="c-2-01")).id
    assert answer(hub, made).outcome == "done"
    wait_for(lambda: len(hub.of("event")) == 2 and hub.of("manifest") and web.stored)
    events = [e.body for e in hub.of("event") if isinstance(e.body, Event)]
    assert [(one.phase, one.drill, one.kind) for one in events] == [
        ("new", True, "intrusion"),
        ("end", True, "intrusion"),
    ]
    assert events[0].thumb is not None
    assert {one.event for one in events} == {made}, "by which the hub knows whose drill it is"


def test_its_figures_tell_what_became_of_orders(
    hub: Hub, edge: Edge, order: Callable[..., o.Command]
) -> None:
    answer(hub, order(o.RelayStop(camera="c-2-01")).id)
    answer(hub, order(o.RelayStop(camera="c-9-9")).id)
    assert edge.agent.metrics is not None
    shown = urlopen(f"http://127.0.0.1:{edge.agent.metrics.port}/metrics").read().decode()
    assert 'lianfang_edge_orders_total{outcome="done"} 1.0' in shown
    assert 'lianfang_edge_orders_total{outcome="refused"} 1.0' in shown
    assert "lianfang_edge_config_version 0.0" in shown


def test_a_restart_is_answered_before_it_ends(hub: Hub, edge: Edge, order: Callable[..., o.Command]) -> None:
    made = order(o.Restart())
    assert answer(hub, made.id).outcome == "done"
    assert ended(edge.thread)


@pytest.mark.parametrize("args", [o.Still(camera="c-2-01"), o.Drill(camera="c-2-01")], ids=["still", "drill"])
def test_of_a_dark_camera_there_is_nothing_to_show(
    hub: Hub, edge: Edge, order: Callable[..., o.Command], args: o.Args, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.order.deeds.PICTURE_WITHIN", 0.3)
    eye = edge.agent.watches[0].eye
    assert isinstance(eye, StillEye)
    eye.state = Health("c-2-01", "lost", time.time(), "silent")
    reply = answer(hub, order(args).id)
    assert (reply.outcome, reply.reason) == ("refused", "c-2-01 gave no picture, it is lost")


def test_a_siren_that_it_does_not_have_is_refused(hub: Hub, order: Callable[..., o.Command]) -> None:
    reply = answer(hub, order(o.Sound()).id)
    assert reply.outcome == "refused"
    assert reply.reason == "this device has no siren; its file names no `siren:`"


def test_a_camera_that_it_does_not_have_is_refused(hub: Hub, order: Callable[..., o.Command]) -> None:
    reply = answer(hub, order(o.Still(camera="c-9-9")).id)
    assert (reply.outcome, reply.reason) == ("refused", "this device has no camera c-9-9")


def test_a_still_that_does_not_reach_the_hub_is_not_told_as_done(
    hub: Hub, web: Door, order: Callable[..., o.Command], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.order.deeds.SENT_WITHIN", 0.5)
    wait_for(lambda: web.stills)
    web.troubles = [503] * 20
    reply = answer(hub, order(o.Still(camera="c-2-01")).id)
    assert (reply.outcome, reply.reason) == ("refused", "the picture did not reach the hub")


def test_what_the_hub_desires_is_taken_up_told_in_a_beat_and_kept(
    hub: Hub, edge: Edge, signer: Signer, tmp_path: Path, running: Broker, web: Door
) -> None:
    fields = o.decode_fields(b'{"cameras": {"c-2-01": {"fps": 2, "zones": []}}}')
    made = o.Config(new_id(), DEVICE, 3, o.digest(fields), datetime.now(UTC), fields)
    hub.say("config", o.encode(signer.sign(made)))
    assert answer(hub, made.id).outcome == "applied"
    assert edge.agent.watches[0].camera.fps == 2.0
    edge.agent.link.beat_soon()

    def twin() -> tuple[int, str | None]:
        beat = hub.of("beat")[-1].body
        assert isinstance(beat, Beat)
        return (beat.twin.version, beat.twin.digest) if beat.twin else (0, None)

    wait_for(lambda: twin() == (3, made.digest))
    edge.stop()
    after = Agent(told(tmp_path, running, web), KEY, Pointer(), open_eye=lambda c, f: Filming(c.id, f))
    assert (after.watches[0].camera.fps, after.watches[0].camera.zones) == (2.0, ())
    after.stop()


def test_an_edge_that_has_no_key_yet_gets_it_from_its_hub_and_obeys_then(
    hub: Hub, tmp_path: Path, running: Broker, web: Door, signer: Signer
) -> None:
    web.answers["/edge/v1/orders-key"] = signer.public
    one = Edge(told(tmp_path, running, web, "not-yet.pub"))
    wait_for(lambda: one.agent.link._listening and (tmp_path / "not-yet.pub").exists())
    now = datetime.now(UTC)
    made = o.Command(new_id(), DEVICE, o.RelayStop(camera="c-2-01"), now, now + o.LIFE, 1)
    wait_for(lambda: one.agent.orders.desk and one.agent.orders.desk._judge.checker)
    hub.say("command", o.encode(signer.sign(made)))
    assert answer(hub, made.id).outcome == "done"
    one.stop()


def test_an_edge_without_the_hubs_key_obeys_nobody(
    hub: Hub, tmp_path: Path, running: Broker, web: Door, signer: Signer, caplog: pytest.LogCaptureFixture
) -> None:
    for key in (None, "not-there.pub"):
        one = Edge(told(tmp_path, running, web, key))
        wait_for(lambda one=one: one.agent.link.connected and one.agent.link._listening)  # type: ignore[misc]
        now = datetime.now(UTC)
        hub.say(
            "command", o.encode(signer.sign(o.Command(new_id(), DEVICE, o.Restart(), now, now + o.LIFE, 1)))
        )
        hub.pulse()
        wait_for(lambda one=one: one.agent.link.figures.receipts)  # type: ignore[misc]
        one.filmed(10)
        assert one.thread.is_alive()
        one.stop()
    assert hub.of("reply") == []
    assert "nothing that the hub orders is obeyed" in caplog.text


def test_a_key_that_is_none_is_refused_at_the_start(tmp_path: Path, running: Broker, web: Door) -> None:
    (tmp_path / "orders.pub").write_text("no key")
    with pytest.raises(ConfigError, match="enrol the device anew"):
        Agent(told(tmp_path, running, web), KEY, Pointer())
