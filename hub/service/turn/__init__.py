"""Turns of ten-shop groups: who has the day, what is done on it, and how days change hands.

whose: who speaks for a shop · mine: a phone's day · act: confirm and check · offer, swap, swapped · leave ·
change: a turn changes hands · repair: what cannot stand is given anew · view: as shown.
"""

from hub.service.turn.act import check, confirm
from hub.service.turn.mine import today

__all__ = ["check", "confirm", "today"]
