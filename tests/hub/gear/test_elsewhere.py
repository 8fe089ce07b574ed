"""The hub on a broker that it did not start."""

from __future__ import annotations

import pytest

from hub.gear.broker import Broker, BrokerError
from hub.gear.elsewhere import Elsewhere
from hub.gear.mqtt import MqttLink
from hub.gear.permissions import HUB_USER


def test_the_hub_is_let_in_by_a_broker_that_runs_already_and_leaves_it_running(broker: Broker) -> None:
    there = Elsewhere(f"mqtt://127.0.0.1:{broker.port}", broker.password)
    there.start()
    link = MqttLink(["yunda"], there.host, there.port, HUB_USER, there.password)
    link.start()
    assert link.wait_ready(10)
    link.stop()
    there.stop()
    assert broker.pid is not None


def test_without_a_port_it_is_the_usual_one() -> None:
    assert Elsewhere("mqtt://nats", "p").port == 1883


@pytest.mark.parametrize(
    "url", ["nats:1883", "ws://nats", "http://nats", "mqtt://", "mqtt://nats:port", "mqtt://[::1"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BrokerError, match="write it as mqtt://host:1883"):
        Elsewhere(url, "p")


def test_servers_for_the_pull_stand_beside_the_address_for_devices() -> None:
    there = Elsewhere("nats://n1,nats://n2:4223,mqtt://n1", "p")
    assert (there.host, there.port) == ("n1", 1883)
    assert there.nats == ("nats://n1:4222", "nats://n2:4223")


def test_without_an_address_for_devices_it_is_refused() -> None:
    with pytest.raises(BrokerError, match="lack one for MQTT"):
        Elsewhere("nats://n1", "p")
