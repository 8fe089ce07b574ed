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
"""Seconds after which what the hub did not take is told again."""
TAKEN = frozenset({200, 204})
BAD = 422
"""What the hub cannot take as it is, it would refuse again."""
OFTEN = 3600.0
"""Seconds after which all is told again: a hub that was brought back from a backup has forgotten."""


class Scenes(Courier):
    """For the cameras as they are watched now; one that is told stays told until it changes."""

    def __init__(self, carrier: Carrier, watches: Sequence[Watch]) -> None:
        super().__init__("scenes", carrier)
        self._watches = watches
        self._told: dict[str, Drawn] = {}
        self._again = float("-inf")
        self._later: dict[str, float] = {}
        """Camera → monotonic second before which it is not told again."""
        self._refused: set[str] = set()

    def once(self, now: float) -> float:
        """Tell what changed; what the hub does not take a little later, and the others at once."""
        if now >= self._again:
            self._told.clear()
            self._again = now + OFTEN
        for camera in [watch.camera for watch in self._watches]:
            drawn = Drawn(camera.masks, camera.zones)
            is_due = now >= self._later.get(camera.id, now)
            if self._told.get(camera.id) == drawn or not is_due or self.is_stopping:
                continue
            try:
                is_told = self._tell(camera, drawn)
            except OSError as error:
                log.debug("zones of %s are not told: %s", camera.id, error)
                return AGAIN
            if is_told:
                self._told[camera.id] = drawn
            else:
                self._later[camera.id] = now + AGAIN
        return LOOK

    def _tell(self, camera: CameraConfig, drawn: Drawn) -> bool:
        """Whether the hub has it, or never will; raises OSError where it cannot be reached."""
        headers = {"Content-Type": "application/json"}
        data = msgspec.json.encode(drawn)
        answer = self._carrier.ask("PUT", f"/edge/v1/scenes/{camera.id}", data, headers)
        if answer.status in TAKEN:
            self._refused.discard(camera.id)
        elif camera.id not in self._refused:
            self._refused.add(camera.id)
            words = "zones of %s are not taken by the hub: %d %.200s"
            log.warning(words, camera.id, answer.status, answer.text)
        return answer.status in TAKEN or answer.status == BAD
