"""Tells the hub by what each camera is watched: its masks and zones as they are in force."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec

from edge.courier import Courier
from wire.drawn import Drawn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from edge.carrier import Carrier
    from edge.config import CameraConfig
    from edge.watch import Watch

log = logging.getLogger(__name__)

LOOK = 1.0
"""Seconds between two looks at what changed."""
AGAIN = 10.0
"""Seconds after a failure."""
OFTEN = 3600.0
"""Seconds after which all is told again: a hub that was brought back from a backup has forgotten."""


class Scenes(Courier):
    """For the cameras as they are watched now; one that is told stays told until it changes."""

    def __init__(self, carrier: Carrier, watches: Sequence[Watch]) -> None:
        super().__init__("scenes", carrier)
        self._watches = watches
        self._told: dict[str, Drawn] = {}
        self._again = float("-inf")

    def once(self, now: float) -> float:
        """Tell what changed; after a failure all that is open a little later."""
        if now >= self._again:
            self._told.clear()
            self._again = now + OFTEN
        for camera in [watch.camera for watch in self._watches]:
            drawn = Drawn(camera.masks, camera.zones)
            if self._told.get(camera.id) != drawn and not self.is_stopping:
                if not self._tell(camera, drawn):
                    return AGAIN
                self._told[camera.id] = drawn
        return LOOK

    def _tell(self, camera: CameraConfig, drawn: Drawn) -> bool:
        headers = {"Content-Type": "application/json"}
        try:
            answer = self._carrier.ask(
                "PUT", f"/edge/v1/scenes/{camera.id}", msgspec.json.encode(drawn), headers
            )
        except OSError as error:
            log.debug("zones of %s are not told: %s", camera.id, error)
            return False
        if answer.status not in {200, 204}:
            log.info("zones of %s are not taken by the hub: %d %.200s", camera.id, answer.status, answer.text)
        # What it refuses it would refuse again; what it cannot do now is told again.
        return answer.status < 500  # noqa: PLR2004 - HTTP
