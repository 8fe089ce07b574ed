"""A terminal on a real broker: from the reader's line to the hub, across every trouble on the way."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import msgspec
import pytest

from edge.config import HubConfig, TerminalConfig
from edge.config.patrol import GpsConfig, PanicConfig, PatrolConfig, ReaderConfig, SoundsConfig
from edge.patrol.terminal import Terminal
from tests.edge.market import DEVICE, KEY, MARKET, Hub, wait_for
from tests.edge.patrol.desk import FIX, Gpsd, Line, gpsd, line
from wire.message import Beat, Position, Scan, Sos, State, decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.gear.broker import Broker
    from tests.edge.door import Door

ROOT = Path(__file__).parents[3]
HERE = Position(29.3312345, 120.0823456, 4.2)


@pytest.fixture
def reader() -> Iterator[Line]:
    with line() as one:
        yield one


@pytest.fixture
def satellites() -> Iterator[Gpsd]:
    with gpsd() as one:
        yield one


@pytest.fixture
def told(tmp_path: Path, running: Broker, web: Door, reader: Line, satellites: Gpsd) -> TerminalConfig:
    def sound(name: str) -> tuple[str, ...]:
        return ("touch", str(tmp_path / f"{name}.sound"))

    return TerminalConfig(
        device=DEVICE,
        market=MARKET,
        hub=HubConfig(
            f"mqtt://127.0.0.1:{running.port}", f"http://127.0.0.1:{web.server_port}", str(tmp_path / "key")
        ),
        data=str(tmp_path / "data"),
        patrol=PatrolConfig(
            readers=(ReaderConfig("qr", serial=reader.node),),
            gps=GpsConfig(port=satellites.port),
            panic=(PanicConfig("/dev/input/none", "KEY_F12"),),
            sounds=SoundsConfig(taken=sound("taken"), called=sound("called"), heard=sound("heard")),
        ),
    )


@contextmanager
def carried(told: TerminalConfig) -> Iterator[Terminal]:
    """The terminal that somebody carries, its reader and satellites found."""
    terminal = Terminal(told, KEY)
    terminal.start()
    runner = Thread(target=terminal.run)
    runner.start()
    try:
        wait_for(
            lambda: {"gpsd", "serial"} <= {one.what.split()[0] for one in terminal.parts if one.is_there}
        )
        yield terminal
    finally:
        terminal.end()
        runner.join()
        terminal.stop()


def scans(hub: Hub) -> list[Scan]:
    return [body for envelope in hub.of("scan") if isinstance(body := envelope.body, Scan)]


def test_from_the_readers_line_to_the_hub_with_the_place(
    told: TerminalConfig, hub: Hub, reader: Line, satellites: Gpsd, tmp_path: Path
) -> None:
    hub.receipting = True
    with carried(told) as terminal:
        wait_for(lambda: satellites.listeners)
        satellites.say(FIX)
        assert terminal.gps
        wait_for(terminal.gps.position)
        reader.say(b"LF1-12-3-20261231-ABCDEFGH2345WXYZ\r\n")
        wait_for(lambda: scans(hub))
        wait_for(lambda: not terminal.outbox.counts().queued)
        wait_for((tmp_path / "taken.sound").exists)
    assert scans(hub) == [Scan("qr", code="LF1-12-3-20261231-ABCDEFGH2345WXYZ", position=HERE)]


def test_a_call_goes_both_ways_under_one_name_and_whoever_called_hears_that_it_was_heard(
    told: TerminalConfig, hub: Hub, web: Door, tmp_path: Path
) -> None:
    hub.receipting = True
    with carried(told) as terminal:
        wait_for(lambda: terminal.link.connected)
        terminal.walk.call("panic")
        wait_for(lambda: hub.of("sos") and web.calls)
        wait_for((tmp_path / "heard.sound").exists)
    (call,) = {body.call for one in hub.of("sos") if isinstance(body := one.body, Sos)}
    said = decode(web.calls[0]).body
    assert isinstance(said, Sos)
    assert said.call == call
    assert (tmp_path / "called.sound").exists()


def test_what_was_read_while_nobody_receipted_is_there_after_a_new_start(
    told: TerminalConfig, hub: Hub, reader: Line
) -> None:
    with carried(told) as terminal:
        for number in range(5):
            reader.say(f"tag-{number}\n".encode())
        wait_for(lambda: terminal.outbox.counts().queued == 5)
    hub.receipting = True
    with carried(told) as terminal:
        wait_for(lambda: not terminal.outbox.counts().queued)
    codes = {envelope.id: body.code for envelope in hub.of("scan") if isinstance(body := envelope.body, Scan)}
    assert sorted(filter(None, codes.values())) == [f"tag-{number}" for number in range(5)]
    assert len(codes) == 5, "sent twice, each keeps its name"


def test_a_keyboard_that_is_not_there_keeps_nobody_else_from_working(
    told: TerminalConfig, hub: Hub, reader: Line
) -> None:
    hub.receipting = True
    with carried(told) as terminal:
        (away,) = (one for one in terminal.parts if one.what == "keyboard /dev/input/none")
        wait_for(lambda: "plug it in, or correct its name" in away.trouble)
        reader.say(b"04A2B3C4\n")
        wait_for(lambda: scans(hub))


def test_it_beats_like_any_device(told: TerminalConfig, hub: Hub) -> None:
    with carried(told):
        wait_for(lambda: hub.of("beat"))
    beat = hub.of("beat")[0].body
    assert isinstance(beat, Beat)
    assert beat.cameras == ()
    assert beat.rss_mb > 1


def test_as_a_program_it_walks_until_it_is_told_to_stop_and_says_that_it_goes(
    told: TerminalConfig, hub: Hub, reader: Line, tmp_path: Path
) -> None:
    hub.receipting = True
    Path(told.hub.password_file).write_text(KEY)
    file = tmp_path / "patrol.yaml"
    file.write_bytes(msgspec.yaml.encode(told))
    command = [sys.executable, "-m", "edge", "run", "--config", str(file)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr
        try:
            next(said for said in running.stderr if "serial reader" in said and "is there" in said)
            reader.say(b"04A2B3C4\n")
            wait_for(lambda: scans(hub))
        finally:
            running.send_signal(signal.SIGTERM)
            _, log = running.communicate(timeout=60)
    assert running.returncode == 0
    assert "Traceback" not in log
    wait_for(lambda: [one.body for one in hub.of("state")][-1] == State(online=False, reason="stopped"))
    assert scans(hub)[0] == Scan("qr", code="04A2B3C4")


def test_a_call_that_the_disk_does_not_take_is_made_and_heard_all_the_same(
    told: TerminalConfig, hub: Hub, web: Door, tmp_path: Path
) -> None:
    hub.receipting = True
    with carried(told) as terminal:
        terminal.outbox._store._db.execute(
            "CREATE TEMP TRIGGER worn BEFORE INSERT ON row BEGIN SELECT RAISE(ABORT, 'worn out'); END"
        )
        terminal.walk.call("panic")
        wait_for(lambda: hub.of("sos") or web.calls)
        wait_for((tmp_path / "heard.sound").exists)
    assert (tmp_path / "called.sound").exists()
