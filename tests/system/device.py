"""A device that speaks for itself: signs in with its key, promises, and waits for the receipt."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from queue import Queue
from typing import TYPE_CHECKING

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from wire.message import Clock, Envelope, Receipt, Sos, decode_receipt, encode, new_id

if TYPE_CHECKING:
    from tests.system.night import Night
    from wire.message import Prio, Up


def send(market: Night, device: str, kind: str, body: Up, prio: Prio) -> None:
    """Publish one message as `device` and wait until the hub says that it has it."""
    said = Queue[Receipt]()
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"{device}-test")
    client.username_pw_set(device, (market.data / "keys" / f"{device}.key").read_text().strip())
    client.on_message = lambda _client, _data, message: said.put(decode_receipt(bytes(message.payload)))
    client.connect("127.0.0.1", mqtt_port(market))
    client.loop_start()
    client.subscribe(f"lf/v1/yunda/{device}/receipt")
    epoch = new_id()
    envelope = Envelope(
        v="1.0",
        id=new_id(),
        device=device,
        epoch=epoch,
        seq=1,
        at=datetime.now(UTC),
        mono_ms=time.monotonic_ns() // 1_000_000,
        clock=Clock("system"),
        prio=prio,
        body=body,
    )
    client.publish(f"lf/v1/yunda/{device}/{kind}", encode(envelope), qos=1)
    try:
        while not any(range_.epoch == epoch for range_ in said.get(timeout=60).ranges):
            pass
    finally:
        client.disconnect()
        client.loop_stop()


def panic(market: Night) -> str:
    """Somebody presses the panic button; the call's id."""
    call = new_id()
    send(market, "edge-west", "sos", Sos(call=call, button="panic"), "p0")
    return call


def mqtt_port(market: Night) -> int:
    found = re.search(r'"mqtt": "mqtt://127\.0\.0\.1:(\d+)"', market.log("hub"))
    assert found, "the hub said where its broker is"
    return int(found[1])
