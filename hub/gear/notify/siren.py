"""Sirens of the house: those beside edges, by command, and one with an HTTP interface of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.gear.notify.gateway import Gateway
from hub.ports import UndeliveredError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.core.notice import Letter
    from hub.gear.notify.gateway import Template

NOT_FOR = Pair("警号不为此类告警鸣响。", "The siren does not sound for this kind.")


class Siren:
    """Port Notifier by one template; it sounds for the kinds of alerts that the template names.

    Args:
        template: which devices, or which address.
        order: has the siren beside a device sound; raises Refused.
    """

    def __init__(self, template: Template, order: Callable[[str], object]) -> None:
        self._template, self._order = template, order
        self._gateway = Gateway(template) if template.url else None

    def send(self, address: str, letter: Letter) -> None:
        """Have them sound.

        Raises:
            UndeliveredError: it is not for this kind of alert, or one of them was not reached.
        """
        if letter.kind not in self._template.alarms:
            raise UndeliveredError(NOT_FOR, gone=True)
        try:
            for device in self._template.devices:
                self._order(device)
        except Refused as refused:
            raise UndeliveredError(Pair(refused.zh, refused.en)) from refused
        finally:
            if self._gateway:
                self._gateway.send(address, letter)
