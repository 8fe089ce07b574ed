"""Keys of one keyboard, by Linux's evdev; held for ourselves, so that no code is typed into a shell."""

from __future__ import annotations

import select
import time
from typing import TYPE_CHECKING, Protocol

import evdev
from evdev import ecodes

from edge.patrol.part import TICK, Part, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

UP, DOWN = 0, 1
"""Values of a key's event; what a held key repeats is no news."""
WHAT, GROUP = "keyboard", "input"


class Ear(Protocol):
    """Whoever listens to keys: edge.patrol.typed.Typed and edge.patrol.panic.Panic."""

    def press(self, names: Sequence[str], is_down: bool, now: float) -> None:
        """A key went down or up."""

    def tick(self, now: float) -> None:
        """Time goes by."""

    def lost(self) -> None:
        """Keys went by unheard."""


class Device(Protocol):
    """What is used of evdev.InputDevice."""

    fd: int

    def grab(self) -> None:
        """Give its events to nobody else."""

    def read(self) -> Iterable[evdev.InputEvent]:
        """What has happened."""

    def close(self) -> None:
        """Let it go."""


class Keys(Part):
    """One keyboard and all who listen to it."""

    def __init__(
        self,
        node: str,
        ears: Sequence[Ear],
        *,
        open_device: Callable[[str], Device] = evdev.InputDevice,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare.

        Args:
            node: its file, such as /dev/input/event3.
            ears: who listens.
            open_device: opens it.
            clock: monotonic seconds.
        """
        super().__init__(f"{WHAT} {node}")
        self._node, self._ears, self._open, self._clock = node, ears, open_device, clock

    def live(self) -> None:
        """Hear its keys; see Part."""
        try:
            device = self._open(self._node)
            device.grab()
        except OSError as error:
            raise missing(WHAT, self._node, GROUP, error) from error
        self.there()
        try:
            while not self.is_stopping:
                self._once(device)
        except OSError as error:
            raise missing(WHAT, self._node, GROUP, error) from error
        finally:
            device.close()
            for ear in self._ears:
                ear.lost()

    def _once(self, device: Device) -> None:
        if select.select([device.fd], [], [], TICK)[0]:
            for event in device.read():
                self._take(event)
        now = self._clock()
        for ear in self._ears:
            ear.tick(now)

    def _take(self, event: evdev.InputEvent) -> None:
        if (event.type, event.code) == (ecodes.EV_SYN, ecodes.SYN_DROPPED):
            for ear in self._ears:
                ear.lost()
        elif event.type == ecodes.EV_KEY and event.value in {UP, DOWN}:
            now = self._clock()
            for ear in self._ears:
                ear.press(named(event.code), event.value == DOWN, now)


def named(code: int) -> tuple[str, ...]:
    """The names of a key; some have several."""
    found = ecodes.bytype[ecodes.EV_KEY].get(code, ())
    return (found,) if isinstance(found, str) else tuple(found)
