"""A device that obeys, without its threads: real desk, memory and trial; what it did is counted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from edge.crew import Crew
from edge.order.desk import Desk
from edge.order.kept import Kept
from edge.order.trial import Trial
from edge.see.seen import NOTHING
from tests.edge.market import DEVICE, config
from tests.edge.scene import StillEye, frame, watched
from tests.wire.orders import ARGS, command
from wire import order as o
from wire.message import new_id
from wire.sign import Checker, Signer, make_key

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from edge.config import CameraConfig
    from edge.see.seen import Seen
    from edge.watch import Watch
    from wire.message import Reply
    from wire.order import Args, Command

SECOND = timedelta(seconds=1)


@dataclass
class Doer:
    """Carries out everything by noting it; `fault` is what it raises instead."""

    done: list[Command] = field(default_factory=list)
    ended: list[Args] = field(default_factory=list)
    fault: Exception | None = None

    def do(self, command: Command) -> None:
        if self.fault:
            raise self.fault
        self.done.append(command)

    def after(self, args: Args) -> None:
        self.ended.append(args)


class Nobody:
    """A detector that sees nothing."""

    def detect(self, picture: object) -> Seen:  # noqa: ARG002
        return NOTHING


class Seat:
    """One device with one camera, its hub's key, and a clock that stands at the moment of issue."""

    def __init__(
        self, folder: Path, cameras: tuple[CameraConfig, ...] = (), live_within: float = 5.0
    ) -> None:
        make_key(folder / "orders.pem")
        self.folder, self.signer = folder, Signer(folder / "orders.pem")
        self.cameras = cameras or (watched(),)
        self.now: datetime = command().issued + SECOND
        self.replies: list[Reply] = []
        self.doer = Doer()
        self.eyes: list[StillEye] = []
        self.blind = False
        """Whether a camera that is opened from now on stays dark."""
        self.live_within = live_within
        self.open()

    def open(self) -> None:
        """Start, as after a restart or a death."""
        self.kept = Kept(self.folder / "orders.sqlite")
        told = config(self.folder, 1, 1, *self.cameras)
        self.crew = Crew(told, self.cameras, self._eye, self.folder)
        trial = Trial(self.cameras, self.crew, self.kept, self.replies.append, live_within=self.live_within)
        self.trial = trial
        checker = Checker(self.signer.public)
        self.desk = Desk(
            DEVICE, checker, self.kept, self.doer, trial, answer=self.replies.append, clock=lambda: self.now
        )

    def die(self) -> None:
        """What kill -9 leaves: the file and nothing else."""
        self.kept.close()

    def hear(self, order: o.Order, *, signed: bool = True) -> None:
        """The order comes over the wire."""
        data = o.encode(self.signer.sign(order) if signed else order)
        if isinstance(order, o.Command):
            self.desk.hear_command(data)
        else:
            self.desk.hear_config(data)
        self.desk.once(0.0)

    def look(self) -> None:
        """Every camera that is not dark gives a picture, and it is looked at."""
        for old in self.crew.take_over():
            old.close()
        for watch in self.crew.watches:
            if watch.eye.health().state == "live":
                self.picture(watch)

    def picture(self, watch: Watch) -> None:
        watch.look(frame(1_000_000.0 + watch.tally.looked), Nobody())

    def outcomes(self) -> list[tuple[str, str | None]]:
        return [(reply.outcome, reply.reason) for reply in self.replies]

    def _eye(self, camera: CameraConfig, clips: Path) -> StillEye:
        self.eyes.append(StillEye(camera.id, clips))
        if self.blind:
            self.eyes[-1].state = replace(self.eyes[-1].state, state="lost", reason="silent")
        return self.eyes[-1]


def fresh(counter: int, args: Args = ARGS[0], **more: object) -> Command:
    """A command that was never given before."""
    return command(args, counter=counter, id_=new_id(), **more)  # type: ignore[arg-type]
