"""The bridge that an edge's file asks for: its passwords read, its words bound to the edge's own."""

from __future__ import annotations

import time
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from edge.bridge.gb28181.alarm import Alarm
from edge.bridge.gb28181.answer import House
from edge.bridge.gb28181.below import Desk
from edge.bridge.gb28181.bridge import Bridge
from edge.clock import moment
from edge.config import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from edge.config import EdgeConfig
    from edge.config.gb28181 import Gb28181Config
    from edge.rule.change import Change
    from wire.message import Event

MOST_PASSWORD = 256


def build(
    config: EdgeConfig, states: Callable[[], Mapping[str, str]], put: Callable[[Event], None]
) -> Bridge | None:
    """The bridge, not started yet; None where nobody is spoken with.

    Args:
        config: the edge's.
        states: camera → its state, of which `live` is the good one; called from the bridge's thread.
        put: promises an event of a device below to the hub; likewise.

    Raises:
        ConfigError: a password cannot be read.
    """
    if config.gb28181 is None:
        return None
    zone = config.clock()
    house = House(
        states=states,
        clock=lambda: datetime.fromtimestamp(time.time(), zone),
        version=version("lianfang"),
        recorded=frozenset(camera.id for camera in config.cameras if camera.record),
    )
    desk = Desk(put=put, clock=time.time, zone=zone)
    return Bridge(config.gb28181, _passwords(config.gb28181), house, desk)


def told(bridge: Bridge, config: EdgeConfig, change: Change, camera: str) -> None:
    """Tell platforms above of an event that begins; a drill is nobody's business but ours."""
    if change.phase == "new" and not change.facts.drill:
        when = moment(change.at).astimezone(config.clock())
        bridge.say(Alarm(camera, change.kind, when, change.zone, change.facts.reason))


def _passwords(config: Gb28181Config) -> dict[str, str]:
    files = {one.platform: one.password_file for one in config.above}
    if config.below:
        files |= {one.code: one.password_file for one in config.below.devices}
    return {code: _password(code, Path(file)) for code, file in files.items()}


def _password(code: str, file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{file}: the password of {code} cannot be read ({error}); write it there"
        ) from error
    if not 0 < len(text) <= MOST_PASSWORD or not text.isprintable():
        raise ConfigError(
            f"{file}: the password of {code} must be one line of 1 to {MOST_PASSWORD} characters"
        )
    return text
