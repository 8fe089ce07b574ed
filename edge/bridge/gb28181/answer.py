"""What a platform above gets when it asks: our cameras, who we are, how we are. Anything else it may not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edge.bridge.gb28181 import catalog, scdp
from edge.bridge.gb28181.scdp import Notice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from edge.config.gb28181 import AboveConfig


@dataclass(frozen=True, slots=True)
class House:
    """What may be told of this edge."""

    states: Callable[[], Mapping[str, str]]
    """Camera → its state, of which `live` is the good one."""
    clock: Callable[[], datetime]
    """In the market's own time, which GB/T 28181 writes without a zone."""
    version: str
    recorded: frozenset[str] = frozenset()
    """Cameras that are recorded."""


def answers(asked: Notice, config: AboveConfig, house: House, transport: str) -> list[bytes]:
    """The bodies of the messages that answer `asked`, in their order."""
    if asked.root == "Query" and asked.command == "Catalog":
        return _catalog(asked, config, house, transport)
    tell = TOLD.get((asked.root, asked.command))
    fields = tell(asked, config, house) if tell and asked.code in _names(config) else {"Result": "ERROR"}
    told = Notice("Response", asked.command, asked.number, asked.code, fields)
    return [scdp.write(told, config.edition)]


def _catalog(asked: Notice, config: AboveConfig, house: House, transport: str) -> list[bytes]:
    channels = [one for one in config.cameras if asked.code in {config.code, one.code}]
    listed = catalog.items(channels, config.code, house.states())
    told = Notice("Response", "Catalog", asked.number, asked.code, {"SumNum": str(len(listed))})
    return [scdp.write(told, config.edition, page) for page in catalog.pages(listed, catalog.PAGE[transport])]


def _info(asked: Notice, config: AboveConfig, house: House) -> dict[str, str]:
    return {
        "DeviceName": _names(config)[asked.code][1],
        "Result": "OK",
        "Manufacturer": "Lianfang",
        "Model": "edge",
        "Firmware": house.version,
        "Channel": str(len(config.cameras)) if asked.code == config.code else "1",
    }


def _status(asked: Notice, config: AboveConfig, house: House) -> dict[str, str]:
    states = house.states()
    camera = _names(config)[asked.code][0]
    cameras = [one.camera for one in config.cameras] if camera is None else [camera]
    live = [one for one in cameras if states.get(one) == "live"]
    is_online = camera is None or bool(live)
    return {
        "Result": "OK",
        "Online": "ONLINE" if is_online else "OFFLINE",
        "Status": "OK" if len(live) == len(cameras) else "ERROR",
        "DeviceTime": house.clock().strftime("%Y-%m-%dT%H:%M:%S"),
        "Encode": "ON" if live else "OFF",
        "Record": "ON" if house.recorded.intersection(live) else "OFF",
    }


TOLD: Mapping[tuple[str, str], Callable[[Notice, AboveConfig, House], dict[str, str]]] = {
    ("Query", "DeviceInfo"): _info,
    ("Query", "DeviceStatus"): _status,
}


def _names(config: AboveConfig) -> dict[str, tuple[str | None, str]]:
    """Code → the camera, None for the edge itself, and its name there."""
    return {config.code: (None, config.name)} | {one.code: (one.camera, one.name) for one in config.cameras}
