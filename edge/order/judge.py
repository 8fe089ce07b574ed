"""Whether an order is to be obeyed: the hub's own, meant for this device, and in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wire.order import EARLY

if TYPE_CHECKING:
    from datetime import datetime

    from wire.order import Command, Config
    from wire.sign import Checker


class Judge:
    """For one device.

    Args:
        device: who this is.
        checker: knows the hub's signature; without it nothing is obeyed until there is one.
    """

    def __init__(self, device: str, checker: Checker | None) -> None:
        self._device = device
        self.checker = checker

    def stranger(self, order: Command | Config) -> str:
        """Why nobody who may has given it to this device; empty when somebody has."""
        if order.target != self._device:
            return f"an order is for {order.target}"
        if self.checker is None or not self.checker.good(order):
            return "an order is not signed by the hub"
        return ""


def late(command: Command, now: datetime) -> str:
    """Why its time is over or has not come at the aware moment `now`; empty when it is in time."""
    if now >= command.expires:
        return f"it came {(now - command.expires).total_seconds():.1f} s too late"
    if now + EARLY < command.issued:
        behind = (command.issued - now).total_seconds()
        return f"this device's clock is {behind:.0f} s behind the hub's"
    return ""
