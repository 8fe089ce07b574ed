"""What an edge's configuration asks of ONVIF, or nothing of it: its library takes a second and 65 MB."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edge.config import ConfigError
from edge.rule.hand import HandFirst
from edge.rule.timetable import timetable
from wire.rule import RuleConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import tzinfo

    from edge.bridge.onvif.ear import Ear
    from edge.bridge.onvif.turn import Turner
    from edge.config import CameraConfig, EdgeConfig
    from edge.rule.change import Change
    from edge.rule.hand import Arming, Hands
    from wire.calendar import Armed, Calendar

ANY = "-"
"""Stands for no zone: only a whole camera is armed by hand here."""


@dataclass(frozen=True, slots=True)
class _Hours:
    """When a camera's own alarms count, by the market's calendar as it is at that moment."""

    told: Armed
    calendar: Callable[[], Calendar]
    clock: tzinfo

    def armed(self, now: float) -> bool:
        return timetable(RuleConfig(armed=self.told), self.calendar(), self.clock).armed(now)


def ear(
    config: EdgeConfig,
    tell: Callable[[str, Change], None],
    hands: Hands,
    calendar: Callable[[], Calendar] | None = None,
    away: Callable[[str], bool] = lambda _camera: False,
) -> Ear | None:
    """What hears the cameras' own alarms; None where none is to be heard.

    Args:
        config: the edge.
        tell: called with the camera's name and what changed.
        hands: what is armed by hand.
        calendar: the market's, which may become another; None: the edge's own.
        away: whether somebody has a camera turned.

    Raises:
        ConfigError: the library is not here.
    """
    cameras = list(_heard(config, hands, calendar or (lambda: config.calendar)))
    if not cameras:
        return None
    try:
        from edge.bridge.onvif.ear import Ear  # noqa: PLC0415 - only who needs it loads it
    except ModuleNotFoundError as error:
        raise _lacking(error) from error
    return Ear(cameras, tell, away)


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


def _heard(
    config: EdgeConfig, hands: Hands, calendar: Callable[[], Calendar]
) -> Iterator[tuple[CameraConfig, Arming]]:
    for camera in config.cameras:
        if camera.onvif and camera.onvif.events:
            hours = _Hours(camera.onvif.armed, calendar, config.clock())
            yield camera, HandFirst(hours, hands, camera.id, ANY)
