"""A siren or relay of the house, by its own HTTP interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core.glossary import Pair
from hub.gear.notify.gateway import Gateway
from hub.ports import UndeliveredError

if TYPE_CHECKING:
    from hub.core.notice import Letter
    from hub.gear.notify.gateway import Template

NOT_FOR = Pair("警号不为此类告警鸣响。", "The siren does not sound for this kind.")


class Siren:
    """Port Notifier by one template; it sounds for the kinds of alerts that the template names."""

    def __init__(self, template: Template) -> None:
        self._alarms, self._gateway = template.alarms, Gateway(template)

    def send(self, address: str, letter: Letter) -> None:
        """Have it sound.

        Raises:
            UndeliveredError: it is not for this kind of alert, or the relay did not take it.
        """
        if letter.kind not in self._alarms:
            raise UndeliveredError(NOT_FOR, gone=True)
        self._gateway.send(address, letter)
