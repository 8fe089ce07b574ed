"""The operations that the hub may order, one function each; nothing else can be ordered."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from edge.camera.clip import NoClip
from edge.clock import moment
from edge.order.desk import Unable
from edge.record.cut import codec_of, cut, recoded
from edge.rule.change import Change, Facts
from edge.see.still import jpeg
from wire.message import Manifest
from wire.order import (
    Arm,
    ByTimetable,
    Clip,
    Disarm,
    Drill,
    Goto,
    Move,
    RelayStart,
    RelayStop,
    Release,
    Replay,
    Restart,
    Show,
    Sound,
    Still,
)
from wire.relay import Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from edge.bridge.onvif.turn import Turner
    from edge.camera.clip import Clip as CutClip
    from edge.config import CameraConfig
    from edge.glass import Glass
    from edge.order.armed import Armed
    from edge.order.looks import Looks
    from edge.record.archive import Archive
    from edge.relay import Relay
    from edge.spool import Spool
    from edge.stills import Stills
    from edge.tell import Teller
    from edge.watch import Watch
    from wire.order import Args, Command, Steer, Try

PICTURE_WITHIN = 5.0
"""Seconds in which a camera that works gives a picture."""
SENT_WITHIN = 5.0
"""Seconds in which a still reaches a hub that is there."""
SETTLE = 0.5
"""Seconds by which an ordered clip ends before now, so that its last pictures have arrived."""
QUALITY = 85


class Replays(Protocol):
    """Runs recordings through rules; edge.replay.replays.Replays is one."""

    def begin(self, args: Replay, camera: CameraConfig, number: str) -> None:
        """Run a recorded time through drawn rules; raises Unable."""


@dataclass(frozen=True, slots=True)
class Shows:
    """The ways in which a camera is shown to the hub."""

    looks: Looks
    """Where pictures are asked for."""
    stills: Stills
    """Sends live stills."""
    relay: Relay
    """Sends packets."""
    glass: Glass
    """Shows what rules count."""
    replays: Replays
    """Runs recordings through rules."""


class Deeds:
    """Carries out one command at a time."""

    def __init__(
        self,
        watches: Sequence[Watch],
        shows: Shows,
        spool: Spool,
        teller: Teller,
        *,
        armed: Armed,
        archive: Archive,
        end: Callable[[], None],
    ) -> None:
        """Prepare.

        Args:
            watches: this edge's cameras as they are now.
            shows: the ways in which a camera is shown to the hub.
            spool: where files wait.
            teller: speaks for this device.
            armed: arms and disarms by hand.
            archive: what was recorded.
            end: asks this program to end, which whatever watches over it starts anew.
        """
        self._watches, self._spool, self._teller, self._end = watches, spool, teller, end
        self._looks, self._stills, self._relay = shows.looks, shows.stills, shows.relay
        self._armed, self._archive = armed, archive
        self._replays, self._glass = shows.replays, shows.glass
        self.turner: Turner | None = None
        """Turns those cameras that can be turned."""
        self.siren: Callable[[float], bool] = lambda _seconds: False
        """Sounds for so many seconds; False where there is none."""

    def do(self, command: Command) -> None:
        """Carry it out; raises Unable with a sentence."""
        args = command.args
        match args:
            case Still():
                self._still(args)
            case Clip():
                self._clip(args, command.id)
            case RelayStart() | RelayStop():
                self._live(args)
            case Drill():
                self._drill(args, command.id)
            case Arm() | Disarm() | ByTimetable():
                self._armed.do(args, self._watch(args.camera).camera, time.time())
            case Goto() | Move() | Release():
                self._steer(args, command)
            case Sound():
                self._sound(args)
            case Show() | Replay():
                self._try(args, command.id)
            case Restart():
                pass  # by `after`, once the reply is promised

    def after(self, args: Args) -> None:
        """The reply is promised: do what would keep it from being."""
        if isinstance(args, Restart):
            self._end()

    def _watch(self, camera: str) -> Watch:
        found = next((watch for watch in self._watches if watch.camera.id == camera), None)
        if found is None:
            raise Unable(f"this device has no camera {camera}")
        return found

    def _sound(self, args: Sound) -> None:
        if not self.siren(args.seconds):
            raise Unable("this device has no siren; its file names no `siren:`")

    def _live(self, args: RelayStart | RelayStop) -> None:
        camera = self._watch(args.camera).camera.id
        if isinstance(args, RelayStop):
            self._looks.stop(camera)
            self._relay.end(camera)
        elif args.packets is None:
            self._looks.relay(camera, args.fps, args.seconds)
        else:
            self._relay.begin(Stream(camera, args.packets == "main"), args.seconds)

    def _try(self, args: Try, number: str) -> None:
        camera = self._watch(args.camera).camera
        if isinstance(args, Show):
            self._glass.begin(camera.id, args.seconds)
        else:
            self._replays.begin(args, camera, number)

    def _steer(self, args: Steer, command: Command) -> None:
        watch = self._watch(args.camera)
        if self.turner is None:
            raise Unable(f"{args.camera} cannot be turned; its file names no `onvif: {{ptz: …}}`")
        # How long, and not until when: this device's clock may be another than the hub's.
        until = command.issued if isinstance(args, Release) else args.until
        seconds = (until - command.issued).total_seconds()
        self.turner.do(args, seconds, masked=bool(watch.camera.masks))

    def _still(self, args: Still) -> None:
        watch = self._watch(args.camera)
        frame = self._looks.next(args.camera, PICTURE_WITHIN)
        if frame is None:
            raise Unable(f"{args.camera} gave no picture, it is {watch.eye.health().state}")
        self._stills.show(args.camera, frame.at, jpeg(frame.picture, QUALITY))
        if not self._stills.wait(args.camera, frame.at, SENT_WITHIN):
            raise Unable("the picture did not reach the hub")

    def _clip(self, args: Clip, event: str) -> None:
        watch, name = self._watch(args.camera), Path(f"{event}.mp4")
        if args.begin is None and self._teller.veil.hides(args.camera):
            raise Unable(f"the masks of {args.camera} change just now; ask again in a minute")
        cpu = None
        try:
            if args.begin is None:
                end = time.time() - SETTLE
                clip = watch.eye.clip(end - args.seconds, end, name)
            else:
                clip, cpu = self._recorded(args, args.begin.timestamp(), self._spool.parts / name)
            ref = self._spool.adopt("clip", clip.path, clip.sha256)
        except (NoClip, OSError) as error:
            raise Unable(str(error)) from error
        manifest = Manifest(event, args.camera, moment(clip.began), moment(clip.ended), (ref,), cpu)
        self._teller.announce(manifest)

    def _recorded(self, args: Clip, begin: float, path: Path) -> tuple[CutClip, float | None]:
        made = cut(self._archive, args.camera, begin, begin + args.seconds, path)
        if not args.browser or codec_of(path) == "h264":
            return made, None
        anew = recoded(made, path.with_name(f"h264-{path.name}"))
        return anew.clip, anew.cpu

    def _drill(self, args: Drill, event: str) -> None:
        watch = self._watch(args.camera)
        frame = self._looks.next(args.camera, PICTURE_WITHIN)
        if frame is None:
            raise Unable(f"{args.camera} gave no picture, it is {watch.eye.health().state}")
        facts = Facts(score=1.0, reason="test alarm", drill=True)
        new = Change(event, "new", "intrusion", None, frame.at, frame.at, facts)
        self._teller.say(new, watch.camera, watch.eye, frame)
        end = Change(event, "end", "intrusion", None, frame.at, frame.at, facts)
        self._teller.say(end, watch.camera, watch.eye, None)
