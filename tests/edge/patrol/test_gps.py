"""Where the terminal is, as a server says it that speaks gpsd's protocol on a socket of the test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from edge.config.patrol import GpsConfig
from edge.patrol.gps import Gps, Tpv, position
from tests.edge.market import wait_for
from tests.edge.patrol.desk import FIX, Gpsd, gpsd
from wire.message import Position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Position(29.3312345, 120.0823456, 4.2)


@pytest.fixture
def server() -> Iterator[Gpsd]:
    with gpsd() as one:
        yield one


@pytest.fixture
def make() -> Iterator[Callable[..., Gps]]:
    made: list[Gps] = []

    def one(port: int, **more: Any) -> Gps:
        gps = Gps(GpsConfig(port=port), **more)
        gps._again = 0.02
        gps.start()
        made.append(gps)
        return gps

    yield one
    for gps in made:
        gps.stop()


def test_it_asks_to_be_told_and_knows_where_it_is(server: Gpsd, make: Callable[..., Gps]) -> None:
    gps = make(server.port)
    wait_for(lambda: server.listeners)
    assert gps.position() is None
    assert server.asked[0].startswith('?WATCH={"enable":true')
    server.say({"class": "DEVICES", "devices": []}, {"class": "SKY", "satellites": [{"PRN": 1}]}, FIX)
    wait_for(lambda: gps.position() == HERE)


def test_a_place_grows_old(server: Gpsd, make: Callable[..., Gps]) -> None:
    now = [100.0]
    gps = make(server.port, clock=lambda: now[0])
    wait_for(lambda: server.listeners)
    server.say(FIX)
    wait_for(gps.position)
    now[0] += 15.1
    assert gps.position() is None


def test_noise_on_the_socket_is_passed_over(server: Gpsd, make: Callable[..., Gps]) -> None:
    gps = make(server.port)
    wait_for(lambda: server.listeners)
    server.write(b'\xff\xfe\r\n{"class":"TPV","mode":"high"}\r\n{]\r\n' + b"x" * 100_000)
    server.write(b"\r\n")
    server.say(FIX)
    wait_for(lambda: gps.position() == HERE)


def test_a_report_that_comes_in_two_halves_is_one(server: Gpsd, make: Callable[..., Gps]) -> None:
    gps = make(server.port)
    wait_for(lambda: server.listeners)
    server.write(b'{"class":"TPV","mode":3,"lat":29.5,')
    server.write(b'"lon":120.5}\r\n')
    wait_for(lambda: gps.position() == Position(29.5, 120.5))


def test_a_gpsd_that_goes_and_comes_is_asked_anew(
    make: Callable[..., Gps], caplog: pytest.LogCaptureFixture
) -> None:
    with gpsd() as first:
        gps = make(first.port)
        wait_for(lambda: first.listeners)
        first.close()
        wait_for(lambda: gps.trouble)
        assert "start gpsd, or correct `gps`" in caplog.text
    again = Gpsd(first.port)
    wait_for(lambda: again.listeners)
    again.say(FIX)
    wait_for(lambda: gps.position() == HERE)
    again.close()


@pytest.mark.parametrize(
    ("said", "place"),
    [
        (Tpv(3, 29.5, 120.5, None, 3.0, 4.0), Position(29.5, 120.5, 5.0)),
        (Tpv(2, 29.5, 120.5), Position(29.5, 120.5)),
        (Tpv(1, 29.5, 120.5), None),
        (Tpv(3, None, 120.5), None),
        (Tpv(3, 129.5, 120.5), None),
        (Tpv(3, 29.5, 120.5, 1e300), Position(29.5, 120.5, 1e6)),
    ],
)
def test_only_what_is_a_place_on_this_earth_is_one(said: Tpv, place: Position | None) -> None:
    assert position(said) == place
