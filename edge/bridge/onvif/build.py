"""What an edge's configuration asks of ONVIF, or nothing of it: its library takes a second and 65 MB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edge.config import ConfigError
from edge.rule.hand import HandFirst
from edge.rule.timetable import timetable
from wire.rule import RuleConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from edge.bridge.onvif.ear import Ear
    from edge.bridge.onvif.turn import Turner
    from edge.config import CameraConfig, EdgeConfig
    from edge.rule.change import Change
    from edge.rule.hand import Arming, Hands

ANY = "-"
"""Stands for no zone: only a whole camera is armed by hand here."""


def ear(config: EdgeConfig, tell: Callable[[str, Change], None], hands: Hands) -> Ear | None:
    """What hears the cameras' own alarms; None where none is to be heard.

    Args:
        config: the edge.
        tell: called with the camera's name and what changed.
        hands: what is armed by hand.

    Raises:
        ConfigError: the library is not here.
    """
    cameras = list(_heard(config, hands))
    if not cameras:
        return None
    try:
        from edge.bridge.onvif.ear import Ear  # noqa: PLC0415 - only who needs it loads it
    except ModuleNotFoundError as error:
        raise _lacking(error) from error
    return Ear(cameras, tell)


def turner(config: EdgeConfig) -> Turner | None:
    """What turns cameras; None where none can be turned. Raises ConfigError as `ear` does."""
    cameras = [camera for camera in config.cameras if camera.onvif and camera.onvif.ptz]
    if not cameras:
        return None
    try:
        from edge.bridge.onvif.turn import Turner  # noqa: PLC0415 - only who needs it loads it
    except ModuleNotFoundError as error:
        raise _lacking(error) from error
    return Turner(cameras)


def _lacking(error: ModuleNotFoundError) -> ConfigError:
    return ConfigError(
        f"a camera has `onvif` and its library is not here ({error.name}): pip install -e '.[onvif]'"
    )


def _heard(config: EdgeConfig, hands: Hands) -> Iterator[tuple[CameraConfig, Arming]]:
    for camera in config.cameras:
        if camera.onvif and camera.onvif.events:
            hours = timetable(RuleConfig(armed=camera.onvif.armed), config.calendar, config.clock())
            yield camera, HandFirst(hours, hands, camera.id, ANY)
