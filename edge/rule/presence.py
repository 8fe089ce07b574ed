"""Who is in a zone, has been for a while, and has moved since first seen: parked things are nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from edge.rule.kin import Kin
from edge.rule.stay import Stays

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from edge.rule.scene import Track
    from edge.rule.stay import Stay
    from edge.rule.zone import Zone


class Presence:
    """Remembers everybody for `grace` seconds after they were last seen."""

    def __init__(self, zone: Zone, *, dwell: float, move: float, grace: float) -> None:
        """Watch one zone.

        Args:
            zone: where.
            dwell: seconds inside before it counts.
            move: how far a thing must have moved since first seen, in shares of its height.
            grace: seconds unseen inside before somebody is taken to have left.
        """
        self._dwell = dwell
        self.longest = 0.0
        """Seconds of the longest visit that goes on, whether it counts yet or not."""
        self._kin = Kin(grace)
        self._stays = Stays(zone, grace)
        self._movers = Movers(move)

    def step(self, known: Sequence[Track], now: float, tracks: Sequence[Track] = ()) -> list[Stay]:
        """The visits that count at stream second `now`, of `known` tracks among all `tracks`."""
        names = self._kin.step(known, now)
        moved = self._movers.step(known, names, self._kin.known())
        self._movers.glimpse(tracks)
        stays = self._stays.step([track for track in known if names[track.id] in moved], names, now)
        self.longest = max((stay.seconds for stay in stays), default=0.0)
        return [stay for stay in stays if stay.seconds >= self._dwell]

    def clear(self) -> None:
        """Forget everybody."""
        self._kin.clear()
        self._stays.clear()
        self._movers.clear()


class Movers:
    """Who has ever moved away from where they were first seen.

    Feet, middles and heads are looked at: who comes in over the lower edge of the picture is first seen cut
    off, with feet that are none.
    """

    def __init__(self, share: float) -> None:
        """Count a move from `share` of the box's own height on."""
        self._share = share
        self._first: dict[int, NDArray[np.float32]] = {}
        """Where they were: foot, middle and head, [3, 2] pixels."""
        self._moved: set[int] = set()
        self._glimpses: dict[int, NDArray[np.float32]] = {}
        """By track: where those were who have been seen once only, and may turn out to be somebody."""

    def glimpse(self, tracks: Sequence[Track]) -> None:
        """Remember where whoever was seen once only was seen."""
        once = [track for track in tracks if track.hits == 1]
        self._glimpses = {track.id: self._glimpses.get(track.id, _place(track)) for track in once}

    def step(self, tracks: Sequence[Track], names: Mapping[int, int], known: set[int]) -> set[int]:
        """Who has moved; `names` says who each track is, and whoever is not `known` is forgotten."""
        self._first = {who: place for who, place in self._first.items() if who in known}
        self._moved &= known
        for track in tracks:
            who = names[track.id]
            if who in self._moved:
                continue
            place = _place(track)
            first = self._first.setdefault(who, self._glimpses.get(track.id, place))
            height = float(track.box[3] - track.box[1])
            if float(np.hypot(*(place - first).T).max()) >= self._share * height:
                self._moved.add(who)
        return self._moved

    def clear(self) -> None:
        """Forget everybody."""
        self._first.clear()
        self._moved.clear()
        self._glimpses.clear()


def _place(track: Track) -> NDArray[np.float32]:
    """Foot, middle and head, [3, 2] pixels."""
    left, top, right, bottom = track.box
    across = (left + right) / 2
    return np.array([(across, bottom), (across, (top + bottom) / 2), (across, top)], np.float32)
