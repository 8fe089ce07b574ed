"""Sirens of the house: those beside edges, by command, and one with an HTTP interface of its own."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.gear.notify.gateway import Gateway
from hub.ports import UndeliveredError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.core.notice import Letter
    from hub.gear.notify.gateway import Template

log = logging.getLogger(__name__)

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
        """Have every one of them sound.

        Raises:
            UndeliveredError: it is not for this kind of alert, or none of them was reached.
        """
        if letter.kind not in self._template.alarms:
            raise UndeliveredError(NOT_FOR, gone=True)
        tries = [partial(self._ask, device) for device in self._template.devices]
        if self._gateway:
            tries.append(partial(self._gateway.send, address, letter))
        silent = [error for one in tries if (error := _tried(one)) is not None]
        for error in silent:
            log.warning("a siren does not sound: %s", error)
        if len(silent) == len(tries):
            raise next((error for error in silent if not error.gone), silent[0])

    def _ask(self, device: str) -> None:
        try:
            self._order(device)
        except Refused as refused:
            raise UndeliveredError(Pair(refused.zh, refused.en), gone=refused.kind == "missing") from refused


def _tried(one: Callable[[], None]) -> UndeliveredError | None:
    try:
        one()
    except UndeliveredError as error:
        return error
    return None
